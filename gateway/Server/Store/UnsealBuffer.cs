using System.Buffers;

namespace Sekisho.Store;

/// <summary>One letter's key with the two pooled buffers that reading it chunk by chunk takes.</summary>
internal sealed class UnsealBuffer(LetterKey key, int chunkSize) : IDisposable
{
    private readonly byte[] _plain = ArrayPool<byte>.Shared.Rent(chunkSize);
    private byte[]? _box;
    private int _disposed;

    /// <summary>Room for a sealed chunk, for readers that have none of their own.</summary>
    public byte[] Box => _box ??= ArrayPool<byte>.Shared.Rent(chunkSize + LetterKey.Overhead);

    /// <summary>Opens a sealed chunk; the result is good until the next call.</summary>
    /// <exception cref="System.Security.Cryptography.AuthenticationTagMismatchException">The octets are not what was sealed.</exception>
    public ReadOnlyMemory<byte> Open(int chunk, ReadOnlySpan<byte> box, int length)
    {
        key.Open(chunk, box, _plain.AsSpan(0, length));
        return _plain.AsMemory(0, length);
    }

    /// <summary>Forgets the key and gives the buffers back, emptied.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        key.Dispose();
        ArrayPool<byte>.Shared.Return(_plain, clearArray: true);
        if (_box is not null)
        {
            ArrayPool<byte>.Shared.Return(_box);
        }
    }
}
