using System.Globalization;

namespace Sekisho.Inspection.Formats;

/// <summary>One object of a PDF.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Generation">Its generation; 0 for those packed in streams.</param>
/// <param name="Value">Its value, or its stream's dictionary, strings decrypted.</param>
/// <param name="StreamStart">Where its stream begins in the file.</param>
/// <param name="StreamLength">Octets of its stream in the file; 0 for none.</param>
internal sealed record PdfObject(int Number, int Generation, object? Value, int StreamStart, int StreamLength);

/// <summary>Collects the objects of a PDF one after the other, without the cross-reference table, which may lie; those packed in streams and those of earlier revisions, too.</summary>
internal sealed class PdfObjects
{
    private const int MaxObjects = 200_000;
    private const int LongestObjectStream = 16 << 20;
    private const int MaxLost = 500;
    private const int LongestWhenLost = 256 << 10;
    private const int MaxEncryptions = 8;
    private const int MaxTrailers = 1000;
    private const int LongestTrailer = 64 << 10;

    private readonly List<PdfObject> objects = [];
    private readonly Dictionary<int, PdfObject> byNumber = [];
    private readonly List<Dictionary<string, object?>> trailers = [];
    private readonly ReadBudget budget;
    private readonly PdfEncryption? encryption;
    private int trailersTried;

    private PdfObjects(ReadBudget budget, PdfEncryption? encryption)
    {
        this.budget = budget;
        this.encryption = encryption;
    }

    /// <summary>Longest stream that is looked at: 64 MiB.</summary>
    public const int LongestStream = 64 << 20;

    /// <summary>The objects in the file's order, packed ones behind.</summary>
    public IReadOnlyList<PdfObject> All => objects;

    /// <summary>True where a trailer names an encryption.</summary>
    public bool IsEncrypted { get; private set; }

    /// <summary>True where a trailer that could stand alone names none: programs may take either.</summary>
    public bool IsPlain { get; private set; }

    /// <summary>Collects a file's objects.</summary>
    /// <param name="pdf">The file.</param>
    /// <param name="budget">Books what is unpacked.</param>
    /// <param name="encryption">Decrypts strings and streams; null to take them as they stand.</param>
    /// <exception cref="InvalidDataException">The budget is spent, or more is broken than a mishap explains.</exception>
    public static PdfObjects Read(ReadOnlySpan<byte> pdf, ReadBudget budget, PdfEncryption? encryption)
    {
        var read = new PdfObjects(budget, encryption);
        read.Collect(pdf);
        if (encryption is null && read.IsEncrypted && !read.IsPlain)
        {
            return read; // Packed objects are rubbish until they are decrypted.
        }

        var direct = read.objects.Count;
        for (var i = 0; i < direct; i++)
        {
            if (read.objects[i] is { StreamLength: > 0, Value: Dictionary<string, object?> head } item && NameOf(head, "Type") == "ObjStm")
            {
                read.Unpack(pdf, item, head);
            }
        }

        return read;
    }

    /// <summary>The name that a dictionary gives for a key; null for anything else.</summary>
    public static string? NameOf(Dictionary<string, object?> dictionary, string key) => (dictionary.GetValueOrDefault(key) as PdfName)?.Text;

    /// <summary>The object of a number: the last one of the file.</summary>
    public PdfObject? Find(int number) => byNumber.GetValueOrDefault(number);

    /// <summary>Follows a reference, once.</summary>
    public object? Resolve(object? value) => value is PdfReference reference ? Find(reference.Number)?.Value : value;

    /// <summary>How the file is encrypted, in every way that its trailers tell, later ones first. None where it is not.</summary>
    /// <exception cref="InvalidDataException">There are more than any program writes: the true one would be lost among them.</exception>
    public IReadOnlyList<PdfEncryption> Encryptions()
    {
        if (!IsEncrypted)
        {
            return [];
        }

        var seen = new HashSet<int>();
        var dictionaries = objects.ToLookup(o => o.Number, o => o.Value as Dictionary<string, object?>);
        var result = new List<PdfEncryption>();
        byte[]? IdOf(Dictionary<string, object?> trailer) => Resolve(trailer.GetValueOrDefault("ID")) is List<object?> { Count: > 0 } ids ? Resolve(ids[0]) as byte[] : null;
        var anyId = trailers.Select(IdOf).FirstOrDefault(i => i is not null) ?? [];
        foreach (var trailer in trailers.AsEnumerable().Reverse())
        {
            if (!trailer.TryGetValue("Encrypt", out var value))
            {
                continue;
            }

            // Any object of that number may be the one that a reader finds.
            var id = IdOf(trailer) ?? anyId;
            var candidates = value is PdfReference reference ? !seen.Add(reference.Number) ? [] : dictionaries[reference.Number].OfType<Dictionary<string, object?>>().Reverse()
                : value is Dictionary<string, object?> direct ? [direct] : [];
            foreach (var candidate in candidates.Where(c => c.ContainsKey("V") || c.ContainsKey("Filter")))
            {
                if (result.Count >= MaxEncryptions)
                {
                    throw new InvalidDataException("The PDF names more ways in which it is encrypted than any program writes.");
                }

                result.Add(PdfEncryption.Read(candidate, id, Resolve));
            }
        }

        return result.Count == 0 ? [PdfEncryption.Read(null, [], Resolve)] : result;
    }

