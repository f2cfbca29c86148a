namespace Sekisho.Store;

/// <summary>A letter's octets on their way through the line: small ones in pooled memory, larger ones sealed in a spool file that never holds plain text.</summary>
/// <remarks>Memory and file are given back when the object and every stream opened from it are disposed; a reader never sees another letter's octets.</remarks>
public sealed class MessageOctets : IAsyncDisposable, IDisposable
{
    private readonly Spool? _spool;
    private readonly byte[][] _chunks = [];
    private readonly SealedFile? _file;
    private int _users = 1;
    private int _disposed;

    internal MessageOctets(Spool spool, byte[][] chunks, long length)
    {
        _spool = spool;
        _chunks = chunks;
        Length = length;
    }

    internal MessageOctets(SealedFile file, long length)
    {
        _file = file;
        Length = length;
    }

    /// <summary>Octets in the letter.</summary>
    public long Length { get; }

    /// <summary>The spool file, or null when the letter is in memory.</summary>
    internal SealedFile? File => _file;

    /// <summary>A seekable, read-only view of the plain octets. Several may be open at once, each for one thread; dispose them.</summary>
    /// <exception cref="ObjectDisposedException">The letter is disposed.</exception>
    public Stream OpenRead()
    {
        Use();
        return _file is null ? new MemoryView(this) : new FileView(this, _file);
    }

    /// <summary>Returns the memory or deletes the spool file. A second call does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Leave();
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Plain octets of a chunk of a letter in memory.</summary>
    internal ReadOnlyMemory<byte> Plain(int chunk) =>
        _chunks[chunk].AsMemory(0, LetterKey.ChunkLength(Length, LetterKey.ChunkSize, chunk));

    /// <summary>Keeps memory and file in place until <see cref="Leave"/>.</summary>
    internal void Use()
    {
        var users = Volatile.Read(ref _users);
        while (true)
        {
            ObjectDisposedException.ThrowIf(users == 0 || Volatile.Read(ref _disposed) != 0, this);
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return;
            }

            users = seen;
        }
    }

    /// <summary>Ends what <see cref="Use"/> began.</summary>
    internal void Leave()
    {
        if (Interlocked.Decrement(ref _users) > 0)
        {
            return;
        }

        foreach (var chunk in _chunks)
        {
            OctetsWriter.Return(_spool!, chunk);
        }

        _file?.Dispose();
    }

    /// <summary>Reads a letter in memory.</summary>
    private sealed class MemoryView(MessageOctets octets) : ChunkStream(octets.Length, LetterKey.ChunkSize)
    {
        protected override ReadOnlyMemory<byte> Load(int chunk) => octets.Plain(chunk);

        protected override void Close(bool disposing)
        {
            if (disposing)
            {
                octets.Leave();
            }
        }
    }

    /// <summary>Reads a letter in a spool file.</summary>
    private sealed class FileView(MessageOctets octets, SealedFile file) : ChunkStream(octets.Length, file.ChunkSize)
    {
        private readonly UnsealBuffer _buffer = new(LetterKey.From(file.Key.Octets), file.ChunkSize);

        protected override ReadOnlyMemory<byte> Load(int chunk)
        {
            var length = LetterKey.ChunkLength(Length, file.ChunkSize, chunk);
            var box = _buffer.Box.AsSpan(0, length + LetterKey.Overhead);
            file.ReadSealed(chunk, box);
            return _buffer.Open(chunk, box, length);
        }

        protected override void Close(bool disposing)
        {
            if (disposing)
            {
                _buffer.Dispose();
                octets.Leave();
            }
        }
    }
}
