using System.Buffers.Binary;

namespace Sekisho.Inspection.Formats;

/// <summary>Finds a ZIP's end record (APPNOTE section 4.3.16), which tells where the archive really begins and how many members it has.</summary>
internal static class ZipDirectory
{
    /// <summary>The length of the end record with the longest comment.</summary>
    private const int LongestEnd = 22 + 0xFFFF;

    /// <summary>Octets that stand before the archive (a picture, a program that unpacks itself), and the members declared, at least 1 where the file begins with a member.</summary>
    /// <param name="file">Seekable.</param>
    /// <exception cref="InvalidDataException">There is no end record: the archive's end is lost.</exception>
    public static (long Start, int Declared) Find(Stream file)
    {
        var tail = new byte[(int)Math.Min(file.Length, LongestEnd)];
        var tailAt = file.Length - tail.Length;
        file.Position = tailAt;
        tail = tail[..file.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false)];
        var at = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
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
            return (0, 1);
        }

        if (declared == ushort.MaxValue)
        {
            declared = 1;
        }

        // Something stands in front, and its writer did not count it: the directory is not where it says, but where its length says.
        var start = tailAt + at - size - offset;
        return (start > 0 && (!beginsWithMember || (!IsDirectory(file, offset) && IsDirectory(file, offset + start))) ? start : 0, beginsWithMember ? Math.Max((int)declared, 1) : declared);
    }

    private static bool IsDirectory(Stream file, long at)
    {
        Span<byte> head = stackalloc byte[4];
        file.Position = at;
        var isOne = file.ReadAtLeast(head, 4, throwOnEndOfStream: false) == 4 && head.SequenceEqual("PK\u0001\u0002"u8);
        file.Position = 0;
        return isOne;
    }
}
