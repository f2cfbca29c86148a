using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Looks through a PDF (ISO 32000) for what starts, sends or carries something. It goes from object to object without the cross-reference table, which may lie.</summary>
internal sealed class PdfFile
{
    private const int MaxObjects = 200_000;
    private const int LongestStream = 64 << 20;
    private const int LongestObjectStream = 16 << 20;
    private const int MaxLost = 500;
    private const int LongestWhenLost = 256 << 10;
    private const int ScriptShown = 200;

    private readonly List<PdfObject> objects = [];
    private readonly Dictionary<int, PdfObject> byNumber = [];
    private readonly HashSet<PdfObject> taken = [];
    private readonly ReadBudget budget;
    private readonly CarrierContents found;
    private bool isEncrypted;

    private PdfFile(ReadBudget budget, CarrierContents found)
    {
        this.budget = budget;
        this.found = found;
    }

    private sealed record PdfObject(int Number, object? Value, int StreamStart, int StreamLength);

    /// <summary>Looks through a PDF.</summary>
    /// <param name="pdf">The file.</param>
    /// <param name="budget">Books what is unpacked.</param>
    /// <param name="found">Where embedded files and signs go.</param>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public static void Find(ReadOnlySpan<byte> pdf, ReadBudget budget, CarrierContents found)
    {
        var file = new PdfFile(budget, found);
        file.Collect(pdf);
        var direct = file.objects.Count;
        for (var i = 0; i < direct; i++)
        {
            if (file.objects[i] is { StreamLength: > 0, Value: Dictionary<string, object?> head } item && NameOf(head, "Type") == "ObjStm")
            {
                file.Unpack(pdf, item, head);
            }
        }

        if (file.isEncrypted)
        {
            found.Note(SignKind.PdfEncrypted, "its texts and files cannot be read without a key");
        }

        foreach (var item in file.objects)
        {
            budget.Unpack(0);
            file.Look(pdf, item.Value, 0);
        }

        foreach (var item in file.objects)
        {
            // Embedded files that no file specification names.
            if (item is { StreamLength: > 0, Value: Dictionary<string, object?> head } && NameOf(head, "Type") == "EmbeddedFile")
            {
                file.TakeFile(pdf, item, "embedded");
            }
        }
    }

    private static string? NameOf(Dictionary<string, object?> dictionary, string key) => (dictionary.GetValueOrDefault(key) as PdfName)?.Text;

    private void Collect(ReadOnlySpan<byte> pdf)
    {
        var mayEnd = true;
        var lost = 0;
        for (var at = 0; at < pdf.Length && objects.Count < MaxObjects;)
        {
            var next = pdf[at..].IndexOf("obj"u8);
            var trailer = pdf.Slice(at, next < 0 ? pdf.Length - at : next).IndexOf("trailer"u8);
            if (trailer >= 0)
            {
                Trailer(new PdfTokens(pdf[(at + trailer + 7)..]).TakeValue());
            }

            if (next < 0)
            {
                return;
            }

            at += next + 3;
            if (Number(pdf[..(at - 3)]) is not { } number)
            {
                continue;
            }

            if ((objects.Count & 0xFF) == 0)
            {
                budget.Unpack(0);
            }

            // A value ends at the latest where the next object does; a broken one must not eat the rest of the file again and again.
            var tokens = new PdfTokens(pdf[..(int)Math.Min(pdf.Length, at + (long)(lost > 0 ? LongestWhenLost : LongestStream))]) { At = at };
            var value = tokens.TakeValue();
            if (tokens.IsLost && ++lost > MaxLost)
            {
                throw new InvalidDataException("More objects of the PDF are broken than a mishap explains.");
            }

            at = tokens.IsLost ? at : Math.Max(at, tokens.At);
            var start = 0;
            var length = 0;
            if (value is Dictionary<string, object?> head && tokens.TakeWord("stream"u8))
            {
                Trailer(NameOf(head, "Type") == "XRef" ? head : null);
                start = tokens.At;
                start += start < pdf.Length && pdf[start] == '\r' ? 1 : 0;
                start += start < pdf.Length && pdf[start] == '\n' ? 1 : 0;
                start = Math.Min(start, pdf.Length);
                length = Length(pdf, head, start, ref mayEnd);
                at = mayEnd ? start + length : start; // Without an end, what follows is looked at twice rather than not.
            }

            var item = new PdfObject(number, value, start, length);
            objects.Add(item);
            byNumber[number] = item;
        }
    }

