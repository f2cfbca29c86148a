using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads Windows cabinets (MS-CAB): stored, MSZIP, Quantum and LZX folders.</summary>
internal static class CabArchive
{
    private const int MaxData = 32768 + 6144;

    /// <summary>The members. Neighbours in one folder are unpacked in one go.</summary>
    /// <param name="file">Seekable; must stay open.</param>
    /// <param name="budget">Books what is unpacked on the way to a member.</param>
    /// <exception cref="InvalidDataException">The cabinet is broken.</exception>
    public static IEnumerable<ArchiveItem> Members(Stream file, ReadBudget budget)
    {
        var (folders, members, isCut) = Directory(file);
        (int Folder, FolderStream Stream, long At)? last = null;
        foreach (var (name, length, offset, index) in members)
        {
            if (index >= folders.Count)
            {
                // 0xFFFD and up: begun in, or continued in, another cabinet of a set.
                yield return new ArchiveItem(name, length, -1, () => throw new InvalidDataException("A part of this member is in another cabinet."));
                continue;
            }

            yield return new ArchiveItem(name, length, -1, () =>
            {
                if (last is not { } open || open.Folder != index || open.Stream.At > offset)
                {
                    last = open = (index, new FolderStream(file, folders[index], budget), 0);
                }

                open.Stream.SkipTo(offset);
                return new Piece(open.Stream, length);
            });
        }

        if (isCut)
        {
            throw new InvalidDataException("The cabinet breaks off.");
        }
    }

