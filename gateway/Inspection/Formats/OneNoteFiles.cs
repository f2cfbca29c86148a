using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Takes out the files embedded in a OneNote section, of the revision store (MS-ONESTORE) and of the packaged store that synchronised notebooks use (MS-FSSHTTPB), and notes its links.</summary>
/// <remarks>Files are found by their own headers wherever they stand: a broken or forged index hides nothing.</remarks>
internal static class OneNoteFiles
{
    private const int MaxFiles = 1000;
    private const uint EmbeddedFileName = 0x1C001D9C;

    private static readonly byte[] Header = new Guid("BDE316E7-2665-4511-A4C4-8D4D0B7A9EAC").ToByteArray();
    private static readonly byte[] PackagedStore = new Guid("638DE92F-A6D4-4BC1-9A36-B3FC2511A5B7").ToByteArray();

    /// <summary>The embedded files, at most 1,000, with their names where they can be found, and links.</summary>
    /// <param name="section">The whole section.</param>
    /// <param name="budget">Books what is taken out.</param>
    /// <param name="found">Where it goes.</param>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public static void Find(ReadOnlySpan<byte> section, ReadBudget budget, CarrierContents found)
    {
        var names = Names(section);
        var extensions = Extensions(section);
        var rest = section;
        var offset = 0;
        for (var count = 0; count < MaxFiles; count++)
        {
            var at = rest.IndexOf(Header);
            if (at < 0 || at + 36 > rest.Length)
            {
                break;
            }

            // GUID, length (8), two reserved fields (4 and 8), then the octets (section 2.6.13).
            var length = BinaryPrimitives.ReadUInt64LittleEndian(rest[(at + 16)..]);
            var start = offset + at;
            rest = rest[(at + 36)..];
            offset = start + 36;
            var content = rest[..(int)Math.Min(length, (ulong)rest.Length)];
            Take(content, extensions.GetValueOrDefault(start, ""), names, budget, found);
        }

        if (section.Length > 64 && section.Slice(48, 16).SequenceEqual(PackagedStore))
        {
            Packaged(section, names, budget, found);
        }

        Links(section, found);
    }

    private static void Take(ReadOnlySpan<byte> content, string extension, List<string> names, ReadBudget budget, CarrierContents found)
    {
        budget.Unpack(content.Length);

        // Which name belongs to which file is told by the extension; pictures have one, too, and seldom a name.
        var index = extension.Length > 0 ? names.FindIndex(n => n.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) : -1;
        if (index < 0 && FileTypes.SniffMagic(content) is not (FileKind.Image or FileKind.Media) && extension.Length == 0 && names.Count > 0)
        {
            index = 0;
        }

        var name = index >= 0 ? names[index] : "file" + (extension.Length is > 1 and < 20 && extension[0] == '.' ? extension : "");
        if (index >= 0)
        {
            names.RemoveAt(index);
        }

        found.Take(name, content.ToArray());
    }

    /// <summary>Values of the property EmbeddedFileName (MS-ONE section 2.2.2): found by its id, then read along its property set (MS-ONESTORE section 2.6.7).</summary>
    private static List<string> Names(ReadOnlySpan<byte> section)
    {
        var names = new List<string>();
        Span<byte> id = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(id, EmbeddedFileName);
        for (var at = 0; names.Count < MaxFiles;)
        {
            var next = section[at..].IndexOf(id);
            if (next < 0)
            {
                return names;
            }

            at += next;
            if (NameAt(section, at) is { Length: > 0 } name && !names.Contains(name))
            {
                names.Add(name);
            }

            at += 4;
        }

        return names;
    }

