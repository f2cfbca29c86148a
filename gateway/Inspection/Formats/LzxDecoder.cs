using System.Buffers.Binary;

namespace Sekisho.Inspection.Formats;

/// <summary>Unpacks LZX (MS-PATCH appendix on LZX, as cabinets use it) frame by frame of 32 KiB.</summary>
internal sealed class LzxDecoder
{
    private static readonly int[] Slots = [30, 32, 34, 36, 38, 42, 50];

    private readonly byte[] window;
    private readonly byte[] mainSizes;
    private readonly byte[] lengthSizes = new byte[249];
    private readonly HuffmanCode main = new(256 + (50 * 8));
    private readonly HuffmanCode lengths = new(249);
    private readonly HuffmanCode aligned = new(8);
    private readonly HuffmanCode lookup = new(20);
    private readonly int[] recent = [1, 1, 1];
    private int at;
    private int blockKind;
    private int blockLeft;
    private bool isBegun;
    private int translated;
    private bool isOddSkipped = true;
    private int frames;

    private byte[] input = [];
    private int inputAt;
    private uint bits;
    private int bitCount;

    /// <summary>Begins a folder.</summary>
    /// <param name="windowBits">15 to 21.</param>
    /// <exception cref="InvalidDataException">Another size of window.</exception>
    public LzxDecoder(int windowBits)
    {
        if (windowBits is < 15 or > 21)
        {
            throw new InvalidDataException("The LZX window is of no known size.");
        }

        window = new byte[1 << windowBits];
        mainSizes = new byte[256 + (Slots[windowBits - 15] * 8)];
    }

    /// <summary>Unpacks the next frame; its bits begin and end with its octets.</summary>
    /// <param name="packed">The frame's octets.</param>
    /// <param name="length">Octets unpacked, 1 to 32,768.</param>
    /// <exception cref="InvalidDataException">It is broken.</exception>
    public byte[] Frame(ReadOnlySpan<byte> packed, int length)
    {
        input = packed.ToArray();
        (inputAt, bits, bitCount) = (0, 0, 0);
        try
        {
            if (!isBegun)
            {
                isBegun = true;
                translated = Take(1) == 1 ? (Take(16) << 16) | Take(16) : 0;
            }

            var start = at;
            var left = length;
            while (left > 0)
            {
                if (blockLeft == 0)
                {
                    NextBlock();
                }

                left -= Run(Math.Min(left, blockLeft));
            }

            var output = new byte[length];
            for (var i = 0; i < length; i++)
            {
                output[i] = window[(start + i) & (window.Length - 1)];
            }

            if (translated != 0 && frames < 32768)
            {
                Translate(output, frames * 32768);
            }

            frames++;
            isOddSkipped |= blockLeft == 0; // The odd octet's neighbour ends this frame.
            return output;
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException)
        {
            throw Broken();
        }
    }

    private static InvalidDataException Broken() => new("The LZX octets are broken.");

    private void NextBlock()
    {
        if (!isOddSkipped)
        {
            inputAt++;
            isOddSkipped = true;
        }

        blockKind = Take(3);
        blockLeft = (Take(16) << 8) | Take(8);
        if (blockLeft == 0)
        {
            throw Broken();
        }

        switch (blockKind)
        {
            case 1 or 2:
                if (blockKind == 2)
                {
                    Span<byte> sizes = stackalloc byte[8];
                    for (var i = 0; i < 8; i++)
                    {
                        sizes[i] = (byte)Take(3);
                    }

                    aligned.Build(sizes);
                }

                Sizes(mainSizes.AsSpan(0, 256));
                Sizes(mainSizes.AsSpan(256));
                main.Build(mainSizes);
                Sizes(lengthSizes);
                lengths.Build(lengthSizes);
                break;
            case 3:
                // To the next whole word, a full one if it stands at one already.
                inputAt += (bitCount % 16 == 0 ? 2 : 0) - (bitCount / 16 * 2);
                (bits, bitCount) = (0, 0);
                for (var i = 0; i < 3; i++, inputAt += 4)
                {
                    recent[i] = BinaryPrimitives.ReadInt32LittleEndian(input.AsSpan(inputAt));
                }

                isOddSkipped = (blockLeft & 1) == 0;
                break;
            default:
                throw Broken();
        }
    }

