using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;

namespace Sekisho.Store;

/// <summary>Where a kept letter stands.</summary>
public enum MessageState
{
    /// <summary>Waits for (the next) delivery.</summary>
    Queued,

    /// <summary>Waits for something else: an admin's <c>queue hold</c>, or a password mail.</summary>
    Held,

    /// <summary>Waits for release or discard.</summary>
    Quarantined,

    /// <summary>Every recipient has it.</summary>
    Delivered,

    /// <summary>At least one recipient was refused for good; the sender was told where he may be.</summary>
    Bounced,

    /// <summary>Thrown away: its key is destroyed.</summary>
    Discarded,

    /// <summary>Refused in the SMTP dialogue; only the verdict is kept.</summary>
    Rejected,
}

/// <summary>Where a letter stands for one recipient.</summary>
public enum RecipientState
{
    /// <summary>Not tried, or to be tried again.</summary>
    Pending,

    /// <summary>The next hop answered 250, or the Maildir has it.</summary>
    Delivered,

    /// <summary>Refused for good, or given up.</summary>
    Failed,
}

/// <summary>What an admin recognises a letter by. Kept in clear for searching; cleared when the letter is discarded.</summary>
public sealed record MessageSummary(string? Subject, string? From, string? MessageId);

/// <summary>A letter on its way into the store.</summary>
/// <param name="Envelope">What SMTP said.</param>
/// <param name="Octets">The letter as it came in. The store seals and keeps them; the caller goes on owning (and disposes) the object.</param>
/// <param name="TraceHeader">Header fields that go in front on the way out (Received and the gateway's own), each with CRLF.</param>
/// <param name="State">Where the letter starts: Queued, Held, Quarantined, or Rejected (then octets are not kept).</param>
/// <param name="Verdict">Why.</param>
/// <param name="Summary">What an admin recognises it by.</param>
/// <param name="ClaimedHere">True when this process delivers it at once: nobody else may claim it before the lease ends.</param>
/// <param name="HoldUntil">Of a held letter: when its time is up. Null for all others.</param>
public sealed record NewMessage(
    Envelope Envelope, MessageOctets Octets, string TraceHeader, MessageState State, Verdict Verdict, MessageSummary Summary, bool ClaimedHere = false,
    DateTimeOffset? HoldUntil = null);

/// <summary>A letter claimed for a delivery attempt.</summary>
/// <param name="Envelope">What SMTP said, all recipients included.</param>
/// <param name="TraceHeader">Header fields to send in front of the octets.</param>
/// <param name="Size">Octets of the letter without <paramref name="TraceHeader"/>.</param>
/// <param name="Attempts">Attempts made before this one.</param>
/// <param name="Pending">Positions in <c>Envelope.Recipients</c> that still wait.</param>
/// <param name="DelayNotified">True when the sender has been told of the delay (RFC 3461 NOTIFY=DELAY).</param>
/// <param name="Octets">The letter itself when it is still in memory (the receiver of the job disposes it), else null: open it from the store.</param>
/// <param name="FromQuarantine">True when the verdict was Quarantine and somebody released the letter: its sender is never told of a failure, and the time it lay in quarantine does not count against it.</param>
public sealed record DeliveryJob(
    Envelope Envelope, string TraceHeader, long Size, int Attempts, IReadOnlyList<int> Pending, bool DelayNotified = false,
    MessageOctets? Octets = null, bool FromQuarantine = false);

/// <summary>How an attempt ended for one recipient.</summary>
/// <param name="Position">Index in <c>Envelope.Recipients</c>.</param>
/// <param name="State">Where the recipient stands now.</param>
/// <param name="Reply">The next hop's last reply, or our own words, one line.</param>
/// <param name="Host">Who said it: <c>mail.hospital.example[192.0.2.1]:25</c>, <c>maildir</c>, or empty.</param>
public sealed record RecipientResult(int Position, RecipientState State, string Reply, string Host);

/// <summary>How an attempt ended, written in one transaction.</summary>
/// <param name="Results">One for each recipient tried.</param>
/// <param name="NextAttemptAt">When to try the pending ones again; null when none is left.</param>
/// <param name="DelayNotified">True once the sender has been told of the delay.</param>
/// <param name="Notification">A delivery status notification (RFC 3464) to queue with it, or null.</param>
public sealed record DeliveryOutcome(
    IReadOnlyList<RecipientResult> Results, DateTimeOffset? NextAttemptAt, bool DelayNotified = false, NewMessage? Notification = null);
