using System.Threading.Channels;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Reports;

/// <summary>Reads the DMARC aggregate reports in letters to <see cref="SenderOptions.ReportAddresses"/>, after they were inspected, kept and found harmless.</summary>
/// <remarks>Letters that were kept while nobody read (a crash, a release from quarantine) are found within the hour; reports read twice are counted once.</remarks>
public sealed partial class DmarcReports(MessageStore store, SekishoOptions options, TimeProvider time, ILogger<DmarcReports> logger) : BackgroundService
{
    /// <summary>How long reports are kept: a year can be compared with the one before.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    private const int MostWaiting = 1000;
    private static readonly TimeSpan Round = TimeSpan.FromHours(1);
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(2);

    private readonly Channel<Guid> _letters = Channel.CreateBounded<Guid>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly HashSet<Guid> _read = [];

    /// <summary>A letter was kept: if it goes to a report address and is not held back, its reports are read soon. Never waits.</summary>
    public void Hear(Envelope envelope, MessageState state)
    {
        if (state == MessageState.Queued && IsForReports(envelope))
        {
            _letters.Writer.TryWrite(envelope.Id); // what does not fit in is found in the next round
        }
    }

    /// <summary>Reads the reports in one kept letter now.</summary>
    /// <param name="id">The letter.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>How many were new; 0 for a letter that is held back, that is gone, or that goes to no report address.</returns>
    /// <exception cref="StoreException">The store does not answer.</exception>
    public async Task<int> ReadAsync(Guid id, CancellationToken cancel)
    {
        if (await store.FindAsync(id, cancel) is not { OctetsKept: true, Message.State: MessageState.Queued or MessageState.Delivered or MessageState.Bounced } letter || !IsForReports(letter.Envelope))
        {
            return 0;
        }

        var faults = new List<string>();
        IReadOnlyList<DmarcReport> reports;
        await using (var octets = await store.OpenOctetsAsync(id, cancel))
        {
            reports = ReportReader.InLetter(letter.Envelope, octets, options.Limits, time, faults, cancel);
        }

        var added = 0;
        foreach (var report in reports)
        {
            // Anybody may write to that address: what is not about us is not for us to keep.
            if (!IsOurs(report.Domain))
            {
                faults.Add($"a report about {report.Domain}, which is not our domain");
            }
            else if (await store.KeepReportAsync(report, id.ToString("N"), time.GetUtcNow(), cancel))
            {
                added++;
            }
        }

        if (faults.Count > 0)
        {
            LogFaults(id, letter.Envelope.Sender, string.Join("; ", faults.Take(5)));
        }

        LogRead(id, added, reports.Count);
        return added;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var next = time.GetUtcNow();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (time.GetUtcNow() >= next)
                {
                    next = time.GetUtcNow() + Round;
                    await CatchUpAsync(stoppingToken);
                }

                await NextAsync(next - time.GetUtcNow(), stoppingToken);
                while (_letters.Reader.TryRead(out var id))
                {
                    await OneAsync(id, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The letters are kept; they are read in the next round.
                LogFailed(e);
                await Task.Delay(TimeSpan.FromSeconds(2), time, CancellationToken.None);
            }
        }
    }

    /// <summary>Reads what was kept, released or delivered in the last days and not yet read by this process, and forgets what is old.</summary>
    internal async Task CatchUpAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await store.DeleteReportsAsync(now - Kept, cancel);
        var recent = new HashSet<Guid>();
        foreach (var address in options.Senders.ReportAddresses)
        {
            // What is released today may have come long ago; how long the quarantine keeps it bounds the search.
            var released = new MessageQuery
            {
                States = [MessageState.Queued, MessageState.Delivered, MessageState.Bounced], Recipient = address, Since = now - LookBack - TimeSpan.FromDays(options.Store.KeepQuarantinedDays), ChangedSince = now - LookBack, Limit = MostWaiting,
            };
            foreach (var letter in await store.ListAsync(released, cancel))
            {
                recent.Add(letter.Id);
                await OneAsync(letter.Id, cancel);
            }
        }

        _read.IntersectWith(recent);
    }

    private async Task OneAsync(Guid id, CancellationToken cancel)
    {
        if (_read.Contains(id))
        {
            return;
        }

        try
        {
            await ReadAsync(id, cancel);
        }
        catch (StoreException e)
        {
            LogNotRead(e, id);
            return;
        }

        _read.Add(id);
    }

    private async Task NextAsync(TimeSpan longest, CancellationToken stop)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(_letters.Reader.WaitToReadAsync(cut.Token).AsTask(), Task.Delay(longest > TimeSpan.Zero ? longest : TimeSpan.FromMilliseconds(1), time, cut.Token));
        await cut.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    private bool IsForReports(Envelope envelope) =>
        options.Senders.ReportAddresses.Count > 0
        && envelope.Recipients.Any(r => options.Senders.ReportAddresses.Exists(a => a.Equals(r.Address, StringComparison.OrdinalIgnoreCase)));

    /// <summary>A domain of ours, one below, or the one above whose policy holds for ours.</summary>
    private bool IsOurs(string domain) => options.Smtp.RelayDomains.Select(static d => d.TrimStart('.')).Any(own => IsOrBelow(domain, own) || (domain.Contains('.', StringComparison.Ordinal) && IsOrBelow(own, domain)));

    private static bool IsOrBelow(string name, string domain) =>
        name.EndsWith(domain, StringComparison.OrdinalIgnoreCase) && (name.Length == domain.Length || name[name.Length - domain.Length - 1] == '.');

    [LoggerMessage(Level = LogLevel.Information, Message = "message {id}: {added} new DMARC reports of {count}")]
    private partial void LogRead(Guid id, int added, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "message {id} from <{sender}> to a report address could not be read whole: {faults}")]
    private partial void LogFaults(Guid id, string sender, string faults);

    [LoggerMessage(Level = LogLevel.Warning, Message = "message {id}: its DMARC reports were not read, tried again within the hour")]
    private partial void LogNotRead(Exception e, Guid id);

    [LoggerMessage(Level = LogLevel.Error, Message = "DMARC reports could not be read; tried again")]
    private partial void LogFailed(Exception e);
}
