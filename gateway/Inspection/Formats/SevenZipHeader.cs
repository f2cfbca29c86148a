using System.Buffers.Binary;
using System.IO.Hashing;
using SharpCompress.Compressors.LZMA;

namespace Sekisho.Inspection.Formats;

/// <summary>Puts into a 7z header what the format lets a writer leave out and SharpCompress does not do without: how many files a packed stream holds, where each holds one (7zFormat.txt of the LZMA SDK).</summary>
internal static class SevenZipHeader
{
    /// <summary>Longest header that is mended: 16 MiB.</summary>
    private const int MaxHeader = 16 << 20;

    private const int MaxCount = 100_000;

    private const int Start = 32;

    /// <summary>The archive with a header that names them; null where the header does already, where it is encrypted, or where it is not understood.</summary>
    /// <param name="file">The archive, seekable; must outlive what is returned.</param>
    /// <param name="budget">Books a packed header.</param>
    /// <exception cref="InvalidDataException">The header is broken, or the budget spent.</exception>
    public static Stream? WithSubStreams(Stream file, ReadBudget budget)
    {
        var head = new byte[Start];
        file.Position = 0;
        if (file.ReadAtLeast(head, Start, throwOnEndOfStream: false) < Start)
        {
            return null;
        }

        var at = BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(12));
        var length = BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(20));
        if (length is <= 0 or > MaxHeader || at < 0 || at > file.Length - Start - length)
        {
            return null;
        }

        try
        {
            var header = new byte[length];
            file.Position = Start + at;
            file.ReadExactly(header);
            if (header[0] == (byte)Mark.EncodedHeader)
            {
                if (Unpacked(file, header, budget) is not { } unpacked)
                {
                    return null;
                }

                header = unpacked;
            }

            return Place(header) is var place and > 0 ? With(file, at, head, [.. header.AsSpan(0, place), (byte)Mark.SubStreamsInfo, (byte)Mark.End, .. header.AsSpan(place)]) : null;
        }
        catch (Exception e) when (e is not (InvalidDataException or OperationCanceledException))
        {
            // It breaks off, or the decoder met octets it does not like, which it tells in many ways.
            throw new InvalidDataException("The header of the 7z archive is broken.", e);
        }
    }

    private static JoinedStream With(Stream file, long at, byte[] head, byte[] header)
    {
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(20), header.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(28), Crc32.HashToUInt32(header));
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(8), Crc32.HashToUInt32(head.AsSpan(12, 20)));
        return new JoinedStream([() => new MemoryStream(head), () => new SliceStream(file, Start, at), () => new MemoryStream(header)], [Start, at, header.Length]);
    }

    /// <summary>Where the information is missing: before the end of the archive's streams. 0 where it is not missing.</summary>
    private static int Place(byte[] header)
    {
        var reader = new Reader(header);
        if (reader.Next() != Mark.Header)
        {
            return 0;
        }

        var mark = reader.Next();
        if (mark == Mark.ArchiveProperties)
        {
            while (reader.Next() != Mark.End)
            {
                reader.Skip(reader.Number());
            }

            mark = reader.Next();
        }

        if (mark != Mark.MainStreamsInfo)
        {
            return 0; // No streams at all, or such as nobody writes before them.
        }

        Streams(reader, out var end);
        return end;
    }

    /// <summary>Reads the description of packed streams as far as it is the same for all.</summary>
    /// <param name="reader">Stands behind the mark of the description.</param>
    /// <param name="end">Where the description ends that should name the files, and does not; 0 where it does.</param>
    private static (long At, long Packed, Coder? Only) Streams(Reader reader, out int end)
    {
        (long At, long Packed, Coder? Only) found = default;
        var folders = 0;
        while (true)
        {
            var mark = reader.Next();
            switch (mark)
            {
                case Mark.PackInfo:
                    found.At = reader.Number();
                    var streams = reader.Count();
                    while ((mark = reader.Next()) != Mark.End)
                    {
                        if (mark == Mark.Size)
                        {
                            for (var i = 0; i < streams; i++)
                            {
                                var size = reader.Number();
                                found.Packed = i == 0 ? size : found.Packed;
                            }
                        }
                        else
                        {
                            reader.Digests(mark, streams);
                        }
                    }

                    break;
                case Mark.UnpackInfo:
                    found.Only = Folders(reader, out folders);
                    break;
                case Mark.End:
                    end = folders > 0 ? reader.At - 1 : 0;
                    return found;
                default:
                    end = 0; // The files are named.
                    return found;
            }
        }
    }

    private static Coder? Folders(Reader reader, out int folders)
    {
        if (reader.Next() != Mark.Folder)
        {
            throw new InvalidDataException("The header of the 7z archive is broken.");
        }

        folders = reader.Count();
        if (reader.Octet() != 0)
        {
            throw new InvalidDataException("The header of the 7z archive stands in another stream.");
        }

        Coder? only = null;
        var outputs = 0;
        for (var i = 0; i < folders; i++)
        {
            int coders = reader.Count(), inputs = 0, ofFolder = 0;
            for (var coder = 0; coder < coders; coder++)
            {
                var flags = reader.Octet();
                var method = reader.Take(flags & 15);
                var (ins, outs) = (flags & 0x10) != 0 ? (reader.Count(), reader.Count()) : (1, 1);
                var properties = (flags & 0x20) != 0 ? reader.Take(reader.Count()) : [];
                inputs += ins;
                ofFolder += outs;
                only = folders == 1 && coders == 1 && ins == 1 && outs == 1 ? new Coder(method, properties, 0) : null;
            }

            for (var pair = 1; pair < ofFolder; pair++)
            {
                reader.Number();
                reader.Number();
            }

            var packed = inputs - ofFolder + 1;
            for (var stream = 0; packed > 1 && stream < packed; stream++)
            {
                reader.Number();
            }

            outputs += ofFolder;
        }

        for (Mark mark; (mark = reader.Next()) != Mark.End;)
        {
            if (mark == Mark.UnpackSize)
            {
                for (var i = 0; i < outputs; i++)
                {
                    var size = reader.Number();
                    only = only is null ? null : only with { Length = size };
                }
            }
            else
            {
                reader.Digests(mark, folders);
            }
        }

        return only;
    }

    /// <summary>The header that is packed itself; null where it is not by LZMA alone or a plain copy.</summary>
    private static byte[]? Unpacked(Stream file, byte[] header, ReadBudget budget)
    {
        var reader = new Reader(header);
        reader.Next();
        var (at, packed, coder) = Streams(reader, out _);
        if (coder is not { Length: > 0 and <= MaxHeader } || at < 0 || packed < 0 || at > file.Length - Start - packed)
        {
            return null;
        }

        budget.Unpack(coder.Length);
        Stream source = new SliceStream(file, Start + at, packed);
        if (coder.Method is [3, 1, 1] && coder.Properties.Length == 5)
        {
            // No more of a dictionary than there is to look back to: one of gigabytes is declared as easily as a small one.
            var dictionary = coder.Properties.AsSpan(1);
            BinaryPrimitives.WriteUInt32LittleEndian(dictionary, Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(dictionary), (uint)Math.Max(4096, coder.Length)));
            source = LzmaStream.Create(coder.Properties, source, packed, coder.Length, true);
        }
        else if (coder.Method is not [0])
        {
            return null;
        }

        using (source)
        {
            var unpacked = new byte[coder.Length];
            source.ReadExactly(unpacked);
            return unpacked;
        }
    }

    private enum Mark
    {
        End = 0,
        Header = 1,
        ArchiveProperties = 2,
        MainStreamsInfo = 4,
        PackInfo = 6,
        UnpackInfo = 7,
        SubStreamsInfo = 8,
        Size = 9,
        Crc = 10,
        Folder = 11,
        UnpackSize = 12,
        EncodedHeader = 23,
    }

    private sealed record Coder(byte[] Method, byte[] Properties, long Length);

    private sealed class Reader(byte[] octets)
    {
        public int At { get; private set; }

        public byte Octet() => octets[At++];

        public Mark Next() => (Mark)Octet();

        public byte[] Take(int count)
        {
            var taken = octets.AsSpan(At, count).ToArray();
            At += count;
            return taken;
        }

        public void Skip(long count) => At = checked((int)(At + Math.Max(0, count)));

        /// <summary>A number that counts something, and so cannot be large.</summary>
        public int Count() => Number() is >= 0 and <= MaxCount and var count ? (int)count : throw new InvalidDataException("The header of the 7z archive counts too much.");

        /// <summary>The set bits at the top of the first octet count those that follow, lowest first; the rest of the first is the highest.</summary>
        public long Number()
        {
            var first = Octet();
            long value = 0;
            var mask = 0x80;
            for (var i = 0; i < 8; i++, mask >>= 1)
            {
                if ((first & mask) == 0)
                {
                    return value + ((long)(first & (mask - 1)) << (8 * i));
                }

                value |= (long)Octet() << (8 * i);
            }

            return value;
        }

        /// <summary>Passes over checksums.</summary>
        public void Digests(Mark mark, int count)
        {
            if (mark != Mark.Crc)
            {
                throw new InvalidDataException("The header of the 7z archive is broken.");
            }

            var defined = count;
            if (Octet() == 0)
            {
                defined = 0;
                foreach (var bits in Take((count + 7) / 8))
                {
                    defined += int.PopCount(bits);
                }
            }

            Skip(4L * defined);
        }
    }
}
