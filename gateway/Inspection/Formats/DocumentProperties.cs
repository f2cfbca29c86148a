using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Takes the texts out of a compound document's property sets (MS-OLEPS) and Word's document variables (MS-DOC section 2.9.277).</summary>
internal static class DocumentProperties
{
    private const int MaxStream = 4 << 20;
    private const int MaxProperties = 2000;
    private const int CodePageProperty = 1;

    private static readonly Dictionary<uint, string> Summary = new()
    {
        [2] = "Title", [3] = "Subject", [4] = "Author", [5] = "Keywords", [6] = "Comments", [7] = "Template", [8] = "LastAuthor", [9] = "Revision", [18] = "Application",
    };

    private static readonly Dictionary<uint, string> Document = new() { [2] = "Category", [3] = "PresentationFormat", [14] = "Manager", [15] = "Company", [26] = "ContentType", [27] = "ContentStatus" };

    /// <summary>Texts of both summary streams, custom properties among them, and Word's variables.</summary>
    /// <param name="file">The document.</param>
    /// <param name="budget">Books what is read.</param>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public static List<DocumentText> Find(CompoundFile file, ReadBudget budget)
    {
        var texts = new List<DocumentText>();
        foreach (var (stream, names) in new[] { ("\u0005SummaryInformation", Summary), ("\u0005DocumentSummaryInformation", Document) })
        {
            if (file.Find(stream) is { IsStorage: false } entry)
            {
                budget.Unpack(Math.Min(entry.Length, MaxStream));
                Sets(texts, file.Read(entry, MaxStream), names);
            }
        }

        if (file.Find("WordDocument") is { IsStorage: false } word)
        {
            Variables(texts, file, file.Read(word, 0x300), budget);
        }

        return texts;
    }

    /// <summary>One or two sets: header, then for each a format id and where it begins (section 2.21).</summary>
    private static void Sets(List<DocumentText> texts, byte[] octets, Dictionary<uint, string> names)
    {
        var count = Math.Min(Four(octets, 24), 2);
        for (var i = 0; i < count; i++)
        {
            var start = Four(octets, 28 + (i * 20) + 16);
            if (start + 8 <= octets.Length)
            {
                // The second set is that of the custom properties, which name themselves.
                Set(texts, octets.AsSpan((int)start), i == 0 ? new Dictionary<uint, string>(names) : []);
            }
        }
    }

    private static void Set(List<DocumentText> texts, ReadOnlySpan<byte> set, Dictionary<uint, string> names)
    {
        var count = (int)Math.Min(Four(set, 4), MaxProperties);
        var encoding = Encoding.Latin1;
        for (var pass = 0; pass < 2; pass++)
        {
            for (var i = 0; i < count; i++)
            {
                var id = Four(set, 8 + (i * 8));
                var at = Four(set, 12 + (i * 8));
                if (at + 8 > set.Length)
                {
                    continue;
                }

                var value = set[(int)at..];
                if (pass == 0 && id == CodePageProperty)
                {
                    encoding = VbaProject.TextOf(BinaryPrimitives.ReadUInt16LittleEndian(value[4..]));
                }
                else if (pass == 1 && id == 0)
                {
                    Names(value, encoding, names);
                }
            }
        }

        for (var i = 0; i < count; i++)
        {
            var id = Four(set, 8 + (i * 8));
            var at = Four(set, 12 + (i * 8));
            if (id <= CodePageProperty || at + 8 > set.Length || texts.Count >= DocumentText.MaxTexts)
            {
                continue;
            }

            // VT_LPSTR and VT_BSTR count octets, VT_LPWSTR characters (section 2.15).
            var value = set[(int)at..];
            var type = Four(value, 0) & 0xFFFF;
            var length = type switch
            {
                0x1E or 0x08 => Four(value, 4),
                0x1F => Four(value, 4) * 2,
                _ => 0,
            };
            length = Math.Min(Math.Min(length, DocumentText.MaxLength), value.Length - 8);
            var text = (type == 0x1F ? Encoding.Unicode : encoding).GetString(value.Slice(8, (int)length)).TrimEnd('\0');
            if (text.Length > 0)
            {
                texts.Add(new DocumentText(DocumentTextKind.Property, names.GetValueOrDefault((uint)id) ?? id.ToString(CultureInfo.InvariantCulture), text));
            }
        }
    }

    /// <summary>The dictionary of custom names (section 2.17): id, length, characters; wide ones are padded to four octets.</summary>
    private static void Names(ReadOnlySpan<byte> value, Encoding encoding, Dictionary<uint, string> names)
    {
        var count = Math.Min(Four(value, 0), MaxProperties);
        var isWide = encoding is UnicodeEncoding;
        var at = 4L;
        for (var i = 0; i < count && at + 8 <= value.Length; i++)
        {
            var id = Four(value, (int)at);
            var length = Four(value, (int)at + 4) * (isWide ? 2 : 1);
            at += 8;
            if (length > value.Length - at)
            {
                return;
            }

            names[(uint)id] = encoding.GetString(value.Slice((int)at, (int)length)).TrimEnd('\0');
            at += isWide ? (length + 3) & ~3L : length;
        }
    }

    /// <summary>StwUser: an extended string table of names, then the values, each with its length (MS-DOC sections 2.9.277, 2.2.4, 2.9.353).</summary>
    private static void Variables(List<DocumentText> texts, CompoundFile file, byte[] fib, ReadBudget budget)
    {
        if (fib.Length < 0x282)
        {
            return;
        }

        var length = Four(fib, 0x27E);
        var start = Four(fib, 0x27A);
        if (length is 0 or > MaxStream || file.Find((fib[11] & 2) != 0 ? "1Table" : "0Table") is not { IsStorage: false } entry || start >= entry.Length)
        {
            return;
        }

        budget.Unpack(length);
        using var stream = file.OpenRead(entry);
        stream.Position = start;
        var octets = new byte[(int)Math.Min(length, Math.Max(0, stream.Length - start))];
        stream.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false);
        if (octets.Length < 6 || octets[0] != 0xFF || octets[1] != 0xFF)
        {
            return;
        }

        var count = Math.Min(Two(octets, 2), MaxProperties);
        var extra = Two(octets, 4);
        var at = 6;
        var names = new List<string>();
        for (var i = 0; i < count && Text(octets, ref at, 0) is { } name; i++)
        {
            names.Add(name);
            at += extra;
        }

        foreach (var name in names)
        {
            // A value ends with a zero that its length does not count.
            if (Text(octets, ref at, 2) is { Length: > 0 } text)
            {
                texts.Add(new DocumentText(DocumentTextKind.Variable, name, text));
            }
        }
    }

    private static string? Text(byte[] octets, ref int at, int behind)
    {
        if (at + 2 > octets.Length)
        {
            return null;
        }

        var length = Math.Min(Two(octets, at) * 2, octets.Length - at - 2);
        var text = Encoding.Unicode.GetString(octets, at + 2, length & ~1);
        at += 2 + length + behind;
        return text;
    }

    private static int Two(ReadOnlySpan<byte> octets, int at) => at + 2 > octets.Length ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(octets[at..]);

    private static long Four(ReadOnlySpan<byte> octets, int at) => at < 0 || at + 4 > octets.Length ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(octets[at..]);
}
