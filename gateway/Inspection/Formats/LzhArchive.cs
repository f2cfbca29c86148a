using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads LZH (LHA) archives, still met in Japan: header levels 0 to 3, methods -lh0-, -lh1-, -lh4- to -lh7-, -lzs-, -lz4-, -lz5- and -lhd-.</summary>
internal static class LzhArchive
{
    private const int MaxMembers = 100_000;
    private const int MaxHeader = 64 << 10;

    /// <summary>The members, folders left out.</summary>
    /// <param name="file">Seekable; must stay open.</param>
    /// <param name="budget">Asked for time at every member.</param>
    /// <exception cref="InvalidDataException">A header is broken.</exception>
    public static IEnumerable<ArchiveItem> Members(Stream file, ReadBudget budget)
    {
        var at = 0L;
        for (var count = 0; count < MaxMembers; count++)
        {
            budget.Unpack(0);
            if (Header(file, at) is not { } header)
            {
                yield break;
            }

            at = header.DataAt + header.Packed;
            if (header.Method == "-lhd-" || header.Name.EndsWith('/'))
            {
                continue;
            }

            yield return new ArchiveItem(header.Name, header.Length, header.Packed, () => Open(file, header));
        }
    }

    private static Stream Open(Stream file, Entry header)
    {
        var packed = new SliceStream(file, header.DataAt, header.Packed);
        return header.Method switch
        {
            "-lh0-" or "-lz4-" => packed,
            "-lh1-" => new Lh1Decoder(packed, header.Length),
            "-lzs-" or "-lz5-" => new LarcDecoder(packed, header.Length, header.Method == "-lz5-"),
            "-lh4-" or "-lh5-" => new LhDecoder(packed, header.Length, 4),
            "-lh6-" or "-lh7-" => new LhDecoder(packed, header.Length, 5),
            _ => throw new InvalidDataException($"The old LHA method {header.Method} is not looked into."),
        };
    }

    private static Entry? Header(Stream file, long at)
    {
        var octets = new byte[(int)Math.Min(MaxHeader, Math.Max(0, file.Length - at))];
        file.Position = at;
        octets = octets[..file.ReadAtLeast(octets, Math.Min(octets.Length, 1024), throwOnEndOfStream: false)];
        if (octets.Length < 21 || octets[0] == 0 && octets[20] < 2)
        {
            return null; // The end is a zero, or nothing at all.
        }

        try
        {
            var method = Encoding.ASCII.GetString(octets, 2, 5);
            if (octets[2] != '-' || octets[6] != '-')
            {
                throw new InvalidDataException("An LZH header is broken.");
            }

            long packed = BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(7));
            long length = BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(11));
            var level = octets[20];
            var names = new Names();
            long dataAt;
            switch (level)
            {
                case 0 or 1:
                    var nameLength = octets[21];
                    names.Short = octets[22..(22 + nameLength)];
                    dataAt = at + 2 + octets[0];
                    if (level == 1)
                    {
                        var start = 2 + octets[0];
                        var end = Extensions(octets, start, BinaryPrimitives.ReadUInt16LittleEndian(octets.AsSpan(start - 2)), 2, names);
                        packed -= end - start;
                        dataAt = at + end;
                    }

                    break;
                case 2:
                    Extensions(octets, 26, BinaryPrimitives.ReadUInt16LittleEndian(octets.AsSpan(24)), 2, names);
                    dataAt = at + BinaryPrimitives.ReadUInt16LittleEndian(octets);
                    break;
                case 3:
                    Extensions(octets, 32, BinaryPrimitives.ReadInt32LittleEndian(octets.AsSpan(28)), 4, names);
                    dataAt = at + BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(24));
                    break;
                default:
                    throw new InvalidDataException($"LZH header level {level} is not known.");
            }

            return packed < 0 || dataAt <= at ? throw new InvalidDataException("An LZH header is broken.") : new Entry(method, names.Whole(), length, packed, dataAt);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("An LZH header is broken.", e);
        }
    }

    /// <summary>Extended headers: a kind, its octets, and the length of the next one at its end.</summary>
    private static int Extensions(byte[] octets, int at, int length, int width, Names names)
    {
        while (length > width)
        {
            var body = octets[(at + 1)..checked(at + length - width)];
            switch (octets[at])
            {
                case 0x01:
                    names.Short = body;
                    break;
                case 0x02:
                    names.Folder = body;
                    break;
                case 0x44:
                    names.Wide = Encoding.Unicode.GetString(body);
                    break;
                case 0x45:
                    names.WideFolder = Encoding.Unicode.GetString(body);
                    break;
            }

            at += length;
            length = width == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(octets.AsSpan(at - 2)) : BinaryPrimitives.ReadInt32LittleEndian(octets.AsSpan(at - 4));
        }

        return at;
    }

    private sealed record Entry(string Method, string Name, long Length, long Packed, long DataAt);

    private sealed class Names
    {
        public byte[] Short { get; set; } = [];

        public byte[] Folder { get; set; } = [];

        public string? Wide { get; set; }

        public string? WideFolder { get; set; }

        public string Whole()
        {
            var japanese = Encoding.GetEncoding(932);
            // 0xFF parts folders; it is no octet of Shift_JIS.
            var folder = WideFolder?.Replace('\uFFFF', '/') ?? string.Join('/', Split(Folder).Select(japanese.GetString));
            var end = Array.IndexOf(Short, (byte)0);
            var name = Wide ?? japanese.GetString(end < 0 ? Short : Short[..end]);
            return (folder.Length == 0 || folder.EndsWith('/') ? folder + name : $"{folder}/{name}").Replace('\\', '/');
        }

        private static IEnumerable<byte[]> Split(byte[] folder)
        {
            for (var start = 0; start <= folder.Length;)
            {
                var end = Array.IndexOf(folder, (byte)0xFF, start);
                end = end < 0 ? folder.Length : end;
                yield return folder[start..end];
                start = end + 1;
            }
        }
    }
}
