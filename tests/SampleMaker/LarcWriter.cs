namespace Sekisho.SampleMaker;

/// <summary>Packs for tests in the ways of old Japanese packers: -lh1- of LHarc, -lzs- and -lz5- of LArc.</summary>
public static class LarcWriter
{
    /// <summary>An LZH archive of one member packed so.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its octets.</param>
    /// <param name="method"><c>-lh1-</c>, <c>-lzs-</c> or <c>-lz5-</c>.</param>
    public static byte[] Lzh(string name, byte[] content, string method)
    {
        var packed = method switch { "-lh1-" => Lh1(content), "-lzs-" => Lzs(content), _ => Lz5(content) };
        byte[] text = System.Text.Encoding.ASCII.GetBytes(name);
        var crc = Crc16(content);
        byte[] body =
        [
            .. System.Text.Encoding.ASCII.GetBytes(method), .. OldArchiveWriter.Four(packed.Length), .. OldArchiveWriter.Four(content.Length), 0, 0, 0x21, 0x40, 0x20, 0,
            (byte)text.Length, .. text, .. OldArchiveWriter.Two(crc),
        ];
        return [(byte)body.Length, (byte)body.Sum(b => b), .. body, .. packed, 0];
    }

    private static int Crc16(byte[] content) => content.Aggregate(0, (crc, b) =>
    {
        crc ^= b;
        for (var i = 0; i < 8; i++)
        {
            crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
        }

        return crc;
    });

    private static byte[] Lh1(byte[] content)
    {
        var bits = new BitList();
        var tree = new GrowingTree();

        // Words for the upper six bits of a place, in order of their lengths: 3 to 8 bits.
        var words = new (int Word, int Length)[64];
        for (int i = 0, word = 0, length = 3; i < 64; i++, word++)
        {
            var now = i < 1 ? 3 : i < 4 ? 4 : i < 12 ? 5 : i < 24 ? 6 : i < 48 ? 7 : 8;
            word <<= now - length;
            length = now;
            words[i] = (word, length);
        }

        foreach (var (length, value) in LzFinder.Find(content, 3, 60, 4096))
        {
            tree.Write(bits, length == 1 ? value : 256 + length - 3);
            if (length > 1)
            {
                var (word, size) = words[(value - 1) >> 6];
                bits.Add(word, size);
                bits.Add((value - 1) & 63, 6);
            }
        }

        return bits.ToArray();
    }

    private static byte[] Lzs(byte[] content)
    {
        var bits = new BitList();
        var at = 2048 - 17;
        foreach (var (length, value) in LzFinder.Find(content, 3, 17, 2000))
        {
            bits.Add(length == 1 ? 1 : 0, 1);
            bits.Add(length == 1 ? value : (at - value) & 2047, length == 1 ? 8 : 11);
            if (length > 1)
            {
                bits.Add(length - 2, 4);
            }

            at += length;
        }

        return bits.ToArray();
    }

    private static byte[] Lz5(byte[] content)
    {
        var output = new List<byte>();
        var at = 4096 - 18;
        foreach (var eight in LzFinder.Find(content, 3, 18, 4000).Chunk(8))
        {
            output.Add((byte)eight.Select((m, i) => m.Length == 1 ? 1 << i : 0).Sum());
            foreach (var (length, value) in eight)
            {
                var from = (at - value) & 4095;
                output.AddRange(length == 1 ? [(byte)value] : [(byte)from, (byte)(((from >> 4) & 0xF0) | (length - 3))]);
                at += length;
            }
        }

        return [.. output];
    }

    /// <summary>The learning Huffman code of -lh1-, as its packer keeps it.</summary>
    private sealed class GrowingTree
    {
        private readonly List<Node> order = [];
        private readonly Node[] leaves;

        public GrowingTree()
        {
            leaves = [.. Enumerable.Range(0, 314).Select(i => new Node { Weight = 1 })];
            order.AddRange(leaves);
            for (var i = 0; order.Count < 627; i += 2)
            {
                order.Add(Over(order[i], order[i + 1]));
            }

            Number();
        }

        public void Write(BitList bits, int letter)
        {
            var word = new Stack<int>();
            for (var node = leaves[letter]; node.Parent is { } parent; node = parent)
            {
                word.Push(parent.Second == node ? 1 : 0);
            }

            foreach (var bit in word)
            {
                bits.Add(bit, 1);
            }

            if (order[^1].Weight == 0x8000)
            {
                Halve();
            }

            for (var node = leaves[letter]; node is not null; node = node.Parent)
            {
                var last = node.Place;
                while (last + 1 < order.Count && order[last + 1].Weight == node.Weight)
                {
                    last++;
                }

                if (last != node.Place)
                {
                    Exchange(node, order[last]);
                }

                node.Weight++;
            }
        }

        private static Node Over(Node first, Node second)
        {
            var node = new Node { Weight = first.Weight + second.Weight, First = first, Second = second };
            first.Parent = second.Parent = node;
            return node;
        }

        private void Exchange(Node a, Node b)
        {
            (a.Parent, b.Parent) = (b.Parent, a.Parent);
            (a.Place, b.Place) = (b.Place, a.Place);
            order[a.Place] = a;
            order[b.Place] = b;

            // Neighbours of an even and an odd place are brothers.
            foreach (var node in new[] { a, b })
            {
                if (node.Place % 2 == 0)
                {
                    node.Parent!.First = node;
                }
                else
                {
                    node.Parent!.Second = node;
                }
            }
        }

        private void Halve()
        {
            var old = order.Where(n => n.First is null).ToList();
            order.Clear();
            old.ForEach(n => n.Weight = (n.Weight + 1) / 2);
            order.AddRange(old);
            for (var i = 0; order.Count < 627; i += 2)
            {
                var node = Over(order[i], order[i + 1]);
                var place = order.Count;
                while (node.Weight < order[place - 1].Weight)
                {
                    place--;
                }

                order.Insert(place, node);
            }

            order[^1].Parent = null;
            Number();
        }

        private void Number()
        {
            for (var i = 0; i < order.Count; i++)
            {
                order[i].Place = i;
            }
        }

        private sealed class Node
        {
            public int Weight { get; set; }

            public int Place { get; set; }

            public Node? Parent { get; set; }

            public Node? First { get; set; }

            public Node? Second { get; set; }
        }
    }
}
