using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Sekisho.Inspection.Senders;

/// <summary>What came of looking for a key: the key, or why there is none.</summary>
internal readonly record struct KeyAnswer(DkimKey? Key, DkimResult Result, string Reason);

/// <summary>A public key as DNS gives it (RFC 6376 section 3.6.1, RFC 8463 section 4).</summary>
internal sealed class DkimKey
{
    /// <summary>RFC 8301 section 3.2: shorter keys are not believed.</summary>
    public const int LeastBits = 1024;

    /// <summary>Longer ones cost more than any sender needs.</summary>
    private const int MostBits = 8192;

    private readonly byte[] data;

    private DkimKey(byte[] data, bool isEd25519, string flags)
    {
        this.data = data;
        IsEd25519 = isEd25519;
        var words = flags.Split(':', StringSplitOptions.TrimEntries);
        IsTesting = words.Contains("y");
        IsStrict = words.Contains("s");
    }

    /// <summary>True for Ed25519, false for RSA.</summary>
    public bool IsEd25519 { get; }

    /// <summary>The flag <c>y</c>: the domain is testing.</summary>
    public bool IsTesting { get; }

    /// <summary>The flag <c>s</c>: the domain of <c>i=</c> must be that of <c>d=</c>.</summary>
    public bool IsStrict { get; }

    /// <summary>The key's length in bits.</summary>
    public int Bits { get; private set; }

    /// <summary>Asks for a key.</summary>
    public static async ValueTask<KeyAnswer> FindAsync(DnsSource dns, string selector, string domain, bool ed25519, CancellationToken cancel)
    {
        var answer = await dns.QueryAsync($"{selector}._domainkey.{domain}", DnsType.Txt, cancel).ConfigureAwait(false);
        if (answer.Status == DnsStatus.Failed)
        {
            return new KeyAnswer(null, DkimResult.TempError, "no answer for the key");
        }

        // Several records are no key pair's affair (section 3.6.2.2); the first that fits is taken.
        var last = new KeyAnswer(null, DkimResult.PermError, "no key");
        foreach (var record in answer.Records.Take(5))
        {
            last = Parse(record, ed25519);
            if (last.Key is not null)
            {
                return last;
            }
        }

        return last;
    }

    /// <summary>Reads a key record.</summary>
    public static KeyAnswer Parse(string record, bool ed25519)
    {
        static KeyAnswer No(string reason, DkimResult result = DkimResult.PermError) => new(null, result, reason);
        if (TagList.Parse(record) is not { } tags || (tags["v"] is { } version && (version != "DKIM1" || tags.First != "v")) || tags["p"] is not { } p)
        {
            return No("the key's record is wrong");
        }

        if (p.Length == 0)
        {
            return No("the key is revoked");
        }

        var kind = tags["k"] ?? "rsa";
        if (kind != (ed25519 ? "ed25519" : "rsa"))
        {
            return No("the key is of another kind");
        }

        if (tags["h"] is { } hashes && !hashes.Split(':', StringSplitOptions.TrimEntries).Contains("sha256"))
        {
            return No("the key is not for SHA-256");
        }

        if (tags["s"] is { } services && !services.Split(':', StringSplitOptions.TrimEntries).Any(static s => s is "*" or "email"))
        {
            return No("the key is not for mail");
        }

        var base64 = TagList.Joined(p);
        var octets = new byte[(base64.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(base64, octets, out var length))
        {
            return No("the key cannot be read");
        }

        var key = new DkimKey(octets[..length], ed25519, tags["t"] ?? "");
        if (ed25519)
        {
            key.Bits = 256;
            return length == Ed25519.PublicKeySize ? new KeyAnswer(key, DkimResult.None, "") : No("the key cannot be read");
        }

        using var rsa = key.Import();
        if (rsa is null)
        {
            return No("the key cannot be read");
        }

        key.Bits = rsa.KeySize;
        return key.Bits < LeastBits ? No($"a key of {key.Bits} bits is too short", DkimResult.Policy)
            : key.Bits > MostBits ? No($"a key of {key.Bits} bits is too long", DkimResult.Policy)
            : new KeyAnswer(key, DkimResult.None, "");
    }

    /// <summary>True where the signature is right for data with this SHA-256 value.</summary>
    public bool Verifies(byte[] hash, byte[] signature)
    {
        if (IsEd25519)
        {
            return signature.Length == Ed25519.SignatureSize && Ed25519.Verify(signature, 0, data, 0, hash, 0, hash.Length);
        }

        using var rsa = Import();
        try
        {
            return rsa?.VerifyHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) == true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>SubjectPublicKeyInfo, as everybody publishes, or the bare RSAPublicKey that the RFC names.</summary>
    private RSA? Import()
    {
        var rsa = RSA.Create();
        for (var bare = false; ; bare = true)
        {
            try
            {
                if (bare)
                {
                    rsa.ImportRSAPublicKey(data, out _);
                }
                else
                {
                    rsa.ImportSubjectPublicKeyInfo(data, out _);
                }

                return rsa;
            }
            catch (CryptographicException)
            {
                if (bare)
                {
                    rsa.Dispose();
                    return null;
                }
            }
        }
    }
}
