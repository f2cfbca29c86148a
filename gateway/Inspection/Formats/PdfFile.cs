namespace Sekisho.Inspection.Formats;

/// <summary>Looks through a PDF (ISO 32000) for what starts, sends or carries something.</summary>
internal sealed class PdfFile
{
    private const int ScriptShown = 200;

    private readonly HashSet<PdfObject> taken = [];
    private readonly PdfObjects objects;
    private readonly ReadBudget budget;
    private readonly CarrierContents found;
    private readonly bool isShut;

    private PdfFile(PdfObjects objects, ReadBudget budget, CarrierContents found, bool isShut)
    {
        this.objects = objects;
        this.budget = budget;
        this.found = found;
        this.isShut = isShut;
    }

    /// <summary>Looks through a PDF. An encrypted one is opened by the empty password, as every program does, or by one that is asked for.</summary>
    /// <param name="pdf">The file.</param>
    /// <param name="budget">Books what is unpacked.</param>
    /// <param name="found">Where embedded files and signs go.</param>
    /// <param name="ask">Tries passwords (<see cref="PdfEncryption.Try"/>) and answers whether one fits; null where there are none.</param>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public static void Find(ReadOnlySpan<byte> pdf, ReadBudget budget, CarrierContents found, Func<PdfEncryption, bool>? ask = null)
    {
        var raw = PdfObjects.Read(pdf, budget, null);
        if (!raw.IsEncrypted || raw.IsPlain)
        {
            new PdfFile(raw, budget, found, isShut: false).Look(pdf);
        }

        foreach (var encryption in raw.Encryptions())
        {
            var isOpen = encryption.Try("") || (ask?.Invoke(encryption) ?? false);
            if (!isOpen)
            {
                found.Note(SignKind.PdfEncrypted, "its texts and files cannot be read without a key");
            }

            // Names and structure are in the clear even where it stays shut.
            new PdfFile(PdfObjects.Read(pdf, budget, encryption), budget, found, !isOpen).Look(pdf);
        }
    }

    private static string? NameOf(Dictionary<string, object?> dictionary, string key) => PdfObjects.NameOf(dictionary, key);

    private void Look(ReadOnlySpan<byte> pdf)
    {
        foreach (var item in objects.All)
        {
            budget.Unpack(0);
            Look(pdf, item.Value, 0);
        }

        foreach (var item in objects.All)
        {
            // Embedded files that no file specification names.
            if (item is { StreamLength: > 0, Value: Dictionary<string, object?> head } && NameOf(head, "Type") == "EmbeddedFile")
            {
                TakeFile(pdf, item, "embedded");
            }
        }
    }

    private object? Resolve(object? value) => objects.Resolve(value);

    private void Look(ReadOnlySpan<byte> pdf, object? value, int depth)
    {
        if (depth > 40)
        {
            return;
        }

        if (value is List<object?> list)
        {
            foreach (var item in list)
            {
                Look(pdf, item, depth + 1);
            }
        }
        else if (value is Dictionary<string, object?> dictionary)
        {
            Action(pdf, dictionary);
            foreach (var (_, item) in dictionary)
            {
                if (item is List<object?> or Dictionary<string, object?>)
                {
                    Look(pdf, item, depth + 1);
                }
            }
        }
    }

    /// <summary>Actions (section 12.6), file specifications (section 7.11) and what starts when the file or a page is opened.</summary>
    private void Action(ReadOnlySpan<byte> pdf, Dictionary<string, object?> dictionary)
    {
        switch (NameOf(dictionary, "S"))
        {
            case "Launch":
                found.Note(SignKind.PdfLaunch, Launched(dictionary));
                break;
            case "URI" when Text(pdf, dictionary.GetValueOrDefault("URI")) is { Length: > 0 } address:
                found.Note(SignKind.Link, address);
                break;
            case "SubmitForm":
                found.Note(SignKind.PdfSubmit, FileName(pdf, dictionary.GetValueOrDefault("F")) is { Length: > 0 } target ? target : "an address of its own");
                break;
            case "GoToR" or "GoToE" or "ImportData" when FileName(pdf, dictionary.GetValueOrDefault("F")) is { Length: > 0 } file:
                found.NoteRemote(SignKind.RemoteObject, file);
                break;
        }

        if (dictionary.TryGetValue("JS", out var script))
        {
            found.Note(SignKind.PdfJavaScript, Script(pdf, script));
        }

        if (Resolve(dictionary.GetValueOrDefault("OpenAction")) is Dictionary<string, object?> open)
        {
            Opened(pdf, open, "OpenAction");
        }

        // Only what runs by itself when a page is shown; keystroke and format scripts of form fields do not.
        if (Resolve(dictionary.GetValueOrDefault("AA")) is Dictionary<string, object?> additional)
        {
            foreach (var trigger in (ReadOnlySpan<string>)["O", "PO", "PV"])
            {
                if (Resolve(additional.GetValueOrDefault(trigger)) is Dictionary<string, object?> action)
                {
                    Opened(pdf, action, "AA/" + trigger);
                }
            }
        }

        if (Resolve(dictionary.GetValueOrDefault("EF")) is Dictionary<string, object?> files)
        {
            foreach (var key in (ReadOnlySpan<string>)["UF", "F", "Unix", "Mac", "DOS"])
            {
                if (files.GetValueOrDefault(key) is PdfReference reference && objects.Find(reference.Number) is { } item)
                {
                    TakeFile(pdf, item, FileName(pdf, dictionary));
                }
            }
        }
    }

