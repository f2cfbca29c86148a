using System.Buffers.Binary;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes disc and disk images of one file for tests.</summary>
public static class DiskImageWriter
{
    private const int Sector = 2048;

    /// <summary>An ISO 9660 image; with Joliet the short tree names the file otherwise.</summary>
    public static byte[] Iso(string name, byte[] content, bool isJoliet = true)
    {
        var image = new byte[(24 * Sector) + ((content.Length + Sector - 1) / Sector * Sector)];
        Volume(16, 1, 20);
        if (isJoliet)
        {
            Volume(17, 2, 21);
            "%/E"u8.CopyTo(image.AsSpan((17 * Sector) + 88));
        }

        image[(18 * Sector)] = 255;
        "CD001"u8.CopyTo(image.AsSpan((18 * Sector) + 1));
        Folder(20, Encoding.ASCII.GetBytes(isJoliet ? "SHORT.BIN;1" : name.ToUpperInvariant() + ";1"));
        Folder(21, Encoding.BigEndianUnicode.GetBytes(name));
        content.CopyTo(image, 24 * Sector);
        return image;

        void Volume(int sector, byte kind, int root)
        {
            image[sector * Sector] = kind;
            "CD001"u8.CopyTo(image.AsSpan((sector * Sector) + 1));
            BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan((sector * Sector) + 80), image.Length / Sector);
            Record([0], root, Sector, 2).CopyTo(image, (sector * Sector) + 156);
        }

        void Folder(int sector, byte[] file)
        {
            byte[] records = [.. Record([0], sector, Sector, 2), .. Record([1], sector, Sector, 2), .. Record(file, 24, content.Length, 0)];
            records.CopyTo(image, sector * Sector);
        }

