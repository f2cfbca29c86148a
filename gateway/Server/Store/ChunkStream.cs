namespace Sekisho.Store;

/// <summary>A seekable, read-only stream over octets that come in chunks; the chunk read last is kept.</summary>
internal abstract class ChunkStream(long length, int chunkSize) : Stream
{
    private ReadOnlyMemory<byte> _current;
    private int _currentChunk = -1;
    private long _position;
    private int _disposed;

    /// <inheritdoc />
    public override bool CanRead => _disposed == 0;

    /// <inheritdoc />
    public override bool CanSeek => _disposed == 0;

    /// <inheritdoc />
    public override bool CanWrite => false;

    /// <inheritdoc />
    public override long Length => length;

    /// <inheritdoc />
    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc />
    public override int Read(Span<byte> buffer)
    {
        if (!Enter(buffer.Length, out var chunk))
        {
            return 0;
        }

        if (chunk != _currentChunk)
        {
            // No chunk is current while one is loaded: a failed load must not leave half a chunk behind.
            _currentChunk = -1;
            _current = Load(chunk);
            _currentChunk = chunk;
        }

        return Copy(buffer);
    }

    /// <inheritdoc />
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!Enter(buffer.Length, out var chunk))
        {
            return 0;
        }

        if (chunk != _currentChunk)
        {
            _currentChunk = -1;
            _current = await LoadAsync(chunk, cancellationToken).ConfigureAwait(false);
            _currentChunk = chunk;
        }

        return Copy(buffer.Span);
    }

    /// <inheritdoc />
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin)
    {
        var to = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => length + offset,
        };
        if (to < 0)
        {
            throw new IOException("Seeking before the begin of the letter.");
        }

        return _position = to;
    }

    /// <inheritdoc />
    public override void Flush()
    {
    }

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>The plain octets of a chunk; good until the next call.</summary>
    protected abstract ReadOnlyMemory<byte> Load(int chunk);

    /// <summary>The same without blocking, where loading means asking somebody else.</summary>
    protected virtual ValueTask<ReadOnlyMemory<byte>> LoadAsync(int chunk, CancellationToken cancel) => new(Load(chunk));

    /// <summary>Gives back what the stream holds; called once.</summary>
    protected abstract void Close(bool disposing);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _current = default;
            _currentChunk = -1;
            Close(disposing);
        }

        base.Dispose(disposing);
    }

    private bool Enter(int wanted, out int chunk)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        chunk = (int)(_position / chunkSize);
        return wanted > 0 && _position < length;
    }

    private int Copy(Span<byte> buffer)
    {
        var from = _current.Span[(int)(_position % chunkSize)..];
        var part = Math.Min(from.Length, buffer.Length);
        from[..part].CopyTo(buffer);
        _position += part;
        return part;
    }
}