    /// <summary>"12 0 obj": the number before the generation before the word.</summary>
    private static int? Number(ReadOnlySpan<byte> before)
    {
        before = before[^Math.Min(before.Length, 40)..].TrimEnd("\0\t\n\f\r "u8);
        var generation = before.TrimEnd("0123456789"u8);
        if (generation.Length == before.Length)
        {
            return null;
        }

        var blank = generation.TrimEnd("\0\t\n\f\r "u8);
        var digits = blank[blank.TrimEnd("0123456789"u8).Length..];
        return blank.Length < generation.Length && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static int Length(ReadOnlySpan<byte> pdf, Dictionary<string, object?> head, int start, ref bool mayEnd)
    {
        if (head.GetValueOrDefault("Length") is int declared && declared <= pdf.Length - start
            && pdf[(start + declared)..Math.Min(pdf.Length, start + declared + 20)].TrimStart("\r\n "u8).StartsWith("endstream"u8))
        {
            return declared;
        }

        var end = mayEnd ? pdf[start..].IndexOf("endstream"u8) : -1;
        mayEnd &= end >= 0;
        return end < 0 ? pdf.Length - start : end;
    }

    private void Trailer(object? value) => isEncrypted |= value is Dictionary<string, object?> trailer && trailer.ContainsKey("Encrypt");

    /// <summary>Objects packed together in a stream (section 7.5.7): pairs of number and offset, then the values.</summary>
    private void Unpack(ReadOnlySpan<byte> pdf, PdfObject item, Dictionary<string, object?> head)
    {
        if (isEncrypted || Decode(pdf, item, head, LongestObjectStream) is not { Length: > 0 } content || head.GetValueOrDefault("First") is not int first)
        {
            return;
        }

        var index = new PdfTokens(content);
        var count = head.GetValueOrDefault("N") is int n ? n : 0;
        var values = new PdfTokens(content);
        for (var i = 0; i < count && objects.Count < MaxObjects && index.TakeNumber() is { } number && index.TakeNumber() is { } offset; i++)
        {
            if ((long)first + offset >= content.Length)
            {
                continue;
            }

            // Values stand one behind the other: an offset that goes back would read the same again and again.
            if (first + offset < values.At)
            {
                continue;
            }

            values.At = first + offset;
            var packed = new PdfObject(number, values.TakeValue(), 0, 0);
            objects.Add(packed);
            byNumber.TryAdd(number, packed);
        }
    }

    private object? Resolve(object? value) => value is PdfReference reference ? byNumber.GetValueOrDefault(reference.Number)?.Value : value;

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
            case "URI" when Text(pdf, dictionary.GetValueOrDefault("URI")) is { Length: > 0 } address && !isEncrypted:
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
                if (files.GetValueOrDefault(key) is PdfReference reference && byNumber.GetValueOrDefault(reference.Number) is { } item)
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
        return ShellLink.Squeeze($"{program} {Readable(Resolve(windows.GetValueOrDefault("P")) as byte[])}".Trim());
    }

    private void TakeFile(ReadOnlySpan<byte> pdf, PdfObject item, string name)
    {
        if (item.Value is not Dictionary<string, object?> head || !taken.Add(item))
        {
            return;
        }

        name = name.Length == 0 ? "embedded" : name.Replace('\\', '/');
        name = name[(name.LastIndexOf('/') + 1)..];
        found.Note(SignKind.PdfEmbeddedFile, isEncrypted ? "encrypted" : name);
        if (!isEncrypted && Decode(pdf, item, head, LongestStream) is { } content)
        {
            found.Take(name, content);
        }
    }

    private string Script(ReadOnlySpan<byte> pdf, object? script)
    {
        var text = isEncrypted ? "encrypted" : ShellLink.Squeeze(Text(pdf, script));
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
        if (value is PdfReference reference && byNumber.GetValueOrDefault(reference.Number) is { } item)
        {
            return item.Value is Dictionary<string, object?> head && item.StreamLength > 0 ? Readable(Decode(pdf, item, head, 1 << 20)) : Readable(item.Value as byte[]);
        }

        return Readable(value as byte[]);
    }

    /// <summary>Text strings are UTF-16 with a mark, UTF-8, or an alphabet near Latin-1 (section 7.9.2).</summary>
    private static string Readable(byte[]? octets) => octets is null ? "" : TextOf.Markup(octets is [0xEF, 0xBB, 0xBF, ..] ? octets.AsSpan(3) : octets).TrimEnd('\0');

    /// <summary>Undoes a stream's filters as far as files use them; null where one is not known.</summary>
    private byte[]? Decode(ReadOnlySpan<byte> pdf, PdfObject item, Dictionary<string, object?> head, int longest)
    {
        var octets = pdf.Slice(item.StreamStart, Math.Min(item.StreamLength, longest)).ToArray();
        var filters = Resolve(head.GetValueOrDefault("Filter") ?? head.GetValueOrDefault("F")) switch
        {
            PdfName one => [one],
            List<object?> several => several.Select(Resolve).OfType<PdfName>().Take(10).ToList(),
            _ => new List<PdfName>(),
        };
        foreach (var filter in filters)
        {
            budget.Unpack(octets.Length);
            switch (filter.Text)
            {
                case "FlateDecode" or "Fl":
                    try
                    {
                        octets = Zlib.Unpack(octets, longest, budget);
                    }
                    catch (InvalidDataException) when (budget.End == BudgetEnd.None)
                    {
                        return null;
                    }

                    break;
                case "ASCIIHexDecode" or "AHx":
                    octets = PdfTokens.FromHex(octets);
                    break;
                case "ASCII85Decode" or "A85":
                    octets = PdfTokens.FromAscii85(octets);
                    break;
                default:
                    return null;
            }
        }

        return octets;
    }
}
