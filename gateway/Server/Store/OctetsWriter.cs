using System.Buffers;

namespace Sekisho.Store;

/// <summary>Takes a letter's octets as they arrive. Process-wide memory for letters in transit is bounded: what is above goes to the spool.</summary>
/// <remarks>
/// A letter begins in a buffer of 16 KiB, which grows to a chunk of 64 KiB; up to 16 chunks (1 MiB) stay in memory while the spool's budget has room.
/// Beyond that the chunks are sealed into a spool file and one buffer is left. When the budget is used up the letter goes on in chunks of the size it
/// has got, so a connection costs at least 16 KiB and nothing more can be forced out of the process. Not thread-safe.
/// </remarks>
public sealed class OctetsWriter : IDisposable
{
    private const int FirstBuffer = 16 << 10;
    private const long MostInMemory = 1 << 20;

    private readonly Spool _spool;
    private readonly List<byte[]> _full = [];
    private byte[]? _buffer;
    private int _filled;
    private SealedFile? _file;
    private bool _ended;

    internal OctetsWriter(Spool spool) => _spool = spool;

    /// <summary>Octets so far.</summary>
    public long Length { get; private set; }

    /// <summary>Appends octets. Synchronous: it writes to memory, or a sealed chunk to a spool file (page cache, no fsync).</summary>
    /// <exception cref="IOException">The spool's disk is full or broken. The writer can only be disposed then.</exception>
    /// <exception cref="ObjectDisposedException">The letter is completed or dropped.</exception>
    public void Write(ReadOnlySpan<byte> octets)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        while (octets.Length > 0)
        {
            var buffer = _buffer ??= FirstOne();
            if (_filled == buffer.Length)
            {
                buffer = MakeRoom(buffer);
            }

            var part = Math.Min(octets.Length, buffer.Length - _filled);
            octets[..part].CopyTo(buffer.AsSpan(_filled));
            _filled += part;
            Length += part;
            octets = octets[part..];
        }
    }

    /// <summary>Ends the letter. The writer is empty afterwards; the caller owns the result.</summary>
    /// <exception cref="IOException">The spool's disk is full or broken.</exception>
    /// <exception cref="ObjectDisposedException">The letter is completed or dropped.</exception>
    public MessageOctets Complete()
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        if (_file is { } file)
        {
            if (_filled > 0)
            {
                file.Append(_buffer.AsSpan(0, _filled));
            }

            _file = null;
            var spilled = new MessageOctets(file, Length);
            Dispose();
            return spilled;
        }

        if (_buffer is { } last)
        {
            _full.Add(last);
            _buffer = null;
        }

        var kept = new MessageOctets(_spool, [.. _full], Length);
        _full.Clear();
        Dispose();
        return kept;
    }

    /// <summary>Drops what was written and not completed.</summary>
    public void Dispose()
    {
        _ended = true;
        if (_buffer is { } buffer)
        {
            _buffer = null;
            Return(_spool, buffer);
        }

        foreach (var chunk in _full)
        {
            Return(_spool, chunk);
        }

        _full.Clear();
        _file?.Dispose();
        _file = null;
    }

    /// <summary>Gives a buffer back, emptied: nobody else's bug shall show a patient's letter.</summary>
    internal static void Return(Spool spool, byte[] buffer)
    {
        spool.Give(buffer.Length);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
    }

    private byte[] FirstOne()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        _spool.Take(buffer.Length);
        return buffer;
    }

    /// <summary>Called with a full buffer: grows it, puts it aside, or seals it into the file.</summary>
    private byte[] MakeRoom(byte[] full)
    {
        if (_file is null && full.Length < LetterKey.ChunkSize && _spool.TryTake(full.Length * 2))
        {
            var larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
            full.CopyTo(larger.AsSpan());
            Return(_spool, full);
            return _buffer = larger;
        }

        if (_file is null && full.Length == LetterKey.ChunkSize && Length < MostInMemory && _spool.TryTake(full.Length))
        {
            _full.Add(full);
            _filled = 0;
            return _buffer = ArrayPool<byte>.Shared.Rent(LetterKey.ChunkSize);
        }

        // The chunks of one letter are all of one size: of the buffer that it has when it first goes to the file.
        _file ??= new SealedFile(_spool.NewFile(), full.Length);
        foreach (var chunk in _full)
        {
            _file.Append(chunk);
            Return(_spool, chunk);
        }

        _full.Clear();
        _file.Append(full);
        _filled = 0;
        return full;
    }
}
