using System.Buffers.Binary;
using System.Text;
using static Sekisho.Inspection.Formats.FormProperties;

namespace Sekisho.Inspection.Formats;

/// <summary>Takes the texts out of VBA forms and page controls (MS-OFORMS): names, captions, values, tags, tips, where Emotet kept its commands.</summary>
internal static class OfficeForms
{
    private const int MaxStream = 16 << 20;
    private const int MaxSites = 2000;
    private const int ShortestStray = 24;

    /// <summary>Texts of every form in the file: storages with a stream <c>f</c>, their <c>VBFrame</c> texts, and controls in Word's object pool or Excel's <c>Ctls</c>.</summary>
    /// <param name="file">A document, or a stand-alone VBA project.</param>
    /// <param name="budget">Books what is read.</param>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public static List<DocumentText> Find(CompoundFile file, ReadBudget budget)
    {
        var texts = new List<DocumentText>();
        foreach (var entry in file.Entries)
        {
            if (entry.IsStorage || entry.Length == 0 || texts.Count >= DocumentText.MaxTexts)
            {
                continue;
            }

            if (entry.Name.Equals("f", StringComparison.OrdinalIgnoreCase))
            {
                Form(texts, Last(entry.Parent), Take(file, entry, budget), file.Find(entry.Parent + "/o") is { IsStorage: false } objects ? Take(file, objects, budget) : []);
            }
            else if (entry.Name.Equals("\u0003VBFrame", StringComparison.OrdinalIgnoreCase))
            {
                Frame(texts, Last(entry.Parent), Take(file, entry, budget));
            }
            else if (entry.Name.Equals("contents", StringComparison.OrdinalIgnoreCase) || entry.Name.Equals("Ctls", StringComparison.OrdinalIgnoreCase) || entry.Name.Equals("\u0003OCXDATA", StringComparison.OrdinalIgnoreCase))
            {
                Control(texts, file, entry, Take(file, entry, budget));
            }
        }

        return texts;
    }

    private static byte[] Take(CompoundFile file, CompoundEntry entry, ReadBudget budget)
    {
        budget.Unpack(Math.Min(entry.Length, MaxStream));
        return file.Read(entry, MaxStream);
    }

    private static string Last(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static void Add(List<DocumentText> texts, string name, string text)
    {
        text = text.TrimEnd('\0');
        if (text.Length > 0 && texts.Count < DocumentText.MaxTexts)
        {
            texts.Add(new DocumentText(DocumentTextKind.Form, name, text.Length > DocumentText.MaxLength ? text[..DocumentText.MaxLength] : text));
        }
    }

    /// <summary>A form's own properties, its list of controls, and their properties one after the other in the stream <c>o</c> (section 2.1.2).</summary>
    private static void Form(List<DocumentText> texts, string form, byte[] octets, byte[] objects)
    {
        var before = texts.Count;
        if (octets.Length >= 8 && octets[0] == 0 && octets[1] == 4)
        {
            var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
            var end = Math.Min(octets.Length, 4 + BinaryPrimitives.ReadUInt16LittleEndian(octets.AsSpan(2)));
            foreach (var (name, text) in Read(octets.AsSpan(4, end - 4), 4, FormProperties.Form, FormExtra, numbers))
            {
                Add(texts, $"{form}.{name}", text);
            }

            var mask = BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(4));
            if (SitesAt(octets, end, mask, numbers.GetValueOrDefault("#Flags")) is var (at, count) && count > 0)
            {
                Sites(texts, form, octets, at, count, objects);
            }
        }

        // Whatever the lists do not lead to.
        Strays(texts, before, form, octets);
        Strays(texts, before, form, objects);
    }