    private static (List<Folder> Folders, List<(string Name, long Length, long Offset, int Folder)> Members, bool IsCut) Directory(Stream file)
    {
        var head = new byte[40];
        file.Position = 0;
        if (file.ReadAtLeast(head, 40, throwOnEndOfStream: false) < 36)
        {
            throw new InvalidDataException("The cabinet breaks off.");
        }

        var flags = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(30));
        var at = 36L;
        int folderExtra = 0, dataExtra = 0;
        if ((flags & 4) != 0)
        {
            folderExtra = head[38];
            dataExtra = head[39];
            at = 40 + BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(36));
        }

        file.Position = at;
        for (var strings = ((flags & 1) != 0 ? 2 : 0) + ((flags & 2) != 0 ? 2 : 0); strings > 0; strings--)
        {
            Text(file);
        }

        var folders = new List<Folder>();
        var folder = new byte[8 + folderExtra];
        for (var i = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(26)); i > 0; i--)
        {
            file.ReadExactly(folder);
            folders.Add(new Folder(BinaryPrimitives.ReadUInt32LittleEndian(folder), BinaryPrimitives.ReadUInt16LittleEndian(folder.AsSpan(4)), BinaryPrimitives.ReadUInt16LittleEndian(folder.AsSpan(6)), dataExtra));
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(28)) == 0)
        {
            throw new InvalidDataException("The cabinet names no member.");
        }

        file.Position = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(16));
        var members = new List<(string, long, long, int)>();
        var member = new byte[16];
        for (var i = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(28)); i > 0; i--)
        {
            if (file.ReadAtLeast(member, 16, throwOnEndOfStream: false) < 16)
            {
                return (folders, members, true);
            }

            var name = Text(file);
            var text = (member[14] & 0x80) != 0 ? Encoding.UTF8 : Encoding.GetEncoding(932);
            members.Add((text.GetString(name).Replace('\\', '/'), BinaryPrimitives.ReadUInt32LittleEndian(member), BinaryPrimitives.ReadUInt32LittleEndian(member.AsSpan(4)), BinaryPrimitives.ReadUInt16LittleEndian(member.AsSpan(8))));
        }

        return (folders, members, false);
    }

    /// <summary>A string ended by zero, at most 256 octets (MS-CAB section 2.1).</summary>
    private static byte[] Text(Stream file)
    {
        var octets = new List<byte>();
        for (int next; (next = file.ReadByte()) > 0;)
        {
            octets.Add(octets.Count < 256 ? (byte)next : throw new InvalidDataException("A name in the cabinet has no end."));
        }

        return [.. octets];
    }

    private sealed record Folder(uint Start, int Blocks, int Method, int DataExtra);

    /// <summary>A member's share of its folder's octets.</summary>
    private sealed class Piece(FolderStream folder, long left) : ForwardStream
    {
        private readonly long end = folder.At + left;

        public override int Read(Span<byte> buffer) => folder.Read(buffer[..(int)Math.Min(buffer.Length, Math.Max(0, end - folder.At))]);
    }

    /// <summary>A folder's octets, unpacked block by block (MS-CAB section 2.5, CFDATA).</summary>
    private sealed class FolderStream(Stream file, Folder folder, ReadBudget budget) : ForwardStream
    {
        private readonly LzxDecoder? lzx = (folder.Method & 0xF) == 3 ? new LzxDecoder((folder.Method >> 8) & 0x1F) : null;
        private readonly QuantumDecoder? quantum = (folder.Method & 0xF) == 2 ? new QuantumDecoder((folder.Method >> 8) & 0x1F) : null;
        private readonly byte[] packed = new byte[MaxData];
        private byte[] block = [];
        private int blockAt;
        private int blocksRead;
        private long next = folder.Start;

        public long At { get; private set; }

        public void SkipTo(long offset)
        {
            var nothing = new byte[8192];
            while (At < offset)
            {
                var got = Read(nothing.AsSpan(0, (int)Math.Min(nothing.Length, offset - At)));
                budget.Unpack(got);
                if (got == 0)
                {
                    throw new InvalidDataException("The cabinet breaks off.");
                }
            }
        }

        public override int Read(Span<byte> buffer)
        {
            while (blockAt == block.Length)
            {
                if (blocksRead == folder.Blocks)
                {
                    return 0;
                }

                NextBlock();
            }

            var part = Math.Min(buffer.Length, block.Length - blockAt);
            block.AsSpan(blockAt, part).CopyTo(buffer);
            blockAt += part;
            At += part;
            return part;
        }

        private void NextBlock()
        {
            var head = new byte[8];
            file.Position = next;
            file.ReadExactly(head);
            var length = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(4));
            var unpacked = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(6));
            if (length > MaxData || unpacked is 0 or > 32768)
            {
                throw new InvalidDataException("A block of the cabinet is broken.");
            }

            file.Position = next + 8 + folder.DataExtra;
            file.ReadExactly(packed, 0, length);
            next += 8 + folder.DataExtra + length;
            blocksRead++;
            blockAt = 0;
            block = (folder.Method & 0xF) switch
            {
                0 => packed[..length],
                1 => MsZip(packed.AsSpan(0, length), block, unpacked),
                3 => lzx!.Frame(packed.AsSpan(0, length), unpacked),
                2 => quantum!.Frame(packed.AsSpan(0, length), unpacked),
                _ => throw new InvalidDataException("The cabinet is packed in an unknown way."),
            };
        }

        /// <summary>Each block is "CK" and a deflate stream of its own that may refer to the block before: that one is put in front as it stands, in a stored block (RFC 1951 section 3.2.4).</summary>
        private static byte[] MsZip(ReadOnlySpan<byte> octets, byte[] before, int length)
        {
            if (!octets.StartsWith("CK"u8))
            {
                throw new InvalidDataException("A block of the cabinet is broken.");
            }

            var stored = before.Length == 0 ? 0 : 5;
            var input = new byte[stored + before.Length + octets.Length - 2];
            if (stored > 0)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(input.AsSpan(1), (ushort)before.Length);
                BinaryPrimitives.WriteUInt16LittleEndian(input.AsSpan(3), (ushort)~before.Length);
                before.CopyTo(input, 5);
            }

            octets[2..].CopyTo(input.AsSpan(stored + before.Length));
            using var inflater = new DeflateStream(new MemoryStream(input), CompressionMode.Decompress);
            var output = new byte[before.Length + length];
            var got = inflater.ReadAtLeast(output, output.Length, throwOnEndOfStream: false);
            return got < output.Length ? throw new InvalidDataException("A block of the cabinet is broken.") : output[before.Length..];
        }
    }
}
