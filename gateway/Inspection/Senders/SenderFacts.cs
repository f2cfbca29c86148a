using System.Net;

namespace Sekisho.Inspection.Senders;

/// <summary>What is known about who sent the letter, looked up before detection so that detectors need no network.</summary>
public sealed record SenderFacts
{
    /// <summary>Nothing is known: no look-up was made.</summary>
    public static readonly SenderFacts Unknown = new();

    /// <summary>Authentication results by method in short words (<c>spf</c>, <c>dkim</c>, <c>dmarc</c>, <c>arc</c>; RFC 8601 section 2.7); empty while none is checked. Of several signatures the best is told.</summary>
    public IReadOnlyDictionary<string, string> Authentication { get; init; } = new Dictionary<string, string>();

    /// <summary>Who handed the letter over to us or to the listed border server in front of us; null where it is not known.</summary>
    public IPAddress? Client { get; init; }

    /// <summary>The reverse-path.</summary>
    public string MailFrom { get; init; } = "";

    /// <summary>True for the null sender: SPF is then about HELO.</summary>
    public bool IsNullSender { get; init; }

    /// <summary>SPF of MAIL FROM; null where it was not asked.</summary>
    public SpfOutcome? Spf { get; init; }

    /// <summary>SPF of HELO; null where it was not asked.</summary>
    public SpfOutcome? SpfHelo { get; init; }

    /// <summary>The signatures, the topmost first.</summary>
    public IReadOnlyList<DkimOutcome> Dkim { get; init; } = [];

    /// <summary>The chain of forwarders; null where it was not asked.</summary>
    public ArcOutcome? Arc { get; init; }

    /// <summary>Whether the domain in From stands behind the letter; null where it was not asked.</summary>
    public DmarcOutcome? Dmarc { get; init; }

    /// <summary>Where From names several domains, which RFC 9989 section 5.3.1 exempts: what it would be for each, at most four. Who puts a second address there must not get by with it. Empty otherwise.</summary>
    public IReadOnlyList<DmarcOutcome> DmarcOfEach { get; init; } = [];

    /// <summary>The domains in From, A-labels in lower case.</summary>
    public IReadOnlyList<string> AuthorDomains { get; init; } = [];

    /// <summary>True where a listed sealer saw the letter pass DMARC for the same author, and only listed ones handled it since.</summary>
    public bool IsVouchedFor { get; init; }

    /// <summary>What the listed border server in front of us found; null where there is none.</summary>
    public ReportedResults? Border { get; init; }

    /// <summary>The senders that admins allow and block; no look-up is needed for it.</summary>
    public SenderList Listed { get; init; } = SenderList.Empty;

    /// <summary>What the ledger says of the author and the recipients; null where it was not asked, or did not answer in time.</summary>
    public Correspondence? Correspondence { get; init; }

    /// <summary>True where the mailing list that brings the letter is known to the ledger (<see cref="MailingList.IsKnown"/>).</summary>
    public bool KnowsList { get; init; }

    /// <summary>What the memory of conversations says; null where it was not asked, or did not answer.</summary>
    public ThreadFacts? Thread { get; init; }
}
