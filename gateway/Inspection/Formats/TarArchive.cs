using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads tar archives of every age: v7, ustar and pax (POSIX.1-2001, pax), GNU; goes on behind a broken header and behind an early end, as lenient programs do.</summary>
internal static class TarArchive
{
    private const int Block = 512;

    /// <summary>Octets of a long name or of extended fields that are read.</summary>
    private const int LongestNote = 64 << 10;

    /// <summary>Headers that are read at most.</summary>
    private const int MaxHeaders = 200_000;

    /// <summary>True for a block whose checksum field says what its octets sum up to; old programs summed them as signed.</summary>
    /// <param name="block">At least 512 octets, else the answer is no.</param>
    public static bool IsHeader(ReadOnlySpan<byte> block)
    {
        if (block.Length < Block || block[0] == 0 || Octal(block.Slice(148, 8)) is not { } declared)
        {
            return false;
        }

        int sum = 0, signed = 0;
        for (var i = 0; i < Block; i++)
        {
            var octet = i is >= 148 and < 156 ? (byte)' ' : block[i];
            sum += octet;
            signed += (sbyte)octet;
        }

        return declared == sum || declared == signed;
    }

    /// <summary>The files. Links, devices and folders are none.</summary>
    /// <param name="file">Seekable; must stay open.</param>
    /// <param name="budget">Asked for time at every block.</param>
    /// <exception cref="InvalidDataException">A header is broken, or the last file; thrown after what can be listed.</exception>
    public static IEnumerable<ArchiveItem> Members(Stream file, ReadBudget budget)
    {
        var block = new byte[Block];
        string? name = null, fault = null;
        long? length = null;
        var isBroken = false;
        var hasEnded = false;
        var headers = 0;
        for (long at = 0; at + Block <= file.Length;)
        {
            budget.Unpack(0);
            Fill(file, at, block);
            at += Block;
            if (!IsHeader(block))
            {
                // What stands behind the end is padding; members may follow it all the same, where archives were joined.
                hasEnded |= !block.AsSpan().ContainsAnyExcept((byte)0);
                if (!hasEnded && !isBroken)
                {
                    isBroken = true;
                    fault ??= "A header of the tar is broken.";
                }

                continue;
            }

            if (++headers > MaxHeaders)
            {
                fault = $"The tar has more than {MaxHeaders} headers.";
                break;
            }

            isBroken = hasEnded = false;
            var kind = block[156];
            var size = Math.Max(0, length ?? Number(block.AsSpan(124, 12)));
            if (kind is (byte)'L' or (byte)'K' or (byte)'x' or (byte)'X' or (byte)'g')
            {
                var note = Note(file, at, Number(block.AsSpan(124, 12)));
                if (kind == 'L')
                {
                    name = Text(note);
                }
                else if (kind is (byte)'x' or (byte)'X')
                {
                    Extended(note, ref name, ref length);
                }

                at = Behind(at, Number(block.AsSpan(124, 12)), file.Length);
                continue;
            }

            var own = name ?? OwnName(block);
            (name, length) = (null, null);
            if (kind == 'S')
            {
                // Old GNU sparse files: further blocks of the map stand before the octets.
                for (var more = block[482] != 0; more && at + Block <= file.Length; more = block[504] != 0, at += Block)
                {
                    Fill(file, at, block);
                }
            }

            if (IsWithoutOctets(kind) && (size == 0 || IsEndOrHeader(file, at, block)))
            {
                continue; // A link may tell the length of what it leads to.
            }

            var start = at;
            at = Behind(at, size, file.Length);
            if (size > file.Length - start)
            {
                fault ??= "The tar breaks off.";
            }

            if (!(kind == '5' || own.EndsWith('/')) || size > 0)
            {
                yield return new ArchiveItem(own, size, size, () => new SliceStream(file, start, size));
            }
        }

        if (headers == 0)
        {
            fault ??= "The tar has no header.";
        }

        if (fault is not null)
        {
            throw new InvalidDataException(fault);
        }
    }

    private static bool IsWithoutOctets(byte kind) => kind is >= (byte)'1' and <= (byte)'6' or (byte)'V';

    private static bool IsEndOrHeader(Stream file, long at, byte[] block)
    {
        if (at + Block > file.Length)
        {
            return true;
        }

        Fill(file, at, block);
        return IsHeader(block) || !block.AsSpan().ContainsAnyExcept((byte)0);
    }

    private static void Fill(Stream file, long at, byte[] block)
    {
        file.Position = at;
        if (file.ReadAtLeast(block, Block, throwOnEndOfStream: false) < Block)
        {
            throw new InvalidDataException("The tar breaks off.");
        }
    }

    private static long Behind(long at, long size, long end) => size > end - at ? end : at + ((size + Block - 1) / Block * Block);

    private static byte[] Note(Stream file, long at, long size)
    {
        file.Position = at;
        var octets = new byte[(int)Math.Clamp(size, 0, LongestNote)];
        return octets[..file.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false)];
    }

    private static string OwnName(ReadOnlySpan<byte> block)
    {
        var name = Text(block[..100]);
        // The second half of a long name is ustar's own; GNU (magic "ustar  ") keeps times there.
        var folder = block.Slice(257, 6).SequenceEqual("ustar\0"u8) ? Text(block.Slice(345, 155)) : "";
        return folder.Length == 0 ? name : $"{folder}/{name}";
    }

    private static string Text(ReadOnlySpan<byte> octets)
    {
        var end = octets.IndexOf((byte)0);
        octets = end < 0 ? octets : octets[..end];
        return Ascii.IsValid(octets) ? Encoding.ASCII.GetString(octets) : JapaneseText.Decode(octets, null, out _);
    }

    /// <summary>Records "length key=value" (pax, "Extended Header"): the name and the length are taken.</summary>
    private static void Extended(ReadOnlySpan<byte> records, ref string? name, ref long? length)
    {
        while (records.IndexOf((byte)' ') is > 0 and < 8 and var blank && int.TryParse(records[..blank], NumberStyles.None, CultureInfo.InvariantCulture, out var whole) && whole > blank + 1 && whole <= records.Length)
        {
            var record = records[(blank + 1)..whole].TrimEnd((byte)'\n');
            if (record.StartsWith("path="u8))
            {
                name = Text(record[5..]);
            }
            else if (record.StartsWith("size="u8) && long.TryParse(record[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                length = size;
            }

            records = records[whole..];
        }
    }

    /// <summary>A length: octal, or GNU's binary one, whose first bit is set; 0 for what is neither.</summary>
    private static long Number(ReadOnlySpan<byte> field) =>
        (field[0] & 0x80) != 0 ? BinaryPrimitives.ReadInt64BigEndian(field[^8..]) & long.MaxValue : Octal(field) ?? 0;

    private static long? Octal(ReadOnlySpan<byte> field)
    {
        field = field.Trim((ReadOnlySpan<byte>)[(byte)' ', 0]);
        var end = field.IndexOfAny((byte)' ', (byte)0);
        field = end < 0 ? field : field[..end];
        if (field.IsEmpty)
        {
            return null;
        }

        long value = 0;
        foreach (var digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return null;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return value;
    }
}