    /// <summary>Goes back to where the set of properties begins: a count that fits with the id's place, and only ids of known types between.</summary>
    private static string? NameAt(ReadOnlySpan<byte> section, int at)
    {
        for (var before = 0; before < 32 && at - (before * 4) - 2 >= 0; before++)
        {
            var start = at - (before * 4) - 2;
            var count = BinaryPrimitives.ReadUInt16LittleEndian(section[start..]);
            if (count <= before || count > 64 || start + 2 + (count * 4) > section.Length)
            {
                continue;
            }

            var data = start + 2 + (count * 4);
            for (var i = 0; i < before && data >= 0; i++)
            {
                data = Skip(section, BinaryPrimitives.ReadUInt32LittleEndian(section[(start + 2 + (i * 4))..]), data);
            }

            if (data < 0 || data + 4 > section.Length)
            {
                continue;
            }

            var length = BinaryPrimitives.ReadUInt32LittleEndian(section[data..]);
            if (length is < 4 or > 1024 || (length & 1) != 0 || data + 4 + length > section.Length)
            {
                continue;
            }

            var name = Encoding.Unicode.GetString(section.Slice(data + 4, (int)length)).TrimEnd('\0');
            if (name.Length > 0 && !name.AsSpan().ContainsAnyInRange('\0', '\u001f'))
            {
                return name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
            }
        }

        return null;
    }

    /// <summary>Where the next property's data begins; -1 for a type whose length is not known here.</summary>
    private static int Skip(ReadOnlySpan<byte> section, uint id, int data) => ((id >> 26) & 0x1F) switch
    {
        1 or 2 or 8 or 10 or 12 => data,
        3 => data + 1,
        4 => data + 2,
        5 or 9 or 11 or 13 => data + 4,
        6 => data + 8,
        7 when data + 4 <= section.Length && BinaryPrimitives.ReadUInt32LittleEndian(section[data..]) is <= 1 << 20 and var length => data + 4 + (int)length,
        _ => -1,
    };

    /// <summary>Where each file's header stands and which extension its declaration gives it: <c>&lt;ifndf&gt;{GUID}</c> and an extension, and a node that leads from the GUID to the file (sections 2.5.27 and 2.5.21).</summary>
    private static Dictionary<int, string> Extensions(ReadOnlySpan<byte> section)
    {
        var result = new Dictionary<int, string>();
        var mark = Encoding.Unicode.GetBytes("<ifndf>{");
        var asked = new HashSet<Guid>();
        var most = Math.Clamp((2L << 30) / Math.Max(1, section.Length), 16, MaxFiles); // Each asks for a search of the whole section.
        for (var at = 0; asked.Count < most;)
        {
            var next = section[at..].IndexOf(mark);
            if (next < 0)
            {
                break;
            }

            at += next + mark.Length;
            if (at + 74 > section.Length || !Guid.TryParse(Encoding.Unicode.GetString(section.Slice(at, 72)), out var id))
            {
                continue;
            }

            // The reference ends with "}"; the extension follows with its length in characters.
            var after = at + 74;
            if (after + 4 > section.Length)
            {
                break;
            }

            var length = BinaryPrimitives.ReadUInt32LittleEndian(section[after..]);
            if (length is < 2 or > 20 || after + 4 + (length * 2) > section.Length)
            {
                continue;
            }

            var extension = Encoding.Unicode.GetString(section.Slice(after + 4, (int)length * 2));
            if (asked.Add(id) && FileOf(section, id.ToByteArray()) is { } file)
            {
                result.TryAdd(file, extension);
            }
        }

        return result;
    }

