using System.Buffers.Binary;

namespace Sekisho.Inspection.Formats;

/// <summary>Makes one ZIP of the volumes of a split one: places counted by volume are counted from the beginning, in a new copy of the directory (APPNOTE sections 4.3.12, 4.3.16 and 8).</summary>
internal static class SplitZip
{
    private const int EndLength = 22;
    private const int EntryLength = 46;

    /// <summary>The number that a file's end record gives its volume, from 0; 0 for an ordinary ZIP, and for what has no end record.</summary>
    /// <param name="file">Seekable.</param>
    public static int VolumeOf(Stream file)
    {
        var end = End(file).Record;
        var number = end.Length == 0 ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(end.AsSpan(4));
        return number == ushort.MaxValue ? 0 : number; // Zip64, which tells it elsewhere.
    }

    /// <summary>The directory and end record that make the volumes one archive, and where in the joined volumes they stand.</summary>
    /// <param name="volumes">The volumes in their order.</param>
    /// <param name="longest">Octets of a directory that are read.</param>
    /// <exception cref="InvalidDataException">The directory is broken, or larger than that.</exception>
    public static (long At, byte[] Tail) Directory(JoinedStream volumes, int longest)
    {
        var (end, endAt) = End(volumes);
        if (end.Length == 0)
        {
            throw new InvalidDataException("The archive's end is lost.");
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(12));
        var at = volumes.StartOf(BinaryPrimitives.ReadUInt16LittleEndian(end.AsSpan(6))) + BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(16));
        if (size > longest || at + size > endAt || at > uint.MaxValue)
        {
            throw new InvalidDataException("The directory of the split archive is broken or too large.");
        }

        var tail = new byte[size + EndLength];
        volumes.Position = at;
        volumes.ReadExactly(tail, 0, (int)size);
        for (var entry = 0; entry + EntryLength <= size;)
        {
            var fields = tail.AsSpan(entry);
            if (!fields.StartsWith("PK\u0001\u0002"u8))
            {
                throw new InvalidDataException("The directory of the split archive is broken.");
            }

            var place = volumes.StartOf(BinaryPrimitives.ReadUInt16LittleEndian(fields[34..])) + BinaryPrimitives.ReadUInt32LittleEndian(fields[42..]);
            BinaryPrimitives.WriteUInt16LittleEndian(fields[34..], 0);
            BinaryPrimitives.WriteUInt32LittleEndian(fields[42..], place < uint.MaxValue ? (uint)place : throw new InvalidDataException("The split archive is too large."));
            entry += EntryLength + BinaryPrimitives.ReadUInt16LittleEndian(fields[28..]) + BinaryPrimitives.ReadUInt16LittleEndian(fields[30..]) + BinaryPrimitives.ReadUInt16LittleEndian(fields[32..]);
        }

        var copy = tail.AsSpan((int)size);
        end.CopyTo(copy);
        copy.Slice(4, 4).Clear();
        copy.Slice(10, 2).CopyTo(copy[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(copy[16..], (uint)at);
        copy.Slice(20, 2).Clear();
        return (at, tail);
    }

    private static (byte[] Record, long At) End(Stream file)
    {
        // Few archives have a comment, which would stand behind the record.
        foreach (var length in (ReadOnlySpan<int>)[EndLength, EndLength + ushort.MaxValue])
        {
            var tail = new byte[(int)Math.Min(file.Length, length)];
            file.Position = file.Length - tail.Length;
            tail = tail[..file.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false)];
            var at = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
            if (at >= 0 && at + EndLength <= tail.Length)
            {
                return (tail[at..(at + EndLength)], file.Length - tail.Length + at);
            }
        }

        return ([], 0);
    }
}
