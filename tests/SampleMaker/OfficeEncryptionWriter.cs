using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>The ways in which Office of 97 to 2003 hides a document behind a password (MS-OFFCRYPTO sections 2.3.5 to 2.3.7).</summary>
public enum OldEncryption
{
    /// <summary>RC4 with a key of 40 bits.</summary>
    Rc4,

    /// <summary>RC4 CryptoAPI with a key of 128 bits.</summary>
    CryptoApi,

    /// <summary>RC4 CryptoAPI with a key of 40 bits.</summary>
    CryptoApi40,

    /// <summary>XOR obfuscation.</summary>
    Xor,
}

/// <summary>Encrypts Office documents for tests (MS-OFFCRYPTO), with fixed salts so that the same sample comes out each time.</summary>
public static class OfficeEncryptionWriter
{
    private static readonly byte[] Salt = [.. Enumerable.Range(1, 16).Select(i => (byte)(i * 11))];
    private static readonly byte[] Verifier = [.. Enumerable.Range(1, 16).Select(i => (byte)(i * 7))];

    /// <summary>An OOXML package by agile encryption (section 2.3.4.10), 1,000 rounds.</summary>
    /// <param name="package">The package.</param>
    /// <param name="password">Its password.</param>
    /// <param name="bits">Of the AES key: 128 (with SHA-1) or 256 (with SHA-512).</param>
    public static byte[] Agile(byte[] package, string password, int bits)
    {
        var hash = bits == 128 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA512;
        var key = SHA512.HashData(Salt)[..(bits / 8)];
        var spun = Spin(hash, password, 1000);
        byte[] Wrap(byte[] octets, params byte[] purpose) => Cbc(Fit(CryptographicOperations.HashData(hash, [.. spun, .. purpose]), bits / 8), Salt, octets);
        using var sealedPackage = new MemoryStream();
        sealedPackage.Write(BitConverter.GetBytes((long)package.Length));
        for (var at = 0; at < package.Length; at += 4096)
        {
            var vector = Fit(CryptographicOperations.HashData(hash, [.. Salt, .. BitConverter.GetBytes(at / 4096)]), 16);
            sealedPackage.Write(Cbc(key, vector, package[at..Math.Min(at + 4096, package.Length)]));
        }

        var parameters = $"saltSize=\"16\" blockSize=\"16\" keyBits=\"{bits}\" hashSize=\"{(bits == 128 ? 20 : 64)}\" cipherAlgorithm=\"AES\" cipherChaining=\"ChainingModeCBC\" hashAlgorithm=\"{hash.Name}\" saltValue=\"{Convert.ToBase64String(Salt)}\"";
        var info = "<encryption xmlns=\"http://schemas.microsoft.com/office/2006/encryption\" xmlns:p=\"http://schemas.microsoft.com/office/2006/keyEncryptor/password\">"
            + $"<keyData {parameters}/><keyEncryptors><keyEncryptor uri=\"http://schemas.microsoft.com/office/2006/keyEncryptor/password\"><p:encryptedKey spinCount=\"1000\" {parameters} "
            + $"encryptedVerifierHashInput=\"{Convert.ToBase64String(Wrap(Verifier, 0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79))}\" "
            + $"encryptedVerifierHashValue=\"{Convert.ToBase64String(Wrap(CryptographicOperations.HashData(hash, Verifier), 0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E))}\" "
            + $"encryptedKeyValue=\"{Convert.ToBase64String(Wrap(key, 0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6))}\"/></keyEncryptor></keyEncryptors></encryption>";
        return new CompoundFileWriter().Add("EncryptionInfo", [4, 0, 4, 0, 0x40, 0, 0, 0, .. Encoding.UTF8.GetBytes(info)]).Add("EncryptedPackage", sealedPackage.ToArray()).ToArray();
    }

    /// <summary>An OOXML package by standard encryption with AES of 128 bits (section 2.3.4.5).</summary>
    public static byte[] Standard(byte[] package, string password)
    {
        var hash = SHA1.HashData([.. Spin(HashAlgorithmName.SHA1, password, 50_000), 0, 0, 0, 0]);
        var block = new byte[64];
        Array.Fill(block, (byte)0x36);
        for (var i = 0; i < hash.Length; i++)
        {
            block[i] ^= hash[i];
        }

        using var aes = Aes.Create();
        aes.Key = SHA1.HashData(block)[..16];
        byte[] Ecb(byte[] octets) => aes.EncryptEcb(Padded(octets), PaddingMode.None);
        byte[] provider = [.. Encoding.Unicode.GetBytes("Microsoft Enhanced RSA and AES Cryptographic Provider\0")];
        byte[] header = [.. Numbers(0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0), .. provider];
        byte[] info = [3, 0, 2, 0, .. Numbers(0x24, header.Length), .. header, .. Numbers(16), .. Salt, .. Ecb(Verifier), .. Numbers(20), .. Ecb(SHA1.HashData(Verifier))];
        return new CompoundFileWriter().Add("EncryptionInfo", info).Add("EncryptedPackage", [.. BitConverter.GetBytes((long)package.Length), .. Ecb(package)]).ToArray();
    }