    /// <summary>Code lengths as differences to those before, themselves packed.</summary>
    private void Sizes(Span<byte> sizes)
    {
        Span<byte> first = stackalloc byte[20];
        for (var i = 0; i < 20; i++)
        {
            first[i] = (byte)Take(4);
        }

        lookup.Build(first);
        for (var i = 0; i < sizes.Length;)
        {
            var symbol = Next(lookup);
            var run = symbol switch { 17 => Take(4) + 4, 18 => Take(5) + 20, 19 => Take(1) + 4, _ => 1 };
            var value = symbol is 17 or 18 ? 0 : (sizes[i] - (symbol == 19 ? Next(lookup) : symbol) + 17) % 17;
            if (value < 0)
            {
                throw Broken();
            }

            for (; run > 0 && i < sizes.Length; run--)
            {
                sizes[i++] = (byte)value;
            }
        }
    }

    /// <summary>Unpacks up to <paramref name="wanted"/> octets of the block; a match never crosses a frame.</summary>
    private int Run(int wanted)
    {
        var done = 0;
        var mask = window.Length - 1;
        if (blockKind == 3)
        {
            for (; done < wanted; done++)
            {
                window[at] = input[inputAt++];
                at = (at + 1) & mask;
            }

            blockLeft -= done;
            return done;
        }

        while (done < wanted)
        {
            var symbol = Next(main);
            if (symbol < 256)
            {
                window[at] = (byte)symbol;
                at = (at + 1) & mask;
                done++;
                continue;
            }

            symbol -= 256;
            var length = (symbol & 7) + 2;
            length += length == 9 ? Next(lengths) : 0;
            var offset = Offset(symbol >> 3);
            if (done + length > wanted || offset <= 0 || offset > window.Length)
            {
                throw Broken();
            }

            for (var i = 0; i < length; i++)
            {
                window[at] = window[(at - offset) & mask];
                at = (at + 1) & mask;
            }

            done += length;
        }

        blockLeft -= done;
        return done;
    }

    private int Offset(int slot)
    {
        if (slot < 3)
        {
            (recent[0], recent[slot]) = (recent[slot], recent[0]);
            return recent[0];
        }

        // Slots 4 and up have (slot / 2 - 1) extra bits, at most 17; each begins where the one before ends.
        var extra = slot < 4 ? 0 : Math.Min((slot / 2) - 1, 17);
        var start = slot < 4 ? slot : slot < 36 ? (2 + (slot & 1)) << extra : (slot - 34) << 17;
        var offset = start - 2;
        if (blockKind == 2 && extra >= 3)
        {
            offset += extra == 3 ? 0 : Take(extra - 3) << 3;
            offset += Next(aligned);
        }
        else
        {
            offset += Take(extra);
        }

        (recent[2], recent[1], recent[0]) = (recent[1], recent[0], offset);
        return offset;
    }

    /// <summary>Calls in x86 code had been given absolute targets; they are made relative again.</summary>
    private void Translate(Span<byte> frame, int position)
    {
        for (var i = 0; i < frame.Length - 10; i++)
        {
            if (frame[i] != 0xE8)
            {
                continue;
            }

            var target = BinaryPrimitives.ReadInt32LittleEndian(frame[(i + 1)..]);
            var here = position + i;
            if (target >= -here && target < translated)
            {
                BinaryPrimitives.WriteInt32LittleEndian(frame[(i + 1)..], target >= 0 ? target - here : target + translated);
            }

            i += 4;
        }
    }

    private int Next(HuffmanCode code)
    {
        Fill();
        var symbol = code.Decode(bits >> 16, out var size);
        bits <<= size;
        bitCount -= size;
        return bitCount < 0 ? throw Broken() : symbol;
    }

    private int Take(int count)
    {
        if (count > 16)
        {
            return (Take(count - 16) << 16) | Take(16);
        }

        if (count == 0)
        {
            return 0;
        }

        Fill();
        var value = (int)(bits >> (32 - count));
        bits <<= count;
        bitCount -= count;
        return bitCount < 0 ? throw Broken() : value;
    }

    /// <summary>Words of 16 bits, low octet first, highest bit first.</summary>
    private void Fill()
    {
        while (bitCount <= 16 && inputAt + 1 < input.Length)
        {
            bits |= (uint)(input[inputAt] | (input[inputAt + 1] << 8)) << (16 - bitCount);
            bitCount += 16;
            inputAt += 2;
        }
    }
}
