using System.Globalization;
using System.Security.Cryptography;

namespace Sekisho.Inspection.Senders;

/// <summary>How a chain stands (RFC 8617 section 4.4).</summary>
public enum ArcResult
{
    /// <summary>There is no chain.</summary>
    None,

    /// <summary>Every seal is right.</summary>
    Pass,

    /// <summary>It is broken.</summary>
    Fail,

    /// <summary>DNS did not answer for a key: not known.</summary>
    TempError,
}

/// <summary>What the check of a chain found.</summary>
/// <param name="Result">How it stands.</param>
/// <param name="Sealers">The domains that sealed it (<c>d=</c>), the newest first.</param>
/// <param name="Reason">Why it is no pass, in plain English; empty otherwise.</param>
public sealed record ArcOutcome(ArcResult Result, IReadOnlyList<string> Sealers, string Reason)
{
    /// <summary>No chain.</summary>
    public static readonly ArcOutcome None = new(ArcResult.None, [], "");

    /// <summary>What the first of the listed sealers found that has only listed ones behind it; empty where the chain is no pass or the newest sealer is not listed.</summary>
    public IReadOnlyList<ReportedResult> Believed { get; init; } = [];
}

/// <summary>One set of a chain: results, message signature, seal.</summary>
internal sealed record ArcSet(LetterField Results, DkimSignature Message, DkimSignature Seal);

/// <summary>A chain as the header shows it, its structure checked (RFC 8617 section 5.2 steps 1 to 3).</summary>
internal sealed class ArcChain
{
    private const int MostSets = 50;

    private ArcChain(IReadOnlyList<ArcSet> sets, string? fault)
    {
        Sets = sets;
        Fault = fault;
    }

    /// <summary>The sets, the oldest first; empty where there is no chain or it is broken.</summary>
    public IReadOnlyList<ArcSet> Sets { get; }

    /// <summary>Why the chain is broken; null where it is not, or there is none.</summary>
    public string? Fault { get; }

    /// <summary>The newest set.</summary>
    public ArcSet? Newest => Sets.Count == 0 ? null : Sets[^1];

    /// <summary>Reads the chain from a header.</summary>
    public static ArcChain Read(LetterHeader header)
    {
        static ArcChain Broken(string fault) => new([], fault);
        var seals = header.Named("arc-seal");
        var messages = header.Named("arc-message-signature");
        var results = header.Named("arc-authentication-results");
        var count = Math.Max(seals.Count, Math.Max(messages.Count, results.Count));
        if (count == 0)
        {
            return new ArcChain([], null);
        }

        if (count > MostSets || seals.Count != count || messages.Count != count || results.Count != count)
        {
            return Broken("the sets are not complete");
        }

        var sealAt = new LetterField?[count];
        var messageAt = new LetterField?[count];
        var resultsAt = new LetterField?[count];
        for (var i = 0; i < count; i++)
        {
            if (!Place(header, seals[i], sealAt, Tagged) || !Place(header, messages[i], messageAt, Tagged) || !Place(header, results[i], resultsAt, Prefixed))
            {
                return Broken("an instance is missing, twice there, or no number");
            }
        }

        var sets = new List<ArcSet>(count);
        for (var i = 0; i < count; i++)
        {
            var seal = DkimSignature.Parse(header.Text(sealAt[i]!.Value), sealAt[i]!.Value, DkimSignature.Kind.ArcSeal);
            var message = DkimSignature.Parse(header.Text(messageAt[i]!.Value), messageAt[i]!.Value, DkimSignature.Kind.ArcMessage);
            if ((seal.Fault ?? message.Fault) is { } fault)
            {
                return Broken($"set {i + 1}: {fault}");
            }

            if (seal.Chain != (i == 0 ? "none" : "pass"))
            {
                return Broken($"set {i + 1} says cv={seal.Chain}");
            }

            sets.Add(new ArcSet(resultsAt[i]!.Value, message, seal));
        }

        return new ArcChain(sets, null);
    }

    private static bool Place(LetterHeader header, int at, LetterField?[] places, Func<string, string?> instance)
    {
        var field = header.Fields[at];
        if (instance(header.Text(field)) is not { Length: 1 or 2 } text || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number < 1 || number > places.Length || places[number - 1] is not null)
        {
            return false;
        }

        places[number - 1] = field;
        return true;
    }