    /// <summary>A stream's octets with encryption and filters undone; null where a filter is not known or the key is missing.</summary>
    /// <param name="pdf">The file.</param>
    /// <param name="item">The stream's object.</param>
    /// <param name="head">Its dictionary.</param>
    /// <param name="longest">Octets at most; the rest is cut off.</param>
    /// <param name="isFile">True for an embedded file.</param>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public byte[]? Decode(ReadOnlySpan<byte> pdf, PdfObject item, Dictionary<string, object?> head, int longest, bool isFile = false)
    {
        var packed = pdf.Slice(item.StreamStart, Math.Min(item.StreamLength, longest));
        var filters = List(head.GetValueOrDefault("Filter") ?? head.GetValueOrDefault("F")).Select(Resolve).OfType<PdfName>().Select(n => n.Text).Take(10).ToList();
        var parameters = List(head.GetValueOrDefault("DecodeParms") ?? head.GetValueOrDefault("DP")).Select(p => Resolve(p) as Dictionary<string, object?>).ToList();
        Dictionary<string, object?> Of(int i) => i < parameters.Count && parameters[i] is { } set ? set : [];
        budget.Unpack(packed.Length);
        var crypt = filters.IndexOf("Crypt");
        var octets = encryption is null ? packed.ToArray()
            : encryption.Stream(packed, item, NameOf(head, "Type"), crypt < 0 ? null : NameOf(Of(crypt), "Name") ?? "Identity", isFile || NameOf(head, "Type") == "EmbeddedFile");
        for (var i = 0; i < filters.Count && octets is not null; i++)
        {
            octets = PdfFilters.Undo(filters[i], Parameters(Of(i)), octets, longest, budget);
        }

        return octets;
    }

    private List<object?> List(object? value) => Resolve(value) switch { List<object?> several => several, null => [], var one => [one] };

    private PdfFilters.Parameters Parameters(Dictionary<string, object?> set)
    {
        int Number(string name, int otherwise) => Resolve(set.GetValueOrDefault(name)) is int number ? number : otherwise;
        return set.Count == 0 ? new PdfFilters.Parameters() : new PdfFilters.Parameters(Number("Predictor", 1), Number("Colors", 1), Number("BitsPerComponent", 8), Number("Columns", 1), Number("EarlyChange", 1) != 0);
    }

    private void Collect(ReadOnlySpan<byte> pdf)
    {
        var mayEnd = true;
        var lost = 0;
        for (var at = 0; at < pdf.Length && objects.Count < MaxObjects;)
        {
            var next = pdf[at..].IndexOf("obj"u8);
            Trailers(pdf, at, next < 0 ? pdf.Length : at + next);
            if (next < 0)
            {
                return;
            }

            at += next + 3;
            if (Number(pdf[..(at - 3)]) is not (var number, var generation))
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

            var item = new PdfObject(number, generation, encryption is null ? value : Clear(value, number, generation), start, length);
            objects.Add(item);
            byNumber[number] = item;
        }
    }

    /// <summary>"12 0 obj": the number before the generation before the word.</summary>
    private static (int Number, int Generation)? Number(ReadOnlySpan<byte> before)
    {
        before = before[^Math.Min(before.Length, 40)..].TrimEnd("\0\t\n\f\r "u8);
        var generation = before.TrimEnd("0123456789"u8);
        if (generation.Length == before.Length)
        {
            return null;
        }

        var blank = generation.TrimEnd("\0\t\n\f\r "u8);
        var digits = blank[blank.TrimEnd("0123456789"u8).Length..];
        return blank.Length < generation.Length && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (number, int.TryParse(before[generation.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var age) ? age : 0) : null;
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

    private void Trailers(ReadOnlySpan<byte> pdf, int at, int end)
    {
        for (int found; at < end && (found = pdf[at..end].IndexOf("trailer"u8)) >= 0;)
        {
            at += found + 7;
            var rest = pdf[at..Math.Min(pdf.Length, at + LongestTrailer)];
            if (rest.TrimStart("\0\t\n\f\r "u8) is not [(byte)'<', (byte)'<', ..] and not [(byte)'%', ..])
            {
                continue; // Only the word.
            }

            if (++trailersTried > MaxTrailers)
            {
                throw new InvalidDataException("The PDF has more trailers than any program writes.");
            }

            Trailer(new PdfTokens(rest).TakeValue());
        }
    }

    private void Trailer(object? value)
    {
        if (value is Dictionary<string, object?> trailer)
        {
            trailers.Add(trailer);
            IsEncrypted |= trailer.ContainsKey("Encrypt");
            IsPlain |= trailer.ContainsKey("Root") && !trailer.ContainsKey("Encrypt");
        }
    }

    /// <summary>The value with its strings decrypted; those that cannot be become null.</summary>
    private object? Clear(object? value, int number, int generation)
    {
        switch (value)
        {
            case byte[] octets:
                budget.Unpack(octets.Length);
                return encryption!.Text(octets, number, generation);
            case List<object?> list:
                for (var i = 0; i < list.Count; i++)
                {
                    list[i] = Clear(list[i], number, generation);
                }

                return list;
            case Dictionary<string, object?> dictionary:
                foreach (var (key, item) in dictionary)
                {
                    if (item is byte[] or List<object?> or Dictionary<string, object?>)
                    {
                        dictionary[key] = Clear(item, number, generation);
                    }
                }

                return dictionary;
            default:
                return value;
        }
    }

    /// <summary>Objects packed together in a stream (section 7.5.7): pairs of number and offset, then the values.</summary>
    private void Unpack(ReadOnlySpan<byte> pdf, PdfObject item, Dictionary<string, object?> head)
    {
        if (Decode(pdf, item, head, LongestObjectStream) is not { Length: > 0 } content || head.GetValueOrDefault("First") is not int first)
        {
            return;
        }

        var index = new PdfTokens(content);
        var count = head.GetValueOrDefault("N") switch { int n => n, long and > 0 => int.MaxValue, _ => 0 };
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
            var packed = new PdfObject(number, 0, values.TakeValue(), 0, 0);
            objects.Add(packed);
            byNumber.TryAdd(number, packed);
        }
    }
}
