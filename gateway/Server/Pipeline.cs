using MimeKit;
using Sekisho.Delivery;
using Sekisho.Housekeeping;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Signatures;
using Sekisho.Smtp;
using Sekisho.Store;

namespace Sekisho;

/// <summary>The line: a letter is received, opened, looked at, judged and kept. Only when it is kept does SMTP answer 250.</summary>
public sealed partial class Pipeline(
    MessageStore store, DeliveryService delivery, InspectionJournal journal, InspectionLanes lanes, SignatureService signatures, SekishoOptions options, TimeProvider time, ILogger<Pipeline> logger)
{
    /// <summary>A letter over which the process has died more than once is not opened again.</summary>
    internal static readonly FindingKind Deadly = new(
        "INSPECTION_CRASHED", 10_000,
        "Inspecting this message has stopped the gateway more than once; it was not opened again.",
        "このメールの検査中にゲートウェイが2回以上停止したため、開かずに保留しました。");

    private readonly IReadOnlyList<IDetector> _detectors = Detectors.All;

    /// <summary>Takes a letter down the line. Owns <paramref name="octets"/>; never throws.</summary>
    /// <param name="envelope">What SMTP said.</param>
    /// <param name="octets">The letter.</param>
    /// <param name="session">How it came.</param>
    /// <returns>What SMTP answers: 250 kept, 550 5.7.1 rejected by the policy, 554 looping, 451 anything went wrong.</returns>
    public async Task<SmtpReply> AcceptAsync(Envelope envelope, MessageOctets octets, SessionFacts session)
    {
        var handedOver = false;
        try
        {
            var started = time.GetTimestamp();
            Verdict verdict;
            MessageSummary summary;
            await using (var stream = octets.OpenRead())
            using (await lanes.EnterAsync(octets.Length))
            using (var entry = journal.Begin(stream))
            {
                // (1) Messages/   open the letter
                using var message = entry.Deaths < InspectionJournal.DeathsToBlame
                    ? MessageReader.Read(envelope, stream, options.Limits, time, CancellationToken.None)
                    : new InboundMessage(envelope, null, [], []);
                if (CountHops(message) > options.Smtp.MaxHops)
                {
                    return SmtpReply.TooManyHops;
                }

                // (2) Senders/    who says he writes?
                var sender = SenderFacts.Unknown;

                // (3) Detection/  what is to be seen in it?
                var findings = entry.Deaths < InspectionJournal.DeathsToBlame
                    ? Detectors.Inspect(_detectors, new InspectionContext(message, sender, signatures.Current))
                    : [Deadly.At("message", $"{entry.Deaths}")];

                // (4) Policy/     what follows from it?
                verdict = new MessagePolicy(options.Policy).Judge(findings);
                summary = SummaryOf(message);
            }

            var inspected = time.GetElapsedTime(started);

            // (5) Store/      keep it
            var state = StateOf(verdict.Disposition);
            var trace = TraceHeader.Write(options.Smtp.HostName, envelope, session, verdict);
            var atOnce = state == MessageState.Queued && delivery.TryReserve(octets.Length);
            try
            {
                await store.AcceptAsync(new NewMessage(envelope, octets, trace, state, verdict, summary, atOnce), CancellationToken.None);
            }
            catch when (atOnce)
            {
                delivery.Release(octets.Length);
                throw;
            }

            LogKept(envelope, octets.Length, verdict, inspected, time.GetElapsedTime(started));
            if (atOnce)
            {
                handedOver = true;
                delivery.Enqueue(new DeliveryJob(envelope, trace, octets.Length, 0, [.. Enumerable.Range(0, envelope.Recipients.Count)], Octets: octets));
            }
            else if (state == MessageState.Queued)
            {
                delivery.Wake();
            }

            return state == MessageState.Rejected
                ? new SmtpReply(550, $"5.7.1 Message refused for its content ({envelope.Id:N})")
                : new SmtpReply(250, $"2.0.0 Kept as {envelope.Id:N}");
        }
        catch (Exception e)
        {
            // The sender still has the letter: it comes again.
            PipelineMetrics.Failed();
            LogFailed(e, envelope.Id);
            return new SmtpReply(451, $"4.3.0 Try again later ({envelope.Id:N})");
        }
        finally
        {
            if (!handedOver)
            {
                octets.Dispose();
            }
        }
    }

    /// <summary>Received fields, which every relay on the way has added (RFC 5321 section 6.3).</summary>
    private static int CountHops(InboundMessage message) => message.Mime?.Headers.Count(h => h.Id == HeaderId.Received) ?? 0;

    private static MessageSummary SummaryOf(InboundMessage message)
    {
        const int Longest = 998; // a header line (RFC 5322 section 2.1.1); what is longer is no help to anybody
        var mime = message.Mime;
        return new MessageSummary(Cut(mime?.Subject), Cut(mime?.From.ToString()), Cut(mime?.MessageId));

        static string? Cut(string? text) => text is { Length: > Longest } ? text[..Longest] : text;
    }

    private static MessageState StateOf(Disposition disposition) => disposition switch
    {
        Disposition.Deliver => MessageState.Queued,
        Disposition.Hold => MessageState.Held,
        Disposition.Reject => MessageState.Rejected,
        _ => MessageState.Quarantined,
    };

    private void LogKept(Envelope envelope, long size, Verdict verdict, TimeSpan inspected, TimeSpan total)
    {
        PipelineMetrics.Kept(verdict, inspected);
        if (logger.IsEnabled(LogLevel.Information))
        {
            LogMessage(
                envelope.Id, verdict.Disposition, verdict.Score, string.Join(',', verdict.Findings.Select(f => f.Kind.Code).Distinct()),
                envelope.Client.ToString(), envelope.Sender, envelope.Recipients.Count, size, inspected.TotalMilliseconds, total.TotalMilliseconds);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message =
        "message {id} {disposition} score={score} codes={codes} client={client} from=<{sender}> recipients={recipients} size={size} inspected={inspectedMs:0.0}ms total={totalMs:0.0}ms")]
    private partial void LogMessage(
        Guid id, Disposition disposition, int score, string codes, string client, string sender, int recipients, long size, double inspectedMs, double totalMs);

    [LoggerMessage(Level = LogLevel.Error, Message = "message {id} was not kept: answered 451, the sender tries again")]
    private partial void LogFailed(Exception e, Guid id);
}
