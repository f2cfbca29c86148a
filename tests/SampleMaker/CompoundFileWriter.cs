using System.Buffers.Binary;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes compound files (MS-CFB version 3) for tests: streams by path, small ones into the mini stream.</summary>
public sealed class CompoundFileWriter
{
    private const int Sector = 512;
    private const int Mini = 64;
    private const uint Free = 0xFFFFFFFF;
    private const uint End = 0xFFFFFFFE;

    private readonly List<Node> nodes = [new Node("Root Entry", 5)];

    /// <summary>The root storage's CLSID.</summary>
    public Guid ClassId { get; set; }

    /// <summary>Adds a stream; storages on the way are made.</summary>
    /// <param name="path">Names joined by <c>/</c>.</param>
    /// <param name="content">Its octets.</param>
    public CompoundFileWriter Add(string path, byte[] content)
    {
        var parent = nodes[0];
        var names = path.Split('/');
        foreach (var name in names[..^1])
        {
            var storage = parent.Children.Find(n => n.Name == name);
            if (storage is null)
            {
                storage = new Node(name, 1);
                nodes.Add(storage);
                parent.Children.Add(storage);
            }

            parent = storage;
        }

        var stream = new Node(names[^1], 2) { Content = content };
        nodes.Add(stream);
        parent.Children.Add(stream);
        return this;
    }

