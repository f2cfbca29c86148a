using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>A storage or stream in a compound file.</summary>
/// <param name="Path">Names from the root down, joined by <c>/</c>; entries that no storage leads to stand under <c>?/</c>.</param>
/// <param name="Name">Its own name; control characters such as U+0001 are part of it (MS-CFB section 2.6.1).</param>
/// <param name="Parent">The path of the storage it is in; empty for the root.</param>
/// <param name="IsStorage">True for a storage, false for a stream.</param>
/// <param name="Length">Octets of a stream as declared; 0 for a storage.</param>
/// <param name="ClassId">The storage's CLSID; empty where none is set.</param>
internal sealed record CompoundEntry(string Path, string Name, string Parent, bool IsStorage, long Length, Guid ClassId)
{
    internal uint StartSector { get; init; }
}

/// <summary>Reads compound files (MS-CFB version 3 and 4) whole or broken: loops end, lost ends are cut, nothing is read twice.</summary>
internal sealed class CompoundFile
{
    private const uint EndOfChain = 0xFFFFFFFE;
    private const uint MaxRegularSector = 0xFFFFFFFA;
    private const int MaxEntries = 65_536;
    private const int MiniSectorSize = 64;

    private readonly Stream file;
    private readonly int sectorSize;
    private readonly uint sectorCount;
    private readonly uint miniCutoff;
    private readonly uint[] fat;
    private readonly uint[] miniFat;
    private readonly uint[] miniStream;
    private readonly List<CompoundEntry> entries = [];
    private readonly Dictionary<string, CompoundEntry> byPath = new(StringComparer.OrdinalIgnoreCase);

    private CompoundFile(Stream file)
    {
        this.file = file;
        Span<byte> header = stackalloc byte[512];
        header.Clear();
        file.Position = 0;
        var got = file.ReadAtLeast(header, 512, throwOnEndOfStream: false);
        if (got < 512 || !FileTypes.IsCompoundFile(header))
        {
            throw new InvalidDataException("No compound file header.");
        }

        // MS-CFB section 2.2: shift 9 for version 3, 12 for version 4. The shift is believed, the version is not needed.
        var shift = BinaryPrimitives.ReadUInt16LittleEndian(header[0x1E..]);
        if (shift is not (9 or 12))
        {
            throw new InvalidDataException($"Sector shift {shift} is neither 9 nor 12.");
        }

        sectorSize = 1 << shift;
        sectorCount = (uint)Math.Min(MaxRegularSector, (Math.Max(0, file.Length - sectorSize) + sectorSize - 1) / sectorSize);
        miniCutoff = BinaryPrimitives.ReadUInt32LittleEndian(header[0x38..]);
        if (miniCutoff is 0 or > 1 << 20)
        {
            miniCutoff = 4096;
        }

        fat = ReadFat(header);
        var directory = ReadChain(Chain(BinaryPrimitives.ReadUInt32LittleEndian(header[0x30..]), MaxEntries * 128L), MaxEntries * 128);
        if (directory.Length < 128)
        {
            throw new InvalidDataException("The directory is missing.");
        }

        var rootStart = BinaryPrimitives.ReadUInt32LittleEndian(directory.AsSpan(0x74));
        var rootLength = BinaryPrimitives.ReadUInt32LittleEndian(directory.AsSpan(0x78));
        miniStream = Chain(rootStart, rootLength);
        var miniFatOctets = ReadChain(Chain(BinaryPrimitives.ReadUInt32LittleEndian(header[0x3C..]), file.Length), (int)Math.Min(file.Length, 1 << 28));
        miniFat = ToNumbers(miniFatOctets);
        ReadDirectory(directory);
    }

    /// <summary>Every storage and stream except the root, at most 65,536.</summary>
    public IReadOnlyList<CompoundEntry> Entries => entries;

    /// <summary>The root storage's CLSID.</summary>
    public Guid ClassId { get; private set; }

    /// <summary>Opens a compound file.</summary>
    /// <param name="file">Seekable; must stay open while streams are read.</param>
    /// <exception cref="InvalidDataException">It is none, or too broken to list.</exception>
    public static CompoundFile Open(Stream file)
    {
        try
        {
            return new CompoundFile(file);
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("The compound file is broken.", e);
        }
    }

    /// <summary>The entry at a path, letter case aside; null where there is none.</summary>
    public CompoundEntry? Find(string path) => byPath.GetValueOrDefault(path);

    /// <summary>A stream as far as its sectors lead, at most <paramref name="longest"/> octets.</summary>
    public byte[] Read(CompoundEntry entry, int longest)
    {
        using var stream = OpenRead(entry);
        var octets = new byte[(int)Math.Min(stream.Length, longest)];
        stream.ReadExactly(octets);
        return octets;
    }

