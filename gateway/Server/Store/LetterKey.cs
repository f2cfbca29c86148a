using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sekisho.Store;

/// <summary>The key that one letter's octets are sealed with, chunk by chunk (AES-256-GCM); destroying it destroys the letter.</summary>
/// <remarks>
/// The nonce is the chunk's number: never used twice, since the key is of one letter only. The number is authenticated, so chunks cannot change places;
/// the letter's size is authenticated with the wrapped key, so none can be cut off.
/// </remarks>
internal sealed class LetterKey : IDisposable
{
    /// <summary>Octets of the key.</summary>
    public const int Size = 32;

    /// <summary>Plain octets a chunk. Small enough that a chunk's array, sealed or not, stays out of the large object heap.</summary>
    public const int ChunkSize = 64 << 10;

    /// <summary>What sealing adds to a chunk: the tag.</summary>
    public const int Overhead = 16;

    private readonly byte[] _key;
    private readonly AesGcm _cipher;

    private LetterKey(byte[] key)
    {
        _key = key;
        _cipher = new AesGcm(key, Overhead);
    }

    /// <summary>The key's octets, to be wrapped by the master key.</summary>
    public ReadOnlySpan<byte> Octets => _key;

    /// <summary>A new random key.</summary>
    public static LetterKey Create() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>A key that was unwrapped. A cipher is not thread-safe: each reader makes its own.</summary>
    public static LetterKey From(ReadOnlySpan<byte> key) => new(key.ToArray());

    /// <summary>Chunks of a letter.</summary>
    public static int Chunks(long length, int chunkSize) => (int)((length + chunkSize - 1) / chunkSize);

    /// <summary>Plain octets in a chunk of a letter.</summary>
    public static int ChunkLength(long length, int chunkSize, int chunk) => (int)Math.Min(chunkSize, length - ((long)chunk * chunkSize));

    /// <summary>Seals a chunk; <paramref name="box"/> is <see cref="Overhead"/> longer than <paramref name="plain"/>.</summary>
    public void Seal(int chunk, ReadOnlySpan<byte> plain, Span<byte> box)
    {
        Span<byte> nonce = stackalloc byte[12];
        BinaryPrimitives.WriteInt32BigEndian(nonce[8..], chunk);
        _cipher.Encrypt(nonce, plain, box[..plain.Length], box[plain.Length..], nonce[8..]);
    }

    /// <summary>Opens a sealed chunk.</summary>
    /// <exception cref="AuthenticationTagMismatchException">The octets are not what was sealed.</exception>
    public void Open(int chunk, ReadOnlySpan<byte> box, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[12];
        BinaryPrimitives.WriteInt32BigEndian(nonce[8..], chunk);
        _cipher.Decrypt(nonce, box[..plain.Length], box[plain.Length..], plain, nonce[8..]);
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose()
    {
        _cipher.Dispose();
        CryptographicOperations.ZeroMemory(_key);
    }
}
