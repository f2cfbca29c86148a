using System.Buffers.Binary;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads disk images: raw (IMG), VHD, VHDX and VMDK, with or without a partition table, and the FAT volumes in them; other file systems are told as not looked into.</summary>
internal static class DiskImage
{
    private const int Sector = 512;
    private const int MaxPartitions = 128;
    private const int MaxBlocks = 1 << 20;

    /// <summary>True for what begins with a boot sector of a volume, or with a partition table that makes sense.</summary>
    /// <param name="head">At least 512 octets, else the answer is no.</param>
    public static bool LooksLikeOne(ReadOnlySpan<byte> head)
    {
        if (head.Length < Sector || head[510] != 0x55 || head[511] != 0xAA)
        {
            return false;
        }

        if (FileSystem(head) is not null)
        {
            return true;
        }

        var used = 0;
        for (var at = 446; at < 510; at += 16)
        {
            var (start, length) = (BinaryPrimitives.ReadUInt32LittleEndian(head[(at + 8)..]), BinaryPrimitives.ReadUInt32LittleEndian(head[(at + 12)..]));
            if (head[at] is not (0 or 0x80) || (head[at + 4] != 0 && (start == 0 || length == 0)))
            {
                return false;
            }

            used += head[at + 4] != 0 ? 1 : 0;
        }

        return used > 0;
    }

    /// <summary>The files of every FAT volume in the image.</summary>
    /// <param name="file">Seekable; must stay open.</param>
    /// <param name="budget">Asked for time in every folder.</param>
    /// <exception cref="InvalidDataException">The image is broken, or what is in it is not looked into; thrown after what can be listed.</exception>
    public static IEnumerable<ArchiveItem> Members(Stream file, ReadBudget budget)
    {
        var disk = Disk(file);
        var volumes = Volumes(disk);
        var unread = volumes.Count == 0 ? "no file system" : null;
        foreach (var (start, length) in volumes)
        {
            var volume = new SliceStream(disk, start, length);
            var boot = Block(volume, 0, Sector);
            if (FileSystem(boot) is not "FAT")
            {
                unread ??= FileSystem(boot) ?? "an unknown file system";
                continue;
            }

            foreach (var item in FatVolume.Members(volume, budget))
            {
                yield return volumes.Count == 1 ? item : item with { Name = $"{start / Sector}/{item.Name}" };
            }
        }

        if (unread is not null)
        {
            throw new InvalidDataException($"The disk image has {unread}; it is not looked into.");
        }
    }

    /// <summary>What a boot sector says; null where it is none.</summary>
    private static string? FileSystem(ReadOnlySpan<byte> boot)
    {
        if (boot.Length < Sector || boot[0] is not (0xEB or 0xE9))
        {
            return null;
        }

        var size = BinaryPrimitives.ReadUInt16LittleEndian(boot[11..]);
        return boot.Slice(3, 8).SequenceEqual("NTFS    "u8) ? "NTFS"
            : boot.Slice(3, 8).SequenceEqual("EXFAT   "u8) ? "exFAT"
            : size is 512 or 1024 or 2048 or 4096 && boot[13] != 0 && (boot[13] & (boot[13] - 1)) == 0 && boot[16] is 1 or 2
                && BinaryPrimitives.ReadUInt16LittleEndian(boot[14..]) != 0 ? "FAT" : null;
    }

