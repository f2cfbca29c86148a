using MimeKit;
using Prometheus;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Store;
using DomainList = Sekisho.Options.DomainList;

namespace Sekisho.Outbound;

/// <summary>Watches what leaves the house, and tells each letter on its way what went before it. What the store remembers of the last hour counts after a restart.</summary>
/// <remarks>Who has taken over a PC writes what he likes into MAIL FROM, or into From: both are counted. Where several gateways share a store, each hears of the others' letters within a quarter of a minute; what letters have in common each knows of its own alone.</remarks>
public sealed partial class OutboundWatch(SekishoOptions options, MessageStore store, TimeProvider time, ILogger<OutboundWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(15);

    private static readonly Counter Messages = Metrics.CreateCounter("sekisho_outbound_messages_total", "Outbound messages kept, by disposition.", "disposition");
    private static readonly Counter Bursts = Metrics.CreateCounter("sekisho_outbound_bursts_total", "Senders of our own found over their limit, once a sender and hour.");
    private static readonly Counter Campaigns = Metrics.CreateCounter("sekisho_outbound_campaigns_total", "Things found going out to too many recipients, once a thing and hour.");

    /// <summary>Bounces and answers by program that one server of ours may send, as a multiple of what a person may.</summary>
    private const int TimesForPrograms = 10;

    private const int MostAuthors = 3;

    private readonly SendingBook _book = new(time);

    /// <summary>Counts a letter that leaves the house, the first time it is looked at, and tells what went before it.</summary>
    /// <param name="message">The letter, opened.</param>
    /// <returns>Null for a letter that comes in, stays in the house, or is of an exempt sender.</returns>
    public OutboundFacts? Look(InboundMessage message)
    {
        var envelope = message.Envelope;
        if (!envelope.IsOutbound)
        {
            return null;
        }

        if (IsExempt(envelope.Sender) || Outside(envelope.Recipients.Select(static r => r.Address)) is not { Count: > 0 } outside)
        {
            return null;
        }

        var marks = CampaignMark.Of(message, options.Smtp.RelayDomains.ConvertAll(static d => d.TrimStart('.').ToLowerInvariant()));
        var isProgram = envelope.Sender.Length == 0 && IsOfProgram(message, marks);
        if (isProgram)
        {
            // Answering machines and bounces say the same to everybody; files of their own they do not send.
            marks = [.. marks.Where(static m => m.IsFile)];
        }

        var senders = isProgram ? [] : Senders(envelope.Sender, message.Mime?.From);
        var entry = _book.Enter(
            envelope.Id, envelope.ReceivedAt, senders.Count > 0 ? senders : [$"[{envelope.Client}]"], outside, marks, options.Outbound, senders.Count > 0 ? 1 : TimesForPrograms);
        if (entry is { BurstBegins: true, Facts: { } burst })
        {
            Bursts.Inc();
            LogBurst(burst.Sender, burst.Messages, burst.Recipients, burst.MaxMessages, burst.MaxRecipients, LetterOrigin.Of(message));
        }

        if (entry is { CampaignBegins: true, Facts: { Campaign: { } campaign } facts })
        {
            Campaigns.Inc();
            LogCampaign(campaign.Mark.Key[..Math.Min(campaign.Mark.Key.Length, 21)], campaign.Recipients, campaign.Senders, facts.MaxCampaign, envelope.Sender, LetterOrigin.Of(message));
        }

        return entry.Facts;
    }

    /// <summary>A letter was kept.</summary>
    public void Kept(Envelope envelope, Verdict verdict)
    {
        if (envelope.IsOutbound)
        {
            Messages.WithLabels(verdict.Disposition.ToString().ToLowerInvariant()).Inc();
        }
    }

    /// <summary>A letter could not be kept: its sender comes with it again, and then it counts.</summary>
    public void Forget(Envelope envelope)
    {
        if (envelope.IsOutbound)
        {
            _book.Forget(envelope.Id);
        }
    }

    /// <summary>Reads what the store knows of letters since a time, those of other gateways included.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    internal async Task RecallAsync(DateTimeOffset since, CancellationToken cancel)
    {
        foreach (var sent in await store.OutboundSinceAsync(since, cancel))
        {
            if (!IsExempt(sent.Sender) && Outside(sent.Recipients).Count is > 0 and var outside)
            {
                // Of the null sender it is not known any more whether a program wrote it: it counts as if.
                var senders = sent.Sender.Length == 0 ? [] : Senders(sent.Sender, InternetAddressList.TryParse(sent.From, out var from) ? from : null);
                _book.Recall(sent.Id, sent.ReceivedAt, senders.Count > 0 ? senders : [$"[{sent.Client}]"], outside);
            }
        }
    }

    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Outbound.Listen.Count > 0)
        {
            await RecallAsync(time.GetUtcNow() - SendingBook.Window, cancellationToken); // before the door opens
        }

        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Outbound.Listen.Count == 0 || options.Store.Postgres.Length == 0)
        {
            return; // nobody else writes into this store
        }

        using var timer = new PeriodicTimer(Round, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    // More than the round: a letter is kept a while after it came.
                    await RecallAsync(time.GetUtcNow() - (8 * Round), stoppingToken);
                }
                catch (Exception e) when (e is not OperationCanceledException) // whatever it is, it must not end the gateway
                {
                    LogNotRead(e);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The house is closed.
        }
    }

    /// <summary>Who is counted: the envelope's sender and the authors, without those that are exempt.</summary>
    private List<string> Senders(string mailFrom, InternetAddressList? from) =>
        [.. new[] { mailFrom }.Concat(from?.Mailboxes.Take(MostAuthors).Select(static m => m.Address ?? "") ?? []).Where(a => a.Length > 0 && !IsExempt(a)).Select(KeyOf).Distinct(StringComparer.Ordinal)];

    /// <summary>True for what a server sends of itself: a report of delivery or of reading (RFC 6522), an answer by program (RFC 3834) that brings no file.</summary>
    private static bool IsOfProgram(InboundMessage message, IReadOnlyList<CampaignMark> marks) =>
        message.Mime?.Body?.ContentType.IsMimeType("multipart", "report") == true
        || (message.Mime?.Headers[HeaderId.AutoSubmitted]?.TrimStart().StartsWith("auto-", StringComparison.OrdinalIgnoreCase) == true && !marks.Any(static m => m.IsFile));

    /// <summary>The sender in lower case, without an extension (RFC 5233): whoever makes them up would else be a new sender each time.</summary>
    private string KeyOf(string sender)
    {
        var key = sender.ToLowerInvariant();
        var at = key.LastIndexOf('@');
        var cut = options.Smtp.RecipientDelimiter is { Length: > 0 } delimiter ? key.IndexOf(delimiter, StringComparison.OrdinalIgnoreCase) : -1;
        return cut > 0 && cut < at ? string.Concat(key.AsSpan(0, cut), key.AsSpan(at)) : key;
    }

    private bool IsExempt(string sender) =>
        options.Outbound.Exempt is { Count: > 0 } exempt && KeyOf(sender) is var key && key.LastIndexOf('@') is var at and >= 0 && (exempt.Contains(sender) || exempt.Contains(key) || exempt.Contains(key[at..]));

    private HashSet<string> Outside(IEnumerable<string> recipients) =>
        recipients.Where(r => !DomainList.Holds(options.Smtp.RelayDomains, DomainList.DomainOf(r))).Select(static r => r.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "outbound burst: <{sender}> has sent {messages} messages to {recipients} recipients outside within an hour (limits {maxMessages} and {maxRecipients}), written at {origin}; what follows is quarantined (MW-4: check this account and this PC)")]
    private partial void LogBurst(string sender, int messages, int recipients, int maxMessages, int maxRecipients, string origin);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "outbound campaign: {what} has gone to {recipients} recipients outside from {senders} senders within an hour (limit {limit}), last from <{sender}>, written at {origin}; what follows is quarantined (MW-4: check these accounts and PCs)")]
    private partial void LogCampaign(string what, int recipients, int senders, int limit, string sender, string origin);

    [LoggerMessage(Level = LogLevel.Warning, Message = "what other gateways have sent could not be read; each counts alone meanwhile")]
    private partial void LogNotRead(Exception e);
}
