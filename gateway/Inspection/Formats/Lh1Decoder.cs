namespace Sekisho.Inspection.Formats;

/// <summary>Unpacks LHA's method -lh1-: matches in a window of 4 KiB, letters and lengths in a Huffman code that learns as it goes.</summary>
internal sealed class Lh1Decoder : ForwardStream
{
    private const int WindowSize = 4096;
    private const int LowPlaceBits = 6;

    private readonly BitSource bits;
    private readonly byte[] window = new byte[WindowSize];
    private readonly AdaptiveCode letters = new();
    private readonly HuffmanCode places = new(64);
    private long left;
    private int at;
    private int matchLeft;
    private int matchFrom;

    /// <summary>Unpacks as many octets as are declared.</summary>
    /// <param name="packed">Where they stand packed.</param>
    /// <param name="length">Octets unpacked.</param>
    public Lh1Decoder(Stream packed, long length)
    {
        bits = new BitSource(packed);
        left = length;
        window.AsSpan().Fill((byte)' ');
        Span<byte> sizes = stackalloc byte[64];
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = (byte)(i < 1 ? 3 : i < 4 ? 4 : i < 12 ? 5 : i < 24 ? 6 : i < 48 ? 7 : 8);
        }

        places.Build(sizes);
    }

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, left);
        for (var i = 0; i < count; i++)
        {
            var octet = 0;
            if (matchLeft == 0 && (octet = letters.Next(bits)) > 255)
            {
                matchLeft = octet - 256 + 3;
                matchFrom = at - Place() - 1;
            }

            if (matchLeft > 0)
            {
                matchLeft--;
                octet = window[matchFrom++ & (WindowSize - 1)];
            }

            buffer[i] = window[at] = (byte)octet;
            at = (at + 1) & (WindowSize - 1);
        }

        left -= count;
        return count;
    }

    private int Place()
    {
        var high = places.Decode(bits.Look(), out var size);
        bits.Take(size);
        return (high << LowPlaceBits) | bits.Take(LowPlaceBits);
    }

    /// <summary>A Huffman code whose nodes are kept in the order of their weight: each letter met grows heavier, and changes places with the farthest node that it outgrows.</summary>
    private sealed class AdaptiveCode
    {
        /// <summary>256 octets and the lengths 3 to 60.</summary>
        private const int Letters = 314;
        private const int Nodes = (2 * Letters) - 1;
        private const int Root = Nodes - 1;
        private const int Heaviest = 0x8000;

        // Node n has its two children at child[n] and child[n] + 1; a child of Nodes and up is a letter. The one beyond the root is heavier than all.
        private readonly int[] weight = new int[Nodes + 1];
        private readonly int[] child = new int[Nodes];
        private readonly int[] parent = new int[Nodes + Letters];

        public AdaptiveCode()
        {
            for (var i = 0; i < Letters; i++)
            {
                weight[i] = 1;
                child[i] = i + Nodes;
            }

            for (int i = 0, node = Letters; node < Nodes; i += 2, node++)
            {
                weight[node] = weight[i] + weight[i + 1];
                child[node] = i;
            }

            weight[Nodes] = int.MaxValue;
            Adopt();
        }

        public int Next(BitSource bits)
        {
            var node = child[Root];
            while (node < Nodes)
            {
                node = child[node + bits.Take(1)];
            }

            Grow(node);
            return node - Nodes;
        }

        private void Grow(int letter)
        {
            if (weight[Root] == Heaviest)
            {
                Halve();
            }

            for (var node = parent[letter]; ; node = parent[node])
            {
                var grown = ++weight[node];
                if (grown > weight[node + 1])
                {
                    var other = node + 1;
                    while (grown > weight[other + 1])
                    {
                        other++;
                    }

                    (weight[node], weight[other]) = (weight[other], grown);
                    (child[node], child[other]) = (child[other], child[node]);
                    Adopt(node);
                    Adopt(other);
                    node = other;
                }

                if (node == Root)
                {
                    return;
                }
            }
        }

        /// <summary>All letters at half their weight, and a new tree over them.</summary>
        private void Halve()
        {
            var count = 0;
            for (var i = 0; i < Nodes; i++)
            {
                if (child[i] >= Nodes)
                {
                    weight[count] = (weight[i] + 1) / 2;
                    child[count++] = child[i];
                }
            }

            for (int i = 0, node = Letters; node < Nodes; i += 2, node++)
            {
                var sum = weight[i] + weight[i + 1];
                var place = node;
                while (sum < weight[place - 1])
                {
                    place--;
                }

                Array.Copy(weight, place, weight, place + 1, node - place);
                Array.Copy(child, place, child, place + 1, node - place);
                weight[place] = sum;
                child[place] = i;
            }

            Adopt();
        }

        private void Adopt()
        {
            for (var node = 0; node < Nodes; node++)
            {
                Adopt(node);
            }
        }

        private void Adopt(int node)
        {
            parent[child[node]] = node;
            if (child[node] < Nodes)
            {
                parent[child[node] + 1] = node;
            }
        }
    }
}
