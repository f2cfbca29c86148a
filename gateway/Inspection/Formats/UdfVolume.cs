using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads UDF volumes of one physical partition (ECMA-167 parts 3 and 4): UDF 1.02 to 2.01 as Windows and disc programs write it.</summary>
internal static class UdfVolume
{
    private const int Sector = DiscImage.Sector;
    private const int MaxFiles = 100_000;
    private const int MaxDepth = 64;
    private const int MaxExtents = 10_000;

    /// <summary>A file of the volume.</summary>
    /// <param name="Name">Folders before it.</param>
    /// <param name="Length">Octets.</param>
    /// <param name="Start">Where its first extent stands in the image; -1 where it has none.</param>
    /// <param name="Open">Its octets.</param>
    public sealed record Entry(string Name, long Length, long Start, Func<Stream> Open);

    /// <summary>All files, read from the root down.</summary>
    /// <param name="file">Seekable; must stay open.</param>
    /// <param name="budget">Asked for time at every folder.</param>
    /// <param name="end">Where its partition ends in the image, as declared (ECMA-167 part 3 section 10.5).</param>
    /// <exception cref="InvalidDataException">The volume is broken, or uses virtual or metadata partitions.</exception>
    public static List<Entry> Files(Stream file, ReadBudget budget, out long end)
    {
        try
        {
            var reader = new Reader(file, budget);
            var files = reader.Walk();
            end = reader.End;
            return files;
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException or EndOfStreamException)
        {
            throw new InvalidDataException("The UDF volume is broken.", e);
        }
    }

    private sealed class Reader(Stream file, ReadBudget budget)
    {
        private long partition;

        public long End { get; private set; }

        public List<Entry> Walk()
        {
            // ECMA-167 part 3 section 10.2: the anchor stands at sector 256, or at the end.
            var anchor = Block(256L * Sector);
            if (Tag(anchor) != 2)
            {
                anchor = Block(((file.Length / Sector) - 1) * Sector);
            }

            if (Tag(anchor) != 2)
            {
                throw new InvalidDataException("The UDF volume has no anchor.");
            }

            byte[]? volume = null;
            var start = Number(anchor, 20);
            for (var i = 0L; i < Math.Min(Number(anchor, 16) / Sector, 64); i++)
            {
                var descriptor = Block((start + i) * Sector);
                switch (Tag(descriptor))
                {
                    case 5:
                        partition = Number(descriptor, 188) * Sector;
                        End = partition + (Number(descriptor, 192) * Sector);
                        break;
                    case 6:
                        volume = descriptor;
                        break;
                }
            }

            if (volume is null || partition == 0)
            {
                throw new InvalidDataException("The UDF volume has no partition.");
            }

            if (Number(volume, 212) != Sector || Number(volume, 268) != 1 || volume[440] != 1)
            {
                throw new InvalidDataException("A UDF volume with a virtual or metadata partition is not looked into.");
            }

            var set = Block(partition + (Number(volume, 252) * Sector));
            if (Tag(set) != 256)
            {
                throw new InvalidDataException("The UDF volume has no file set.");
            }

            var files = new List<Entry>();
            var visited = new HashSet<long>();
            var folders = new Stack<(string Path, long At, int Depth)>();
            folders.Push(("", partition + (Number(set, 404) * Sector), 0));
            while (folders.TryPop(out var folder))
            {
                budget.Unpack(0);
                if (visited.Add(folder.At) && folder.Depth < MaxDepth)
                {
                    Folder(folder.Path, Content(folder.At, out var length, out _), length, files, (path, at) => folders.Push((path, at, folder.Depth + 1)));
                }
            }

            return files;
        }

        /// <summary>File identifier descriptors (ECMA-167 part 4 section 14.4).</summary>
        private void Folder(string path, Stream content, long length, List<Entry> files, Action<string, long> enter)
        {
            var octets = new byte[(int)Math.Min(length, 16 << 20)];
            octets = octets[..content.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false)];
            for (var at = 0; at + 38 <= octets.Length && files.Count < MaxFiles;)
            {
                var descriptor = octets.AsSpan(at);
                if (BinaryPrimitives.ReadUInt16LittleEndian(descriptor) != 257)
                {
                    throw new InvalidDataException("A folder of the UDF volume is broken.");
                }

                int flags = descriptor[18], nameLength = descriptor[19], use = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[36..]);
                at += (38 + use + nameLength + 3) & ~3;
                if ((flags & 8) != 0 || nameLength == 0)
                {
                    continue; // The folder above.
                }

