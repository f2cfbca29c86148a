using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;

namespace Sekisho.Store;

/// <summary>A finding as it was kept with the letter. Its words are found by its code, but for those of a rule, which are kept.</summary>
/// <param name="Code">The finding's kind, such as <c>MACRO_AUTO_EXEC</c>.</param>
/// <param name="Weight">What it weighed when the letter was judged.</param>
/// <param name="Place">Where in the letter.</param>
/// <param name="Evidence">What was seen, safe to show.</param>
/// <param name="Observed">True when the policy only watched this kind and did not count it.</param>
/// <param name="Ja">Its words in Japanese where they came from a rule; null where the code tells them.</param>
/// <param name="En">The same in English.</param>
public sealed record KeptFinding(string Code, int Weight, string Place, string Evidence, bool Observed, string? Ja = null, string? En = null);

/// <summary>Where a kept letter stands for one recipient.</summary>
/// <param name="Recipient">The forward-path with its DSN parameters.</param>
/// <param name="State">Pending, Delivered or Failed.</param>
/// <param name="Reply">The last reply, one line; null before the first attempt.</param>
/// <param name="Host">Who said it; null before the first attempt.</param>
/// <param name="UpdatedAt">When that was.</param>
public sealed record KeptRecipient(EnvelopeRecipient Recipient, RecipientState State, string? Reply, string? Host, DateTimeOffset UpdatedAt);

/// <summary>A kept letter as a list shows it.</summary>
/// <param name="Id">The letter's id.</param>
/// <param name="ReceivedAt">When it came, to the millisecond.</param>
/// <param name="Client">The SMTP client's address.</param>
/// <param name="Sender">The reverse-path; empty for the null sender.</param>
/// <param name="Recipients">How many recipients it has.</param>
/// <param name="FirstRecipient">The first one's address.</param>
/// <param name="Size">Octets of the letter as it came.</param>
/// <param name="Summary">What an admin recognises it by; all null when it was discarded.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Disposition">What the judge said.</param>
/// <param name="Score">The judge's score.</param>
/// <param name="Attempts">Delivery attempts so far.</param>
/// <param name="DueAt">When a queued letter is tried next; while it is being tried, when its claim ends; else null.</param>
/// <param name="Claimed">True while a gateway has it in delivery.</param>
/// <param name="HeldBy">The admin who held it; null when it is not held, or the verdict held it.</param>
/// <param name="UpdatedAt">When its state last changed, or the last attempt ended.</param>
public sealed record KeptMessage(
    Guid Id,
    DateTimeOffset ReceivedAt,
    System.Net.IPAddress Client,
    string Sender,
    int Recipients,
    string FirstRecipient,
    long Size,
    MessageSummary Summary,
    MessageState State,
    Disposition Disposition,
    int Score,
    int Attempts,
    DateTimeOffset? DueAt,
    bool Claimed,
    string? HeldBy,
    DateTimeOffset UpdatedAt)
{
    /// <summary>True for a letter of the hospital's own people that leaves the house.</summary>
    public bool IsOutbound { get; init; }
}

/// <summary>All that is kept of a letter except its octets.</summary>
/// <param name="Message">What a list shows.</param>
/// <param name="Envelope">What SMTP said.</param>
/// <param name="TraceHeader">Header fields that go in front on the way out.</param>
/// <param name="Recipients">Where it stands for each recipient, in the envelope's order.</param>
/// <param name="Findings">What was seen in it, heaviest first.</param>
/// <param name="OctetsKept">False once its key is destroyed, or when it was rejected.</param>
/// <param name="DelayNotified">True when the sender has been told of the delay.</param>
public sealed record KeptMessageDetails(
    KeptMessage Message,
    Envelope Envelope,
    string TraceHeader,
    IReadOnlyList<KeptRecipient> Recipients,
    IReadOnlyList<KeptFinding> Findings,
    bool OctetsKept,
    bool DelayNotified);

/// <summary>Which letters to list. Conditions left out do not narrow.</summary>
public sealed record MessageQuery
{
    /// <summary>Letters in any of these states; empty for all.</summary>
    public IReadOnlyList<MessageState> States { get; init; } = [];

    /// <summary>Text within the reverse-path or the From field, upper and lower case alike (ASCII).</summary>
    public string? Sender { get; init; }

    /// <summary>Text within any recipient's address, upper and lower case alike (ASCII).</summary>
    public string? Recipient { get; init; }

    /// <summary>Text within the subject, upper and lower case alike (ASCII).</summary>
    public string? Subject { get; init; }

    /// <summary>Received at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Received before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Changed its state at this time or later: kept, released, delivered.</summary>
    public DateTimeOffset? ChangedSince { get; init; }

    /// <summary>How many at most, 1 to 1,000. Default: 100.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Goes on behind this letter: the last one of the page before.</summary>
    public (DateTimeOffset ReceivedAt, Guid Id)? After { get; init; }
}

/// <summary>How many letters stand where.</summary>
/// <param name="ByState">Letters by state; a state without letters is 0.</param>
/// <param name="OldestDueAt">When the queued letter that waits longest fell, or falls, due; null when none waits.</param>
/// <param name="OldestQueuedAt">When the oldest queued letter was received; null when none waits.</param>
public sealed record StoreCounts(IReadOnlyDictionary<MessageState, long> ByState, DateTimeOffset? OldestDueAt, DateTimeOffset? OldestQueuedAt);
