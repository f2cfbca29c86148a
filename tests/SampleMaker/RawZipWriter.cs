using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using SharpCompress.Common;

namespace Sekisho.SampleMaker;

/// <summary>A member as it stands in a ZIP, so that header and directory may lie.</summary>
/// <param name="Name">Its name in the directory.</param>
/// <param name="Method">How it is packed (APPNOTE section 4.4.5).</param>
/// <param name="Packed">Its packed octets.</param>
/// <param name="Length">Its length unpacked.</param>
/// <param name="Crc">The CRC-32 of what it unpacks to.</param>
public sealed record RawZipMember(string Name, int Method, byte[] Packed, int Length, uint Crc)
{
    /// <summary>General purpose flags (APPNOTE section 4.4.4).</summary>
    public int Flags { get; init; } = 0x800;

    /// <summary>The name in its own header.</summary>
    public string LocalName { get; init; } = Name;

    /// <summary>False for a member that the directory does not name.</summary>
    public bool IsListed { get; init; } = true;

    /// <summary>Extra fields.</summary>
    public byte[] Extra { get; init; } = [];
}

/// <summary>Writes ZIP archives field by field: every old method, lying headers, AES passwords.</summary>
public static class RawZipWriter
{
    /// <summary>The archive of these members.</summary>
    public static byte[] Archive(params RawZipMember[] members)
    {
        using var output = new MemoryStream();
        using var directory = new MemoryStream();
        foreach (var m in members)
        {
            var (name, local, at) = (Encoding.UTF8.GetBytes(m.Name), Encoding.UTF8.GetBytes(m.LocalName), (int)output.Length);
            byte[] common = [.. Two(63), .. Two(m.Flags), .. Two(m.Method), 0, 0, 0x76, 0x5D, .. Four((int)m.Crc), .. Four(m.Packed.Length), .. Four(m.Length)];
            output.Write([.. "PK\u0003\u0004"u8, .. common, .. Two(local.Length), .. Two(m.Extra.Length), .. local, .. m.Extra, .. m.Packed]);
            if (m.IsListed)
            {
                directory.Write([.. "PK\u0001\u0002"u8, .. Two(63), .. common, .. Two(name.Length), .. Two(m.Extra.Length), .. new byte[10], .. Four(at), .. name, .. m.Extra]);
            }
        }

        var count = members.Count(m => m.IsListed);
        return [.. output.ToArray(), .. directory.ToArray(), .. "PK\u0005\u0006"u8, 0, 0, 0, 0, .. Two(count), .. Two(count), .. Four((int)directory.Length), .. Four((int)output.Length), 0, 0];
    }

    /// <summary>A member that is not packed.</summary>
    public static RawZipMember Stored(string name, byte[] content) => new(name, 0, content, content.Length, ZipWriter.Crc32(content));

    /// <summary>A member packed by a method that nobody writes any more, or by Deflate64.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its octets; text without long repetitions.</param>
    /// <param name="method">1 shrunk, 2 to 5 reduced, 6 imploded, 9 Deflate64.</param>
    public static RawZipMember Old(string name, byte[] content, int method)
    {
        var bits = new List<bool>();
        void Add(int value, int count)
        {
            for (var i = 0; i < count; i++)
            {
                bits.Add(((value >> i) & 1) != 0);
            }
        }

        switch (method)
        {
            case 1: // Codes of nine bits, each a letter.
                foreach (var b in content)
                {
                    Add(b, 9);
                }

                break;
            case >= 2 and <= 5: // No followers of any letter, then letters; 0x90 is followed by a zero.
                Add(0, 6 * 256);
                foreach (var b in content)
                {
                    Add(b, 8);
                    Add(0, b == 0x90 ? 8 : 0);
                }

                break;
            case 6: // Two trees of 64 codes of six bits each, then letters behind a set bit.
                foreach (var octet in new byte[] { 3, 0xF5, 0xF5, 0xF5, 0xF5, 3, 0xF5, 0xF5, 0xF5, 0xF5 })
                {
                    Add(octet, 8);
                }

                foreach (var b in content)
                {
                    Add(1, 1);
                    Add(b, 8);
                }

                break;
            default: // Without its longest matches, Deflate is Deflate64.
                using (var output = new MemoryStream())
                {
                    using (var deflate = new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true))
                    {
                        deflate.Write(content);
                    }

                    return new RawZipMember(name, method, output.ToArray(), content.Length, ZipWriter.Crc32(content));
                }
        }

        var packed = new byte[(bits.Count + 7) / 8];
        for (var i = 0; i < bits.Count; i++)
        {
            packed[i / 8] |= (byte)(bits[i] ? 1 << (i % 8) : 0);
        }

        return new RawZipMember(name, method, packed, content.Length, ZipWriter.Crc32(content));
    }

    /// <summary>An archive of one member, packed by a newer method.</summary>
    public static byte[] Modern(string name, byte[] content, CompressionType method)
    {
        using var output = new MemoryStream();
        using (var writer = new SharpCompress.Writers.Zip.ZipWriter(output, new SharpCompress.Writers.Zip.ZipWriterOptions(method) { LeaveStreamOpen = true }))
        {
            writer.Write(name, new MemoryStream(content), new SharpCompress.Writers.Zip.ZipWriterEntryOptions { ModificationDateTime = Samples.Time.UtcDateTime });
        }

        return output.ToArray();
    }

    /// <summary>A stored member under an AES-256 password as WinZip defined it (AE-2).</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its octets.</param>
    /// <param name="password">Opens it.</param>
    /// <param name="passwords">What makes octets of the password; UTF-8 without it.</param>
    /// <param name="method">0, or 8 where <paramref name="content"/> is a Deflate stream already.</param>
    public static RawZipMember Aes(string name, byte[] content, string password, Encoding? passwords = null, int method = 0)
    {
        byte[] salt = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
#pragma warning disable CA5379 // SHA-1 and a thousand rounds are what the format asks for
        var keys = Rfc2898DeriveBytes.Pbkdf2((passwords ?? Encoding.UTF8).GetBytes(password), salt, 1000, HashAlgorithmName.SHA1, 66);
#pragma warning restore CA5379
        using var aes = System.Security.Cryptography.Aes.Create();
        aes.Key = keys[..32];
        var packed = content.ToArray();
        for (var at = 0; at < packed.Length; at += 16)
        {
            var counter = new byte[16];
            BitConverter.GetBytes((at / 16) + 1).CopyTo(counter, 0);
            var mask = aes.EncryptEcb(counter, PaddingMode.None);
            for (var i = at; i < Math.Min(at + 16, packed.Length); i++)
            {
                packed[i] ^= mask[i - at];
            }
        }

#pragma warning disable CA5350 // so is HMAC-SHA-1
        var seal = HMACSHA1.HashData(keys.AsSpan(32, 32), packed)[..10];
#pragma warning restore CA5350
        return new RawZipMember(name, 99, [.. salt, .. keys[64..], .. packed, .. seal], content.Length, 0)
        {
            Flags = 0x801,
            Extra = [0x01, 0x99, 7, 0, 2, 0, .. "AE"u8, 3, (byte)method, 0],
        };
    }

    private static byte[] Two(int value) => OldArchiveWriter.Two(value);

    private static byte[] Four(int value) => OldArchiveWriter.Four(value);
}
