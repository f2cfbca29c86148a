using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace Sekisho.SampleMaker;

/// <summary>How a sample PDF is encrypted (ISO 32000-2 section 7.6).</summary>
/// <param name="Version">The dictionary's V: 1, 2, 4, 5.</param>
/// <param name="Revision">Its R: 2, 3, 4, 5, 6.</param>
/// <param name="KeyLength">Octets of the key: 5 to 16, or 32 for version 5.</param>
/// <param name="Method">The crypt filter's method: V2, AESV2, AESV3; empty below version 4.</param>
public sealed record PdfLock(int Version, int Revision, int KeyLength, string Method)
{
    /// <summary>Every way there is, by name.</summary>
    public static readonly IReadOnlyDictionary<string, PdfLock> All = new Dictionary<string, PdfLock>(StringComparer.Ordinal)
    {
        ["RC4, 40 bits"] = new(1, 2, 5, ""),
        ["RC4, 40 bits, revision 3"] = new(2, 3, 5, ""),
        ["RC4, 128 bits"] = new(2, 3, 16, ""),
        ["RC4 by crypt filter"] = new(4, 4, 16, "V2"),
        ["AES, 128 bits"] = new(4, 4, 16, "AESV2"),
        ["AES, 256 bits, revision 5"] = new(5, 5, 32, "AESV3"),
        ["AES, 256 bits, revision 6"] = new(5, 6, 32, "AESV3"),
    };

    /// <summary>False leaves the document's metadata in the clear (version 4 and 5).</summary>
    public bool EncryptMetadata { get; init; } = true;

    /// <summary>True encrypts embedded files only: strings and other streams go by the Identity filter.</summary>
    public bool FilesOnly { get; init; }
}

/// <summary>Writes encrypted PDFs with a link, a script in an object stream, metadata and an embedded file.</summary>
public sealed class PdfWriter
{
    private static readonly byte[] Padding = Convert.FromHexString("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A");
    private static readonly byte[] Id = Convert.FromHexString("00112233445566778899AABBCCDDEEFF");

    private readonly PdfLock how;
    private readonly List<byte[]> objects = [];
    private readonly byte[] key;
    private readonly string dictionary;

    private PdfWriter(PdfLock how, byte[] user, byte[] owner)
    {
        this.how = how;
        const int permissions = -4;
        var filters = how.Version < 4 ? "" : $"/CF << /StdCF << /CFM /{how.Method} /AuthEvent /{(how.FilesOnly ? "EFOpen" : "DocOpen")} /Length {how.KeyLength} >> >> "
            + (how.FilesOnly ? "/StmF /Identity /StrF /Identity /EFF /StdCF " : "/StmF /StdCF /StrF /StdCF ") + (how.EncryptMetadata ? "" : "/EncryptMetadata false ");
        string entries;
        if (how.Version < 5)
        {
            var ownerEntry = Rounds(Digest(Padded(owner), how.KeyLength, spinAll: true), Padded(user), how.Revision);
            byte[] seed = [.. Padded(user), .. ownerEntry, .. BitConverter.GetBytes(permissions), .. Id, .. how is { Revision: 4, EncryptMetadata: false } ? [0xFF, 0xFF, 0xFF, 0xFF] : Array.Empty<byte>()];
            key = Digest(seed, how.KeyLength, spinAll: false);
            var userEntry = how.Revision == 2 ? Rounds(key, Padding, 2) : [.. Rounds(key, MD5.HashData([.. Padding, .. Id]), how.Revision), .. new byte[16]];
            entries = $"/O <{Convert.ToHexString(ownerEntry)}> /U <{Convert.ToHexString(userEntry)}>";
        }
        else
        {
            key = SHA256.HashData("a key for the file"u8);
            byte[] userEntry = [.. Hash(user, "checkusr"u8, []), .. "checkusr"u8, .. "keysuser"u8];
            byte[] ownerEntry = [.. Hash(owner, "checkown"u8, userEntry), .. "checkown"u8, .. "keysownr"u8];
            var userKey = Aes(Hash(user, "keysuser"u8, []), new byte[16], key);
            var ownerKey = Aes(Hash(owner, "keysownr"u8, userEntry), new byte[16], key);
            byte[] rights = [.. BitConverter.GetBytes(permissions), 0xFF, 0xFF, 0xFF, 0xFF, (byte)(how.EncryptMetadata ? 'T' : 'F'), .. "adbabcd"u8];
            using var aes = System.Security.Cryptography.Aes.Create();
            aes.Key = key;
            entries = $"/O <{Convert.ToHexString(ownerEntry)}> /U <{Convert.ToHexString(userEntry)}> /OE <{Convert.ToHexString(ownerKey)}> /UE <{Convert.ToHexString(userKey)}> /Perms <{Convert.ToHexString(aes.EncryptEcb(rights, PaddingMode.None))}>";
        }

        dictionary = $"<< /Filter /Standard /V {how.Version} /R {how.Revision} /Length {how.KeyLength * 8} /P {permissions} {filters}{entries} >>";
    }

