using System.Security.Cryptography;

namespace Sekisho.Inspection.Senders;

/// <summary>How the check of one signature ended (RFC 8601 section 2.7.1).</summary>
public enum DkimResult
{
    /// <summary>There is no signature.</summary>
    None,

    /// <summary>It is right.</summary>
    Pass,

    /// <summary>It is wrong or has expired: the letter was changed, or signed by somebody else.</summary>
    Fail,

    /// <summary>It is not believed here: SHA-1, a key under 1,024 bits (RFC 8301), a second From field outside the signature.</summary>
    Policy,

    /// <summary>It cannot be understood, or its domain is only testing and it is wrong.</summary>
    Neutral,

    /// <summary>DNS did not answer.</summary>
    TempError,

    /// <summary>It can never be verified: no key, a revoked one, one of another kind.</summary>
    PermError,
}

/// <summary>What the check of one signature found.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Domain">The signing domain (<c>d=</c>), A-labels in lower case; empty where it is none.</param>
/// <param name="Selector">The key's name (<c>s=</c>).</param>
/// <param name="Algorithm">The algorithm as given, such as <c>rsa-sha256</c>.</param>
public sealed record DkimOutcome(DkimResult Result, string Domain, string Selector, string Algorithm)
{
    /// <summary>Who signs, such as <c>@mail.example</c> (<c>i=</c>, or the domain).</summary>
    public string Identity { get; init; } = "";

    /// <summary>The first eight characters of the signature, which tell several apart (RFC 6008).</summary>
    public string Mark { get; init; } = "";

    /// <summary>The key's length in bits; 0 while none was seen.</summary>
    public int KeyBits { get; init; }

    /// <summary>Why it is no pass, in plain English; empty for a pass.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Octets of the canonical body behind what <c>l=</c> covers: anybody may have added them. 0 for a signature over all.</summary>
    public long UnsignedOctets { get; init; }

    /// <summary>True where <c>l=</c> is used at all.</summary>
    public bool HasLength { get; init; }

    /// <summary>True where the domain says that it is testing (<c>t=y</c>).</summary>
    public bool IsTesting { get; init; }

    /// <summary>Fields that may stand once and stand oftener than they are signed: the added one is unsigned, and some programs show it.</summary>
    public IReadOnlyList<string> UnsignedFields { get; init; } = [];
}

/// <summary>Verifies DKIM signatures on the octets as they came (RFC 6376, RFC 8301, RFC 8463).</summary>
/// <param name="dns">Answers for the keys.</param>
/// <param name="time">The clock, for <c>x=</c>.</param>
public sealed class Dkim(DnsSource dns, TimeProvider time)
{
    /// <summary>Signatures verified in one letter, from the top; others are not looked at.</summary>
    public const int MostSignatures = 10;

    /// <summary>Fields that may stand once (RFC 5322 section 3.6, RFC 2045) and that programs show or obey.</summary>
    private static readonly string[] OnlyOnce =
        ["from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding"];

    /// <summary>Verifies all signatures of a letter.</summary>
    /// <param name="letter">The letter's octets, seekable; read to their end before the first wait.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>An outcome a signature, the topmost first; none for an unsigned letter.</returns>
    public Task<IReadOnlyList<DkimOutcome>> CheckAsync(Stream letter, CancellationToken cancel) => CheckAsync(SignedLetter.Read(letter), cancel);

    /// <summary>Verifies the signatures of a letter whose body is hashed already.</summary>
    internal async Task<IReadOnlyList<DkimOutcome>> CheckAsync(SignedLetter letter, CancellationToken cancel) =>
        letter.Signatures.Count == 0 ? [] : await Task.WhenAll(letter.Signatures.Select(s => CheckOneAsync(letter, s, cancel))).ConfigureAwait(false);

    private async Task<DkimOutcome> CheckOneAsync(SignedLetter letter, DkimSignature signature, CancellationToken cancel)
    {
        var outcome = new DkimOutcome(DkimResult.Neutral, signature.Domain, signature.Selector, signature.Algorithm)
        {
            Identity = signature.Identity, Mark = signature.Mark, HasLength = signature.Length != long.MaxValue,
        };
        DkimOutcome End(DkimResult result, string reason) => outcome with { Result = result, Reason = reason };
        if (letter.Header.IsCut || signature.Fault is not null)
        {
            return signature.Fault is null ? End(DkimResult.PermError, "the header is too long") : End(signature.FaultResult, signature.Fault);
        }

        if (signature.Expires < time.GetUtcNow().ToUnixTimeSeconds())
        {
            return End(DkimResult.Fail, "expired");
        }

        var found = await DkimKey.FindAsync(dns, signature.Selector, signature.Domain, signature.IsEd25519, cancel).ConfigureAwait(false);
        if (found.Key is not { } key)
        {
            return End(found.Result, found.Reason);
        }

        outcome = outcome with { KeyBits = key.Bits, IsTesting = key.IsTesting };
        if (key.IsStrict && signature.Identity[(signature.Identity.LastIndexOf('@') + 1)..] != signature.Domain)
        {
            return End(DkimResult.PermError, "the key is not for domains below its own");
        }

        // A testing domain's wrong signature is no worse than none (section 3.6.1).
        var wrong = key.IsTesting ? DkimResult.Neutral : DkimResult.Fail;
        var (hash, length) = letter.Hashes.Of(signature.RelaxedBody, signature.Length);
        if (outcome.HasLength && signature.Length > length)
        {
            return End(DkimResult.PermError, "l= is longer than the body"); // section 3.5
        }

        outcome = outcome with { UnsignedOctets = outcome.HasLength ? length - signature.Length : 0 };
        if (!CryptographicOperations.FixedTimeEquals(hash, signature.BodyHash))
        {
            return End(wrong, "the body was changed");
        }

        if (!key.Verifies(HeaderHash.Of(letter.Header, signature), signature.Signature))
        {
            return End(wrong, "the header was changed, or the key is another's");
        }

        var unsigned = OnlyOnce.Where(name => letter.Header.Named(name).Count is > 1 and var there && signature.Names.Count(n => n == name) is > 0 and var signed && signed < there).ToList();
        outcome = outcome with { UnsignedFields = unsigned };
        return unsigned.Contains("from") ? End(DkimResult.Policy, "a second From field is not signed") : End(DkimResult.Pass, "");
    }
}
