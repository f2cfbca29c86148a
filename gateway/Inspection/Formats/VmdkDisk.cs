using System.Buffers.Binary;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads a VMDK of one sparse file (Virtual Disk Format 5.0, hosted sparse extent): tables lead to grains; a flat one is a raw image and needs no reader.</summary>
internal static class VmdkDisk
{
    private const int Sector = 512;
    private const int MaxTables = 1 << 16;
    private const int MaxGrains = 1 << 22;

    /// <summary>The disk as one seekable view.</summary>
    /// <param name="file">Seekable; must stay open.</param>
    /// <exception cref="InvalidDataException">It is broken, or of a kind that is not looked into (compressed grains, a disk that continues another one).</exception>
    public static Stream Open(Stream file)
    {
        var header = new byte[Sector];
        file.Position = 0;
        file.ReadAtLeast(header, Sector, throwOnEndOfStream: false);
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8));
        var capacity = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(12));
        var grainSectors = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(20));
        var perTable = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(44));
        var directoryAt = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(56));
        if ((flags & 0x30000) != 0 || directoryAt == ulong.MaxValue)
        {
            throw new InvalidDataException("A VMDK with compressed grains is not looked into.");
        }

        if (Continues(file, header))
        {
            throw new InvalidDataException("A VMDK that continues another one, or has its content in other files, is not looked into.");
        }

        if (grainSectors is < 1 or > 1 << 16 || perTable is < 1 or > 1 << 16 || capacity is 0 or > 1L << 40 || directoryAt > (ulong)file.Length / Sector)
        {
            throw new InvalidDataException("The VMDK is broken.");
        }

        var (size, grain) = ((long)capacity * Sector, (long)grainSectors * Sector);
        var span = grain * perTable;
        var tables = (size + span - 1) / span;
        if (tables > MaxTables)
        {
            throw new InvalidDataException("The VMDK is too large.");
        }

        var directory = Entries(file, (long)directoryAt * Sector, (int)tables);
        var pieces = new List<(long At, long Length)>();
        var grains = 0;
        for (var i = 0; i < tables; i++)
        {
            var left = Math.Min(span, size - (i * span));
            if (directory[i] == 0)
            {
                Add(pieces, -1, left);
                continue;
            }

            grains += (int)perTable;
            if (grains > MaxGrains)
            {
                throw new InvalidDataException("The VMDK is too large.");
            }

            foreach (var entry in Entries(file, directory[i] * (long)Sector, (int)perTable))
            {
                // 0 is a grain never written, 1 one of zeros.
                var length = Math.Min(grain, left);
                if (length > 0)
                {
                    Add(pieces, entry < 2 ? -1 : entry * (long)Sector, length);
                    left -= length;
                }
            }
        }

        return new PieceStream(file, pieces);
    }

    /// <summary>True where the descriptor within names a parent, or an extent of another kind than the one it stands in.</summary>
    private static bool Continues(Stream file, ReadOnlySpan<byte> header)
    {
        var at = BinaryPrimitives.ReadUInt64LittleEndian(header[28..]);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(header[36..]);
        if (at == 0 || length == 0 || at > (ulong)file.Length / Sector)
        {
            return false;
        }

        var descriptor = new byte[(int)Math.Min(length, 128) * Sector];
        file.Position = (long)at * Sector;
        file.ReadAtLeast(descriptor, descriptor.Length, throwOnEndOfStream: false);
        return descriptor.AsSpan().IndexOf("parentFileNameHint"u8) >= 0 || descriptor.AsSpan().IndexOf("twoGbMaxExtentSparse"u8) >= 0;
    }

    private static uint[] Entries(Stream file, long at, int count)
    {
        var octets = new byte[count * 4];
        file.Position = at;
        if (file.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false) < octets.Length)
        {
            throw new InvalidDataException("The VMDK breaks off.");
        }

        var entries = new uint[count];
        for (var i = 0; i < count; i++)
        {
            entries[i] = BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(i * 4));
        }

        return entries;
    }

    /// <summary>Adds a piece, or lengthens the last one where it goes on there.</summary>
    private static void Add(List<(long At, long Length)> pieces, long at, long length)
    {
        if (pieces.Count > 0 && pieces[^1] is var last && (at < 0 ? last.At < 0 : last.At >= 0 && last.At + last.Length == at))
        {
            pieces[^1] = (last.At, last.Length + length);
        }
        else
        {
            pieces.Add((at, length));
        }
    }
}