    /// <summary>A seekable view of a stream; it ends where its sectors end, even if it was declared longer.</summary>
    public Stream OpenRead(CompoundEntry entry)
    {
        if (entry.IsStorage || entry.Length == 0)
        {
            return Stream.Null;
        }

        if (entry.Length < miniCutoff)
        {
            var chain = MiniChain(entry.StartSector, entry.Length);
            return new ChainStream(this, chain, MiniSectorSize, Math.Min(entry.Length, (long)chain.Length * MiniSectorSize));
        }

        var sectors = Chain(entry.StartSector, entry.Length);
        return new ChainStream(this, sectors, sectorSize, Math.Min(entry.Length, (long)sectors.Length * sectorSize));
    }

    /// <summary>Writes over a stream where it stands, as far as it goes; the file must be writable.</summary>
    internal void Overwrite(CompoundEntry entry, ReadOnlySpan<byte> content)
    {
        var isMini = entry.Length < miniCutoff;
        var size = isMini ? MiniSectorSize : sectorSize;
        foreach (var sector in isMini ? MiniChain(entry.StartSector, entry.Length) : Chain(entry.StartSector, entry.Length))
        {
            var part = content[..Math.Min(size, content.Length)];
            content = content[part.Length..];
            var at = (long)sector * size;
            var index = isMini ? at / sectorSize : 0;
            if (isMini && index >= miniStream.Length)
            {
                return;
            }

            var place = isMini ? (((long)miniStream[index] + 1) * sectorSize) + (at % sectorSize) : at + sectorSize;
            if (place + part.Length > file.Length)
            {
                return;
            }

            file.Position = place;
            file.Write(part);
        }
    }

