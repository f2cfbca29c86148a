using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads ARJ archives: methods 0 (stored) to 4 (fastest); garbled members are listed as encrypted.</summary>
internal static class ArjArchive
{
    private const int MaxMembers = 100_000;
    private const int MaxHeader = 2600;
    private const int Continued = 4;
    private const int GoesOn = 8;

    /// <summary>True where the archive's own header says that another volume follows.</summary>
    /// <param name="head">The file's beginning.</param>
    public static bool IsVolume(ReadOnlySpan<byte> head) => head.Length > 8 && (head[8] & Continued) != 0;

    /// <summary>The members of several volumes; the pieces of one that is cut are packed each for themselves, and are read one behind another.</summary>
    /// <param name="volumes">In their order, seekable; must stay open.</param>
    /// <param name="budget">Asked for time at every member.</param>
    /// <exception cref="InvalidDataException">A header is broken.</exception>
    public static IEnumerable<ArchiveItem> Members(IReadOnlyList<Stream> volumes, ReadBudget budget)
    {
        var pieces = new List<ArchiveItem>();
        foreach (var volume in volumes)
        {
            foreach (var piece in Members(volume, budget))
            {
                if (pieces.Count > 0 && !piece.GoesOnFromBefore)
                {
                    yield return Whole([.. pieces]);
                    pieces.Clear();
                }

                pieces.Add(piece);
            }
        }

        if (pieces.Count > 0)
        {
            yield return Whole([.. pieces]);
        }

        static ArchiveItem Whole(ArchiveItem[] pieces) => pieces.Length == 1 ? pieces[0]
            : pieces[0] with { Length = pieces.Sum(p => p.Length), Packed = pieces.Sum(p => p.Packed), Open = () => new InTurn(pieces) };
    }

    /// <summary>The members, folders and labels left out.</summary>
    /// <param name="file">Seekable; must stay open.</param>
    /// <param name="budget">Asked for time at every member.</param>
    /// <exception cref="InvalidDataException">A header is broken.</exception>
    public static IEnumerable<ArchiveItem> Members(Stream file, ReadBudget budget)
    {
        var at = 0L;
        for (var count = 0; count < MaxMembers; count++)
        {
            budget.Unpack(0);
            if (Header(file, ref at) is not { } header)
            {
                yield break;
            }

            if (count == 0)
            {
                continue; // The archive's own header looks like a member's.
            }

            var (length, packed, method, flags, type, name) = Fields(header);
            var start = at;
            at += packed;
            if (type is 3 or 4 or 5)
            {
                continue; // A folder, a volume label, a chapter.
            }

            yield return new ArchiveItem(name, length, packed, () => Open(new SliceStream(file, start, packed), method, length)) { IsEncrypted = (flags & 1) != 0, GoesOnFromBefore = (flags & GoesOn) != 0 };
        }
    }

    private static Stream Open(Stream packed, int method, long length) => method switch
    {
        0 => packed,
        1 or 2 or 3 => new LhDecoder(packed, length, 5),
        4 => new LhDecoder(packed, length, 5, isFastest: true),
        _ => throw new InvalidDataException($"ARJ method {method} is not known."),
    };

    /// <summary>Mark, length, header, CRC, then extended headers, each with a length and a CRC; null at the end.</summary>
    private static byte[]? Header(Stream file, ref long at)
    {
        var head = new byte[4];
        file.Position = at;
        if (file.ReadAtLeast(head, 4, throwOnEndOfStream: false) < 4 || head[0] != 0x60 || head[1] != 0xEA)
        {
            throw new InvalidDataException("An ARJ header is broken.");
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(2));
        if (length == 0)
        {
            return null;
        }

        var header = new byte[length];
        if (length is < 30 or > MaxHeader || file.ReadAtLeast(header, length, throwOnEndOfStream: false) < length)
        {
            throw new InvalidDataException("An ARJ header is broken.");
        }

        at += 4 + length + 4;
        for (var extra = 0; extra < 100; extra++)
        {
            file.Position = at;
            if (file.ReadAtLeast(head.AsSpan(0, 2), 2, throwOnEndOfStream: false) < 2)
            {
                break;
            }

            var size = BinaryPrimitives.ReadUInt16LittleEndian(head);
            at += 2 + (size == 0 ? 0 : size + 4);
            if (size == 0)
            {
                break;
            }
        }

        return header;
    }

    private static (long Length, long Packed, int Method, int Flags, int Type, string Name) Fields(byte[] header)
    {
        var first = header[0];
        var name = first < header.Length ? header.AsSpan(first) : [];
        var end = name.IndexOf((byte)0);
        return (BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(16)), BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(12)), header[5], header[4], header[6],
            Encoding.GetEncoding(932).GetString(end < 0 ? name : name[..end]).Replace('\\', '/'));
    }

    private sealed class InTurn(ArchiveItem[] pieces) : ForwardStream
    {
        private int next;
        private Stream? current;

        public override int Read(Span<byte> buffer)
        {
            while (true)
            {
                var got = current?.Read(buffer) ?? 0;
                if (got > 0 || buffer.IsEmpty)
                {
                    return got;
                }

                if (next == pieces.Length)
                {
                    return 0;
                }

                current?.Dispose();
                current = pieces[next++].Open();
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                current?.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
