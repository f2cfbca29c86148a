using System.Net;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Senders;

/// <summary>What proved a letter on its way.</summary>
[Flags]
public enum RouteProof
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>SPF, for the domain of the reverse-path.</summary>
    Spf = 1,

    /// <summary>A signature, of whichever domain.</summary>
    Dkim = 2,

    /// <summary>The author's own domain stands behind it: DMARC, a trusted sealer, or SPF of the same organisation.</summary>
    Author = 4,
}

/// <summary>Which way a letter came: the network of the true client and what proved it.</summary>
/// <param name="Network">A /24 (IPv4) or a /48 (IPv6), the sizes that one provider's neighbouring servers share.</param>
/// <param name="Proof">What proved it.</param>
/// <param name="Signer">The domain whose signature passed, where it is the author's own, or above or below it; empty where none did. Anybody else's tells nothing: whoever likes signs with another each time.</param>
public sealed record SenderRoute(IPNetwork Network, RouteProof Proof, string Signer)
{
    /// <summary>True where the author's domain stands behind the letter.</summary>
    public bool IsProven => Proof.HasFlag(RouteProof.Author);

    /// <summary>A letter's way; null where it is not known: nobody was asked, DNS kept silent, or the client behind a border server cannot be told.</summary>
    /// <param name="facts">What is known about who sent it.</param>
    /// <param name="envelope">What SMTP said.</param>
    /// <param name="author">The domain in From.</param>
    public static SenderRoute? Of(SenderFacts facts, Envelope envelope, string author)
    {
        var proof = Proofs.OfAuthor(facts, envelope, author);
        if (facts.Client is not { } client || proof is Senders.Proof.Unknown or Senders.Proof.Silent)
        {
            return null;
        }

        var passed = facts.Dkim.Where(static d => d.Result == DkimResult.Pass).ToList();
        return new SenderRoute(
            NetworkOf(client),
            (proof == Senders.Proof.Given ? RouteProof.Author : 0) | (Proofs.OfEnvelope(facts) == Senders.Proof.Given ? RouteProof.Spf : 0) | (passed.Count == 0 ? 0 : RouteProof.Dkim),
            passed.Find(d => Domains.IsOrBelow(d.Domain, author) || Domains.IsOrBelow(author, d.Domain))?.Domain ?? "");
    }

    /// <summary>The network of a client: its /24 or /48.</summary>
    public static IPNetwork NetworkOf(IPAddress client)
    {
        client = client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client;
        var octets = client.GetAddressBytes();
        var kept = octets.Length == 4 ? 3 : 6;
        octets.AsSpan(kept).Clear();
        return new IPNetwork(new IPAddress(octets), kept * 8);
    }
}

/// <summary>A way that a correspondent's letters have come before.</summary>
/// <param name="Network">The client's /24 or /48.</param>
/// <param name="Proof">What proved them.</param>
/// <param name="IsOfSameSigner">True where the domain that signed them signed the letter in question, too. The ledger itself keeps no names.</param>
/// <param name="First">The first day, UTC.</param>
/// <param name="Last">The last day, UTC.</param>
/// <param name="Letters">How many letters, about.</param>
public sealed record UsualRoute(IPNetwork Network, RouteProof Proof, bool IsOfSameSigner, DateOnly First, DateOnly Last, int Letters)
{
    /// <summary>True where the author's domain stood behind them.</summary>
    public bool IsProven => Proof.HasFlag(RouteProof.Author);
}
