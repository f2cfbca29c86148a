using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sekisho.Inspection.Formats;

/// <summary>Opens Office documents that ask for a password, given the right one (MS-OFFCRYPTO): OOXML packages, and Word, Excel and PowerPoint of 97 to 2003.</summary>
internal abstract class OfficeEncryption
{
    /// <summary>Longest document that is decrypted: 64 MiB. It is held in memory.</summary>
    public const int MaxLength = 64 << 20;

    /// <summary>The password that Excel tries by itself, so that its user is never asked (MS-XLS section 2.4.191 and hostile workbooks use it).</summary>
    public const string ExcelDefault = "VelvetSweatshop";

    /// <summary>What PowerPoint tries by itself.</summary>
    public const string PowerPointDefault = "/01Hannes Ruescher/01";

    /// <summary>True where one try costs tens of thousands of hash operations, that is some ten milliseconds.</summary>
    public abstract bool IsSlow { get; }

    /// <summary>Finds out how a document is encrypted; null where it is not, or in a way that is not known here.</summary>
    /// <param name="file">The document.</param>
    /// <param name="kind">What <see cref="OfficeCompound.KindOf"/> said.</param>
    /// <exception cref="InvalidDataException">The description of the encryption is broken.</exception>
    public static OfficeEncryption? Find(CompoundFile file, FileKind kind)
    {
        try
        {
            return kind == FileKind.EncryptedOffice ? OfficeEncryptionPackage.Find(file)
                : kind == FileKind.PowerPoint && OfficeEncryptionPowerPoint.Find(file) is { } slides ? slides
                : OfficeEncryptionWord.Find(file) ?? OfficeEncryptionExcel.Find(file);
        }
        catch (Exception e) when (IsHostile(e))
        {
            throw new InvalidDataException("The description of the encryption is broken.", e);
        }
    }

    /// <summary>True for the right password. Takes the key along for <see cref="Decrypt"/>.</summary>
    public bool Try(string password)
    {
        try
        {
            return Matches(password);
        }
        catch (Exception e) when (IsHostile(e))
        {
            return false;
        }
    }

    /// <summary>The document without its encryption: a package, or a compound file in which the same streams stand in the clear. After a <see cref="Try"/> that was right.</summary>
    /// <param name="image">The octets of the encrypted document; changed.</param>
    /// <param name="budget">Books what is decrypted.</param>
    /// <exception cref="InvalidDataException">It is broken, too long, or the budget is spent.</exception>
    public byte[] Decrypt(byte[] image, ReadBudget budget)
    {
        budget.Unpack(image.Length);
        try
        {
            return Open(image, budget);
        }
        catch (Exception e) when (IsHostile(e))
        {
            throw new InvalidDataException("The encrypted document is broken.", e);
        }
    }

    protected abstract bool Matches(string password);

    protected abstract byte[] Open(byte[] image, ReadBudget budget);

    private static bool IsHostile(Exception e) => e is ArgumentException or IndexOutOfRangeException or OverflowException or CryptographicException or FormatException
        or System.Xml.XmlException or NotSupportedException or Org.BouncyCastle.Crypto.CryptoException;
}

/// <summary>The stream cipher RC4, which .NET does not bring.</summary>
internal sealed class Rc4
{
    private readonly byte[] state = new byte[256];
    private byte i;
    private byte j;

    public Rc4(ReadOnlySpan<byte> key)
    {
        for (var n = 0; n < 256; n++)
        {
            state[n] = (byte)n;
        }

        byte at = 0;
        for (var n = 0; n < 256; n++)
        {
            at += (byte)(state[n] + key[n % key.Length]);
            (state[n], state[at]) = (state[at], state[n]);
        }
    }

    public void Apply(Span<byte> octets)
    {
        for (var n = 0; n < octets.Length; n++)
        {
            octets[n] ^= Next();
        }
    }

    public void Skip(int count)
    {
        for (var n = 0; n < count; n++)
        {
            Next();
        }
    }

