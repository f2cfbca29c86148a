namespace Sekisho.Inspection.Formats;

/// <summary>A canonical Huffman code of at most 16 bits, as LZH and LZX use it; one without symbols is allowed until it is used.</summary>
/// <param name="size">How many symbols there can be.</param>
internal sealed class HuffmanCode(int size)
{
    private readonly ushort[] sorted = new ushort[size];
    private readonly int[] first = new int[18];
    private readonly int[] count = new int[18];
    private readonly int[] offset = new int[18];
    private int only = -1;

    /// <summary>The code has this one symbol, which takes no bits.</summary>
    public void Only(int symbol) => only = symbol < size ? symbol : throw new InvalidDataException("The packed octets are broken.");

    /// <summary>Builds the code from the length of each symbol's word in bits, 0 for one that is not used, at most 16.</summary>
    public void Build(ReadOnlySpan<byte> sizes)
    {
        only = -1;
        Array.Clear(count);
        foreach (var length in sizes)
        {
            count[length]++;
        }

        count[0] = 0;
        int code = 0, place = 0;
        for (var length = 1; length <= 16; length++)
        {
            code = (code + count[length - 1]) << 1;
            first[length] = code;
            offset[length] = place;
            place += count[length];
            if (code + count[length] > 1 << length)
            {
                throw new InvalidDataException("The packed octets are broken.");
            }
        }

        Span<int> next = stackalloc int[18];
        offset.CopyTo(next);
        for (var symbol = 0; symbol < sizes.Length; symbol++)
        {
            if (sizes[symbol] != 0)
            {
                sorted[next[sizes[symbol]]++] = (ushort)symbol;
            }
        }
    }

    /// <summary>The symbol that the next 16 bits begin with, and how many of them are its own.</summary>
    public int Decode(uint look, out int length)
    {
        if (only >= 0)
        {
            length = 0;
            return only;
        }

        for (length = 1; length <= 16; length++)
        {
            var place = (int)(look >> (16 - length)) - first[length];
            if (place >= 0 && place < count[length])
            {
                return sorted[offset[length] + place];
            }
        }

        throw new InvalidDataException("The packed octets are broken.");
    }
}