                var name = descriptor.Slice(38 + use, nameLength);
                var text = path + (name[0] == 16 ? Encoding.BigEndianUnicode : Encoding.Latin1).GetString(name[1..]);
                var entry = partition + (BinaryPrimitives.ReadUInt32LittleEndian(descriptor[24..]) * (long)Sector);
                if ((flags & 2) != 0)
                {
                    enter(text + "/", entry);
                    continue;
                }

                budget.Unpack(0);
                var stream = Content(entry, out var size, out var start);
                files.Add(new Entry(text, size, start, () =>
                {
                    stream.Position = 0;
                    return stream;
                }));
            }
        }

        /// <summary>A file entry's octets (ECMA-167 part 4 sections 14.9 and 14.17): in extents, or within the entry itself.</summary>
        private Stream Content(long at, out long length, out long start)
        {
            var entry = Block(at);
            var fixedLength = Tag(entry) switch { 261 => 176, 266 => 216, _ => throw new InvalidDataException("A file entry of the UDF volume is broken.") };
            length = (long)BinaryPrimitives.ReadUInt64LittleEndian(entry.AsSpan(56));
            var attributes = (int)Number(entry, fixedLength - 8);
            var descriptors = entry.AsSpan(fixedLength + attributes, (int)Number(entry, fixedLength - 4));
            var kind = entry[34] & 7;
            start = -1;
            if (kind == 3)
            {
                return new MemoryStream(descriptors[..(int)Math.Min(length, descriptors.Length)].ToArray(), writable: false);
            }

            var size = kind switch { 0 => 8, 1 => 16, _ => throw new InvalidDataException("A file entry of the UDF volume is broken.") };
            var pieces = new List<(long At, long Length)>();
            for (var left = length; left > 0 && descriptors.Length >= size && pieces.Count < MaxExtents; descriptors = descriptors[size..])
            {
                var extent = BinaryPrimitives.ReadUInt32LittleEndian(descriptors);
                var piece = Math.Min(extent & 0x3FFFFFFF, left);
                if (extent >> 30 == 3)
                {
                    throw new InvalidDataException("A file of the UDF volume is in too many pieces.");
                }

                if (piece == 0)
                {
                    break;
                }

                // Kind 1 and 2: allocated or not, but not recorded; it reads as zeros.
                pieces.Add((extent >> 30 == 0 ? partition + (BinaryPrimitives.ReadUInt32LittleEndian(descriptors[4..]) * (long)Sector) : -1, piece));
                left -= piece;
            }

            start = pieces.Count > 0 ? pieces[0].At : -1;
            return new PieceStream(file, pieces);
        }

        private static long Number(byte[] block, int at) => BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(at));

        private static int Tag(byte[] block) => BinaryPrimitives.ReadUInt16LittleEndian(block);

        private byte[] Block(long at)
        {
            var block = new byte[Sector];
            if (at >= 0 && at < file.Length)
            {
                file.Position = at;
                file.ReadAtLeast(block, Sector, throwOnEndOfStream: false);
            }

            return block;
        }
    }
}

/// <summary>Pieces of a stream seen as one; a piece at -1 reads as zeros.</summary>
internal sealed class PieceStream : SeekableView
{
    private readonly Stream inner;
    private readonly List<(long At, long Length)> pieces;
    private readonly List<long> starts = [];
    public PieceStream(Stream inner, List<(long At, long Length)> pieces)
    {
        this.inner = inner;
        this.pieces = pieces;
        foreach (var (_, length) in pieces)
        {
            starts.Add(Length);
            Length += length;
        }
    }

    public override long Length { get; }

    public override int Read(Span<byte> buffer)
    {
        if (Position >= Length || buffer.IsEmpty)
        {
            return 0;
        }

        var index = starts.BinarySearch(Position);
        index = index < 0 ? ~index - 1 : index;
        var (at, length) = pieces[index];
        var within = Position - starts[index];
        var part = buffer[..(int)Math.Min(buffer.Length, length - within)];
        if (at < 0 || at + within >= inner.Length)
        {
            if (at >= 0)
            {
                return 0; // Beyond the image's end.
            }

            part.Clear();
        }
        else
        {
            inner.Position = at + within;
            part = part[..inner.Read(part)];
        }

        Position += part.Length;
        return part.Length;
    }
}
