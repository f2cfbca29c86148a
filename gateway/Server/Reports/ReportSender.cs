using System.Globalization;
using Prometheus;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Reports;

/// <summary>What became of a report that was to be sent.</summary>
public enum ReportOutcome
{
    /// <summary>It is queued; in a dry run its file is written.</summary>
    Sent,

    /// <summary>Nobody takes it: the addresses did not agree to it, or it is larger than they allow.</summary>
    Unwanted,

    /// <summary>DNS did not answer about the addresses: later.</summary>
    Waiting,

    /// <summary>Another gateway was first.</summary>
    Taken,

    /// <summary>It could not be written.</summary>
    Failed,
}

/// <summary>A report that was to be sent.</summary>
/// <param name="Report">What it is about.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="FileName">The attachment's name; empty where none was written.</param>
/// <param name="Recipients">Who gets it.</param>
public sealed record SentReport(PendingReport Report, ReportOutcome Outcome, string FileName, IReadOnlyList<string> Recipients);

/// <summary>Sends the DMARC aggregate reports about a day: as letters that leave the house, each once even where several gateways share a store.</summary>
/// <param name="store">Has what was counted.</param>
/// <param name="spool">Takes the letters' octets.</param>
/// <param name="options">The settings.</param>
/// <param name="dns">Asked whether an address wants a report.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of each day.</param>
public sealed partial class ReportSender(MessageStore store, Spool spool, SekishoOptions options, DnsSource dns, TimeProvider time, ILogger<ReportSender> logger)
{
    /// <summary>Reports looked at in one round.</summary>
    private const int MostReports = 5000;

    /// <summary>Lines of one report; those with most letters are told.</summary>
    internal const int MostRows = 20_000;

    private static readonly Counter Sent = Metrics.CreateCounter("sekisho_dmarc_reports_sent_total", "DMARC aggregate reports queued to other domains.");

    /// <summary>Reports queued in one round, those with most letters first: the mail of the house must not wait behind them. The rest goes with the next one.</summary>
    internal int MostSent { get; init; } = 1000;

    /// <summary>Sends the reports about a day, or writes them into a folder.</summary>
    /// <param name="day">The UTC day; of one that is not over, what was counted so far.</param>
    /// <param name="actor">Who has them sent, for the audit log.</param>
    /// <param name="folder">Where the files go in a dry run, which sends nothing; null sends.</param>
    /// <param name="cancel">Gives up; what is queued is queued.</param>
    /// <returns>Each report.</returns>
    /// <exception cref="StoreException">The database cannot do it now; what is queued is queued.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public async Task<IReadOnlyList<SentReport>> SendAsync(DateOnly day, string actor, string? folder, CancellationToken cancel)
    {
        var all = new List<SentReport>();
        var queued = 0;
        try
        {
            foreach (var report in await store.PendingReportsAsync(day, day, MostReports, cancel).ConfigureAwait(false))
            {
                cancel.ThrowIfCancellationRequested();
                if (queued == MostSent)
                {
                    break;
                }

                try
                {
                    all.Add(await OneAsync(report, folder, cancel).ConfigureAwait(false));
                    queued += all[^1].Outcome == ReportOutcome.Sent ? 1 : 0;
                }
                catch (Exception e) when (e is not (StoreException or IOException or UnauthorizedAccessException or OperationCanceledException))
                {
                    // One that cannot be written must not keep the others back.
                    LogFailed(e, report.Domain);
                    all.Add(new SentReport(report, ReportOutcome.Failed, "", []));
                }
            }
        }
        finally
        {
            var (sent, unwanted) = (all.Where(static r => r.Outcome == ReportOutcome.Sent).ToList(), all.Count(static r => r.Outcome == ReportOutcome.Unwanted));
            if (folder is null && sent.Count + unwanted > 0)
            {
                var letters = sent.Sum(static r => r.Report.Letters);
                LogSent(day.ToString("O", CultureInfo.InvariantCulture), sent.Count, letters, unwanted);
                Sent.Inc(sent.Count);
                await store.NoteReportsAsync(day, actor, sent.Count, letters, unwanted, CancellationToken.None).ConfigureAwait(false);
            }
        }

        return all;
    }

    private async Task<SentReport> OneAsync(PendingReport report, string? folder, CancellationToken cancel)
    {
        var uris = DmarcPublished.Parse(report.Published) is { } published ? ReportUri.Read(published.Reports) : [];
        var targets = await new ReportDestinations(dns).FindAsync(report.Domain, uris, cancel).ConfigureAwait(false);
        if (targets.Uris.Count == 0)
        {
            return targets.IsUnsure ? new SentReport(report, ReportOutcome.Waiting, "", []) : await EndAsync(report, ReportOutcome.Unwanted, folder, cancel).ConfigureAwait(false);
        }

        var rows = await store.ResultsAsync(report, MostRows, cancel).ConfigureAwait(false);
        if (rows.Count == 0)
        {
            return new SentReport(report, ReportOutcome.Taken, "", []);
        }

        var writer = new ReportWriter(report, options, time.GetUtcNow());
        var packed = writer.Pack(rows);

        // What an address takes at most is said of the letter, not of the file.
        IReadOnlyList<string> recipients = [.. targets.Uris.Select(static u => u.Address)];
        var letter = writer.Letter(packed, recipients, spool);
        try
        {
            if (targets.Uris.Any(u => u.MaxOctets < letter.Octets.Length))
            {
                recipients = [.. targets.Uris.Where(u => u.MaxOctets >= letter.Octets.Length).Select(static u => u.Address)];
                if (recipients.Count == 0)
                {
                    return await EndAsync(report, ReportOutcome.Unwanted, folder, cancel).ConfigureAwait(false);
                }

                letter.Octets.Dispose();
                letter = writer.Letter(packed, recipients, spool);
            }

            if (folder is not null)
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, writer.FileName), packed, cancel).ConfigureAwait(false);
                return new SentReport(report, ReportOutcome.Sent, writer.FileName, recipients);
            }

            return await store.EndReportAsync(report, letter, cancel).ConfigureAwait(false)
                ? new SentReport(report, ReportOutcome.Sent, writer.FileName, recipients)
                : new SentReport(report, ReportOutcome.Taken, "", []);
        }
        finally
        {
            letter.Octets.Dispose();
        }
    }

    private async Task<SentReport> EndAsync(PendingReport report, ReportOutcome outcome, string? folder, CancellationToken cancel) =>
        new(report, folder is not null || await store.EndReportAsync(report, null, cancel).ConfigureAwait(false) ? outcome : ReportOutcome.Taken, "", []);

    [LoggerMessage(Level = LogLevel.Information, Message = "DMARC reports about {day}: {sent} sent about {letters} letters, {unwanted} that nobody takes")]
    private partial void LogSent(string day, int sent, long letters, int unwanted);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the DMARC report about {domain} could not be written")]
    private partial void LogFailed(Exception e, string domain);
}
