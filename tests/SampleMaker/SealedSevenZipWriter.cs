using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes 7z archives of one member with a password for tests: stored, AES-256 around it (7z format, coder 06F10701).</summary>
public static class SealedSevenZipWriter
{
    private const int Rounds = 10;

    private static readonly byte[] Vector = [.. Enumerable.Range(65, 16).Select(i => (byte)i)];

    /// <summary>An archive.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="content">Its octets.</param>
    /// <param name="password">Opens it.</param>
    /// <param name="hidesNames">Encrypts the list of names, too.</param>
    public static byte[] Encrypted(string name, byte[] content, string password, bool hidesNames)
    {
        var key = Key(password);
        var packed = RarWriter.Encrypt(content, key, Vector);
        byte[] names = [.. Encoding.Unicode.GetBytes(name), 0, 0];
        byte[] header = [1, 4, .. Streams(0, packed.Length, content, isList: false), 5, 1, 0x11, .. Number(names.Length + 1), 0, .. names, 0, 0];
        if (hidesNames)
        {
            var inner = RarWriter.Encrypt(header, key, Vector);
            header = [0x17, .. Streams(packed.Length, inner.Length, header, isList: true)];
            packed = [.. packed, .. inner];
        }

        var start = new byte[20];
        BinaryPrimitives.WriteInt64LittleEndian(start, packed.Length);
        BinaryPrimitives.WriteInt64LittleEndian(start.AsSpan(8), header.Length);
        RarWriter.Crc(header).CopyTo(start, 16);
        return [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C, 0, 4, .. RarWriter.Crc(start), .. start, .. packed, .. header];
    }

    /// <summary>One packed stream, one folder of one coder, and what comes out of it; the checksum stands with the folder for the list of names, with the member else.</summary>
    private static byte[] Streams(int at, int packed, byte[] content, bool isList) =>
    [
        6, .. Number(at), 1, 9, .. Number(packed), 0,
        7, 0x0B, 1, 0, 1, 0x24, 6, 0xF1, 7, 1, 18, Rounds | 0x40, 0x0F, .. Vector, 0x0C, .. Number(content.Length),
        .. (ReadOnlySpan<byte>)(isList ? [] : [0, 8]), 0x0A, 1, .. RarWriter.Crc(content), 0,
        0,
    ];

    /// <summary>7z's numbers: the first octet's leading ones tell how many follow.</summary>
    private static byte[] Number(int value) =>
        value < 0x80 ? [(byte)value]
        : value < 0x4000 ? [(byte)(0x80 | (value >> 8)), (byte)value]
        : value < 0x200000 ? [(byte)(0xC0 | (value >> 16)), (byte)value, (byte)(value >> 8)]
        : [0xF0, .. OldArchiveWriter.Four(value)];

    private static byte[] Key(string password)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var counter = new byte[8];
        for (var i = 0; i < 1 << Rounds; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(counter, i);
            hash.AppendData(Encoding.Unicode.GetBytes(password));
            hash.AppendData(counter);
        }

        return hash.GetHashAndReset();
    }
}
