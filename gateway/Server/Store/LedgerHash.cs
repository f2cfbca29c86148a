using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sekisho.Store;

/// <summary>Turns addresses into the ledger's keyed hashes: who has only the database cannot tell whose they are, nor try addresses out.</summary>
/// <param name="key">The ledger's key.</param>
internal sealed class LedgerHash(byte[] key)
{
    /// <summary>The bits for the inside address.</summary>
    public const long Within = 0xFFFFF;

    /// <summary>The ledger's key, of the store's audit key: it outlives every change of the master key.</summary>
    public static LedgerHash From(byte[] auditKey) => new(HKDF.DeriveKey(HashAlgorithmName.SHA256, auditKey, 32, info: "sekisho correspondence ledger"u8.ToArray()));

    /// <summary>The row of an outside address, and the first of all its rows; the last is <see cref="Within"/> behind it.</summary>
    public long Address(string address) => Hash(address) & ~Within;

    /// <summary>The row of a domain.</summary>
    public long Domain(string domain) => Hash("@" + domain) & ~Within;

    /// <summary>The row of an outside and an inside address.</summary>
    /// <param name="address">The outside address's row.</param>
    /// <param name="outside">The outside address.</param>
    /// <param name="inside">The inside address.</param>
    public long Pair(long address, string outside, string inside) => address | Math.Max(1, Hash($"{outside}\n{inside}") & Within);

    /// <summary>What stands for a signing domain; 0 for none.</summary>
    public uint Signer(string domain) => domain.Length == 0 ? 0 : (uint)Math.Max(1, Hash("signer " + domain) & uint.MaxValue);

    private long Hash(string text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> octets = most <= 1024 ? stackalloc byte[1024] : new byte[most];
        HMACSHA256.HashData(key, octets[..Encoding.UTF8.GetBytes(text, octets)], hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
