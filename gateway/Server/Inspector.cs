using System.Collections.Frozen;
using MimeKit;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.Options;
using Sekisho.Senders;
using Sekisho.Store;

namespace Sekisho;

/// <summary>What came of looking at a letter.</summary>
/// <param name="Verdict">The judge's word.</param>
/// <param name="Summary">What a person recognises the letter by.</param>
/// <param name="Hops">Relays it has passed (Received fields, RFC 5321 section 6.3).</param>
/// <param name="Sender">What is known about who sent it.</param>
public sealed record Inspected(Verdict Verdict, MessageSummary Summary, int Hops, SenderFacts Sender)
{
    /// <summary>What the correspondence ledger learns from it if it goes on; null for nothing.</summary>
    public Exchange? Exchange { get; init; }
}

/// <summary>Steps (1) to (4) of the line: opens a letter, looks up its sender, runs the detectors, judges. The first time and each time again.</summary>
/// <param name="options">The settings; its policy and limits may change between letters.</param>
/// <param name="signatures">Gives what is known beforehand, as it stands now.</param>
/// <param name="time">The clock.</param>
/// <param name="senders">Asks who sends a letter; null asks nobody.</param>
/// <param name="allowedMacros">Which macros are allowed for a letter's recipients; null for none.</param>
/// <param name="outbound">Counts a letter that leaves the house, once, and tells what went before it; null counts nothing.</param>
/// <param name="household">Whose gateway this is, at this moment; null for nobody's.</param>
public sealed class Inspector(
    SekishoOptions options, Func<SignatureSet> signatures, TimeProvider time, SenderLookup? senders = null, Func<Envelope, IReadOnlySet<string>>? allowedMacros = null, Func<Household>? household = null,
    Func<InboundMessage, OutboundFacts?>? outbound = null)
{
    /// <summary>True where <see cref="AskAsync"/> has somebody to ask about a letter.</summary>
    /// <param name="envelope">What SMTP said.</param>
    public bool AsksAbout(Envelope envelope) => senders?.AsksAbout(envelope) ?? false;

    /// <summary>The part of step (2) that waits for DNS: to be awaited before a place among those inspected is taken, so that silent servers keep nobody else waiting.</summary>
    /// <param name="envelope">What SMTP said.</param>
    /// <param name="octets">The letter, seekable; read before this returns, and not touched afterwards.</param>
    /// <param name="cancel">Gives up altogether.</param>
    public Task<SenderFacts> AskAsync(Envelope envelope, Stream octets, CancellationToken cancel = default) =>
        senders?.CheckAsync(envelope, octets, cancel) ?? Task.FromResult(SenderFacts.Unknown);

    /// <summary>Looks at a letter. Waits for nothing but our own memory of senders, and for that a second at most.</summary>
    /// <param name="envelope">What SMTP said.</param>
    /// <param name="octets">The letter, seekable; not closed.</param>
    /// <param name="sender">What <see cref="AskAsync"/> found.</param>
    /// <param name="passwords">Passwords that came apart from it, likeliest first.</param>
    /// <param name="cancel">Gives up altogether.</param>
    public async Task<Inspected> InspectAsync(Envelope envelope, Stream octets, SenderFacts sender, IReadOnlyList<string> passwords, CancellationToken cancel = default)
    {
        // (1) Messages/   open the letter
        var known = signatures();
        using var message = MessageReader.Read(envelope, octets, options.Limits, time, cancel, passwords, known.Passwords);

        // (2) Senders/    what do we know of who says he writes? (What DNS knows came with AskAsync.)
        var house = household?.Invoke() ?? Household.Empty;
        var (facts, exchange) = senders is null ? (sender, null) : await senders.RecallAsync(message, sender, house, cancel);

        // (3) Detection/  what is to be seen in it?
        var findings = Detectors.Inspect(
            Detectors.All,
            new InspectionContext(message, facts, known)
            {
                AllowedMacros = allowedMacros?.Invoke(envelope) ?? FrozenSet<string>.Empty, Household = house, Outbound = outbound?.Invoke(message),
            },
            cancel);

        // (4) Policy/     what follows from it?
        var verdict = new MessagePolicy(options.Policy).Judge(findings, envelope);
        return new Inspected(verdict, SummaryOf(message), message.Mime?.Headers.Count(h => h.Id == HeaderId.Received) ?? 0, facts) { Exchange = exchange };
    }

    /// <summary>Lets our own memory learn from a letter that is kept and goes on; from no other. Never waits.</summary>
    /// <param name="result">What <see cref="InspectAsync"/> said of it.</param>
    public void Learn(Inspected result) => senders?.Learn(result.Sender, result.Exchange, result.Verdict);

    private static MessageSummary SummaryOf(InboundMessage message)
    {
        const int Longest = 998; // a header line (RFC 5322 section 2.1.1); what is longer is no help to anybody
        var mime = message.Mime;
        return new MessageSummary(Cut(mime?.Subject), Cut(mime?.From.ToString()), Cut(mime?.MessageId));

        static string? Cut(string? text) => text is { Length: > Longest } ? text[..Longest] : text;
    }
}