    /// <summary>A workbook stream of Excel 97 to 2003: a FilePass record comes behind the first one, and the sheets move (MS-XLS section 2.2.10).</summary>
    /// <param name="stream">The workbook stream in the clear.</param>
    /// <param name="password">Its password.</param>
    /// <param name="method">How it is hidden.</param>
    public static byte[] Workbook(byte[] stream, string password, OldEncryption method)
    {
        var (header, cipher) = Rc4Header(password, method);
        var xor = new XorKey(password, 2);
        byte[] pass = method == OldEncryption.Xor ? [0, 0, (byte)xor.Key, (byte)(xor.Key >> 8), (byte)xor.Verifier, (byte)(xor.Verifier >> 8)] : [1, 0, .. header];
        var first = 4 + BinaryPrimitives.ReadUInt16LittleEndian(stream.AsSpan(2));
        byte[] book = [.. stream[..first], 0x2F, 0, (byte)pass.Length, (byte)(pass.Length >> 8), .. pass, .. stream[first..]];
        for (var at = 0; at + 4 <= book.Length;)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(book.AsSpan(at));
            var length = BinaryPrimitives.ReadUInt16LittleEndian(book.AsSpan(at + 2));
            at += 4;
            if (id == 0x0085)
            {
                BinaryPrimitives.WriteInt32LittleEndian(book.AsSpan(at), BinaryPrimitives.ReadInt32LittleEndian(book.AsSpan(at)) + 4 + pass.Length);
            }

            for (var i = id is 0x0809 or 0x002F ? length : id == 0x0085 ? 4 : 0; i < length; i++)
            {
                if (method == OldEncryption.Xor)
                {
                    var value = book[at + i] ^ xor.Pattern[(at + i + length) & 15];
                    book[at + i] = (byte)((value << 5) | (value >> 3));
                }
                else
                {
                    book[at + i] ^= Mask(cipher, (at + i) / 1024, 1024)[(at + i) % 1024];
                }
            }

            at += length;
        }

