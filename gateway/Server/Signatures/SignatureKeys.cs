using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using Sekisho.Store;

namespace Sekisho.Signatures;

/// <summary>Ed25519 keys (RFC 8032) in PEM files as openssl reads and writes them (RFC 8410).</summary>
public static class SignatureKeys
{
    private const int MaxFile = 16 << 10;

    /// <summary>Makes a pair: the private key in <paramref name="file"/> (mode 0600), the public one beside it as <c>.pub</c>.</summary>
    /// <returns>The key's id.</returns>
    /// <exception cref="IOException">A file is there already.</exception>
    public static string Make(string file)
    {
        var key = new Ed25519PrivateKeyParameters(new SecureRandom());
        DurableFile.Create(file, PemEncoding.WriteString("PRIVATE KEY", PrivateKeyInfoFactory.CreatePrivateKeyInfo(key).GetDerEncoded()) + "\n");
        DurableFile.Create(file + ".pub", PublicPem(key.GeneratePublicKey()));
        return Id(key.GeneratePublicKey());
    }

    /// <summary>Copies a public key (or the public half of a private one) into the trusted keys.</summary>
    /// <returns>The key's id.</returns>
    /// <exception cref="SignatureException">The file holds no Ed25519 key.</exception>
    public static string Trust(SignatureHome home, string file)
    {
        var key = ReadPublic(file);
        DurableFile.MakeFolder(home.TrustedKeys);
        DurableFile.Replace(Path.Combine(home.TrustedKeys, Id(key) + ".pub"), PublicPem(key));
        return Id(key);
    }

    /// <summary>The id of the key in a file.</summary>
    /// <exception cref="SignatureException">The file holds no Ed25519 key.</exception>
    public static string IdOf(string file) => Id(ReadPublic(file));

    /// <summary>The public keys that are trusted, by id.</summary>
    /// <param name="home">Its <c>trusted-keys/</c>.</param>
    /// <param name="more">Further key files.</param>
    public static IReadOnlyDictionary<string, Ed25519PublicKeyParameters> Trusted(SignatureHome home, IEnumerable<string> more)
    {
        var keys = new Dictionary<string, Ed25519PublicKeyParameters>(StringComparer.Ordinal);
        var files = Directory.Exists(home.TrustedKeys) ? Directory.EnumerateFiles(home.TrustedKeys, "*.pub").Order(StringComparer.Ordinal) : Enumerable.Empty<string>();
        foreach (var file in files.Concat(more))
        {
            var key = ReadPublic(file);
            keys[Id(key)] = key;
        }

        return keys;
    }

    /// <summary>Signs.</summary>
    /// <returns>The key's id and the signature.</returns>
    public static (string Id, byte[] Signature) Sign(string keyFile, byte[] octets)
    {
        var key = Read(keyFile) as Ed25519PrivateKeyParameters ?? throw new SignatureException($"{keyFile}: this is a public key; a private one is needed to sign.");
        var signer = new Ed25519Signer();
        signer.Init(true, key);
        signer.BlockUpdate(octets, 0, octets.Length);
        return (Id(key.GeneratePublicKey()), signer.GenerateSignature());
    }

    /// <summary>True where the signature is the key's over these octets.</summary>
    public static bool Verify(Ed25519PublicKeyParameters key, byte[] octets, byte[] signature)
    {
        var signer = new Ed25519Signer();
        signer.Init(false, key);
        signer.BlockUpdate(octets, 0, octets.Length);
        return signature.Length == 64 && signer.VerifySignature(signature);
    }

    /// <summary>What a key is called: the beginning of its SHA-256, 16 hexadecimal digits.</summary>
    private static string Id(Ed25519PublicKeyParameters key) => Convert.ToHexStringLower(SHA256.HashData(key.GetEncoded()))[..16];

    private static string PublicPem(Ed25519PublicKeyParameters key) => PemEncoding.WriteString("PUBLIC KEY", SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(key).GetDerEncoded()) + "\n";

    private static Ed25519PublicKeyParameters ReadPublic(string file) => Read(file) switch
    {
        Ed25519PrivateKeyParameters secret => secret.GeneratePublicKey(),
        var key => (Ed25519PublicKeyParameters)key,
    };

    private static Org.BouncyCastle.Crypto.AsymmetricKeyParameter Read(string file)
    {
        try
        {
            var info = new FileInfo(file);
            var text = info.Exists && info.Length <= MaxFile ? File.ReadAllText(file) : throw new SignatureException($"{file}: there is no such key file.");
            var pem = PemEncoding.Find(text);
            var der = Convert.FromBase64String(text[pem.Base64Data]);
            var key = text[pem.Label] == "PRIVATE KEY" ? PrivateKeyFactory.CreateKey(der) : PublicKeyFactory.CreateKey(der);
            return key is Ed25519PrivateKeyParameters or Ed25519PublicKeyParameters ? key : throw new SignatureException($"{file}: no Ed25519 key.");
        }
        catch (Exception e) when (e is not (SignatureException or UnauthorizedAccessException))
        {
            throw new SignatureException($"{file}: no Ed25519 key in PEM form.", e);
        }
    }
}
