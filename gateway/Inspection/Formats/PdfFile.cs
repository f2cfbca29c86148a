namespace Sekisho.Inspection.Formats;

/// <summary>Looks through a PDF (ISO 32000) for what starts, sends or carries something.</summary>
internal sealed class PdfFile
{
    private const int ScriptShown = 200;
    private const int LongestScript = 1 << 20;
    private const int MaxNameNodes = 1000;
    private const int LongestForm = 16 << 20;

    /// <summary>What starts an action by itself: a page or annotation that is shown, a document that is closed, saved or printed (section 12.6.3). Keystroke and format scripts of form fields do not.</summary>
    private static readonly string[] Triggers = ["O", "PO", "PV", "WC", "WS", "DS", "WP", "DP"];

    private readonly HashSet<PdfObject> taken = [];
    private readonly PdfObjects objects;
    private readonly ReadBudget budget;
    private readonly CarrierContents found;
    private readonly bool isShut;
    private bool isScriptLost;

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
    /// <exception cref="InvalidDataException">The budget is spent, or a script cannot be decoded; what else is found has been told then.</exception>
    public static void Find(ReadOnlySpan<byte> pdf, ReadBudget budget, CarrierContents found, Func<PdfEncryption, bool>? ask = null)
    {
        var raw = PdfObjects.Read(pdf, budget, null);
        var isScriptLost = false;
        if (!raw.IsEncrypted || raw.IsPlain)
        {
            // Where it is encrypted all the same, its streams are meant to be rubbish here.
            isScriptLost = new PdfFile(raw, budget, found, isShut: false).Look(pdf) && !raw.IsEncrypted;
        }

        foreach (var encryption in raw.Encryptions())
        {
            var isOpen = encryption.Try("") || (ask?.Invoke(encryption) ?? false);
            if (!isOpen)
            {
                found.Note(SignKind.PdfEncrypted, "its texts and files cannot be read without a key");
            }

            // Names and structure are in the clear even where it stays shut.
            isScriptLost |= new PdfFile(PdfObjects.Read(pdf, budget, encryption), budget, found, !isOpen).Look(pdf);
        }

        if (isScriptLost)
        {
            throw new InvalidDataException("A script of the PDF cannot be decoded.");
        }
    }

    private static string? NameOf(Dictionary<string, object?> dictionary, string key) => PdfObjects.NameOf(dictionary, key);

    /// <summary>True where a script was found that cannot be decoded.</summary>
    private bool Look(ReadOnlySpan<byte> pdf)
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

        return isScriptLost;
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

        // The document's own scripts run when it is opened (section 12.6.4.16).
        if (Resolve(dictionary.GetValueOrDefault("JavaScript")) is Dictionary<string, object?> names)
        {
            Named(pdf, names);
        }

        if (dictionary.TryGetValue("XFA", out var form))
        {
            Form(pdf, form);
        }

        if (Resolve(dictionary.GetValueOrDefault("AA")) is Dictionary<string, object?> additional)
        {
            foreach (var trigger in Triggers)
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

    /// <summary>The actions of a name tree (section 7.9.6).</summary>
    private void Named(ReadOnlySpan<byte> pdf, Dictionary<string, object?> root)
    {
        var nodes = new Queue<Dictionary<string, object?>>([root]);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        while (nodes.TryDequeue(out var node) && seen.Count < MaxNameNodes)
        {
            if (!seen.Add(node))
            {
                continue;
            }

            foreach (var kid in (Resolve(node.GetValueOrDefault("Kids")) as List<object?> ?? []).Take(MaxNameNodes))
            {
                if (Resolve(kid) is Dictionary<string, object?> child)
                {
                    nodes.Enqueue(child);
                }
            }

            // A key, its action, a key, its action.
            foreach (var item in (Resolve(node.GetValueOrDefault("Names")) as List<object?> ?? []).Take(MaxNameNodes))
            {
                if (Resolve(item) is Dictionary<string, object?> action)
                {
                    Opened(pdf, action, "Names");
                }
            }
        }
    }

    /// <summary>The scripts of an XFA form: one stream, or names and packets by turns (section 12.7.8).</summary>
    private void Form(ReadOnlySpan<byte> pdf, object? form)
    {
        using var xml = new MemoryStream();
        var packets = Resolve(form) as List<object?> ?? [form];
        foreach (var packet in packets.Take(MaxNameNodes))
        {
            if (packet is PdfReference reference && objects.Find(reference.Number) is { StreamLength: > 0, Value: Dictionary<string, object?> head } item && xml.Length < LongestForm)
            {
                var octets = objects.Decode(pdf, item, head, LongestForm);
                isScriptLost |= octets is null && !isShut;
                xml.Write(octets);
            }
        }

        foreach (var (trigger, script) in XfaScripts.Find(xml.GetBuffer().AsSpan(0, (int)xml.Length)))
        {
            found.Note(SignKind.PdfJavaScript, Shown(script));
            if (trigger is not null && PdfScripts.Acts(script) is { } how)
            {
                found.Note(SignKind.PdfOpenScript, $"XFA/{trigger}: {Shown(script)}");
                found.Note(SignKind.PdfActingScript, $"XFA/{trigger}: {how}");
            }
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
        if (!isShut && script is PdfReference reference && objects.Find(reference.Number) is { StreamLength: > 0, Value: Dictionary<string, object?> head } item)
        {
            isScriptLost |= objects.Decode(pdf, item, head, LongestScript) is null;
        }

        return Shown(Text(pdf, script));
    }

    private string Shown(string script)
    {
        CommandLinks.Note(found, script);
        var text = script.Length == 0 && isShut ? "encrypted" : ShellLink.Squeeze(script);
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
            return item.Value is Dictionary<string, object?> head && item.StreamLength > 0 ? Readable(objects.Decode(pdf, item, head, LongestScript)) : Readable(item.Value as byte[]);
        }

        return Readable(value as byte[]);
    }

    /// <summary>Text strings are UTF-16 with a mark, UTF-8, or an alphabet near Latin-1 (section 7.9.2).</summary>
    private static string Readable(byte[]? octets) => octets is null ? "" : TextOf.Markup(octets is [0xEF, 0xBB, 0xBF, ..] ? octets.AsSpan(3) : octets).TrimEnd('\0');
}
