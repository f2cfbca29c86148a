using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads disc images: ISO 9660 (ECMA-119) with Joliet and Rock Ridge names, and UDF (ECMA-167); what any of the trees names is found, once.</summary>
internal static class DiscImage
{
    /// <summary>Octets of a logical sector; other sizes are not met on discs.</summary>
    public const int Sector = 2048;

    private const int MaxMembers = 100_000;
    private const int MaxDepth = 64;

    /// <summary>The files. Where two trees lead to the same octets, the first name counts: UDF, then Joliet, then ISO 9660.</summary>
    /// <param name="file">Seekable; must stay open.</param>
    /// <param name="budget">Asked for time in every folder.</param>
    /// <exception cref="InvalidDataException">No tree can be read, or the image is shorter than its volume (the volume space size, ECMA-119 section 8.4.8); thrown after what can be listed.</exception>
    public static IEnumerable<ArchiveItem> Members(Stream file, ReadBudget budget)
    {
        var (roots, isUdf, declared) = Descriptors(file);
        var seen = new HashSet<(long, long)>();
        InvalidDataException? failure = null;
        var found = 0;
        if (isUdf)
        {
            List<UdfVolume.Entry> entries = [];
            try
            {
                entries = UdfVolume.Files(file, budget, out var end);
                declared = Math.Max(declared, end);
            }
            catch (InvalidDataException e) when (budget.End == BudgetEnd.None)
            {
                failure = e;
            }

            foreach (var (name, length, start, open) in entries)
            {
                found++;
                seen.Add((start, length));
                yield return new ArchiveItem(name, length, -1, open);
            }
        }

        foreach (var (start, length, isJoliet) in roots)
        {
            foreach (var (name, at, size) in Tree(file, start, length, isJoliet, budget))
            {
                if (seen.Add((at, size)))
                {
                    found++;
                    yield return new ArchiveItem(name, size, -1, () => new SliceStream(file, at, size));
                }
            }
        }

        if (failure is not null && roots.Count == 0)
        {
            throw failure;
        }

        if (roots.Count == 0 && !isUdf)
        {
            throw new InvalidDataException("The disc image has no volume.");
        }

        if (declared > file.Length)
        {
            throw new InvalidDataException($"The disc image breaks off: {file.Length} octets of {declared}.");
        }
    }

    /// <summary>The volume descriptors from sector 16 on: the roots of the trees, Joliet first, whether there is UDF, and how many octets the volumes have (ECMA-119 section 8, ECMA-167 part 2).</summary>
    private static (List<(long Start, long Length, bool IsJoliet)> Roots, bool IsUdf, long Declared) Descriptors(Stream file)
    {
        var declared = 0L;
        var roots = new List<(long, long, bool)>();
        var isUdf = false;
        var sector = new byte[Sector];
        for (var number = 16; number < 80; number++)
        {
            file.Position = (long)number * Sector;
            if (file.ReadAtLeast(sector, Sector, throwOnEndOfStream: false) < 190)
            {
                break;
            }

            var mark = sector.AsSpan(1, 5);
            if (mark.SequenceEqual("NSR02"u8) || mark.SequenceEqual("NSR03"u8))
            {
                isUdf = true;
            }
            else if (mark.SequenceEqual("CD001"u8) && sector[0] is 1 or 2)
            {
                var root = sector.AsSpan(156);
                var isJoliet = sector[0] == 2 && sector[88] == '%' && sector[89] == '/' && sector[90] is (byte)'@' or (byte)'C' or (byte)'E';
                (long, long, bool) tree = (BinaryPrimitives.ReadUInt32LittleEndian(root[2..]) * (long)Sector, BinaryPrimitives.ReadUInt32LittleEndian(root[10..]), isJoliet);
                declared = Math.Max(declared, BinaryPrimitives.ReadUInt32LittleEndian(sector.AsSpan(80)) * (long)Sector);
                roots.Insert(isJoliet ? 0 : roots.Count, tree);
            }
            else if (!mark.SequenceEqual("CD001"u8) && !mark.SequenceEqual("BEA01"u8) && !mark.SequenceEqual("TEA01"u8) && !mark.SequenceEqual("BOOT2"u8))
            {
                break;
            }
        }

        return (roots, isUdf, declared);
    }

    private static IEnumerable<(string Name, long At, long Length)> Tree(Stream file, long rootAt, long rootLength, bool isJoliet, ReadBudget budget)
    {
        var folders = new Stack<(string Path, long At, long Length, int Depth)>();
        folders.Push(("", rootAt, rootLength, 0));
        var visited = new HashSet<long>();
        var count = 0;
        while (folders.TryPop(out var folder))
        {
            budget.Unpack(0);
            if (!visited.Add(folder.At))
            {
                continue;
            }

            using var records = new SliceStream(file, folder.At, Math.Min(folder.Length, 16 << 20));
            var octets = new byte[(int)records.Length];
            records.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false);
            (string Name, long At, long Length)? open = null;
            for (var at = 0; at + 34 <= octets.Length;)
            {
                int length = octets[at];
                if (length == 0)
                {
                    at = (at + Sector) & ~(Sector - 1); // A record never crosses a sector.
                    continue;
                }

                var record = octets.AsSpan(at, Math.Min(length, octets.Length - at));
                at += length;
                if (record.Length < 34 || 33 + record[32] > record.Length || ++count > MaxMembers)
                {
                    break;
                }

                // An extended attribute record stands before the octets (ECMA-119 section 9.1.2).
                var start = (BinaryPrimitives.ReadUInt32LittleEndian(record[2..]) + (long)record[1]) * Sector;
                long size = BinaryPrimitives.ReadUInt32LittleEndian(record[10..]);
                var name = record.Slice(33, record[32]);
                if (name.Length == 1 && name[0] <= 1)
                {
                    continue; // The folder itself, and the one above.
                }

                var text = isJoliet ? Encoding.BigEndianUnicode.GetString(name) : RockRidge(record[(33 + name.Length + (1 - (name.Length & 1)))..]) ?? Encoding.Latin1.GetString(name);
                var version = text.LastIndexOf(';');
                text = (version > 0 ? text[..version] : text).TrimEnd('.');
                if ((record[25] & 2) != 0)
                {
                    if (folder.Depth < MaxDepth)
                    {
                        folders.Push(($"{folder.Path}{text}/", start, size, folder.Depth + 1));
                    }

                    continue;
                }

                // Pieces of one file follow each other, all but the last marked (ECMA-119 section 9.1.6); writers put them side by side.
                open = open is { } before ? (before.Name, before.At, Math.Max(before.Length, start + size - before.At)) : (folder.Path + text, start, size);
                if ((record[25] & 0x80) == 0)
                {
                    yield return open.Value;
                    open = null;
                }
            }
        }
    }

    /// <summary>The name in Rock Ridge NM entries; null where there is none.</summary>
    private static string? RockRidge(ReadOnlySpan<byte> area)
    {
        string? name = null;
        while (area.Length > 5 && area[2] >= 4 && area[2] <= area.Length)
        {
            if (area[0] == 'N' && area[1] == 'M' && area[2] > 5 && (area[4] & 6) == 0)
            {
                name += Encoding.UTF8.GetString(area[5..area[2]]);
            }

            area = area[area[2]..];
        }

        return name;
    }
}
