using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes ZIP archives for tests, plain or with the old ZipCrypto password encryption (APPNOTE section 6.1).</summary>
public static class ZipWriter
{
    /// <summary>A plain archive.</summary>
    public static byte[] Plain(params (string Name, byte[] Content)[] members)
    {
        using var output = new MemoryStream();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in members)
            {
                var entry = zip.CreateEntry(name);
                entry.LastWriteTime = Samples.Time;
                using var member = entry.Open();
                member.Write(content);
            }
        }

        return output.ToArray();
    }

    /// <summary>An archive of one stored member that asks for a password.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="content">Its octets.</param>
    /// <param name="password">Opens it.</param>
    /// <param name="passwords">What makes octets of the password; CP932 without it, as programs on a Japanese Windows do.</param>
    public static byte[] Encrypted(string name, byte[] content, string password, Encoding? passwords = null)
    {
        var crc = ZipCrypto.Crc(content);
        var keys = new ZipCrypto((passwords ?? Encoding.GetEncoding(932)).GetBytes(password));
        var sealedContent = new byte[content.Length + 12];
        sealedContent[11] = (byte)(crc >> 24);
        content.CopyTo(sealedContent, 12);
        for (var i = 0; i < sealedContent.Length; i++)
        {
            sealedContent[i] = keys.Encrypt(sealedContent[i]);
        }

        var nameOctets = Encoding.UTF8.GetBytes(name);
        using var output = new MemoryStream();
        void Fields(params object[] values)
        {
            Span<byte> four = stackalloc byte[4];
            foreach (var value in values)
            {
                switch (value)
                {
                    case ushort two:
                        BinaryPrimitives.WriteUInt16LittleEndian(four, two);
                        output.Write(four[..2]);
                        break;
                    case uint number:
                        BinaryPrimitives.WriteUInt32LittleEndian(four, number);
                        output.Write(four);
                        break;
                }
            }
        }

        const ushort Zero = 0;
        const ushort Flags = 0x0801; // encrypted, UTF-8 name
        Fields(0x04034B50u, (ushort)20, Flags, Zero, Zero, (ushort)0x21, crc, (uint)sealedContent.Length, (uint)content.Length, (ushort)nameOctets.Length, Zero);
        output.Write(nameOctets);
        output.Write(sealedContent);
        var directory = (uint)output.Length;
        Fields(0x02014B50u, (ushort)20, (ushort)20, Flags, Zero, Zero, (ushort)0x21, crc, (uint)sealedContent.Length, (uint)content.Length, (ushort)nameOctets.Length, Zero, Zero, Zero, Zero, 0u, 0u);
        output.Write(nameOctets);
        var size = (uint)output.Length - directory;
        Fields(0x06054B50u, Zero, Zero, (ushort)1, (ushort)1, size, directory, Zero);
        return output.ToArray();
    }

    /// <summary>The checksum that ZIP uses.</summary>
    public static uint Crc32(byte[] octets) => ZipCrypto.Crc(octets);

    private sealed class ZipCrypto
    {
        private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(n =>
        {
            var value = (uint)n;
            for (var i = 0; i < 8; i++)
            {
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            }

            return value;
        })];

        private uint key0 = 0x12345678;
        private uint key1 = 0x23456789;
        private uint key2 = 0x34567890;

        public ZipCrypto(byte[] password)
        {
            foreach (var b in password)
            {
                Update(b);
            }
        }

        public static uint Crc(byte[] content) => ~content.Aggregate(0xFFFFFFFFu, (crc, b) => Table[(crc ^ b) & 0xFF] ^ (crc >> 8));

        public byte Encrypt(byte plain)
        {
            var temp = (ushort)(key2 | 2);
            var result = (byte)(plain ^ ((temp * (temp ^ 1)) >> 8));
            Update(plain);
            return result;
        }

        private void Update(byte plain)
        {
            key0 = Table[(key0 ^ plain) & 0xFF] ^ (key0 >> 8);
            key1 = ((key1 + (key0 & 0xFF)) * 134775813) + 1;
            key2 = Table[(key2 ^ (key1 >> 24)) & 0xFF] ^ (key2 >> 8);
        }
    }
}