    /// <summary>The volumes: the whole disk where it begins with one, else what the table of partitions names (MBR, or GPT: UEFI section 5.3).</summary>
    private static List<(long Start, long Length)> Volumes(Stream disk)
    {
        var boot = Block(disk, 0, Sector);
        if (FileSystem(boot) is not null)
        {
            return [(0, disk.Length)];
        }

        var volumes = new List<(long, long)>();
        for (var at = 446; at < 510; at += 16)
        {
            var kind = boot[at + 4];
            long start = BinaryPrimitives.ReadUInt32LittleEndian(boot.AsSpan(at + 8)), length = BinaryPrimitives.ReadUInt32LittleEndian(boot.AsSpan(at + 12));
            if (kind == 0xEE)
            {
                var header = Block(disk, Sector, Sector);
                if (!header.AsSpan().StartsWith("EFI PART"u8))
                {
                    continue;
                }

                var table = (long)BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(72)) * Sector;
                var size = (int)Math.Clamp(BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(84)), 128, 4096);
                for (var i = 0L; i < Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(80)), MaxPartitions); i++)
                {
                    var entry = Block(disk, table + (i * size), 128);
                    var first = (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(entry.AsSpan(32)), 1L << 40);
                    if (first != 0)
                    {
                        volumes.Add((first * Sector, long.MaxValue));
                    }
                }
            }
            else if (kind is 0x05 or 0x0F or 0x85)
            {
                Logical(disk, start, volumes);
            }
            else if (kind != 0 && start != 0)
            {
                volumes.Add((start * Sector, length * Sector));
            }
        }

        // What a table of partitions only mentions, and does not hold, is no volume.
        return [.. volumes.Where(v => v.Item1 > 0 && v.Item1 < disk.Length && Block(disk, v.Item1, Sector).AsSpan().ContainsAnyExcept((byte)0)).Distinct().Take(MaxPartitions)];
    }

    /// <summary>Logical partitions: a chain of tables in the extended one.</summary>
    private static void Logical(Stream disk, long extended, List<(long, long)> volumes)
    {
        var next = extended;
        for (var i = 0; i < MaxPartitions; i++)
        {
            var table = Block(disk, next * Sector, Sector);
            if (table[510] != 0x55 || table[511] != 0xAA)
            {
                return;
            }

            volumes.Add(((next + BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan(446 + 8))) * Sector, BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan(446 + 12)) * (long)Sector));
            var link = BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan(462 + 8));
            if (link == 0)
            {
                return;
            }

            next = extended + link;
        }
    }

    /// <summary>The disk within its wrapping.</summary>
    private static Stream Disk(Stream file)
    {
        if (Block(file, 0, 8).AsSpan().SequenceEqual("vhdxfile"u8))
        {
            return Vhdx(file);
        }

        var footer = Block(file, Math.Max(0, file.Length - Sector), Sector);
        if (!footer.AsSpan().StartsWith("conectix"u8))
        {
            footer = Block(file, 0, Sector);
            if (!footer.AsSpan().StartsWith("conectix"u8))
            {
                return footer.AsSpan().StartsWith("KDMV"u8) ? VmdkDisk.Open(file) : file;
            }
        }

        // Virtual Hard Disk Image Format Specification: 2 fixed, 3 dynamic, 4 differencing; big-endian.
        var size = (long)BinaryPrimitives.ReadUInt64BigEndian(footer.AsSpan(48));
        switch (BinaryPrimitives.ReadUInt32BigEndian(footer.AsSpan(60)))
        {
            case 2:
                return new SliceStream(file, 0, size);
            case 3:
                var header = Block(file, (long)BinaryPrimitives.ReadUInt64BigEndian(footer.AsSpan(16)), 1024);
                var table = (long)BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(16));
                var count = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(28));
                var block = (long)BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(32));
                if (!header.AsSpan().StartsWith("cxsparse"u8) || block < Sector || block > 1 << 30)
                {
                    throw new InvalidDataException("The VHD is broken.");
                }

                var bitmap = ((block / Sector / 8) + Sector - 1) / Sector * Sector;
                var entries = Block(file, table, (int)Math.Min(count, MaxBlocks) * 4);
                return Blocks(file, size, block, entries.Length / 4, i => BinaryPrimitives.ReadUInt32BigEndian(entries.AsSpan(i * 4)) is var at && at == uint.MaxValue ? -1 : (at * (long)Sector) + bitmap);
            default:
                throw new InvalidDataException("A VHD that continues another one is not looked into.");
        }
    }

    /// <summary>MS-VHDX: the region table leads to the metadata and to the table of blocks.</summary>
    private static PieceStream Vhdx(Stream file)
    {
        var regions = Block(file, 192 << 10, 64 << 10);
        if (!regions.AsSpan().StartsWith("regi"u8))
        {
            regions = Block(file, 256 << 10, 64 << 10);
        }

        long blocksAt = 0, metadataAt = 0;
        for (var i = 0; regions.AsSpan().StartsWith("regi"u8) && i < Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(regions.AsSpan(8)), 100); i++)
        {
            var entry = regions.AsSpan(16 + (i * 32), 32);
            var at = (long)BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]);
            var id = new Guid(entry[..16]);
            blocksAt = id == new Guid("2DC27766-F623-4200-9D64-115E9BFD4A08") ? at : blocksAt;
            metadataAt = id == new Guid("8B7CA206-4790-4B9A-B8FE-575F050F886E") ? at : metadataAt;
        }

        var metadata = Block(file, metadataAt, 64 << 10);
        long size = 0, block = 0, sector = 512;
        for (var i = 0; metadata.AsSpan().StartsWith("metadata"u8) && i < Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(metadata.AsSpan(10)), 1000); i++)
        {
            var entry = metadata.AsSpan(32 + (i * 32), 32);
            var value = Block(file, metadataAt + BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]), 8);
            var id = new Guid(entry[..16]);
            if (id == new Guid("CAA16737-FA36-4D43-B3B6-33F0AA44E76B"))
            {
                block = BinaryPrimitives.ReadUInt32LittleEndian(value);
                if ((value[4] & 2) != 0)
                {
                    throw new InvalidDataException("A VHDX that continues another one is not looked into.");
                }
            }
            else if (id == new Guid("2FA54224-CD1B-4876-B211-5DBED83BF4B8"))
            {
                size = (long)BinaryPrimitives.ReadUInt64LittleEndian(value);
            }
            else if (id == new Guid("8141BF1D-A96F-4709-BA47-F233A8FAAB5F"))
            {
                sector = BinaryPrimitives.ReadUInt32LittleEndian(value);
            }
        }

        if (blocksAt == 0 || block < 1 << 20 || block > 1 << 28 || sector is not (512 or 4096) || size <= 0)
        {
            throw new InvalidDataException("The VHDX is broken.");
        }

        // After so many blocks stands the entry of a bitmap (MS-VHDX section 2.5.1).
        var ratio = (int)((1L << 23) * sector / block);
        var count = (int)Math.Min((size + block - 1) / block, MaxBlocks);
        var table = Block(file, blocksAt, (count + (count / ratio) + 1) * 8);
        return Blocks(file, size, block, count, i =>
        {
            var entry = BinaryPrimitives.ReadUInt64LittleEndian(table.AsSpan((i + (i / ratio)) * 8));
            return (entry & 7) is 6 or 7 ? (long)(entry >> 20) << 20 : -1;
        });
    }

    private static PieceStream Blocks(Stream file, long size, long block, int count, Func<int, long> place)
    {
        var pieces = new List<(long, long)>();
        for (var i = 0; i < count && i * block < size; i++)
        {
            pieces.Add((place(i), Math.Min(block, size - (i * block))));
        }

        return new PieceStream(file, pieces);
    }

    private static byte[] Block(Stream stream, long at, int length)
    {
        var block = new byte[length];
        if (at >= 0 && at < stream.Length)
        {
            stream.Position = at;
            stream.ReadAtLeast(block, length, throwOnEndOfStream: false);
        }

        return block;
    }
}
