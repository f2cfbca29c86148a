using System.Buffers.Binary;

namespace Sekisho.Inspection.Formats;

/// <summary>Knows archives and disk images that no reader here opens, so that they can be called by their names.</summary>
internal static class ClosedContainers
{
    /// <summary>What it is called; null for what is none of them.</summary>
    /// <param name="head">The file's beginning, at best 2 KB.</param>
    public static string? Name(ReadOnlySpan<byte> head)
    {
        if (head.Length < 32)
        {
            return null;
        }

        return head[0] switch
        {
            (byte)'M' when head.StartsWith("MSWIM\0\0\0"u8) => "WIM",
            (byte)'W' when head.StartsWith("WLPWM\0\0\0"u8) => "WIM",
            (byte)'0' when IsOldText(head) => "cpio",
            0xC7 when head[1] == 0x71 && IsOldBinary(head) => "cpio",
            0x5D when IsLzma(head) => "LZMA",
            (byte)'L' when head.StartsWith("LZIP"u8) && head[4] <= 1 => "lzip",
            0x1F when head[1] == 0x9D && (head[2] & 0x60) == 0 && (head[2] & 0x1F) is >= 9 and <= 16 => "Unix compress",
            0x04 when head.StartsWith((ReadOnlySpan<byte>)[0x04, 0x22, 0x4D, 0x18]) => "LZ4",
            (byte)'Q' when head.StartsWith((ReadOnlySpan<byte>)[(byte)'Q', (byte)'F', (byte)'I', 0xFB]) => "QCOW",
            (byte)'h' when head.StartsWith("hsqs"u8) && head.Length >= 96 => "SquashFS",
            (byte)'R' when head.StartsWith("RE~^"u8) => "RAR before 1.50",
            (byte)'Z' when head.StartsWith("ZOO "u8) && head[20..].StartsWith((ReadOnlySpan<byte>)[0xDC, 0xA7, 0xC4, 0xFD]) => "ZOO",
            _ => Volume(head),
        };
    }

    /// <summary>Disks and volumes, whose marks stand further in.</summary>
    private static string? Volume(ReadOnlySpan<byte> head)
    {
        if (head[3..].StartsWith("NTFS    "u8) && head[0] is 0xEB or 0xE9)
        {
            return "NTFS";
        }

        if (head.Length >= 0x44 && BinaryPrimitives.ReadUInt32LittleEndian(head[0x40..]) == 0xBEDA107F)
        {
            return "VDI";
        }

        // The superblock of ext2 to ext4: at 1,024, its magic 56 further; inodes, block size and revision must make sense.
        if (head.Length >= 1024 + 96 && BinaryPrimitives.ReadUInt16LittleEndian(head[1080..]) == 0xEF53
            && BinaryPrimitives.ReadUInt32LittleEndian(head[1024..]) != 0 && BinaryPrimitives.ReadUInt32LittleEndian(head[1048..]) <= 6 && BinaryPrimitives.ReadUInt32LittleEndian(head[1100..]) <= 1)
        {
            return "ext";
        }

        return null;
    }

    /// <summary>cpio's header in digits: 110 hexadecimal ones, or 76 octal ones.</summary>
    private static bool IsOldText(ReadOnlySpan<byte> head) =>
        (head.StartsWith("07070"u8) && head[5] is (byte)'1' or (byte)'2' && head.Length > 110 && !head[6..110].ContainsAnyExcept("0123456789abcdefABCDEF"u8))
        || (head.StartsWith("070707"u8) && head.Length > 76 && !head[6..76].ContainsAnyExceptInRange((byte)'0', (byte)'7'));

    /// <summary>cpio's binary header: a name of the length it tells, and its NUL.</summary>
    private static bool IsOldBinary(ReadOnlySpan<byte> head) =>
        BinaryPrimitives.ReadUInt16LittleEndian(head[20..]) is > 1 and < 1024 and var length && head.Length >= 26 + length && head[26..].IndexOf((byte)0) == length - 1;

    /// <summary>LZMA alone: properties as good as always 5D, a dictionary of a power of two, a length or none; its coder begins with a zero.</summary>
    private static bool IsLzma(ReadOnlySpan<byte> head)
    {
        var dictionary = BinaryPrimitives.ReadUInt32LittleEndian(head[1..]);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(head[5..]);
        return dictionary >= 4096 && (dictionary & (dictionary - 1)) == 0 && length is ulong.MaxValue or (> 0 and < 1UL << 40) && head[13] == 0;
    }
}
