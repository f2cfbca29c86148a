using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes RAR archives of one stored member for tests, with a password: RAR 5 (AES-256, PBKDF2) and RAR 4 (AES-128).</summary>
public static class RarWriter
{
    private const int Rounds5 = 10;

    private static readonly byte[] Salt = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];

    private static readonly byte[] Vector = [.. Enumerable.Range(33, 16).Select(i => (byte)i)];

    /// <summary>RAR 5.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="content">Its octets.</param>
    /// <param name="password">Opens it.</param>
    /// <param name="hidesNames">Encrypts the headers, too.</param>
    public static byte[] Encrypted5(string name, byte[] content, string password, bool hidesNames)
    {
        var key = Key5(password, 0);
        var packed = Encrypt(content, key, Vector);
        var text = Encoding.UTF8.GetBytes(name);

        // Kind 1 of the extra area: version 0, with a check of the password.
        byte[] record = [1, 0, 1, Rounds5, .. Salt, .. Vector, .. Check(password)];
        byte[] extra = [.. Number(record.Length), .. record];
        byte[] file = [2, 3, .. Number(extra.Length), .. Number(packed.Length), 4, .. Number(content.Length), 0, .. Crc(content), 0, 1, .. Number(text.Length), .. text, .. extra];
        byte[] Sealed(byte[] header) => hidesNames ? [.. Vector, .. Encrypt(header, key, Vector)] : header;
        byte[] encryption = hidesNames ? Header([4, 0, 0, 1, Rounds5, .. Salt, .. Check(password)]) : [];
        return [.. "Rar!\u001a\u0007\u0001\0"u8, .. encryption, .. Sealed(Header([1, 0, 0])), .. Sealed(Header(file)), .. packed, .. Sealed(Header([5, 0, 0]))];
    }

    /// <summary>RAR 4.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="content">Its octets.</param>
    /// <param name="password">Opens it.</param>
    /// <param name="hidesNames">Encrypts the headers, too.</param>
    public static byte[] Encrypted4(string name, byte[] content, string password, bool hidesNames)
    {
        var (key, vector) = Key4(password);
        var packed = Encrypt(content, key, vector);
        byte[] Sealed(byte[] block) => hidesNames ? [.. Salt[..8], .. Encrypt(block, key, vector)] : block;
        return
        [
            .. "Rar!\u001a\u0007\0"u8, .. Block4(0x73, hidesNames ? 0x80 : 0, new byte[6]), .. Sealed(File4(name, packed, content.Length, content, 0x404, Salt[..8])), .. packed, .. Sealed(Block4(0x7B, 0x4000, [])),
        ];
    }

    internal static byte[] Header(byte[] fields)
    {
        byte[] sized = [.. Number(fields.Length), .. fields];
        return [.. Crc(sized), .. sized];
    }

    internal static byte[] Block4(byte kind, int flags, byte[] fields)
    {
        byte[] rest = [kind, .. OldArchiveWriter.Two(flags), .. OldArchiveWriter.Two(7 + fields.Length), .. fields];
        return [.. Crc(rest)[..2], .. rest];
    }

    internal static byte[] File4(string name, byte[] packed, int length, byte[] summed, int flags, byte[]? salt = null)
    {
        var text = Encoding.ASCII.GetBytes(name);
        return Block4(0x74, 0x8000 | flags, [.. OldArchiveWriter.Four(packed.Length), .. OldArchiveWriter.Four(length), 3, .. Crc(summed), 0, 0, 0x21, 0x5A, 29, 0x30, .. OldArchiveWriter.Two(text.Length), 0xA4, 0x81, 0, 0, .. text, .. salt ?? []]);
    }

    /// <summary>RAR 5's numbers: seven bits an octet, lowest first.</summary>
    internal static byte[] Number(int value)
    {
        var octets = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            octets.Add((byte)(value | 0x80));
        }

        return [.. octets, (byte)value];
    }

    internal static byte[] Crc(byte[] octets)
    {
        var crc = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(crc, ZipWriter.Crc32(octets));
        return crc;
    }

    internal static byte[] Encrypt(byte[] content, byte[] key, byte[] vector)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        var padded = new byte[(content.Length + 15) & ~15];
        content.CopyTo(padded, 0);
        return aes.EncryptCbc(padded, vector, PaddingMode.None);
    }

    private static byte[] Key5(string password, int more) => Rfc2898DeriveBytes.Pbkdf2(password, Salt, (1 << Rounds5) + more, HashAlgorithmName.SHA256, 32);

    private static byte[] Check(string password)
    {
        var check = new byte[8];
        var value = Key5(password, 32);
        for (var i = 0; i < value.Length; i++)
        {
            check[i & 7] ^= value[i];
        }

        return [.. check, .. SHA256.HashData(check)[..4]];
    }

    private static (byte[] Key, byte[] Vector) Key4(string password)
    {
        const int Rounds = 0x40000;
        byte[] seed = [.. Encoding.Unicode.GetBytes(password), .. Salt[..8]];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        var vector = new byte[16];
        for (var i = 0; i < Rounds; i++)
        {
            hash.AppendData(seed);
            hash.AppendData([(byte)i, (byte)(i >> 8), (byte)(i >> 16)]);
            if (i % (Rounds / 16) == 0)
            {
                vector[i / (Rounds / 16)] = hash.GetCurrentHash()[19];
            }
        }

        // The digest's words, each with its octets the other way round.
        var digest = hash.GetCurrentHash();
        return ([.. Enumerable.Range(0, 16).Select(i => digest[i ^ 3])], vector);
    }
}
