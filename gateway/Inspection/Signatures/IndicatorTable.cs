using System.Buffers.Binary;

namespace Sekisho.Inspection.Signatures;

/// <summary>What is kept of an indicator beside its key: 24 octets, texts as places in the set's one block.</summary>
internal readonly record struct IndicatorEntry(uint FirstSeen, uint Expires, int SourceAndFlags, int Text, int Reference, int Tags)
{
    /// <summary>Seen in or written with https.</summary>
    public const int Https = 1 << 30;

    /// <summary>A URL that stands for all that begins with it.</summary>
    public const int Prefix = 1 << 29;

    private const int SourceMask = (1 << 24) - 1;

    public int Source => SourceAndFlags & SourceMask;

    public bool Has(int flag) => (SourceAndFlags & flag) != 0;

    /// <summary>Times are seconds since 1970; 0 is "not known" and "never".</summary>
    public bool IsInForce(uint now) => Expires == 0 || Expires > now;
}

/// <summary>Indicators of one kind, sorted by keys of one width. The keys are hashes, so their first bits lead almost to the place.</summary>
internal sealed class IndicatorTable
{
    private readonly byte[] keys;
    private readonly int width;
    private readonly IndicatorEntry[] entries;
    private readonly int[] starts;
    private readonly int shift;

    /// <summary>Takes sorted keys.</summary>
    /// <param name="keys">One after the other, sorted as unsigned numbers; equal ones may stand side by side.</param>
    /// <param name="width">Octets a key, 8 or more.</param>
    /// <param name="entries">One a key.</param>
    public IndicatorTable(byte[] keys, int width, IndicatorEntry[] entries)
    {
        this.keys = keys;
        this.width = width;
        this.entries = entries;
        var bits = 1;
        while (bits < 20 && (8L << bits) < entries.Length)
        {
            bits++;
        }

        shift = 64 - bits;
        starts = new int[(1 << bits) + 1];
        for (var i = 0; i < entries.Length; i++)
        {
            starts[(int)(Head(i) >> shift) + 1]++;
        }

        for (var i = 1; i < starts.Length; i++)
        {
            starts[i] += starts[i - 1];
        }
    }

    public int Count => entries.Length;

    public ref readonly IndicatorEntry this[int index] => ref entries[index];

    public ReadOnlySpan<byte> Key(int index) => keys.AsSpan(index * width, width);

    /// <summary>The first place with this key and the place behind the last; equal where there is none.</summary>
    public (int From, int To) Find(ReadOnlySpan<byte> key)
    {
        var head = BinaryPrimitives.ReadUInt64BigEndian(key);
        var bucket = (int)(head >> shift);
        var (low, high) = (starts[bucket], starts[bucket + 1]);
        var end = high;
        while (low < high)
        {
            var middle = (int)(((uint)low + (uint)high) >> 1);
            if (Head(middle) < head || (width > 8 && Head(middle) == head && Key(middle).SequenceCompareTo(key) < 0))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        var from = low;
        while (low < end && Key(low).SequenceEqual(key))
        {
            low++;
        }

        return (from, low);
    }

    private ulong Head(int index) => BinaryPrimitives.ReadUInt64BigEndian(keys.AsSpan(index * width));
}