    /// <summary>A PDF with one page that links to <paramref name="link"/>, a script that opens with it, metadata, and an attached file.</summary>
    /// <param name="how">How it is encrypted.</param>
    /// <param name="user">The user's password; empty for one that opens by itself.</param>
    /// <param name="owner">The owner's password.</param>
    /// <param name="link">Where the page leads.</param>
    /// <param name="script">The script, in an object stream.</param>
    /// <param name="file">The attached file, called <c>inner.js</c>.</param>
    public static byte[] Encrypted(PdfLock how, string user, string owner, string link, string script, byte[] file)
    {
        var writer = new PdfWriter(how, Octets(how, user), Octets(how, owner));
        return writer.Write(link, script, file);
    }

    private static byte[] Octets(PdfLock how, string password) => how.Version == 5 ? Encoding.UTF8.GetBytes(password) : Encoding.Latin1.GetBytes(password);

    private byte[] Write(string link, string script, byte[] file)
    {
        Add("<< /Type /Catalog /Pages 2 0 R /OpenAction 8 0 R /Metadata 6 0 R /Names << /EmbeddedFiles << /Names [ ", Text(1, "inner.js"), " 5 0 R ] >> >> >>");
        Add("<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>");
        Add("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Annots [ << /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI ", Text(3, link), " >> >> ] >>");
        Stream(4, "/Type /EmbeddedFile", file, !how.FilesOnly || how.Version >= 4);
        Add("<< /Type /Filespec /F ", Text(5, "inner.js"), " /UF ", Text(5, "inner.js"), " /EF << /F 4 0 R >> >>");
        Stream(6, "/Type /Metadata /Subtype /XML", "<?xpacket begin='' id=''?><x/>"u8.ToArray(), how.EncryptMetadata && !how.FilesOnly);
        Stream(7, "/Type /ObjStm /N 1 /First 4", Encoding.Latin1.GetBytes($"8 0 << /S /JavaScript /JS ({script}) >>"), !how.FilesOnly);
        return File();
    }

    /// <summary>With a cross-reference stream, since a table cannot tell of objects in streams (section 7.5.8).</summary>
    private byte[] File()
    {
        using var file = new MemoryStream();
        file.Write("%PDF-1.7\n%\u00E2\u00E3\n"u8);
        var rows = new List<byte> { 0, 0, 0, 0xFF };
        void Row(byte kind, long place, int index) => rows.AddRange([kind, (byte)(place >> 8), (byte)place, (byte)index]);
        for (var i = 0; i < objects.Count; i++)
        {
            Row(1, file.Length, 0);
            file.Write(Encoding.ASCII.GetBytes($"{i + 1} 0 obj\n"));
            file.Write(objects[i]);
            file.Write("\nendobj\n"u8);
        }

        Row(2, 7, 0);
        Row(1, file.Length, 0);
        file.Write(Encoding.ASCII.GetBytes($"9 0 obj\n{dictionary}\nendobj\n"));
        var start = file.Length;
        Row(1, start, 0);
        file.Write(Encoding.ASCII.GetBytes($"10 0 obj\n<< /Type /XRef /Size 11 /W [1 2 1] /Root 1 0 R /Encrypt 9 0 R /ID [<{Convert.ToHexString(Id)}> <{Convert.ToHexString(Id)}>] /Length {rows.Count} >>\nstream\n"));
        file.Write([.. rows]);
        file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n")));
        return file.ToArray();
    }

