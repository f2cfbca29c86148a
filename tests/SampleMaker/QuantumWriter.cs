namespace Sekisho.SampleMaker;

/// <summary>Packs cabinets with Quantum for tests.</summary>
public static class QuantumWriter
{
    private const int WindowBits = 16;

    private static readonly int[] LengthExtra = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    /// <summary>A cabinet of one folder and one member.</summary>
    public static byte[] Cab(string name, byte[] content)
    {
        var packer = new Packer();
        var blocks = packer.Blocks(content).ToList();
        byte[] member = [.. OldArchiveWriter.Four(content.Length), .. OldArchiveWriter.Four(0), 0, 0, 0x21, 0x40, 0, 0, 0x20, 0, .. System.Text.Encoding.ASCII.GetBytes(name), 0];
        var dataAt = 36 + 8 + member.Length;
        return
        [
            .. "MSCF"u8, 0, 0, 0, 0, .. OldArchiveWriter.Four(dataAt + blocks.Sum(b => b.Packed.Length + 8)), 0, 0, 0, 0, .. OldArchiveWriter.Four(44), 0, 0, 0, 0, 3, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0,
            .. OldArchiveWriter.Four(dataAt), .. OldArchiveWriter.Two(blocks.Count), .. OldArchiveWriter.Two((WindowBits << 8) | 0x72), .. member,
            .. blocks.SelectMany(b => (byte[])[0, 0, 0, 0, .. OldArchiveWriter.Two(b.Packed.Length), .. OldArchiveWriter.Two(b.Length), .. b.Packed]),
        ];
    }

    private sealed class Packer
    {
        private readonly Model selector = new(0, 7);
        private readonly Model[] letters = [new(0, 64), new(64, 64), new(128, 64), new(192, 64)];
        private readonly Model[] places = [new(0, 24), new(0, WindowBits * 2), new(0, WindowBits * 2)];
        private readonly Model lengths = new(0, 27);

        public IEnumerable<(byte[] Packed, int Length)> Blocks(byte[] content)
        {
            var code = new Coder();
            var done = 0;
            foreach (var (length, value) in LzFinder.Find(content, 3, 259, 4000, 32768))
            {
                if (length == 1)
                {
                    selector.Write(code, value >> 6);
                    letters[value >> 6].Write(code, value);
                }
                else
                {
                    var kind = Math.Min(length, 5) + 1;
                    selector.Write(code, kind);
                    if (kind == 6)
                    {
                        var (slot, rest) = Slot(length - 5, LengthExtra);
                        lengths.Write(code, slot);
                        code.Plain(rest, LengthExtra[slot]);
                    }

                    int[] extra = [.. Enumerable.Range(0, 42).Select(i => Math.Max(0, (i / 2) - 1))];
                    var (place, low) = Slot(value - 1, extra);
                    places[kind - 4].Write(code, place);
                    code.Plain(low, extra[place]);
                }

                done += length;
                if (done % 32768 == 0 || done == content.Length)
                {
                    yield return (code.Finish(), done % 32768 == 0 ? 32768 : done % 32768);
                    code = new Coder();
                }
            }
        }

        private static (int Slot, int Left) Slot(int value, int[] extra)
        {
            var slot = 0;
            while (value >= 1 << extra[slot])
            {
                value -= 1 << extra[slot++];
            }

            return (slot, value);
        }
    }

    /// <summary>An arithmetic coder of 16 bits; plain bits go where the decoder, which reads 16 ahead, stands.</summary>
    private sealed class Coder
    {
        private readonly List<int> code = [];
        private readonly List<(int At, int Value, int Count)> plain = [];
        private int low;
        private int high = 0xFFFF;
        private int waiting;
        private int shifts;

        public void Narrow(int above, int below, int total)
        {
            var range = high - low + 1;
            high = low + (above * range / total) - 1;
            low += below * range / total;
            while (true)
            {
                if (((low ^ high) & 0x8000) == 0)
                {
                    Bit(low >> 15);
                }
                else if ((low & 0x4000) != 0 && (high & 0x4000) == 0)
                {
                    waiting++;
                    low &= 0x3FFF;
                    high |= 0x4000;
                }
                else
                {
                    return;
                }

                low = (low << 1) & 0xFFFF;
                high = ((high << 1) | 1) & 0xFFFF;
                shifts++;
            }
        }

        public void Plain(int value, int count)
        {
            if (count > 0)
            {
                plain.Add((shifts + 16, value, count));
            }
        }

        public byte[] Finish()
        {
            waiting++;
            Bit(low < 0x4000 ? 0 : 1);
            while (code.Count < shifts + 16)
            {
                code.Add(0);
            }

            var bits = new BitList();
            var next = 0;
            for (var i = 0; i <= code.Count; i++)
            {
                for (; next < plain.Count && plain[next].At == i; next++)
                {
                    bits.Add(plain[next].Value, plain[next].Count);
                }

                if (i < code.Count)
                {
                    bits.Add(code[i], 1);
                }
            }

            bits.Add(0, 2); // Two more than are needed end a block.
            return bits.ToArray();
        }

        private void Bit(int bit)
        {
            code.Add(bit);
            for (; waiting > 0; waiting--)
            {
                code.Add(1 - bit);
            }
        }
    }

    private sealed class Model(int first, int count)
    {
        private readonly List<int> symbols = [.. Enumerable.Range(first, count)];
        private readonly int[] sums = [.. Enumerable.Range(0, count + 1).Select(i => count - i)];
        private int rounds = 4;

        public void Write(Coder code, int symbol)
        {
            var at = symbols.IndexOf(symbol);
            code.Narrow(sums[at], sums[at + 1], sums[0]);
            for (var i = 0; i <= at; i++)
            {
                sums[i] += 8;
            }

            if (sums[0] <= 3800)
            {
                return;
            }

            if (--rounds > 0)
            {
                for (var i = count - 1; i >= 0; i--)
                {
                    sums[i] = Math.Max(sums[i] / 2, sums[i + 1] + 1);
                }

                return;
            }

            rounds = 50;
            var weights = Enumerable.Range(0, count).Select(i => (sums[i] - sums[i + 1] + 1) / 2).ToArray();
            for (var i = 0; i < count - 1; i++)
            {
                for (var j = i + 1; j < count; j++)
                {
                    if (weights[i] < weights[j])
                    {
                        (weights[i], weights[j]) = (weights[j], weights[i]);
                        (symbols[i], symbols[j]) = (symbols[j], symbols[i]);
                    }
                }
            }

            for (var i = count - 1; i >= 0; i--)
            {
                sums[i] = sums[i + 1] + weights[i];
            }
        }
    }
}