    private static uint[] ToNumbers(byte[] octets)
    {
        var numbers = new uint[octets.Length / 4];
        octets.AsSpan(0, numbers.Length * 4).CopyTo(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }

    /// <summary>The FAT: 109 of its sectors are named in the header, further ones in a chain of DIFAT sectors (MS-CFB section 2.5). The counts in the header are not believed.</summary>
    private uint[] ReadFat(ReadOnlySpan<byte> header)
    {
        var perSector = sectorSize / 4;
        var needed = (int)((sectorCount + perSector - 1) / perSector);
        var table = new List<uint>(Math.Min(needed, 1024) * perSector);
        var sector = new byte[sectorSize];
        var used = new HashSet<uint>();

        void Add(uint at)
        {
            // A FAT longer than the file needs, or the same sector again, adds nothing that can be followed.
            if (at < sectorCount && table.Count < needed * perSector && used.Add(at))
            {
                ReadSector(at, sector);
                table.AddRange(MemoryMarshal.Cast<byte, uint>(sector));
            }
        }

        for (var i = 0; i < 109; i++)
        {
            var at = BinaryPrimitives.ReadUInt32LittleEndian(header[(0x4C + (i * 4))..]);
            if (at <= MaxRegularSector)
            {
                Add(at);
            }
        }

        var next = BinaryPrimitives.ReadUInt32LittleEndian(header[0x44..]);
        var list = new byte[sectorSize];
        var seen = new HashSet<uint>();
        while (next < sectorCount && table.Count < needed * perSector && seen.Add(next))
        {
            ReadSector(next, list);
            for (var i = 0; i < perSector - 1; i++)
            {
                Add(BinaryPrimitives.ReadUInt32LittleEndian(list.AsSpan(i * 4)));
            }

            next = BinaryPrimitives.ReadUInt32LittleEndian(list.AsSpan(sectorSize - 4));
        }

        return [.. table];
    }

    private void ReadSector(uint sector, Span<byte> into)
    {
        into.Clear();
        file.Position = ((long)sector + 1) * sectorSize;
        file.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
    }

    /// <summary>Sectors of a chain, as many as the length asks for. A chain that leaves the file or the FAT ends there, a circle after as many sectors as the file has.</summary>
    private uint[] Chain(uint start, long length) => Follow(start, length, sectorSize, fat, sectorCount);

    private uint[] MiniChain(uint start, long length) =>
        Follow(start, length, MiniSectorSize, miniFat, (uint)Math.Min(int.MaxValue, (long)miniStream.Length * (sectorSize / MiniSectorSize)));

    private static uint[] Follow(uint start, long length, int size, uint[] table, uint count)
    {
        var wanted = Math.Min((length + size - 1) / size, count);
        var chain = new List<uint>((int)Math.Min(wanted, 4096));
        for (var at = start; chain.Count < wanted && at < count; at = at < table.Length ? table[at] : EndOfChain)
        {
            chain.Add(at);
        }

        return [.. chain];
    }

    private byte[] ReadChain(uint[] chain, int longest)
    {
        var octets = new byte[Math.Min((long)chain.Length * sectorSize, longest)];
        using var stream = new ChainStream(this, chain, sectorSize, octets.Length);
        stream.ReadExactly(octets);
        return octets;
    }

    /// <summary>Walks the tree of siblings and children (MS-CFB section 2.6.4), each entry once, then takes in what the tree does not reach: other programs may still find it.</summary>
    private void ReadDirectory(byte[] directory)
    {
        var count = directory.Length / 128;
        ClassId = new Guid(directory.AsSpan(0x50, 16));
        var seen = new bool[count];
        seen[0] = true;
        var todo = new Stack<(uint Id, string Parent)>();
        todo.Push((BinaryPrimitives.ReadUInt32LittleEndian(directory.AsSpan(0x4C)), ""));
        Walk(directory, seen, todo);
        for (var id = 1u; id < count; id++)
        {
            if (!seen[id] && directory[(id * 128) + 0x42] is 1 or 2)
            {
                todo.Push((id, "?"));
                Walk(directory, seen, todo);
            }
        }
    }

    private void Walk(byte[] directory, bool[] seen, Stack<(uint Id, string Parent)> todo)
    {
        while (todo.TryPop(out var item))
        {
            if (item.Id >= seen.Length || seen[item.Id])
            {
                continue;
            }

            seen[item.Id] = true;
            var raw = directory.AsSpan((int)item.Id * 128, 128);
            todo.Push((BinaryPrimitives.ReadUInt32LittleEndian(raw[0x48..]), item.Parent));
            todo.Push((BinaryPrimitives.ReadUInt32LittleEndian(raw[0x44..]), item.Parent));
            if (raw[0x42] is not (1 or 2))
            {
                continue;
            }

            var nameLength = Math.Clamp(BinaryPrimitives.ReadUInt16LittleEndian(raw[0x40..]) - 2, 0, 62) & ~1;
            var name = Encoding.Unicode.GetString(raw[..nameLength]).TrimEnd('\0');
            // A circle of storages cannot be, since each entry is taken once; a very deep tree is cut in its path only.
            var path = item.Parent.Length == 0 ? name : item.Parent.Length > 1000 ? "…/" + name : $"{item.Parent}/{name}";
            var storage = raw[0x42] == 1;
            // Version 3 writers leave rubbish in the upper half of the length (MS-CFB section 2.6.1).
            long length = sectorSize == 512 ? BinaryPrimitives.ReadUInt32LittleEndian(raw[0x78..]) : (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(raw[0x78..]), long.MaxValue / 2);
            var entry = new CompoundEntry(path, name, item.Parent, storage, storage ? 0 : length, new Guid(raw.Slice(0x50, 16)))
            {
                StartSector = BinaryPrimitives.ReadUInt32LittleEndian(raw[0x74..]),
            };
            entries.Add(entry);
            byPath.TryAdd(path, entry);
            if (storage)
            {
                todo.Push((BinaryPrimitives.ReadUInt32LittleEndian(raw[0x4C..]), path));
            }
        }
    }

    /// <summary>Octets along a chain of sectors or mini sectors; what lies beyond the file's end reads as zero.</summary>
    private sealed class ChainStream(CompoundFile owner, uint[] chain, int size, long length) : SeekableView
    {
        public override long Length => length;

        public override int Read(Span<byte> buffer)
        {
            var wanted = (int)Math.Min(buffer.Length, length - Position);
            if (wanted <= 0)
            {
                return 0;
            }

            var index = (int)(Position / size);
            var within = (int)(Position % size);
            // Neighbouring sectors are read in one go: most files are written in order.
            var run = 1;
            while (index + run < chain.Length && ((long)run * size) - within < wanted && chain[index + run] == chain[index] + run)
            {
                run++;
            }

            var part = (int)Math.Min(wanted, ((long)run * size) - within);
            var into = buffer[..part];
            into.Clear();
            if (size == MiniSectorSize)
            {
                ReadMini(((long)chain[index] * MiniSectorSize) + within, into);
            }
            else
            {
                owner.file.Position = (((long)chain[index] + 1) * size) + within;
                owner.file.ReadAtLeast(into, part, throwOnEndOfStream: false);
            }

            Position += part;
            return part;
        }

        private void ReadMini(long at, Span<byte> into)
        {
            while (into.Length > 0)
            {
                var index = at / owner.sectorSize;
                if (index >= owner.miniStream.Length)
                {
                    return;
                }

                var within = (int)(at % owner.sectorSize);
                var part = Math.Min(into.Length, owner.sectorSize - within);
                owner.file.Position = (((long)owner.miniStream[index] + 1) * owner.sectorSize) + within;
                owner.file.ReadAtLeast(into[..part], part, throwOnEndOfStream: false);
                into = into[part..];
                at += part;
            }
        }
    }
}
