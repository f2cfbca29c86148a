using System.Buffers;
using System.Buffers.Binary;

namespace Sekisho.Inspection.Formats;

/// <summary>Finds a ZIP's end record (APPNOTE section 4.3.16), which tells where the archive really begins and how many members it has.</summary>
internal static class ZipDirectory
{
    /// <summary>The length of the end record with the longest comment.</summary>
    private const int LongestEnd = EndLength + 0xFFFF;

    private const int EndLength = 22;

    /// <summary>End records, of those in a file without one at its end, that are tried.</summary>
    private const int MaxEnds = 16;

    /// <summary>Octets that stand before the archive (a picture, a program that unpacks itself), the members declared, at least 1 where the file begins with a member, and octets between directory and end record, where nothing has to be.</summary>
    /// <param name="file">Seekable.</param>
    /// <exception cref="InvalidDataException">There is no end record: the archive's end is lost.</exception>
    public static (long Start, int Declared, long Gap) Find(Stream file)
    {
        var tail = Tail(file, out var at);
        var tailAt = file.Length - tail.Length;
        if (at < 0 || at + 22 > tail.Length)
        {
            throw new InvalidDataException("The archive's end is lost.");
        }

        var end = tail.AsSpan(at);
        var declared = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        file.Position = 0;
        Span<byte> head = stackalloc byte[4];
        var beginsWithMember = file.ReadAtLeast(head, 4, throwOnEndOfStream: false) == 4 && head.SequenceEqual("PK\u0003\u0004"u8);
        file.Position = 0;

        // Zip64 writes all ones and tells the truth elsewhere; SharpCompress knows where.
        if (size == uint.MaxValue || offset == uint.MaxValue)
        {
            return (0, 1, 0);
        }

        if (declared == ushort.MaxValue)
        {
            declared = 1;
        }

        // Something stands in front, and its writer did not count it: the directory is not where it says, but where its length says.
        var start = tailAt + at - size - offset;
        var isBehind = start > 0 && (!beginsWithMember || (!IsDirectory(file, offset) && IsDirectory(file, offset + start)));
        return (isBehind ? start : 0, beginsWithMember ? Math.Max((int)declared, 1) : declared, isBehind ? 0 : Math.Max(0, start));
    }

    /// <summary>The end of a file with the last end record in it. Most have no comment, so that a little is enough.</summary>
    /// <param name="file">Seekable.</param>
    /// <param name="at">Where the record begins in what is returned; -1 without one.</param>
    internal static byte[] Tail(Stream file, out int at)
    {
        var tail = Read(file, 1024);
        at = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (at < 0 && tail.Length < file.Length)
        {
            tail = Read(file, LongestEnd);
            at = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        }

        return tail;

        static byte[] Read(Stream file, int longest)
        {
            var octets = new byte[(int)Math.Min(file.Length, longest)];
            file.Position = file.Length - octets.Length;
            return octets[..file.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false)];
        }
    }

    /// <summary>True where an entry of a directory begins.</summary>
    internal static bool IsDirectory(Stream file, long at)
    {
        Span<byte> head = stackalloc byte[4];
        if (at < 0 || at > file.Length)
        {
            return false;
        }

        file.Position = at;
        var isOne = file.ReadAtLeast(head, 4, throwOnEndOfStream: false) == 4 && head.SequenceEqual("PK\u0001\u0002"u8);
        file.Position = 0;
        return isOne;
    }

    /// <summary>The archive without the zeros that it was blown up with: an end record is looked for within 64 KB of the end only.</summary>
    /// <param name="file">Seekable.</param>
    /// <param name="budget">Asked for time.</param>
    /// <param name="padding">Zeros left out.</param>
    /// <exception cref="InvalidDataException">The file is broken, or the budget spent.</exception>
    public static Stream WithoutPadding(Stream file, ReadBudget budget, out long padding)
    {
        padding = 0;
        if (file.Length <= LongestEnd)
        {
            return file;
        }

        Span<byte> last = stackalloc byte[EndLength];
        file.Position = file.Length - EndLength;
        file.ReadExactly(last);
        file.Position = 0;
        if (last.ContainsAnyExcept((byte)0))
        {
            return file;
        }

        // The record's own last octets may be zeros, too.
        var end = Math.Min(file.Length, EndOfContent(file, budget) + EndLength);
        file.Position = 0;
        padding = file.Length - end;
        return new SliceStream(file, 0, end);
    }

    /// <summary>The archive without what was appended to it, further than an end record is looked for; the file itself where nothing was.</summary>
    /// <param name="file">Seekable.</param>
    /// <param name="budget">Asked for time.</param>
    /// <param name="appended">What stands behind the archive; null for nothing.</param>
    /// <exception cref="InvalidDataException">The file is broken, or the budget spent.</exception>
    public static Stream WithoutAppended(Stream file, ReadBudget budget, out Stream? appended)
    {
        appended = null;
        if (file.Length <= LongestEnd)
        {
            return file;
        }

        Tail(file, out var at);
        if (at >= 0)
        {
            return file;
        }

        // Forwards, in one pass, since large files are unpacked as they are read; the last sound records count.
        var ends = new Queue<long>();
        for (var from = 0L; ZipStructure.Search(file, from, file.Length, "PK\u0005\u0006"u8) is >= 0 and var end; from = end + 4)
        {
            budget.Unpack(0);
            ends.Enqueue(end);
            if (ends.Count > MaxEnds)
            {
                ends.Dequeue();
            }
        }

        foreach (var end in ends.Reverse())
        {
            var record = new byte[EndLength];
            file.Position = end;
            file.ReadExactly(record);
            long size = BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(12)), offset = BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(16));
            var whole = end + EndLength + BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(20));
            if (whole < file.Length && (IsDirectory(file, offset) || IsDirectory(file, end - size)))
            {
                appended = new SliceStream(file, whole, long.MaxValue);
                file.Position = 0;
                return new SliceStream(file, 0, whole);
            }
        }

        file.Position = 0;
        return file;
    }

    /// <summary>Where the zeros at a file's end begin. Read forwards, in one pass: large files are unpacked as they are read.</summary>
    /// <param name="file">Seekable.</param>
    /// <param name="budget">Asked for time.</param>
    /// <exception cref="InvalidDataException">The file is broken, or the budget spent.</exception>
    public static long EndOfContent(Stream file, ReadBudget budget)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            file.Position = 0;
            long at = 0, end = 0;
            int got;
            while ((got = file.Read(buffer, 0, buffer.Length)) > 0)
            {
                budget.Unpack(0);
                var last = buffer.AsSpan(0, got).LastIndexOfAnyExcept((byte)0);
                end = last < 0 ? end : at + last + 1;
                at += got;
            }

            return end;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
