using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Tells the right password of a PDF from wrong ones and makes the file's key of it (ISO 32000-1 section 7.6.3, ISO 32000-2 section 7.6.4).</summary>
internal sealed class PdfPasswords
{
    private const int LongestPassword = 127;

    /// <summary>What a short password is filled up with (algorithm 2).</summary>
    private static readonly byte[] Padding =
    [
        0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
        0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
    ];

    private readonly byte[] owner;
    private readonly byte[] user;
    private readonly byte[] ownerKey;
    private readonly byte[] userKey;
    private readonly byte[] id;
    private readonly int permissions;
    private readonly int[] lengths;

    private PdfPasswords(int revision, byte[] owner, byte[] user, byte[] ownerKey, byte[] userKey, byte[] id, int permissions, int[] lengths, bool isMetadataClear)
    {
        Revision = revision;
        this.owner = owner;
        this.user = user;
        this.ownerKey = ownerKey;
        this.userKey = userKey;
        this.id = id;
        this.permissions = permissions;
        this.lengths = lengths;
        IsMetadataClear = isMetadataClear;
    }

    /// <summary>The handler's revision, 2 to 6.</summary>
    public int Revision { get; }

    /// <summary>True where the document's metadata is not encrypted (<c>/EncryptMetadata false</c>).</summary>
    public bool IsMetadataClear { get; }

    /// <summary>Reads what the dictionary says of passwords; null where something is missing or not known.</summary>
    /// <param name="encrypt">The encryption dictionary.</param>
    /// <param name="version">Its <c>V</c>.</param>
    /// <param name="id">The first string of the trailer's <c>ID</c>.</param>
    /// <param name="resolve">Follows a reference.</param>
    public static PdfPasswords? Read(Dictionary<string, object?> encrypt, int version, byte[] id, Func<object?, object?> resolve)
    {
        byte[] Octets(string name, int length) => resolve(encrypt.GetValueOrDefault(name)) is byte[] octets && octets.Length >= length ? octets[..length] : [];
        var revision = PdfEncryption.Number(resolve(encrypt.GetValueOrDefault("R")));
        var isNew = version == 5;
        var length = isNew ? 48 : 32;
        var (owner, user) = (Octets("O", length), Octets("U", length));
        var (ownerKey, userKey) = isNew ? (Octets("OE", 32), Octets("UE", 32)) : ([], []);
        if (owner.Length == 0 || user.Length == 0 || (isNew ? revision is not (5 or 6) || userKey.Length == 0 || ownerKey.Length == 0 : revision is < 2 or > 4))
        {
            return null;
        }

        // Writers disagree on who says the length, and in octets or in bits; wrong ones are found out by the password not fitting.
        var declared = PdfEncryption.Number(resolve(encrypt.GetValueOrDefault("Length")));
        declared = declared >= 40 ? declared / 8 : declared;
        int[] lengths = version == 1 || revision == 2 ? [5, declared] : version == 4 ? [16, declared] : [declared, 5, 16];
        var isMetadataClear = version >= 4 && resolve(encrypt.GetValueOrDefault("EncryptMetadata")) is false;
        return new PdfPasswords(revision, owner, user, ownerKey, userKey, id, PdfEncryption.Number(resolve(encrypt.GetValueOrDefault("P"))),
            [.. lengths.Where(l => l is >= 5 and <= 16).Distinct()], isMetadataClear);
    }

    /// <summary>The file's key; null for a wrong password.</summary>
    public byte[]? Key(string password)
    {
        if (Revision >= 5)
        {
            var normal = TextNormal.Of(password);
            return NewKey(Encoding.UTF8.GetBytes(password)) ?? (normal == password ? null : NewKey(Encoding.UTF8.GetBytes(normal)));
        }

        // The specification knows an alphabet near Latin-1 only; for other letters programs take what they have.
        foreach (var octets in Written(password))
        {
            foreach (var length in lengths)
            {
                // The specification spins the owner's hash whole, some programs only as much of it as the key is long.
                var padded = Padded(octets);
                if ((OldKey(padded, length) ?? OldKey(OfOwner(padded, length, 16), length) ?? (length < 16 ? OldKey(OfOwner(padded, length, length), length) : null)) is { } key)
                {
                    return key;
                }
            }
        }

        return null;
    }

