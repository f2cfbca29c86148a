namespace Sekisho.Inspection.Formats;

/// <summary>Bits out of a stream, the highest of each octet first; past the end a few zeros, then no more.</summary>
internal sealed class BitSource(Stream packed)
{
    private const int MaxBeyond = 8;

    private readonly byte[] input = new byte[16 << 10];
    private int at;
    private int length;
    private int beyond;
    private uint bits;
    private int count;

    /// <summary>The next 16 bits, not yet taken.</summary>
    /// <exception cref="InvalidDataException">The octets break off.</exception>
    public uint Look()
    {
        Fill();
        return bits >> 16;
    }

    /// <summary>Takes bits.</summary>
    /// <param name="width">0 to 16.</param>
    /// <exception cref="InvalidDataException">The octets break off.</exception>
    public int Take(int width)
    {
        if (width == 0)
        {
            return 0;
        }

        Fill();
        var value = (int)(bits >> (32 - width));
        bits <<= width;
        count -= width;
        return value;
    }

    private void Fill()
    {
        while (count <= 24)
        {
            if (at == length)
            {
                length = packed.Read(input, 0, input.Length);
                at = 0;
                if (length == 0)
                {
                    if (++beyond > MaxBeyond)
                    {
                        throw new InvalidDataException("The packed octets break off.");
                    }

                    count += 8;
                    continue;
                }
            }

            bits |= (uint)input[at++] << (24 - count);
            count += 8;
        }
    }
}
