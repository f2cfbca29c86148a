using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace Sekisho.Inspection.Formats;

/// <summary>An OOXML package behind a password: standard (MS-OFFCRYPTO section 2.3.4.5) and agile encryption (section 2.3.4.10).</summary>
internal static class OfficeEncryptionPackage
{
    /// <summary>Finds how the package is encrypted; null for extensible encryption and rights management, which no password opens.</summary>
    public static OfficeEncryption? Find(CompoundFile file)
    {
        if (file.Find("EncryptionInfo") is not { } entry || file.Find("EncryptedPackage") is null)
        {
            return null;
        }

        var info = file.Read(entry, 64 << 10);
        var major = BinaryPrimitives.ReadUInt16LittleEndian(info);
        var minor = BinaryPrimitives.ReadUInt16LittleEndian(info.AsSpan(2));
        return (major, minor) switch
        {
            (4, 4) => Agile.Read(info.AsSpan(8)),
            ( >= 2 and <= 4, 2) => Standard.Read(info),
            _ => null,
        };
    }

    private static (byte[] Package, int Length) Package(byte[] image)
    {
        var file = CompoundFile.Open(new MemoryStream(image, writable: false));
        var package = file.Read(file.Find("EncryptedPackage") ?? throw new InvalidDataException("The package is missing."), OfficeEncryption.MaxLength);
        var declared = BinaryPrimitives.ReadUInt64LittleEndian(package);
        return (package[8..], (int)Math.Min(declared, (ulong)(package.Length - 8)));
    }

    private static byte[] Spin(HashAlgorithmName algorithm, ReadOnlySpan<byte> salt, string password, int count)
    {
        byte[] first = [.. salt, .. Encoding.Unicode.GetBytes(password)];
        var hash = CryptographicOperations.HashData(algorithm, first);
        if (algorithm == HashAlgorithmName.SHA512)
        {
            Sha512Spin.Run(hash, count);
            return hash;
        }

        var input = new byte[4 + hash.Length];
        hash.CopyTo(input, 4);
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(input, i);
            CryptographicOperations.HashData(algorithm, input, input.AsSpan(4));
        }

