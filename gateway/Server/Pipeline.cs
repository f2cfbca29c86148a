using Sekisho.Delivery;
using Sekisho.Housekeeping;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Outbound;
using Sekisho.Quarantine;
using Sekisho.Reports;
using Sekisho.Senders;
using Sekisho.Smtp;
using Sekisho.Store;

namespace Sekisho;

/// <summary>The line: a letter is received, opened, looked at, judged and kept. Only when it is kept does SMTP answer 250.</summary>
public sealed partial class Pipeline(
    MessageStore store, DeliveryService delivery, Inspector inspector, PasswordResolver passwords, InspectionJournal journal, InspectionLanes lanes, OutboundWatch outbound, DmarcReports reports, DmarcResults results,
    SekishoOptions options, TimeProvider time, ILogger<Pipeline> logger)
{
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
            Inspected result;
            await using (var stream = octets.OpenRead())
            {
                // DNS is waited for without a place in the lanes: letters with silent servers keep no others waiting.
                var sender = await AskAsync(envelope, stream, octets.Length);
                using var place = await lanes.EnterAsync(octets.Length);
                using var entry = journal.Begin(stream);

                // Steps (1) to (4): open, who sends, what is to be seen, what follows from it.
                result = entry.Deaths < InspectionJournal.DeathsToBlame
                    ? await inspector.InspectAsync(envelope, stream, sender, [])
                    : new Inspected(new MessagePolicy(options.Policy).Judge([GatewayKinds.Deadly.At("message", $"{entry.Deaths}")]), new MessageSummary(null, null, null), 0, sender);

                // The password may have come before the letter that asks for it.
                if (result.Verdict.Disposition == Disposition.Hold && await passwords.BeforeAsync(envelope, result.Summary) is { Count: > 0 } known)
                {
                    result = await inspector.InspectAsync(envelope, stream, sender, known);
                }

                if (entry.Deaths < InspectionJournal.DeathsToBlame)
                {
                    passwords.Hear(envelope, stream, octets.Length);
                }
            }

            if (result.Hops > options.Smtp.MaxHops)
            {
                return SmtpReply.TooManyHops;
            }

            var verdict = result.Verdict;
            var inspected = time.GetElapsedTime(started);

            // (5) Store/      keep it
            var state = StateOf(verdict.Disposition);
            var trace = TraceHeader.Write(options.Smtp.HostName, envelope, session, verdict, SenderLookup.ResultsField(options, result.Sender));
            var atOnce = state == MessageState.Queued && delivery.TryReserve(octets.Length);
            try
            {
                await store.AcceptAsync(new NewMessage(envelope, octets, trace, state, verdict, result.Summary, atOnce, HoldUntil(state)), CancellationToken.None);
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

            passwords.Kept(envelope, state);
            reports.Hear(envelope, state);
            results.Hear(envelope, result.Sender, verdict);
            outbound.Kept(envelope, verdict);
            inspector.Learn(result);

            return state == MessageState.Rejected
                ? new SmtpReply(550, $"5.7.1 Message refused for its content ({envelope.Id:N})")
                : new SmtpReply(250, $"2.0.0 Kept as {envelope.Id:N}");
        }
        catch (Exception e)
        {
            // The sender still has the letter: it comes again.
            PipelineMetrics.Failed();
            outbound.Forget(envelope);
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

    /// <summary>The header and the hashes of the body are read under the journal, like everything that is done with hostile octets; the answers are awaited outside.</summary>
    private async Task<SenderFacts> AskAsync(Envelope envelope, Stream stream, long length)
    {
        if (!inspector.AsksAbout(envelope))
        {
            return SenderFacts.Unknown;
        }

        Task<SenderFacts> asked;
        using (await lanes.EnterAsync(length))
        using (var entry = journal.Begin(stream))
        {
            asked = entry.Deaths < InspectionJournal.DeathsToBlame ? inspector.AskAsync(envelope, stream) : Task.FromResult(SenderFacts.Unknown);
        }

        return await asked;
    }

    private DateTimeOffset? HoldUntil(MessageState state) => state == MessageState.Held ? time.GetUtcNow() + options.Policy.HoldForPassword : null;

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