    /// <summary>Where the list of controls begins, behind pictures, font and class table (sections 2.2.10.5 to 2.2.10.7), and how many there are.</summary>
    private static (int At, int Count) SitesAt(byte[] octets, int at, uint mask, long flags)
    {
        foreach (var bit in new[] { 15, 20, 21 })
        {
            if ((mask >> bit & 1) != 0)
            {
                at = SkipObject(octets, at);
            }
        }

        if ((flags & 0x8000) == 0)
        {
            var classes = Two(octets, at);
            at += 2;
            for (var i = 0; i < classes && at + 4 <= octets.Length; i++)
            {
                at += 4 + Two(octets, at + 2);
            }
        }

        if (at + 8 > octets.Length)
        {
            return (0, 0);
        }

        var count = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(at)), MaxSites);
        at += 8;
        var start = at;
        for (var left = count; left > 0 && at + 2 <= octets.Length;)
        {
            // Depth and type; with the high bit, a count and the type behind it.
            var many = (octets[at + 1] & 0x80) != 0;
            left -= many ? Math.Max(1, octets[at + 1] & 0x7F) : 1;
            at += many ? 3 : 2;
        }

        return (start + ((at - start + 3) & ~3), count);
    }

    /// <summary>GuidAndFont or GuidAndPicture (sections 2.4.7, 2.4.8).</summary>
    private static int SkipObject(byte[] octets, int at)
    {
        if (at + 24 > octets.Length)
        {
            return octets.Length;
        }

        var first = BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(at));
        at += 16;
        return first switch
        {
            0x0BE35203 => at + 10 < octets.Length ? at + 11 + octets[at + 10] : octets.Length,
            0xAFC20920 => at + 4 + Two(octets, at + 2),
            _ => (int)Math.Min(octets.Length, at + 8L + BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(at + 4))),
        };
    }

    private static void Sites(List<DocumentText> texts, string form, byte[] octets, int at, int count, byte[] objects)
    {
        var objectAt = 0L;
        for (var i = 0; i < count && at + 8 <= octets.Length; i++)
        {
            var end = Math.Min(octets.Length, at + 4 + Two(octets, at + 2));
            var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
            var found = Read(octets.AsSpan(at + 4, Math.Max(0, end - at - 4)), 4, Site, SiteExtra, numbers);
            at = end;
            var control = $"{form}/{found.Find(f => f.Name == "Name").Text ?? $"control{i + 1}"}";
            foreach (var (name, text) in found)
            {
                Add(texts, $"{control}.{name}", text);
            }

            var size = numbers.GetValueOrDefault("#Size");
            if (size > 0 && objectAt < objects.Length)
            {
                var data = objects.AsSpan((int)objectAt, (int)Math.Min(size, objects.Length - objectAt));
                foreach (var (name, text) in Properties(data, numbers.GetValueOrDefault("#Class", 0x7FFF)))
                {
                    Add(texts, $"{control}.{name}", text);
                }
            }

            objectAt += size;
        }
    }

    /// <summary>One control's own block, by its class (section 2.4.5): version, length, mask.</summary>
    private static List<(string Name, string Text)> Properties(ReadOnlySpan<byte> data, long kind)
    {
        if (data.Length < 8 || data[0] != 0 || data[1] != 2)
        {
            return [];
        }

        var block = data.Slice(4, Math.Min(data.Length - 4, BinaryPrimitives.ReadUInt16LittleEndian(data[2..])));
        var none = new Dictionary<string, long>(StringComparer.Ordinal);
        return kind switch
        {
            17 => Read(block, 4, Button, CaptionExtra, none),
            21 => Read(block, 4, Label, CaptionExtra, none),
            15 or (>= 23 and <= 28) => Read(block, 8, Morph, MorphExtra, none),
            _ => [],
        };
    }

    /// <summary>A control on a page: its class is the storage's, its name beside it. What cannot be told is searched for text.</summary>
    private static void Control(List<DocumentText> texts, CompoundFile file, CompoundEntry entry, byte[] octets)
    {
        var before = texts.Count;
        var name = file.Find(entry.Parent + "/\u0003OCXNAME") is { IsStorage: false } named ? Encoding.Unicode.GetString(file.Read(named, 512)).TrimEnd('\0') : Last(entry.Parent);
        name = name.Length == 0 ? entry.Name : name;
        // {8BD21D10..8BD21D60} are the text-like controls, {D7053240} the button, {978C9E23} the label.
        var kind = file.Find(entry.Parent)?.ClassId.ToString("N")[..6] switch
        {
            "8bd21d" => 23,
            "d70532" => 17,
            "978c9e" => 21,
            _ => 0,
        };
        foreach (var (property, text) in Properties(octets, kind))
        {
            Add(texts, $"{name}.{property}", text);
        }

        Strays(texts, before, name, octets);
    }

    /// <summary>The form's description for the editor, as text (MS-OVBA section 2.3.5).</summary>
    private static void Frame(List<DocumentText> texts, string form, byte[] octets)
    {
        foreach (var line in Encoding.Latin1.GetString(octets).AsSpan().EnumerateLines())
        {
            var equals = line.IndexOf('=');
            var open = line.IndexOf('"');
            if (equals > 0 && open > equals && line.LastIndexOf('"') is var close && close > open + 1)
            {
                Add(texts, $"{form}.{line[..equals].Trim()}", line[(open + 1)..close].ToString());
            }
        }
    }

    /// <summary>Runs of printable characters, of one octet or two, that are not yet among the texts.</summary>
    private static void Strays(List<DocumentText> texts, int before, string place, byte[] octets)
    {
        for (var width = 1; width <= 2; width++)
        {
            var start = 0;
            while (start + width <= octets.Length && texts.Count < DocumentText.MaxTexts)
            {
                var at = start;
                while (at + width <= octets.Length && octets[at] is >= 0x20 and < 0x7F && (width == 1 || octets[at + 1] == 0))
                {
                    at += width;
                }

                if (at - start >= ShortestStray * width)
                {
                    var run = octets.AsSpan(start, at - start);
                    var text = width == 1 ? Encoding.Latin1.GetString(run) : Encoding.Unicode.GetString(run);
                    for (var i = before; i < Math.Min(texts.Count, before + 50) && text.Length >= ShortestStray; i++)
                    {
                        // Names and values stand side by side without a gap; what is known of a run is cut out of it.
                        var known = texts[i].Text;
                        text = known.AsSpan(0, Math.Min(known.Length, 4096)).IndexOf(text.AsSpan(0, ShortestStray), StringComparison.Ordinal) >= 0 ? ""
                            : known.Length >= 4 && known.Length <= text.Length ? text.Replace(known, "", StringComparison.Ordinal) : text;
                    }

                    if (text.Length >= ShortestStray)
                    {
                        Add(texts, place, text);
                    }
                }

                start = at == start ? at + 1 : at;
            }
        }
    }

    private static int Two(byte[] octets, int at) => at + 2 > octets.Length ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(octets.AsSpan(at));
}