    private static string? Tagged(string value) => TagList.Parse(value)?["i"];

    /// <summary>The results begin with <c>i=1;</c> and are no list of tags otherwise.</summary>
    private static string? Prefixed(string value)
    {
        var end = value.IndexOf(';', StringComparison.Ordinal);
        return end < 0 ? null : TagList.Parse(value[..end])?["i"];
    }
}

/// <summary>Validates the chain that forwarders and mailing lists leave (RFC 8617 section 5.2).</summary>
/// <param name="dns">Answers for the keys.</param>
/// <param name="trusted">Domains of sealers whose word is believed.</param>
public sealed class Arc(DnsSource dns, IReadOnlyList<string> trusted)
{
    private readonly HashSet<string> trusted = [.. trusted.Select(Domains.Ascii).OfType<string>()];

    /// <summary>Validates a letter's chain.</summary>
    /// <param name="letter">The letter's octets, seekable; read to their end before the first wait.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<ArcOutcome> CheckAsync(Stream letter, CancellationToken cancel) => CheckAsync(SignedLetter.Read(letter), cancel);

    /// <summary>Validates the chain of a letter whose body is hashed already.</summary>
    internal async Task<ArcOutcome> CheckAsync(SignedLetter letter, CancellationToken cancel)
    {
        var chain = letter.Chain;
        if (chain.Newest is not { } newest)
        {
            return chain.Fault is null ? ArcOutcome.None : new ArcOutcome(ArcResult.Fail, [], chain.Fault);
        }

        var sealers = chain.Sets.Reverse().Select(static s => s.Seal.Domain).ToList();
        if (letter.Header.IsCut)
        {
            return new ArcOutcome(ArcResult.Fail, sealers, "the header is too long");
        }

        var message = newest.Message;
        var (hash, length) = letter.Hashes.Of(message.RelaxedBody, message.Length);
        if (!CryptographicOperations.FixedTimeEquals(hash, message.BodyHash) || (message.Length != long.MaxValue && message.Length > length))
        {
            return new ArcOutcome(ArcResult.Fail, sealers, "the body was changed");
        }

        // All keys are asked for at once; a chain of one forwarder needs one.
        var keys = await Task.WhenAll(chain.Sets.Select(static s => s.Seal).Append(message)
            .Select(s => DkimKey.FindAsync(dns, s.Selector, s.Domain, s.IsEd25519, cancel).AsTask())).ConfigureAwait(false);
        if (Array.Exists(keys, static k => k.Key is null))
        {
            var lacking = Array.Find(keys, static k => k.Key is null && k.Result != DkimResult.TempError);
            return lacking.Reason is null ? new ArcOutcome(ArcResult.TempError, sealers, "no answer for a key") : new ArcOutcome(ArcResult.Fail, sealers, lacking.Reason);
        }

        if (!keys[^1].Key!.Verifies(HeaderHash.Of(letter.Header, message), message.Signature))
        {
            return new ArcOutcome(ArcResult.Fail, sealers, "the newest message signature is wrong");
        }

        for (var i = chain.Sets.Count - 1; i >= 0; i--)
        {
            var sealedHash = HeaderHash.OfSeal(letter.Header, chain.Sets.Take(i + 1).Select(static s => (s.Results, s.Message.Field, s.Seal.Field)));
            if (!keys[i].Key!.Verifies(sealedHash, chain.Sets[i].Seal.Signature))
            {
                return new ArcOutcome(ArcResult.Fail, sealers, $"seal {i + 1} is wrong");
            }
        }

        return new ArcOutcome(ArcResult.Pass, sealers, "") { Believed = Believed(letter) };
    }

    /// <summary>The results of the oldest set that only listed sealers handled since: who is not listed may have written anything below.</summary>
    private IReadOnlyList<ReportedResult> Believed(SignedLetter letter)
    {
        var oldest = letter.Chain.Sets.Count;
        while (oldest > 0 && trusted.Contains(letter.Chain.Sets[oldest - 1].Seal.Domain) && trusted.Contains(letter.Chain.Sets[oldest - 1].Message.Domain))
        {
            oldest--;
        }

        return oldest == letter.Chain.Sets.Count ? [] : AuthenticationResultsField.Read(letter.Header, letter.Chain.Sets[oldest].Results)?.Results ?? [];
    }
}
