using Sekisho.Inspection.Formats;
namespace Sekisho.Inspection.Messages;

/// <summary>A large file unpacked once and held without its padding: blocks of one repeated octet, and blocks met before, take no room.</summary>
internal sealed class CondensedContent
{
    private const int BlockLength = 32 << 10;

    private readonly List<byte[]> blocks = [];
    private readonly Dictionary<ulong, byte[]> known = [];
    private readonly int most;
    private byte[] current = new byte[BlockLength];
    private int filled;

    /// <summary>Begins with what is unpacked already.</summary>
    /// <param name="begin">The file's first octets.</param>
    /// <param name="most">Octets that may be held.</param>
    public CondensedContent(ReadOnlySpan<byte> begin, int most)
    {
        this.most = most;
        while (!begin.IsEmpty)
        {
            var part = begin[..Math.Min(begin.Length, BlockLength - filled)];
            part.CopyTo(current.AsSpan(filled));
            filled += part.Length;
            begin = begin[part.Length..];
            Close();
        }
    }

    /// <summary>Octets of the file, held or not.</summary>
    public long Length { get; private set; }

    /// <summary>Octets of memory.</summary>
    public int Held { get; private set; }

    /// <summary>False where there was more than may be held; the file must be unpacked again to be read.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Takes the rest of the file.</summary>
    /// <exception cref="InvalidDataException">The file is broken or too large.</exception>
    public void Take(Stream rest, CancellationToken cancel)
    {
        int got;
        while ((got = rest.Read(current, filled, BlockLength - filled)) > 0)
        {
            cancel.ThrowIfCancellationRequested();
            filled += got;
            Close();
        }

        if (filled > 0)
        {
            current = current[..filled];
            Length += filled;
            Keep(current);
        }

        known.Clear();
        if (!IsComplete)
        {
            blocks.Clear();
            Held = 0;
        }
    }

    /// <summary>A seekable view of all of it.</summary>
    public Stream OpenRead() => new View(blocks, Length);

    private void Close()
    {
        if (filled < BlockLength)
        {
            return;
        }

        filled = 0;
        Length += BlockLength;
        if (!IsComplete)
        {
            return;
        }

        var hash = new HashCode();
        hash.AddBytes(current);
        var key = ((ulong)(uint)hash.ToHashCode() << 32) | (uint)(current[0] | (current[^1] << 8) | (current[BlockLength / 2] << 16));
        if (known.TryGetValue(key, out var same) && same.AsSpan().SequenceEqual(current))
        {
            blocks.Add(same);
            return;
        }

        known[key] = current;
        Keep(current);
        current = new byte[BlockLength];
    }

    private void Keep(byte[] block)
    {
        Held += block.Length;
        IsComplete &= Held <= most;
        if (IsComplete)
        {
            blocks.Add(block);
        }
        else
        {
            blocks.Clear();
            known.Clear();
        }
    }

    private sealed class View(List<byte[]> blocks, long length) : SeekableView
    {
        public override long Length => length;

        public override int Read(Span<byte> buffer)
        {
            if (Position >= length || buffer.IsEmpty)
            {
                return 0;
            }

            var part = blocks[(int)(Position / BlockLength)].AsSpan((int)(Position % BlockLength));
            part = part[..Math.Min(part.Length, buffer.Length)];
            part.CopyTo(buffer);
            Position += part.Length;
            return part.Length;
        }
    }
}