        return book;
    }

    /// <summary>A Word document of 97 to 2003 (MS-DOC section 2.2.6) whose macros stand in the clear, as in all of them.</summary>
    /// <param name="source">The macro's text.</param>
    /// <param name="text">What stands in the WordDocument stream behind its first 68 octets.</param>
    /// <param name="password">Its password.</param>
    /// <param name="method">How it is hidden.</param>
    public static byte[] Document(string source, string text, string password, OldEncryption method)
    {
        var (header, cipher) = Rc4Header(password, method);
        var xor = new XorKey(password, 7);
        byte[] document = [0xEC, 0xA5, 0xC1, 0, .. new byte[7], (byte)(method == OldEncryption.Xor ? 0x83 : 0x03), 0, 0, .. new byte[54], .. Encoding.Latin1.GetBytes(text.PadRight(5000))];
        BinaryPrimitives.WriteInt32LittleEndian(document.AsSpan(14), method == OldEncryption.Xor ? (xor.Key << 16) | xor.Verifier : header.Length);
        byte[] table = [.. method == OldEncryption.Xor ? [] : header, .. Encoding.Latin1.GetBytes("table".PadRight(200))];
        void Hide(byte[] octets, int from)
        {
            for (var i = from; i < octets.Length; i++)
            {
                var mask = method == OldEncryption.Xor ? xor.Pattern[i & 15] : Mask(cipher, i / 512, 512)[i % 512];
                octets[i] = method == OldEncryption.Xor && (octets[i] == 0 || octets[i] == mask) ? octets[i] : (byte)(octets[i] ^ mask);
            }
        }

        Hide(document, 68);
        Hide(table, method == OldEncryption.Xor ? 0 : header.Length);
        var file = new CompoundFileWriter().Add("WordDocument", document).Add("1Table", table);
        new VbaProjectWriter().Add("ThisDocument", source).AddTo(file, "Macros");
        return file.ToArray();
    }

    /// <summary>The head of an RC4 encryption, and the key of each block.</summary>
    private static (byte[] Header, Func<int, byte[]> Key) Rc4Header(string password, OldEncryption method)
    {
        var text = Encoding.Unicode.GetBytes(password);
        if (method is OldEncryption.Rc4 or OldEncryption.Xor)
        {
            var hash = MD5.HashData(text)[..5];
            hash = MD5.HashData([.. Enumerable.Repeat((byte[])[.. hash, .. Salt], 16).SelectMany(o => o)])[..5];
            byte[] Key(int block) => MD5.HashData([.. hash, .. BitConverter.GetBytes(block)]);
            return ([1, 0, 1, 0, .. Salt, .. Rc4(Key(0), [.. Verifier, .. MD5.HashData(Verifier)])], Key);
        }

        var bits = method == OldEncryption.CryptoApi ? 128 : 40;
        var salted = SHA1.HashData([.. Salt, .. text]);
        byte[] Derived(int block)
        {
            var key = new byte[16];
            SHA1.HashData([.. salted, .. BitConverter.GetBytes(block)]).AsSpan(0, bits / 8).CopyTo(key);
            return key;
        }

        byte[] inner = [.. Numbers(4, 0, 0x6801, 0x8004, bits, 1, 0, 0), 0, 0];
        return ([2, 0, 2, 0, .. Numbers(4, inner.Length), .. inner, .. Numbers(16), .. Salt, .. Rc4(Derived(0), [.. Verifier, .. SHA1.HashData(Verifier)])[..16], .. Numbers(20),
            .. Rc4(Derived(0), [.. Verifier, .. SHA1.HashData(Verifier)])[16..]], Derived);
    }

    private static byte[] Mask(Func<int, byte[]> key, int block, int length) => Rc4(key(block), new byte[length]);

    private static byte[] Rc4(byte[] key, byte[] octets)
    {
        var state = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        for (var (i, j) = (0, 0); i < 256; i++)
        {
            j = (j + state[i] + key[i % key.Length]) & 255;
            (state[i], state[j]) = (state[j], state[i]);
        }

        var output = new byte[octets.Length];
        for (var (n, i, j) = (0, 0, 0); n < octets.Length; n++)
        {
            i = (i + 1) & 255;
            j = (j + state[i]) & 255;
            (state[i], state[j]) = (state[j], state[i]);
            output[n] = (byte)(octets[n] ^ state[(state[i] + state[j]) & 255]);
        }

        return output;
    }

    private static byte[] Spin(HashAlgorithmName algorithm, string password, int count)
    {
        var hash = CryptographicOperations.HashData(algorithm, [.. Salt, .. Encoding.Unicode.GetBytes(password)]);
        for (var i = 0; i < count; i++)
        {
            hash = CryptographicOperations.HashData(algorithm, [.. BitConverter.GetBytes(i), .. hash]);
        }

        return hash;
    }

    private static byte[] Cbc(byte[] key, byte[] vector, byte[] octets)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        return aes.EncryptCbc(Padded(octets), vector, PaddingMode.None);
    }

    private static byte[] Padded(byte[] octets) => [.. octets, .. new byte[-octets.Length & 15]];

    private static byte[] Fit(byte[] octets, int length) => [.. octets.Take(length), .. Enumerable.Repeat((byte)0x36, Math.Max(0, length - octets.Length))];

    private static byte[] Numbers(params int[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    /// <summary>What XOR obfuscation makes of a password of up to 15 characters, worked out the other way round than the reader does: bit by bit through the register behind its tables.</summary>
    private sealed class XorKey
    {
        private static readonly byte[] Padding = [0xBB, 0xFF, 0xFF, 0xBA, 0xFF, 0xFF, 0xB9, 0x80, 0x00, 0xBE, 0x0F, 0x00, 0xBF, 0x0F, 0x00];

        public XorKey(string password, int rotation)
        {
            var text = Encoding.Latin1.GetBytes(password);
            var (baseValue, end) = (0x8000, 0xFFFF);
            foreach (var octet in text.Reverse())
            {
                for (var bit = 0; bit < 8; bit++)
                {
                    (baseValue, end) = (Turn(baseValue), Turn(end));
                    Key ^= bit < 7 && ((octet >> bit) & 1) != 0 ? baseValue : 0;
                }
            }

            Key ^= end;
            foreach (var octet in text.Reverse().Append((byte)text.Length))
            {
                Verifier = ((Verifier << 1) & 0x7FFF) | (Verifier >> 14);
                Verifier ^= octet;
            }

            Verifier ^= 0xCE4B;
            Pattern = [.. Enumerable.Range(0, 16).Select(i =>
            {
                var value = (byte)((i < text.Length ? text[i] : Padding[i - text.Length]) ^ (Key >> ((i & 1) * 8)));
                return (byte)((value << rotation) | (value >> (8 - rotation)));
            })];
        }

        public int Key { get; }

        public int Verifier { get; }

        public byte[] Pattern { get; }

        /// <summary>One step of the register: to the left, with its polynomial where a bit falls out.</summary>
        private static int Turn(int value) => ((value << 1) & 0xFFFF) ^ ((value & 0x8000) != 0 ? 0x1021 : 0);
    }
}
