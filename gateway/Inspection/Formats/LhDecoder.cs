namespace Sekisho.Inspection.Formats;

/// <summary>Unpacks what LHA's methods -lh4- to -lh7- and ARJ's methods 1 to 4 have packed: matches in a sliding window, HuffmanCode codes by the block.</summary>
internal sealed class LhDecoder : ForwardStream
{
    private const int WindowSize = 1 << 16;
    private const int LiteralsAndLengths = 510;
    private const int LengthOfLengths = 19;

    private readonly Stream packed;
    private readonly byte[] input = new byte[16 << 10];
    private readonly byte[] window = new byte[WindowSize];
    private readonly HuffmanCode codes = new(LiteralsAndLengths);
    private readonly HuffmanCode lengths = new(LengthOfLengths);
    private readonly HuffmanCode places = new(17);
    private readonly int placeBits;
    private readonly bool isFastest;
    private int inputAt;
    private int inputLength;
    private int beyond;
    private uint bits;
    private int bitCount;
    private long left;
    private int at;
    private int blockLeft;
    private int matchLeft;
    private int matchFrom;

    /// <summary>Unpacks as many octets as are declared.</summary>
    /// <param name="packed">Where they stand packed.</param>
    /// <param name="length">Octets unpacked.</param>
    /// <param name="placeBits">Bits that count the codes of places: 4 for -lh4- and -lh5-, 5 for all others.</param>
    /// <param name="isFastest">ARJ's method 4, which has fixed codes.</param>
    public LhDecoder(Stream packed, long length, int placeBits, bool isFastest = false)
    {
        this.packed = packed;
        this.placeBits = placeBits;
        this.isFastest = isFastest;
        left = length;
        window.AsSpan().Fill((byte)' ');
    }

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, left);
        for (var i = 0; i < count; i++)
        {
            if (matchLeft == 0)
            {
                var code = isFastest ? FastCode() : Code();
                if (code < 256)
                {
                    window[at] = (byte)code;
                    buffer[i] = (byte)code;
                    at = (at + 1) & (WindowSize - 1);
                    continue;
                }

                matchLeft = code - 256 + 3;
                matchFrom = (at - (isFastest ? FastPlace() : Place()) - 1) & (WindowSize - 1);
            }

            matchLeft--;
            var octet = window[matchFrom];
            matchFrom = (matchFrom + 1) & (WindowSize - 1);
            window[at] = octet;
            buffer[i] = octet;
            at = (at + 1) & (WindowSize - 1);
        }

        left -= count;
        return count;
    }

    private int Code()
    {
        if (blockLeft == 0)
        {
            blockLeft = Take(16);
            blockLeft = blockLeft == 0 ? 1 << 16 : blockLeft;
            ReadLengths(lengths, LengthOfLengths, 5, 3);
            ReadCodes();
            ReadLengths(places, 17, placeBits, -1);
        }

        blockLeft--;
        return Next(codes);
    }

    private int Place()
    {
        var size = Next(places);
        return size == 0 ? 0 : (1 << (size - 1)) + Take(size - 1);
    }

    private int FastCode()
    {
        var (width, sum) = Unary(0, 7);
        var value = sum + (width == 0 ? 0 : Take(width));
        return value == 0 ? Take(8) : 256 + value - 1;
    }

    private int FastPlace()
    {
        var (width, sum) = Unary(9, 13);
        return sum + Take(width);
    }

    private (int Width, int Sum) Unary(int from, int to)
    {
        var sum = 0;
        var width = from;
        for (; width < to && Take(1) == 1; width++)
        {
            sum += 1 << width;
        }

        return (width, sum);
    }

    private void ReadLengths(HuffmanCode table, int most, int countBits, int pauseAt)
    {
        Span<byte> sizes = stackalloc byte[most];
        sizes.Clear();
        var count = Take(countBits);
        if (count == 0)
        {
            table.Only(Take(countBits));
            return;
        }

        for (var i = 0; i < count;)
        {
            var size = Take(3);
            if (size == 7)
            {
                while (Take(1) == 1)
                {
                    size++;
                }
            }

            if (i >= most || size > 16)
            {
                throw new InvalidDataException("The packed octets are broken.");
            }

            sizes[i++] = (byte)size;
            if (i == pauseAt)
            {
                i += Take(2);
            }
        }

        table.Build(sizes);
    }

    private void ReadCodes()
    {
        Span<byte> sizes = stackalloc byte[LiteralsAndLengths];
        sizes.Clear();
        var count = Take(9);
        if (count == 0)
        {
            codes.Only(Take(9));
            return;
        }

        for (var i = 0; i < count;)
        {
            var size = Next(lengths);
            if (size <= 2)
            {
                i += size == 0 ? 1 : size == 1 ? Take(4) + 3 : Take(9) + 20;
            }
            else if (i >= LiteralsAndLengths)
            {
                throw new InvalidDataException("The packed octets are broken.");
            }
            else
            {
                sizes[i++] = (byte)(size - 2);
            }
        }

        codes.Build(sizes);
    }

    private int Next(HuffmanCode table)
    {
        Fill();
        var symbol = table.Decode(bits >> 16, out var size);
        bits <<= size;
        bitCount -= size;
        return symbol;
    }

    private int Take(int count)
    {
        if (count == 0)
        {
            return 0;
        }

        Fill();
        var value = (int)(bits >> (32 - count));
        bits <<= count;
        bitCount -= count;
        return value;
    }

    /// <summary>At least 16 bits; past the end a few zeros, then no more.</summary>
    private void Fill()
    {
        while (bitCount <= 24)
        {
            if (inputAt == inputLength)
            {
                inputLength = packed.Read(input, 0, input.Length);
                inputAt = 0;
                if (inputLength == 0)
                {
                    if (++beyond > 8)
                    {
                        throw new InvalidDataException("The packed octets break off.");
                    }

                    bitCount += 8;
                    continue;
                }
            }

            bits |= (uint)input[inputAt++] << (24 - bitCount);
            bitCount += 8;
        }
    }
}