    private void Add(params object[] pieces) => objects.Add([.. pieces.SelectMany(p => p is byte[] octets ? octets : Encoding.ASCII.GetBytes((string)p))]);

    private byte[] Text(int number, string text) =>
        Encoding.ASCII.GetBytes($"<{Convert.ToHexString(how.FilesOnly ? Encoding.Latin1.GetBytes(text) : Encrypt(number, Encoding.Latin1.GetBytes(text)))}>");

    private void Stream(int number, string entries, byte[] content, bool isEncrypted)
    {
        var octets = isEncrypted ? Encrypt(number, content) : content;
        Add($"<< {entries} /Length {octets.Length} >>\nstream\n", octets, "\nendstream");
    }

    private byte[] Encrypt(int number, byte[] octets)
    {
        var vector = MD5.HashData(BitConverter.GetBytes(number));
        if (how.Version == 5)
        {
            return [.. vector, .. Aes(key, vector, Filled(octets))];
        }

        byte[] seed = [.. key, (byte)number, (byte)(number >> 8), 0, 0, 0, .. how.Method == "AESV2" ? "sAlT"u8.ToArray() : []];
        var own = MD5.HashData(seed)[..Math.Min(16, key.Length + 5)];
        return how.Method == "AESV2" ? [.. vector, .. Aes(own, vector, Filled(octets))] : Rc4(own, octets);
    }

    private static byte[] Filled(byte[] octets)
    {
        var count = 16 - (octets.Length % 16);
        return [.. octets, .. Enumerable.Repeat((byte)count, count)];
    }

    private static byte[] Padded(byte[] password) => ((byte[])[.. password, .. Padding])[..32];

    private byte[] Digest(byte[] octets, int length, bool spinAll)
    {
        var hash = MD5.HashData(octets);
        for (var i = 0; how.Revision > 2 && i < 50; i++)
        {
            hash = MD5.HashData(hash[..(spinAll ? 16 : length)]);
        }

        return hash[..length];
    }

    private static byte[] Rounds(byte[] key, byte[] octets, int revision)
    {
        for (var i = 0; i < (revision == 2 ? 1 : 20); i++)
        {
            octets = Rc4([.. key.Select(k => (byte)(k ^ i))], octets);
        }

        return octets;
    }

    private static byte[] Rc4(byte[] key, byte[] octets)
    {
        var cipher = new RC4Engine();
        cipher.Init(true, new KeyParameter(key));
        var result = new byte[octets.Length];
        cipher.ProcessBytes(octets, 0, octets.Length, result, 0);
        return result;
    }

    private static byte[] Aes(byte[] key, byte[] vector, byte[] octets)
    {
        using var aes = System.Security.Cryptography.Aes.Create();
        aes.Key = key;
        return aes.EncryptCbc(octets, vector, PaddingMode.None);
    }

    /// <summary>Algorithm 2.B, written for shortness.</summary>
    private byte[] Hash(byte[] password, ReadOnlySpan<byte> salt, byte[] user)
    {
        byte[] seed = [.. password, .. salt, .. user];
        var hash = SHA256.HashData(seed);
        for (var (round, last) = (0, 255); how.Revision == 6 && (round < 64 || last > round - 32); round++)
        {
            byte[] once = [.. password, .. hash, .. user];
            var encrypted = Aes(hash[..16], hash[16..32], [.. Enumerable.Repeat(once, 64).SelectMany(o => o)]);
            var remainder = (int)(new System.Numerics.BigInteger(encrypted.AsSpan(0, 16), isUnsigned: true, isBigEndian: true) % 3);
            hash = remainder == 0 ? SHA256.HashData(encrypted) : remainder == 1 ? SHA384.HashData(encrypted) : SHA512.HashData(encrypted);
            last = encrypted[^1];
        }

        return hash[..32];
    }
}