    private void Opened(ReadOnlySpan<byte> pdf, Dictionary<string, object?> action, string trigger)
    {
        var current = action;
        for (var i = 0; i < 20; i++)
        {
            if (current.TryGetValue("JS", out var script) || NameOf(current, "S") == "JavaScript")
            {
                found.Note(SignKind.PdfOpenScript, $"{trigger}: {Script(pdf, script)}");
                if (PdfScripts.Acts(Text(pdf, script)) is { } how)
                {
                    found.Note(SignKind.PdfActingScript, $"{trigger}: {how}");
                }
            }

            if (Resolve(current.GetValueOrDefault("Next")) is not Dictionary<string, object?> next)
            {
                return;
            }

            current = next;
        }
    }

    private string Launched(Dictionary<string, object?> action)
    {
        var windows = Resolve(action.GetValueOrDefault("Win")) as Dictionary<string, object?> ?? Resolve(action.GetValueOrDefault("F")) as Dictionary<string, object?> ?? action;
        var program = Readable(Resolve(windows.GetValueOrDefault("F")) as byte[]) is { Length: > 0 } name ? name : Readable(Resolve(windows.GetValueOrDefault("UF")) as byte[]);
        var command = ShellLink.Squeeze($"{program} {Readable(Resolve(windows.GetValueOrDefault("P")) as byte[])}".Trim());
        return command.Length == 0 && isShut ? "encrypted" : command;
    }

    private void TakeFile(ReadOnlySpan<byte> pdf, PdfObject item, string name)
    {
        if (item.Value is not Dictionary<string, object?> head || !taken.Add(item))
        {
            return;
        }

        name = name.Length == 0 ? "embedded" : name.Replace('\\', '/');
        name = name[(name.LastIndexOf('/') + 1)..];
        var content = objects.Decode(pdf, item, head, PdfObjects.LongestStream, isFile: true);
        found.Note(SignKind.PdfEmbeddedFile, content is null && isShut ? "encrypted" : name);
        if (content is not null)
        {
            found.Take(name, content);
        }
    }

    private string Script(ReadOnlySpan<byte> pdf, object? script)
    {
        var whole = Text(pdf, script);
        CommandLinks.Note(found, whole);
        var text = whole.Length == 0 && isShut ? "encrypted" : ShellLink.Squeeze(whole);
        return text.Length > ScriptShown ? text[..ScriptShown] + "…" : text;
    }

    private string FileName(ReadOnlySpan<byte> pdf, object? file)
    {
        var value = Resolve(file);
        return value is Dictionary<string, object?> specification
            ? Text(pdf, specification.GetValueOrDefault("UF")) is { Length: > 0 } name ? name : Text(pdf, specification.GetValueOrDefault("F"))
            : Readable(value as byte[]);
    }

    private string Text(ReadOnlySpan<byte> pdf, object? value)
    {
        if (value is PdfReference reference && objects.Find(reference.Number) is { } item)
        {
            return item.Value is Dictionary<string, object?> head && item.StreamLength > 0 ? Readable(objects.Decode(pdf, item, head, 1 << 20)) : Readable(item.Value as byte[]);
        }

        return Readable(value as byte[]);
    }

    /// <summary>Text strings are UTF-16 with a mark, UTF-8, or an alphabet near Latin-1 (section 7.9.2).</summary>
    private static string Readable(byte[]? octets) => octets is null ? "" : TextOf.Markup(octets is [0xEF, 0xBB, 0xBF, ..] ? octets.AsSpan(3) : octets).TrimEnd('\0');
}
