using System.Buffers.Binary;

namespace Sekisho.Inspection.Formats;

/// <summary>Tells from a RAR file's first header whether it is one volume of several (RAR 5.0 archive format, main archive header; for RAR 4 the flags of its archive header).</summary>
internal static class RarVolume
{
    /// <summary>True for a volume, false for a whole archive; null where the header is encrypted, or no header is read.</summary>
    /// <param name="head">The file's beginning.</param>
    public static bool? IsOne(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("Rar!\u001a\u0007\0"u8))
        {
            return head.Length < 12 || head[9] != 0x73 ? null : (BinaryPrimitives.ReadUInt16LittleEndian(head[10..]) & 1) != 0;
        }

        if (!head.StartsWith("Rar!\u001a\u0007\u0001\0"u8) || head.Length < 20)
        {
            return null;
        }

        var rest = head[12..]; // Behind the checksum.
        Number(ref rest);
        if (Number(ref rest) != 1)
        {
            return null;
        }

        if ((Number(ref rest) & 1) != 0)
        {
            Number(ref rest); // Length of an extra area.
        }

        return (Number(ref rest) & 1) != 0;
    }

    /// <summary>How far into a program that unpacks itself its archive is looked for: 1 MiB, as the RAR 5.0 archive format says.</summary>
    public const int LongestProgram = 1 << 20;

    /// <summary>Where the archive begins behind the program that unpacks it; -1 without one.</summary>
    /// <param name="file">The file's beginning.</param>
    public static int BehindProgram(ReadOnlySpan<byte> file)
    {
        for (var at = 0; file[at..].IndexOf("Rar!\u001a\u0007"u8) is var found and >= 0; at++)
        {
            at += found;
            if (file.Length > at + 7 && (file[at + 6] == 0 || (file[at + 6] == 1 && file[at + 7] == 0)))
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>Seven bits an octet, lowest first; what breaks off is 0.</summary>
    private static ulong Number(ref ReadOnlySpan<byte> octets)
    {
        ulong value = 0;
        for (var shift = 0; !octets.IsEmpty && shift < 63; shift += 7)
        {
            var next = octets[0];
            octets = octets[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                break;
            }
        }

        return value;
    }
}
