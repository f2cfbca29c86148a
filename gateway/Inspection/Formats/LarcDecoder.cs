namespace Sekisho.Inspection.Formats;

/// <summary>Unpacks the methods -lzs- and -lz5- of LArc, LHA's forerunner: octets and matches told apart by a bit, places counted in a ring.</summary>
internal sealed class LarcDecoder : ForwardStream
{
    private readonly Stream packed;
    private readonly BitSource? bits;
    private readonly byte[] ring;
    private readonly byte[] input = new byte[4096];
    private int inputAt;
    private int inputLength;
    private int flags = 1;
    private long left;
    private int at;
    private int matchLeft;
    private int matchFrom;

    /// <summary>Unpacks as many octets as are declared.</summary>
    /// <param name="packed">Where they stand packed.</param>
    /// <param name="length">Octets unpacked.</param>
    /// <param name="isFive">-lz5- (a ring of 4 KiB, flags by the octet), else -lzs- (2 KiB, a stream of bits).</param>
    public LarcDecoder(Stream packed, long length, bool isFive)
    {
        this.packed = packed;
        left = length;
        if (isFive)
        {
            ring = FirstRing();
            at = ring.Length - 18;
        }
        else
        {
            bits = new BitSource(packed);
            ring = new byte[2048];
            ring.AsSpan().Fill((byte)' ');
            at = ring.Length - 17;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, left);
        for (var i = 0; i < count; i++)
        {
            var octet = -1;
            if (matchLeft == 0)
            {
                octet = bits is null ? NextFive() : NextS();
            }

            if (octet < 0)
            {
                matchLeft--;
                octet = ring[matchFrom++ & (ring.Length - 1)];
            }

            ring[at] = (byte)octet;
            buffer[i] = (byte)octet;
            at = (at + 1) & (ring.Length - 1);
        }

        left -= count;
        return count;
    }

    private int NextS()
    {
        if (bits!.Take(1) == 1)
        {
            return bits.Take(8);
        }

        matchFrom = bits.Take(11);
        matchLeft = bits.Take(4) + 2;
        return -1;
    }

    private int NextFive()
    {
        if (flags == 1)
        {
            flags = Octet() | 0x100;
        }

        var isLiteral = (flags & 1) != 0;
        flags >>= 1;
        var low = Octet();
        if (isLiteral)
        {
            return low;
        }

        var high = Octet();
        matchFrom = low | ((high & 0xF0) << 4);
        matchLeft = (high & 0x0F) + 3;
        return -1;
    }

    private int Octet()
    {
        if (inputAt == inputLength)
        {
            inputLength = packed.Read(input, 0, input.Length);
            inputAt = 0;
            if (inputLength == 0)
            {
                throw new InvalidDataException("The packed octets break off.");
            }
        }

        return input[inputAt++];
    }

    /// <summary>What -lz5- begins with: thirteen of each octet, all upwards, all downwards, zeros, blanks.</summary>
    private static byte[] FirstRing()
    {
        var ring = new byte[4096];
        for (var i = 0; i < 256; i++)
        {
            ring.AsSpan(i * 13, 13).Fill((byte)i);
            ring[3328 + i] = (byte)i;
            ring[3584 + i] = (byte)(255 - i);
        }

        ring.AsSpan(3968, 110).Fill((byte)' ');
        return ring;
    }
}
