namespace Sekisho.Inspection.Signatures;

/// <summary>A feed's octets as they come, up to a limit in number and in time.</summary>
internal sealed class BoundedFeed(Stream inner, long most, FeedReading feed) : ForwardStream
{
    private long got;

    public override int Read(Span<byte> buffer)
    {
        var some = inner.Read(buffer);
        got += some;
        if (got > most)
        {
            throw new InvalidDataException($"{feed.File}: more than {most >> 20:N0} MiB.");
        }

        feed.CheckTime();
        return some;
    }
}

/// <summary>A stream whose beginning can be looked at before it is read.</summary>
internal sealed class HeadStream : ForwardStream
{
    private readonly Stream inner;
    private readonly byte[] head = new byte[8 << 10];
    private readonly int length;
    private int at;

    public HeadStream(Stream inner)
    {
        this.inner = inner;
        length = inner.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
    }

    public ReadOnlySpan<byte> Head => head.AsSpan(0, length);

    public override int Read(Span<byte> buffer)
    {
        if (at == length)
        {
            return inner.Read(buffer);
        }

        var some = Math.Min(buffer.Length, length - at);
        head.AsSpan(at, some).CopyTo(buffer);
        at += some;
        return some;
    }
}

/// <summary>A stream that is only read, and only forward.</summary>
internal abstract class ForwardStream : Stream
{
    public sealed override bool CanRead => true;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => false;

    public sealed override long Length => throw new NotSupportedException();

    public sealed override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public sealed override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public abstract override int Read(Span<byte> buffer);

    public sealed override void Flush()
    {
    }

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
