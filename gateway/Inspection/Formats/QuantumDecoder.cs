using System.Buffers.Binary;

namespace Sekisho.Inspection.Formats;

/// <summary>Unpacks Quantum, the second of a cabinet's methods (MS-CAB section 2.3, typeCompress 2): matches in a window, told in an arithmetic code whose models learn as they go.</summary>
internal sealed class QuantumDecoder
{
    private const int MaxTotal = 3800;
    private const int Step = 8;

    private static readonly int[] LengthExtra = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    private static readonly int[] LengthBase = Bases(LengthExtra, 5);

    private static readonly int[] PlaceExtra = [.. Enumerable.Range(0, 42).Select(i => Math.Max(0, (i / 2) - 1))];

    private static readonly int[] PlaceBase = Bases(PlaceExtra, 1);

    private readonly byte[] window;
    private readonly Model selector = new(0, 7);
    private readonly Model[] octets = [new(0, 64), new(64, 64), new(128, 64), new(192, 64)];
    private readonly Model[] places;
    private readonly Model lengths = new(0, 27);
    private int at;

    /// <summary>Begins a folder.</summary>
    /// <param name="windowBits">The window's size, a power of two: 10 to 21.</param>
    /// <exception cref="InvalidDataException">There is no window of such a size.</exception>
    public QuantumDecoder(int windowBits)
    {
        if (windowBits is < 10 or > 21)
        {
            throw new InvalidDataException("The cabinet is broken.");
        }

        window = new byte[1 << windowBits];
        places = [new(0, Math.Min(24, windowBits * 2)), new(0, Math.Min(36, windowBits * 2)), new(0, windowBits * 2)];
    }

    /// <summary>Unpacks a block; the window and what was learnt stay from the one before.</summary>
    /// <param name="packed">The block's octets.</param>
    /// <param name="length">Octets unpacked, at most 32,768.</param>
    /// <exception cref="InvalidDataException">The block is broken.</exception>
    public byte[] Frame(ReadOnlySpan<byte> packed, int length)
    {
        var output = new byte[length];
        var code = new Code(packed);
        for (var done = 0; done < length;)
        {
            var kind = selector.Next(ref code);
            if (kind < 4)
            {
                output[done++] = window[at] = (byte)octets[kind].Next(ref code);
                at = (at + 1) & (window.Length - 1);
                continue;
            }

            var count = kind - 1;
            if (kind == 6)
            {
                var slot = lengths.Next(ref code);
                count = LengthBase[slot] + code.Take(LengthExtra[slot]);
            }

            var place = places[kind - 4].Next(ref code);
            var from = at - PlaceBase[place] - code.Take(PlaceExtra[place]);
            if (count > length - done)
            {
                throw new InvalidDataException("A block of the cabinet is broken.");
            }

            for (; count > 0; count--)
            {
                output[done++] = window[at] = window[from++ & (window.Length - 1)];
                at = (at + 1) & (window.Length - 1);
            }
        }

        return output;
    }

    private static int[] Bases(int[] extra, int from)
    {
        var bases = new int[extra.Length];
        for (var i = 0; i < extra.Length; from += 1 << extra[i], i++)
        {
            bases[i] = from;
        }

        return bases;
    }

    /// <summary>The arithmetic code of one block: 16 bits of it in view, the highest first.</summary>
    private ref struct Code
    {
        private const int MaxBeyond = 64;

        private readonly ReadOnlySpan<byte> octets;
        private int bitAt;
        private int low;
        private int high;
        private int value;

        public Code(ReadOnlySpan<byte> octets)
        {
            this.octets = octets;
            high = 0xFFFF;
            value = Take(16);
        }

        /// <summary>Bits that stand between those of the code.</summary>
        public int Take(int count)
        {
            var bits = 0;
            for (; count > 0; count--)
            {
                bits = (bits << 1) | Bit();
            }

            return bits;
        }

        /// <summary>Where the value stands, of a total.</summary>
        public readonly int Place(int total)
        {
            var range = high - low + 1;
            return ((((value - low + 1) * total) - 1) / range) & 0xFFFF;
        }

        /// <summary>Narrows the range to a symbol's share.</summary>
        public void Narrow(int above, int below, int total)
        {
            var range = high - low + 1;
            high = low + (above * range / total) - 1;
            low += below * range / total;
            while (true)
            {
                if (((low ^ high) & 0x8000) != 0)
                {
                    if ((low & 0x4000) == 0 || (high & 0x4000) != 0)
                    {
                        return;
                    }

                    value ^= 0x4000;
                    low &= 0x3FFF;
                    high |= 0x4000;
                }

                low = (low << 1) & 0xFFFF;
                high = ((high << 1) | 1) & 0xFFFF;
                value = ((value << 1) | Bit()) & 0xFFFF;
            }
        }

        private int Bit()
        {
            var index = bitAt >> 3;
            if (index >= octets.Length)
            {
                // The coder looks ahead of what it needs.
                return ++bitAt > (octets.Length * 8) + MaxBeyond ? throw new InvalidDataException("A block of the cabinet breaks off.") : 0;
            }

            return (octets[index] >> (7 - (bitAt++ & 7))) & 1;
        }
    }

    /// <summary>How often each symbol was met, as sums from the last symbol up to it; often met ones move to the front.</summary>
    private sealed class Model
    {
        private readonly int count;
        private readonly int[] symbols;
        private readonly int[] sums;
        private int untilSorted = 4;

        public Model(int first, int count)
        {
            this.count = count;
            symbols = [.. Enumerable.Range(first, count)];
            sums = [.. Enumerable.Range(0, count + 1).Select(i => count - i)];
        }

        public int Next(ref Code code)
        {
            var place = code.Place(sums[0]);
            var i = 1;
            while (i < count && sums[i] > place)
            {
                i++;
            }

            code.Narrow(sums[i - 1], sums[i], sums[0]);
            var symbol = symbols[i - 1];
            while (i > 0)
            {
                sums[--i] += Step;
            }

            if (sums[0] > MaxTotal)
            {
                Age();
            }

            return symbol;
        }

        private void Age()
        {
            if (--untilSorted > 0)
            {
                for (var i = count - 1; i >= 0; i--)
                {
                    sums[i] = Math.Max(sums[i] >> 1, sums[i + 1] + 1);
                }

                return;
            }

            untilSorted = 50;
            for (var i = 0; i < count; i++)
            {
                sums[i] = (sums[i] - sums[i + 1] + 1) >> 1;
            }

            // Equals must change places just as the packer lets them: by this plain exchange.
            for (var i = 0; i < count - 1; i++)
            {
                for (var j = i + 1; j < count; j++)
                {
                    if (sums[i] < sums[j])
                    {
                        (sums[i], sums[j]) = (sums[j], sums[i]);
                        (symbols[i], symbols[j]) = (symbols[j], symbols[i]);
                    }
                }
            }

            for (var i = count - 1; i >= 0; i--)
            {
                sums[i] += sums[i + 1];
            }
        }
    }
}