        static byte[] Record(byte[] name, int sector, int length, byte flags)
        {
            var record = new byte[(33 + name.Length + 1) & ~1];
            record[0] = (byte)record.Length;
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(2), sector);
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(10), length);
            record[25] = flags;
            record[32] = (byte)name.Length;
            name.CopyTo(record, 33);
            return record;
        }
    }

    /// <summary>A UDF image without an ISO 9660 tree.</summary>
    public static byte[] Udf(string name, byte[] content)
    {
        const int Partition = 270;
        var image = new byte[(Partition + 8) * Sector + content.Length];
        foreach (var (sector, mark) in new[] { (16, "BEA01"), (17, "NSR02"), (18, "TEA01") })
        {
            Encoding.ASCII.GetBytes(mark).CopyTo(image, (sector * Sector) + 1);
        }

        Put(256, 0, 2, 2);
        Put(256, 16, 2 * Sector);
        Put(256, 20, 257);
        Put(257, 0, 5, 2);
        Put(257, 188, Partition);
        Put(257, 192, (image.Length / Sector) - Partition);
        Put(258, 0, 6, 2);
        Put(258, 212, Sector);
        Put(258, 268, 1);
        image[(258 * Sector) + 440] = 1;
        Put(Partition, 0, 256, 2); // The file set leads to the root in block 1.
        Put(Partition, 404, 1);
        byte[] file = [8, .. Encoding.Latin1.GetBytes(name)];
        var folder = new byte[(38 + file.Length + 3) & ~3];
        folder[0] = 1;
        folder[1] = 1; // Tag 257
        folder[19] = (byte)file.Length;
        folder[24] = 3;
        file.CopyTo(folder, 38);
        Entry(1, 4, folder.Length, 2);
        Entry(3, 5, content.Length, 8);
        folder.CopyTo(image, (Partition + 2) * Sector);
        content.CopyTo(image, (Partition + 8) * Sector);
        return image;

        void Entry(int block, byte kind, int length, int at)
        {
            Put(Partition + block, 0, 261, 2);
            image[((Partition + block) * Sector) + 16 + 11] = kind;
            Put(Partition + block, 56, length);
            Put(Partition + block, 172, 8);
            Put(Partition + block, 176, length);
            Put(Partition + block, 180, at);
        }

        void Put(int sector, int at, int value, int width = 4)
        {
            for (var i = 0; i < width; i++)
            {
                image[(sector * Sector) + at + i] = (byte)(value >> (8 * i));
            }
        }
    }

    /// <summary>A FAT volume of 512-octet clusters: 12, 16 or 32 bits; the file has a long name.</summary>
    public static byte[] Fat(string name, byte[] content, int width = 12)
    {
        var clusters = width switch { 12 => 2000, 16 => 5000, _ => 66_000 };
        var tableSectors = (((clusters + 2) * width / 8) + 511) / 512;
        var rootSectors = width == 32 ? 0 : 1;
        var image = new byte[(1 + tableSectors + rootSectors + clusters) * 512];
        new byte[] { 0xEB, 0x3C, 0x90 }.CopyTo(image, 0);
        "MSDOS5.0"u8.CopyTo(image.AsSpan(3));
        new byte[] { 0, 2, 1, 1, 0, 1, (byte)(rootSectors * 16), 0 }.CopyTo(image, 11);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(32), image.Length / 512);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(22), (ushort)(width == 32 ? 0 : tableSectors));
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(36), width == 32 ? tableSectors : 0);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(44), width == 32 ? 2 : 0);
        image[510] = 0x55;
        image[511] = 0xAA;
        var first = width == 32 ? 3 : 2;
        var count = (content.Length + 511) / 512;
        for (var i = 0; i < count; i++)
        {
            Link(first + i, i == count - 1 ? 0x0FFFFFFF : first + i + 1);
        }

        Link(2, width == 32 ? 0x0FFFFFFF : count == 1 ? 0x0FFFFFFF : 3);
        var dataAt = (1 + tableSectors + rootSectors) * 512;
        var root = width == 32 ? dataAt : (1 + tableSectors) * 512;
        var wide = Encoding.Unicode.GetBytes(name + "\0");
        var pieces = (wide.Length + 25) / 26;
        for (var i = 0; i < pieces; i++)
        {
            var piece = new byte[26];
            piece.AsSpan().Fill(0xFF);
            wide.AsSpan(i * 26, Math.Min(26, wide.Length - (i * 26))).CopyTo(piece);
            var at = root + ((pieces - 1 - i) * 32);
            image[at] = (byte)((i + 1) | (i == pieces - 1 ? 0x40 : 0));
            image[at + 11] = 0x0F;
            piece.AsSpan(0, 10).CopyTo(image.AsSpan(at + 1));
            piece.AsSpan(10, 12).CopyTo(image.AsSpan(at + 14));
            piece.AsSpan(22, 4).CopyTo(image.AsSpan(at + 28));
        }

        var entry = image.AsSpan(root + (pieces * 32));
        "SHORT~1 BIN"u8.CopyTo(entry);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[26..], (ushort)first);
        BinaryPrimitives.WriteInt32LittleEndian(entry[28..], content.Length);
        content.CopyTo(image, dataAt + ((first - 2) * 512));
        return image;

        void Link(int cluster, int next)
        {
            switch (width)
            {
                case 12:
                    var at = 512 + (cluster * 3 / 2);
                    var old = BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(at));
                    BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(at), (ushort)((cluster & 1) == 0 ? (old & 0xF000) | (next & 0xFFF) : (old & 0xF) | ((next & 0xFFF) << 4)));
                    break;
                case 16:
                    BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(512 + (cluster * 2)), (ushort)next);
                    break;
                default:
                    BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(512 + (cluster * 4)), next);
                    break;
            }
        }
    }

    /// <summary>A disk with a table of one partition.</summary>
    public static byte[] Partitioned(byte[] volume)
    {
        var disk = new byte[(63 * 512) + volume.Length];
        disk[446 + 4] = 0x0C;
        BinaryPrimitives.WriteInt32LittleEndian(disk.AsSpan(446 + 8), 63);
        BinaryPrimitives.WriteInt32LittleEndian(disk.AsSpan(446 + 12), volume.Length / 512);
        disk[510] = 0x55;
        disk[511] = 0xAA;
        volume.CopyTo(disk, 63 * 512);
        return disk;
    }

    /// <summary>A VHD: fixed, or dynamic with blocks of 64 KiB.</summary>
    public static byte[] Vhd(byte[] disk, bool isDynamic)
    {
        var footer = new byte[512];
        "conectix"u8.CopyTo(footer);
        BinaryPrimitives.WriteUInt64BigEndian(footer.AsSpan(16), isDynamic ? 512 : ulong.MaxValue);
        BinaryPrimitives.WriteUInt64BigEndian(footer.AsSpan(48), (ulong)disk.Length);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(60), isDynamic ? 3u : 2u);
        if (!isDynamic)
        {
            return [.. disk, .. footer];
        }

        const int Block = 64 << 10;
        var count = (disk.Length + Block - 1) / Block;
        var header = new byte[1024];
        "cxsparse"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(16), 1536);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(28), (uint)count);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(32), Block);
        var table = new byte[((count * 4) + 511) / 512 * 512];
        var blocks = new List<byte>();
        for (var i = 0; i < count; i++)
        {
            var piece = disk[(i * Block)..Math.Min((i + 1) * Block, disk.Length)];
            var isEmpty = piece.All(b => b == 0);
            BinaryPrimitives.WriteUInt32BigEndian(table.AsSpan(i * 4), isEmpty ? uint.MaxValue : (uint)((1536 + table.Length + blocks.Count) / 512));
            if (!isEmpty)
            {
                blocks.AddRange([.. new byte[512], .. piece, .. new byte[Block - piece.Length]]);
            }
        }

        return [.. footer, .. header, .. table, .. blocks, .. footer];
    }

    /// <summary>A VHDX with blocks of 1 MiB, the first at 2 MiB.</summary>
    public static byte[] Vhdx(byte[] disk)
    {
        const int Mega = 1 << 20;
        var image = new byte[(4 * Mega) + disk.Length + Mega];
        "vhdxfile"u8.CopyTo(image);
        "regi"u8.CopyTo(image.AsSpan(192 << 10));
        image[(192 << 10) + 8] = 2;
        Region(0, new Guid("2DC27766-F623-4200-9D64-115E9BFD4A08"), Mega);
        Region(1, new Guid("8B7CA206-4790-4B9A-B8FE-575F050F886E"), 2 * Mega);
        var metadata = image.AsSpan(2 * Mega);
        "metadata"u8.CopyTo(metadata);
        metadata[10] = 3;
        Item(0, new Guid("CAA16737-FA36-4D43-B3B6-33F0AA44E76B"), Mega);
        Item(1, new Guid("2FA54224-CD1B-4876-B211-5DBED83BF4B8"), disk.Length);
        Item(2, new Guid("8141BF1D-A96F-4709-BA47-F233A8FAAB5F"), 512);
        for (var i = 0; i * Mega < disk.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(Mega + (i * 8)), ((ulong)(4 + i) << 20) | 6);
        }

        disk.CopyTo(image, 4 * Mega);
        return image;

        void Region(int index, Guid id, int at)
        {
            var entry = image.AsSpan((192 << 10) + 16 + (index * 32));
            id.TryWriteBytes(entry);
            BinaryPrimitives.WriteInt32LittleEndian(entry[16..], at);
        }

        void Item(int index, Guid id, int value)
        {
            var entry = image.AsSpan((2 * Mega) + 32 + (index * 32));
            id.TryWriteBytes(entry);
            BinaryPrimitives.WriteInt32LittleEndian(entry[16..], (64 << 10) - 1024 + (index * 8));
            BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan((2 * Mega) + (64 << 10) - 1024 + (index * 8)), value);
        }
    }
}