    /// <summary>The whole file.</summary>
    public byte[] ToArray()
    {
        var sectors = new List<byte[]>();
        var fat = new List<uint>();
        var miniStream = new List<byte>();
        var miniFat = new List<uint>();
        foreach (var node in nodes.Where(n => n.Kind == 2))
        {
            if (node.Content.Length == 0)
            {
                node.Start = End;
            }
            else if (node.Content.Length < 4096)
            {
                node.Start = (uint)miniFat.Count;
                var count = (node.Content.Length + Mini - 1) / Mini;
                for (var i = 0; i < count; i++)
                {
                    miniFat.Add(i == count - 1 ? End : (uint)miniFat.Count + 1);
                }

                miniStream.AddRange(node.Content);
                miniStream.AddRange(new byte[(count * Mini) - node.Content.Length]);
            }
            else
            {
                node.Start = Append(sectors, fat, node.Content);
            }
        }

        var root = nodes[0];
        root.Content = [.. miniStream];
        root.Start = miniStream.Count == 0 ? End : Append(sectors, fat, root.Content);
        var miniFatStart = miniFat.Count == 0 ? End : Append(sectors, fat, Numbers(miniFat));
        var directoryStart = Append(sectors, fat, Directory());

        // The header has room for the places of 109 FAT sectors; more stand in DIFAT sectors, 127 in each (MS-CFB section 2.5).
        var (fatSectors, moreSectors) = (1, 0);
        while (fatSectors * (Sector / 4) < fat.Count + fatSectors + moreSectors)
        {
            fatSectors++;
            moreSectors = Math.Max(0, fatSectors - 109 + 126) / 127;
        }

        var fatStart = (uint)sectors.Count;
        var moreStart = fatStart + (uint)fatSectors;
        fat.AddRange(Enumerable.Repeat(0xFFFFFFFDu, fatSectors));
        fat.AddRange(Enumerable.Repeat(0xFFFFFFFCu, moreSectors));
        fat.AddRange(Enumerable.Repeat(Free, (fatSectors * (Sector / 4)) - fat.Count));
        sectors.Add(Numbers(fat));
        for (var i = 0; i < moreSectors; i++)
        {
            List<uint> places = [.. Enumerable.Range(109 + (i * 127), 127).Select(n => n < fatSectors ? fatStart + (uint)n : Free), i == moreSectors - 1 ? End : moreStart + (uint)i + 1];
            sectors.Add(Numbers(places));
        }

        var header = new byte[Sector];
        new byte[] { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1 }.CopyTo(header, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(0x18), 0x3E);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(0x1A), 3);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(0x1C), 0xFFFE);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(0x1E), 9);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(0x20), 6);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(0x2C), (uint)fatSectors);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(0x30), directoryStart);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(0x38), 4096);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(0x3C), miniFatStart);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(0x40), (uint)((miniFat.Count + 127) / 128));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(0x44), moreSectors == 0 ? End : moreStart);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(0x48), (uint)moreSectors);
        for (var i = 0; i < 109; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(0x4C + (i * 4)), i < fatSectors ? fatStart + (uint)i : Free);
        }

        using var file = new MemoryStream();
        file.Write(header);
        sectors.ForEach(s => file.Write(s));
        return file.ToArray();
    }

    private static uint Append(List<byte[]> sectors, List<uint> fat, byte[] content)
    {
        var start = (uint)fat.Count;
        var count = (content.Length + Sector - 1) / Sector;
        for (var i = 0; i < count; i++)
        {
            fat.Add(i == count - 1 ? End : (uint)fat.Count + 1);
            var sector = new byte[Sector];
            content.AsSpan(i * Sector, Math.Min(Sector, content.Length - (i * Sector))).CopyTo(sector);
            sectors.Add(sector);
        }

        return start;
    }

    private static byte[] Numbers(List<uint> numbers)
    {
        var octets = new byte[(numbers.Count + 127) / 128 * Sector];
        octets.AsSpan().Fill(0xFF);
        for (var i = 0; i < numbers.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(i * 4), numbers[i]);
        }

        return octets;
    }

    private byte[] Directory()
    {
        foreach (var node in nodes)
        {
            // Shorter names first, then by upper case (MS-CFB section 2.6.4); a balanced tree of black nodes will do.
            node.Children.Sort((a, b) => a.Name.Length != b.Name.Length ? a.Name.Length - b.Name.Length : string.CompareOrdinal(a.Name.ToUpperInvariant(), b.Name.ToUpperInvariant()));
            node.Child = Tree(node.Children, 0, node.Children.Count);
        }

        var octets = new byte[(nodes.Count + 3) / 4 * Sector];
        for (var i = 0; i < octets.Length / 128; i++)
        {
            var raw = octets.AsSpan(i * 128, 128);
            raw.Slice(0x44, 12).Fill(0xFF);
            if (i >= nodes.Count)
            {
                continue;
            }

            var node = nodes[i];
            var name = Encoding.Unicode.GetBytes(node.Name);
            name.CopyTo(raw);
            BinaryPrimitives.WriteUInt16LittleEndian(raw[0x40..], (ushort)(name.Length + 2));
            raw[0x42] = node.Kind;
            raw[0x43] = 1;
            BinaryPrimitives.WriteUInt32LittleEndian(raw[0x44..], node.Left);
            BinaryPrimitives.WriteUInt32LittleEndian(raw[0x48..], node.Right);
            BinaryPrimitives.WriteUInt32LittleEndian(raw[0x4C..], node.Child);
            (i == 0 ? ClassId : Guid.Empty).TryWriteBytes(raw[0x50..]);
            BinaryPrimitives.WriteUInt32LittleEndian(raw[0x74..], node.Kind == 1 ? 0 : node.Start);
            BinaryPrimitives.WriteUInt32LittleEndian(raw[0x78..], (uint)node.Content.Length);
        }

        return octets;
    }

    private uint Tree(List<Node> sorted, int from, int to)
    {
        if (from >= to)
        {
            return Free;
        }

        var middle = (from + to) / 2;
        sorted[middle].Left = Tree(sorted, from, middle);
        sorted[middle].Right = Tree(sorted, middle + 1, to);
        return (uint)nodes.IndexOf(sorted[middle]);
    }

    private sealed class Node(string name, byte kind)
    {
        public string Name => name;

        public byte Kind => kind;

        public List<Node> Children { get; } = [];

        public byte[] Content { get; set; } = [];

        public uint Start { get; set; } = End;

        public uint Left { get; set; } = Free;

        public uint Right { get; set; } = Free;

        public uint Child { get; set; } = Free;
    }
}