    private byte Next()
    {
        i++;
        j += state[i];
        (state[i], state[j]) = (state[j], state[i]);
        return state[(byte)(state[i] + state[j])];
    }
}

/// <summary>RC4 as Office 97 to 2003 uses it: a key for every block, from a password (MS-OFFCRYPTO sections 2.3.5 and 2.3.6).</summary>
internal sealed class OfficeRc4
{
    private readonly bool isCryptoApi;
    private readonly int keyLength;
    private readonly byte[] salt;
    private readonly byte[] verifier;
    private readonly byte[] verifierHash;
    private byte[] hash = [];

    private OfficeRc4(bool isCryptoApi, int keyLength, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> verifier, ReadOnlySpan<byte> verifierHash)
    {
        this.isCryptoApi = isCryptoApi;
        this.keyLength = keyLength;
        this.salt = salt.ToArray();
        this.verifier = verifier.ToArray();
        this.verifierHash = verifierHash.ToArray();
    }

    /// <summary>Reads the encryption header: version 1.1 is RC4 with MD5, versions 2.2, 3.2 and 4.2 are RC4 CryptoAPI with SHA-1. Null for others.</summary>
    public static OfficeRc4? Read(ReadOnlySpan<byte> header)
    {
        var major = BinaryPrimitives.ReadUInt16LittleEndian(header);
        var minor = BinaryPrimitives.ReadUInt16LittleEndian(header[2..]);
        if (major == 1 && minor == 1)
        {
            return new OfficeRc4(false, 16, header.Slice(4, 16), header.Slice(20, 16), header.Slice(36, 16));
        }

        if (major is < 2 or > 4 || minor != 2)
        {
            return null;
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        var bits = BinaryPrimitives.ReadInt32LittleEndian(header[(12 + 16)..]);
        var at = header[checked(12 + size)..];
        bits = bits == 0 ? 40 : bits;
        return bits is < 40 or > 128 ? null : new OfficeRc4(true, bits / 8, at.Slice(4, 16), at.Slice(20, 16), at.Slice(40, 20));
    }

    public bool Matches(string password)
    {
        var text = System.Text.Encoding.Unicode.GetBytes(password);
        if (isCryptoApi)
        {
            hash = SHA1.HashData([.. salt, .. text]);
        }
        else
        {
            var first = MD5.HashData(text).AsSpan(0, 5);
            var many = new byte[16 * 21];
            for (var i = 0; i < 16; i++)
            {
                first.CopyTo(many.AsSpan(i * 21));
                salt.CopyTo(many, (i * 21) + 5);
            }

            hash = MD5.HashData(many)[..5];
        }

        var cipher = Block(0);
        var plain = (byte[])verifier.Clone();
        var plainHash = (byte[])verifierHash.Clone();
        cipher.Apply(plain);
        cipher.Apply(plainHash);
        return plainHash.AsSpan().SequenceEqual(isCryptoApi ? SHA1.HashData(plain) : MD5.HashData(plain));
    }

    /// <summary>The cipher at the beginning of a block.</summary>
    public Rc4 Block(uint number)
    {
        Span<byte> input = stackalloc byte[hash.Length + 4];
        hash.CopyTo(input);
        BinaryPrimitives.WriteUInt32LittleEndian(input[hash.Length..], number);
        if (!isCryptoApi)
        {
            return new Rc4(MD5.HashData(input));
        }

        // A 40-bit key is padded with zeros to 128 bits (MS-OFFCRYPTO section 2.3.5.2).
        var whole = SHA1.HashData(input);
        var key = new byte[keyLength == 5 ? 16 : keyLength];
        whole.AsSpan(0, keyLength).CopyTo(key);
        return new Rc4(key);
    }

    /// <summary>Decrypts a whole stream whose blocks have this many octets.</summary>
    public void Apply(Span<byte> stream, int blockLength)
    {
        for (var number = 0u; !stream.IsEmpty; number++)
        {
            var block = stream[..Math.Min(blockLength, stream.Length)];
            Block(number).Apply(block);
            stream = stream[block.Length..];
        }
    }
}
