using System.Security.Cryptography;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes 7z and RAR archives of one stored member under a password, with open or sealed names.</summary>
public static class SealedArchiveWriter
{
    private static readonly byte[] Salt = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];

    /// <summary>A 7z archive (AES-256, key of 2^10 rounds).</summary>
    public static byte[] SevenZip(string name, byte[] content, string password, bool areNamesSealed = false)
    {
        const int Rounds = 10;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0L; i < 1 << Rounds; i++)
        {
            hash.AppendData(Encoding.Unicode.GetBytes(password));
            hash.AppendData(BitConverter.GetBytes(i));
        }

        var key = hash.GetHashAndReset();
        byte[] Seal(byte[] plain) => Encrypt(key, Salt, plain);
        byte[] Streams(int at, byte[] plain, params byte[] more) =>
        [
            6, .. Seven(at), 1, 9, .. Seven((plain.Length + 15) & ~15), 0,
            7, 0x0B, 1, 0, 1, 0x24, 6, 0xF1, 7, 1, 18, 0x40 | Rounds, 0x0F, .. Salt, 0x0C, .. Seven(plain.Length), 0x0A, 1, .. Crc(plain), 0, .. more, 0,
        ];

        var names = Encoding.Unicode.GetBytes(name + "\0");
        byte[] header = [1, 4, .. Streams(0, content, 8, 0), 5, 1, 0x11, .. Seven(names.Length + 1), 0, .. names, 0, 0];
        byte[] packed = Seal(content);
        if (areNamesSealed)
        {
            var outer = (byte[])[0x17, .. Streams(packed.Length, header)];
            packed = [.. packed, .. Seal(header)];
            header = outer;
        }

        byte[] start = [.. BitConverter.GetBytes((long)packed.Length), .. BitConverter.GetBytes((long)header.Length), .. Crc(header)];
        return [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4, .. Crc(start), .. start, .. packed, .. header];
    }

    /// <summary>A RAR 5 archive (AES-256, PBKDF2 of 2^10 rounds).</summary>
    public static byte[] Rar5(string name, byte[] content, string password, bool areNamesSealed = false)
    {
        const int Rounds = 10;
        byte[] Derived(int more) => Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), Salt, (1 << Rounds) + more, HashAlgorithmName.SHA256, 32);
        var key = Derived(0);
        var check = new byte[8];
        var check32 = Derived(32);
        for (var i = 0; i < 32; i++)
        {
            check[i % 8] ^= check32[i];
        }

        check = [.. check, .. SHA256.HashData(check)[..4]];
        byte[] Header(byte[] fields)
        {
            byte[] sized = [.. ArchiveWriter.Number(fields.Length), .. fields];
            byte[] whole = [.. Crc(sized), .. sized];
            return areNamesSealed ? [.. Salt, .. Encrypt(key, Salt, whole)] : whole;
        }

        var packed = Encrypt(key, Salt, content);
        var nameOctets = Encoding.UTF8.GetBytes(name);
        // Encryption record: version 0, a check of the password is there.
        byte[] record = [1, 0, 1, Rounds, .. Salt, .. Salt, .. check];
        byte[] extra = [.. ArchiveWriter.Number(record.Length), .. record];
        byte[] file = [2, 3, .. ArchiveWriter.Number(extra.Length), .. ArchiveWriter.Number(packed.Length), 4, .. ArchiveWriter.Number(content.Length), 0, .. Crc(content), 0, 1, .. ArchiveWriter.Number(nameOctets.Length), .. nameOctets, .. extra];
        byte[] encryption = [4, 0, 0, 1, Rounds, .. Salt, .. check];
        byte[] sized = [.. ArchiveWriter.Number(encryption.Length), .. encryption];
        return
        [
            .. "Rar!\u001a\u0007\u0001\0"u8, .. areNamesSealed ? [.. Crc(sized), .. sized] : Array.Empty<byte>(),
            .. Header([1, 0, 0]), .. Header(file), .. packed, .. Header([5, 0, 0]),
        ];
    }

    /// <summary>A RAR 4 archive (AES-128, its own key derivation), or without a password.</summary>
    public static byte[] Rar4(string name, byte[] content, string? password = null)
    {
        var packed = password is null ? content : Encrypt4(content, password);
        var nameOctets = Encoding.ASCII.GetBytes(name);
        byte[] rest =
        [
            .. BitConverter.GetBytes(packed.Length), .. BitConverter.GetBytes(content.Length), 2, .. Crc(content), 0, 0, 0x76, 0x5D, 29, 0x30,
            .. BitConverter.GetBytes((ushort)nameOctets.Length), 0x20, 0, 0, 0, .. nameOctets, .. password is null ? [] : Salt[..8],
        ];
        return [.. "Rar!\u001a\u0007\0"u8, .. Header(0x73, 0, new byte[6]), .. Header(0x74, password is null ? 0x8000 : 0x8404, rest), .. packed, .. Header(0x7B, 0x4000, [])];

        static byte[] Header(byte type, int flags, byte[] rest)
        {
            byte[] body = [type, (byte)flags, (byte)(flags >> 8), .. BitConverter.GetBytes((ushort)(rest.Length + 7)), .. rest];
            return [.. Crc(body)[..2], .. body];
        }
    }

    private static byte[] Encrypt4(byte[] content, string password)
    {
        const int Rounds = 0x40000;
        byte[] seed = [.. Encoding.Unicode.GetBytes(password), .. Salt[..8]];
        var iv = new byte[16];
#pragma warning disable CA5350 // SHA-1 is what the format asks for
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        for (var i = 0; i < Rounds; i++)
        {
            hash.AppendData(seed);
            hash.AppendData([(byte)i, (byte)(i >> 8), (byte)(i >> 16)]);
            if (i % (Rounds / 16) == 0)
            {
                iv[i / (Rounds / 16)] = hash.GetCurrentHash()[19];
            }
        }

        var digest = hash.GetHashAndReset();
        var key = new byte[16];
        for (var i = 0; i < 16; i++)
        {
            key[i] = digest[(i & ~3) + 3 - (i & 3)];
        }

        return Encrypt(key, iv, content);
    }

    private static byte[] Encrypt(byte[] key, byte[] iv, byte[] plain)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        var padded = (byte[])[.. plain, .. new byte[-plain.Length & 15]];
        return aes.EncryptCbc(padded, iv, PaddingMode.None);
    }

    private static byte[] Crc(byte[] octets) => BitConverter.GetBytes(ZipWriter.Crc32(octets));

    /// <summary>7z's numbers, up to 2^28: the set bits at the top of the first octet count those that follow, lowest first.</summary>
    internal static byte[] Seven(int value) => value switch
    {
        < 0x80 => [(byte)value],
        < 0x4000 => [(byte)(0x80 | (value >> 8)), (byte)value],
        < 0x20_0000 => [(byte)(0xC0 | (value >> 16)), (byte)value, (byte)(value >> 8)],
        _ => [(byte)(0xE0 | (value >> 24)), (byte)value, (byte)(value >> 8), (byte)(value >> 16)],
    };
}
