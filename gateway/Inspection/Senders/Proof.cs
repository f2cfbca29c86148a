using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Senders;

/// <summary>What authentication says about a domain that a letter claims to come from.</summary>
internal enum Proof
{
    /// <summary>No look-up was made.</summary>
    Unknown,

    /// <summary>DNS did not answer: nothing can be said.</summary>
    Silent,

    /// <summary>Nothing stands for the domain.</summary>
    None,

    /// <summary>The domain stands behind the letter.</summary>
    Given,
}

/// <summary>Reads authentication results.</summary>
internal static class Proofs
{
    /// <summary>Whether the domain in From stands behind the letter: DMARC, a trusted sealer who saw it pass (ARC), or SPF of the same organisation's envelope. A signature or a seal alone may be anybody's.</summary>
    public static Proof OfAuthor(SenderFacts facts, Envelope envelope, string domain) =>
        facts.Authentication.Count == 0 ? Proof.Unknown
        : Is(facts, "dmarc", "pass") || facts.IsVouchedFor || (Is(facts, "spf", "pass") && Domains.AreOneHouse(ClaimedSender.DomainOf(envelope.Sender), domain)) ? Proof.Given
        : Is(facts, "dmarc", "temperror") || Is(facts, "spf", "temperror") || Is(facts, "dkim", "temperror") ? Proof.Silent : Proof.None;

    /// <summary>Whether an admin's word for a sender holds for the letter: as <see cref="OfAuthor"/>, or by a whole signature of the author's own organisation, or because our border server saw it pass DMARC.</summary>
    public static Proof ForAllowed(SenderFacts facts, Envelope envelope, string domain)
    {
        var proof = OfAuthor(facts, envelope, domain);
        if (proof is Proof.Given or Proof.Unknown)
        {
            return proof;
        }

        return facts.Dkim.Any(d => d is { Result: DkimResult.Pass, UnsignedOctets: 0, IsTesting: false } && Domains.AreOneHouse(d.Domain, domain))
            || facts.Border?.Results.Any(r => r is { Method: "dmarc", Result: "pass" } && r.Properties.TryGetValue("header.from", out var from) && ClaimedSender.DomainOf("@" + from[(from.LastIndexOf('@') + 1)..]) == domain) == true
            ? Proof.Given : proof;
    }

    /// <summary>Whether the envelope's domain sent it.</summary>
    public static Proof OfEnvelope(SenderFacts facts) =>
        facts.Authentication.Count == 0 ? Proof.Unknown : Is(facts, "spf", "pass") ? Proof.Given : Is(facts, "spf", "temperror") ? Proof.Silent : Proof.None;

    private static bool Is(SenderFacts facts, string method, string result) => facts.Authentication.TryGetValue(method, out var found) && found == result;
}