        return input[4..];
    }

    private sealed class Standard(int keyLength, byte[] salt, byte[] verifier, byte[] verifierHash) : OfficeEncryption
    {
        private byte[] key = [];

        public override bool IsSlow => true;

        public static Standard? Read(byte[] info)
        {
            var size = BinaryPrimitives.ReadInt32LittleEndian(info.AsSpan(8));
            var algorithm = BinaryPrimitives.ReadUInt32LittleEndian(info.AsSpan(12 + 8));
            var bits = algorithm switch { 0x660E => 128, 0x660F => 192, 0x6610 => 256, _ => 0 };
            var at = info.AsSpan(checked(12 + size));
            return bits == 0 ? null : new Standard(bits / 8, at.Slice(4, 16).ToArray(), at.Slice(20, 16).ToArray(), at.Slice(40, 32).ToArray());
        }

        protected override bool Matches(string password)
        {
            var hash = SHA1.HashData([.. Spin(HashAlgorithmName.SHA1, salt, password, 50_000), 0, 0, 0, 0]);
            byte[] Derive(byte fill)
            {
                var block = new byte[64];
                block.AsSpan().Fill(fill);
                for (var i = 0; i < hash.Length; i++)
                {
                    block[i] ^= hash[i];
                }

                return SHA1.HashData(block);
            }

            key = ((byte[])[.. Derive(0x36), .. Derive(0x5C)])[..keyLength];
            using var aes = Aes.Create();
            aes.Key = key;
            return SHA1.HashData(aes.DecryptEcb(verifier, PaddingMode.None)).AsSpan().SequenceEqual(aes.DecryptEcb(verifierHash, PaddingMode.None).AsSpan(0, 20));
        }

        protected override byte[] Open(byte[] image, ReadBudget budget)
        {
            var (package, length) = Package(image);
            using var aes = Aes.Create();
            aes.Key = key;
            aes.DecryptEcb(package.AsSpan(0, package.Length & ~15), package, PaddingMode.None);
            return package[..length];
        }
    }

    /// <summary>One of the two sets of parameters in an agile description: for the data, and for the key.</summary>
    private sealed record AgileKey(string Cipher, string Chaining, HashAlgorithmName Hash, int KeyLength, int BlockLength, byte[] Salt)
    {
        public static AgileKey? Read(XElement element)
        {
            string Text(string name) => (string?)element.Attribute(name) ?? "";
            int Number(string name) => int.Parse(Text(name), System.Globalization.CultureInfo.InvariantCulture);
            var hash = Text("hashAlgorithm") switch
            {
                "SHA1" or "SHA-1" => HashAlgorithmName.SHA1,
                "SHA256" or "SHA-256" => HashAlgorithmName.SHA256,
                "SHA384" or "SHA-384" => HashAlgorithmName.SHA384,
                "SHA512" or "SHA-512" => HashAlgorithmName.SHA512,
                "MD5" => HashAlgorithmName.MD5,
                _ => default,
            };
            var (bits, block) = (Number("keyBits"), Number("blockSize"));
            return hash == default || bits is < 8 or > 512 || block is < 2 or > 4096 ? null
                : new AgileKey(Text("cipherAlgorithm"), Text("cipherChaining"), hash, bits / 8, block, Convert.FromBase64String(Text("saltValue")));
        }

        /// <summary>Cuts, or lengthens with 0x36 (MS-OFFCRYPTO section 2.3.4.11).</summary>
        public static byte[] Fit(byte[] octets, int length)
        {
            var fitted = new byte[length];
            fitted.AsSpan().Fill(0x36);
            octets.AsSpan(0, Math.Min(length, octets.Length)).CopyTo(fitted);
            return fitted;
        }

        public byte[] Decrypt(byte[] octets, byte[] key, byte[] vector)
        {
            if (Cipher == "AES" && Chaining != "ChainingModeCFB")
            {
                using var aes = Aes.Create();
                aes.Key = key;
                return aes.DecryptCbc(octets.AsSpan(0, octets.Length & ~15), Fit(vector, 16), PaddingMode.None);
            }

            // Old ciphers that a system's own library may refuse.
            (IBlockCipher engine, ICipherParameters parameters) = Cipher switch
            {
                "AES" => (new AesEngine(), new KeyParameter(key)),
                "DES" => (new DesEngine(), new KeyParameter(Fit(key, 8))),
                "DESede" or "3DES" => (new DesEdeEngine(), new KeyParameter(Fit(key, 24))),
                "3DES_112" => (new DesEdeEngine(), new KeyParameter(Fit(key, 16))),
                "RC2" => ((IBlockCipher)new RC2Engine(), (ICipherParameters)new RC2Parameters(key, key.Length * 8)),
                _ => throw new InvalidDataException("The cipher is not known."),
            };
            var size = engine.GetBlockSize();
            IBlockCipherMode mode = Chaining == "ChainingModeCFB" ? new CfbBlockCipher(engine, 8) : new CbcBlockCipher(engine);
            mode.Init(false, new ParametersWithIV(parameters, Fit(vector, size)));
            var step = mode.GetBlockSize();
            var output = new byte[octets.Length / step * step];
            for (var at = 0; at + step <= octets.Length; at += step)
            {
                mode.ProcessBlock(octets, at, output, at);
            }

            return output;
        }
    }

    private sealed class Agile(AgileKey data, AgileKey wrapping, int spins, byte[] input, byte[] value, byte[] wrapped) : OfficeEncryption
    {
        private const int Segment = 4096;
        private byte[] key = [];

        public override bool IsSlow => true;

        public static Agile? Read(ReadOnlySpan<byte> xml)
        {
            using var reader = XmlReader.Create(new MemoryStream(xml.ToArray()), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var root = XDocument.Load(reader).Root!;
            XNamespace main = "http://schemas.microsoft.com/office/2006/encryption";
            XNamespace password = "http://schemas.microsoft.com/office/2006/keyEncryptor/password";
            if (root.Element(main + "keyData") is not { } data || root.Descendants(password + "encryptedKey").FirstOrDefault() is not { } wrapping
                || AgileKey.Read(data) is not { } first || AgileKey.Read(wrapping) is not { } second)
            {
                return null;
            }

            byte[] Octets(string name) => Convert.FromBase64String((string?)wrapping.Attribute(name) ?? "");
            var spins = int.Parse((string?)wrapping.Attribute("spinCount") ?? "0", System.Globalization.CultureInfo.InvariantCulture);

            // The specification allows ten million; nobody waits that long for one guess.
            return spins is < 0 or > 2_000_000 ? null
                : new Agile(first, second, spins, Octets("encryptedVerifierHashInput"), Octets("encryptedVerifierHashValue"), Octets("encryptedKeyValue"));
        }

        protected override bool Matches(string password)
        {
            var spun = Spin(wrapping.Hash, wrapping.Salt, password, spins);
            byte[] Unwrap(byte[] octets, ReadOnlySpan<byte> purpose)
            {
                var derived = CryptographicOperations.HashData(wrapping.Hash, [.. spun, .. purpose]);
                return wrapping.Decrypt(octets, AgileKey.Fit(derived, wrapping.KeyLength), wrapping.Salt);
            }

            var plain = Unwrap(input, [0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79]);
            var expected = Unwrap(value, [0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E]);
            var hash = CryptographicOperations.HashData(wrapping.Hash, plain.AsSpan(0, Math.Min(plain.Length, wrapping.Salt.Length)));
            if (expected.Length < hash.Length || !expected.AsSpan(0, hash.Length).SequenceEqual(hash))
            {
                return false;
            }

            key = AgileKey.Fit(Unwrap(wrapped, [0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6]), data.KeyLength);
            return true;
        }

        protected override byte[] Open(byte[] image, ReadBudget budget)
        {
            var (package, length) = Package(image);
            var output = new byte[package.Length];
            Span<byte> salted = stackalloc byte[data.Salt.Length + 4];
            data.Salt.CopyTo(salted);
            for (var at = 0; at < package.Length; at += Segment)
            {
                budget.Unpack(0);
                BinaryPrimitives.WriteInt32LittleEndian(salted[data.Salt.Length..], at / Segment);
                var vector = CryptographicOperations.HashData(data.Hash, salted);
                data.Decrypt(package[at..Math.Min(at + Segment, package.Length)], key, AgileKey.Fit(vector, data.BlockLength)).CopyTo(output, at);
            }

            return output[..length];
        }
    }
}