    /// <summary>The file that a FileDataStoreObjectReference node (0x094) with this GUID leads to.</summary>
    private static int? FileOf(ReadOnlySpan<byte> section, byte[] id)
    {
        for (var at = 0; ;)
        {
            var next = section[at..].IndexOf(id);
            if (next < 0)
            {
                return null;
            }

            at += next;

            // Node header: id (10 bits), size (13), format of place (2) and of length (2); then place, length, GUID (section 2.4.3).
            for (var place = 0; place < 4; place++)
            {
                var placeLength = place switch { 0 => 8, 1 => 4, 2 => 2, _ => 4 };
                for (var size = 0; size < 4; size++)
                {
                    var sizeLength = size switch { 0 => 4, 1 => 8, 2 => 1, _ => 2 };
                    var head = at - placeLength - sizeLength - 4;
                    if (head < 0)
                    {
                        continue;
                    }

                    var node = BinaryPrimitives.ReadUInt32LittleEndian(section[head..]);
                    if ((node & 0x3FF) != 0x094 || ((node >> 23) & 3) != place || ((node >> 25) & 3) != size)
                    {
                        continue;
                    }

                    var field = section[(head + 4)..];
                    var target = place switch
                    {
                        0 => BinaryPrimitives.ReadUInt64LittleEndian(field),
                        1 => BinaryPrimitives.ReadUInt32LittleEndian(field),
                        2 => BinaryPrimitives.ReadUInt16LittleEndian(field) * 8UL,
                        _ => BinaryPrimitives.ReadUInt32LittleEndian(field) * 8UL,
                    };
                    if (target < (ulong)section.Length)
                    {
                        return (int)target;
                    }
                }
            }

            at += 16;
        }
    }

    /// <summary>Object data BLOBs of the packaged store: a stream object header of type 0x02 whose length fits with the binary item in it (MS-FSSHTTPB sections 2.2.1.5 and 2.2.1.12.8).</summary>
    private static void Packaged(ReadOnlySpan<byte> section, List<string> names, ReadBudget budget, CarrierContents found)
    {
        var count = 0;
        for (var at = 64; at + 8 < section.Length && count < MaxFiles; at++)
        {
            var head = BinaryPrimitives.ReadUInt32LittleEndian(section[at..]);
            if ((head & 0x1FFFF) != (2 | (2 << 3)))
            {
                continue;
            }

            var body = at + 4;
            ulong length = head >> 17;
            if (length == 0x7FFF && !Compact(section, ref body, out length))
            {
                continue;
            }

            var item = body;
            if (!Compact(section, ref item, out var size) || size < 64 || length != size + (ulong)(item - body) || size > (ulong)(section.Length - item))
            {
                continue;
            }

            count++;
            Take(section.Slice(item, (int)size), "", names, budget, found);
            at = item + (int)size - 1;
        }
    }

    /// <summary>A compact number: the lowest set bit tells its width (section 2.2.1.1).</summary>
    private static bool Compact(ReadOnlySpan<byte> octets, ref int at, out ulong number)
    {
        number = 0;
        if (at + 9 > octets.Length)
        {
            return false;
        }

        if (octets[at] == 0)
        {
            at++;
            return true;
        }

        var width = System.Numerics.BitOperations.TrailingZeroCount(octets[at]) + 1;
        if (width == 8)
        {
            number = BinaryPrimitives.ReadUInt64LittleEndian(octets[(at + 1)..]);
            at += 9;
            return true;
        }

        for (var i = 0; i < width; i++)
        {
            number |= (ulong)octets[at + i] << (8 * i);
        }

        number >>= width;
        at += width;
        return true;
    }

    /// <summary>Addresses in UTF-16, the text's and the hyperlinks' alike.</summary>
    private static void Links(ReadOnlySpan<byte> section, CarrierContents found)
    {
        foreach (var scheme in (ReadOnlySpan<string>)["http://", "https://", "file://"])
        {
            var mark = Encoding.Unicode.GetBytes(scheme);
            for (var at = 0; found.Signs.Count < MaxFiles;)
            {
                var next = section[at..].IndexOf(mark);
                if (next < 0)
                {
                    break;
                }

                at += next;
                var end = at;
                while (end + 1 < section.Length && end - at < 4000 && section[end + 1] == 0 && section[end] is > 0x20 and < 0x7F and not ((byte)'"' or (byte)'<' or (byte)'>'))
                {
                    end += 2;
                }

                found.Note(SignKind.Link, Encoding.Unicode.GetString(section[at..end]));
                at = Math.Max(end, at + 2);
            }
        }
    }
}