    /// <summary>Algorithm 2.B: the hash of revision 6, which costs time; of revision 5, plain SHA-256.</summary>
    /// <param name="revision">5 or 6.</param>
    /// <param name="password">The password, at most 127 octets.</param>
    /// <param name="salt">8 octets.</param>
    /// <param name="user">The user's entry for the owner's password, else empty.</param>
    internal static byte[] Hash(int revision, ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> user)
    {
        byte[] first = [.. password, .. salt, .. user];
        var hash = SHA256.HashData(first);
        if (revision == 5)
        {
            return hash;
        }

        using var aes = Aes.Create();
        var input = new byte[64 * (LongestPassword + 64 + 48)];
        for (var (round, last) = (0, 0); round < 64 || last > round - 32; round++)
        {
            var length = password.Length + hash.Length + user.Length;
            password.CopyTo(input);
            hash.CopyTo(input, password.Length);
            user.CopyTo(input.AsSpan(password.Length + hash.Length));
            for (var i = 1; i < 64; i++)
            {
                input.AsSpan(0, length).CopyTo(input.AsSpan(i * length));
            }

            aes.Key = hash[..16];
            var encrypted = aes.EncryptCbc(input.AsSpan(0, 64 * length), hash.AsSpan(16, 16), PaddingMode.None);

            // Sixteen octets as one number modulo 3: 256 leaves 1, so their sum will do.
            var sum = 0;
            foreach (var octet in encrypted.AsSpan(0, 16))
            {
                sum += octet;
            }

            hash = (sum % 3) switch { 0 => SHA256.HashData(encrypted), 1 => SHA384.HashData(encrypted), _ => SHA512.HashData(encrypted) };
            last = encrypted[^1];
        }

        return hash[..32];
    }

    private static IEnumerable<byte[]> Written(string password)
    {
        if (password.All(static c => c <= '\u00FF'))
        {
            return [Encoding.Latin1.GetBytes(password)];
        }

        return [Encoding.UTF8.GetBytes(password), Encoding.GetEncoding(932).GetBytes(password)];
    }

    private static byte[] Padded(ReadOnlySpan<byte> password)
    {
        var padded = new byte[32];
        password = password[..Math.Min(32, password.Length)];
        password.CopyTo(padded);
        Padding.AsSpan(0, 32 - password.Length).CopyTo(padded.AsSpan(password.Length));
        return padded;
    }

    /// <summary>RC4 with a key, or from revision 3 on with twenty keys made of it, one after the other.</summary>
    private void Apply(ReadOnlySpan<byte> key, Span<byte> octets, bool backwards)
    {
        var times = Revision == 2 ? 1 : 20;
        Span<byte> changed = stackalloc byte[key.Length];
        for (var i = 0; i < times; i++)
        {
            var mask = (byte)(backwards ? times - 1 - i : i);
            for (var n = 0; n < key.Length; n++)
            {
                changed[n] = (byte)(key[n] ^ mask);
            }

            new Rc4(changed).Apply(octets);
        }
    }

    private byte[] Spun(byte[] hash, int length)
    {
        for (var i = 0; Revision > 2 && i < 50; i++)
        {
            hash = MD5.HashData(hash.AsSpan(0, length));
        }

        return hash;
    }

    /// <summary>Algorithms 2, 4 to 6: the key of a user's password where it is the right one.</summary>
    private byte[]? OldKey(byte[] padded, int length)
    {
        Span<byte> tail = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(tail, permissions);
        tail[4..].Fill(0xFF);
        var isMarked = Revision == 4 && IsMetadataClear;
        var key = Spun(MD5.HashData([.. padded, .. owner, .. tail[..4], .. id, .. isMarked ? tail[4..] : []]), Revision == 2 ? 5 : length)[..(Revision == 2 ? 5 : length)];
        var expected = Revision == 2 ? (byte[])Padding.Clone() : MD5.HashData([.. Padding, .. id]);
        Apply(key, expected, backwards: false);
        return user.AsSpan().StartsWith(expected) ? key : null;
    }

    /// <summary>Algorithm 7: the owner's password unlocks the user's.</summary>
    private byte[] OfOwner(byte[] padded, int length, int spun)
    {
        length = Revision == 2 ? 5 : length;
        var key = Spun(MD5.HashData(padded), spun);
        var password = (byte[])owner.Clone();
        Apply(key.AsSpan(0, length), password, backwards: true);
        return password;
    }

    /// <summary>Algorithm 2.A: 32 octets of check, 8 of salt for it, 8 of salt for the key.</summary>
    private byte[]? NewKey(ReadOnlySpan<byte> password)
    {
        password = password[..Math.Min(LongestPassword, password.Length)];
        if (Hash(Revision, password, user.AsSpan(32, 8), []).AsSpan().SequenceEqual(user.AsSpan(0, 32)))
        {
            return Unwrapped(Hash(Revision, password, user.AsSpan(40, 8), []), userKey);
        }

        return Hash(Revision, password, owner.AsSpan(32, 8), user).AsSpan().SequenceEqual(owner.AsSpan(0, 32))
            ? Unwrapped(Hash(Revision, password, owner.AsSpan(40, 8), user), ownerKey) : null;
    }

    private static byte[] Unwrapped(byte[] key, byte[] wrapped)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        return aes.DecryptCbc(wrapped, new byte[16], PaddingMode.None);
    }
}
