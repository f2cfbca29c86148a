namespace Sekisho.Inspection.Formats;

/// <summary>A file in an archive or on a disc image, as a reader finds it.</summary>
/// <param name="Name">Its name as stored, folders before it, joined by <c>/</c>.</param>
/// <param name="Length">Octets unpacked as declared; -1 where the archive does not say.</param>
/// <param name="Packed">Octets packed as declared; -1 where the archive does not say.</param>
/// <param name="Open">Its octets, forwards.</param>
internal sealed record ArchiveItem(string Name, long Length, long Packed, Func<Stream> Open)
{
    /// <summary>True where it cannot be read without a password.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>True for the piece of a member that begins in the volume before.</summary>
    public bool GoesOnFromBefore { get; init; }

    /// <summary>The CRC-32 of its octets as declared; 0 where the archive does not say.</summary>
    public uint Crc { get; init; }
}

/// <summary>A piece of a seekable stream, itself seekable.</summary>
internal sealed class SliceStream : SeekableView
{
    private readonly Stream inner;
    private readonly long start;
    /// <summary>The octets from <paramref name="start"/> on; what lies beyond the stream's end is cut.</summary>
    public SliceStream(Stream inner, long start, long length)
    {
        this.inner = inner;
        this.start = start;
        Length = Math.Max(0, Math.Min(length, inner.Length - start));
    }

    public override long Length { get; }

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, Length - Position);
        if (wanted <= 0)
        {
            return 0;
        }

        inner.Position = start + Position;
        var got = inner.Read(buffer[..wanted]);
        Position += got;
        return got;
    }
}

/// <summary>What the forward-only streams of decoders have in common.</summary>
internal abstract class ForwardStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public abstract override int Read(Span<byte> buffer);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
