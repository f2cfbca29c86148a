using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Sekisho.Options;
using Sekisho.Reports;
using Sekisho.Senders;
using Sekisho.Store;

namespace Sekisho.Cli;

/// <summary><c>sekisho reports pending</c> and <c>send</c>: the DMARC reports that we send to others.</summary>
internal static class OwnReports
{
    public static Command Pending()
    {
        var command = new Command("pending", "What is counted for the reports that we send, by domain: of today and of days whose reports are still to go out (UTC). At most 1,000.");
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var today = Today();
            var pending = await store.PendingReportsAsync(today.AddDays(-7), today, 1000, cancel);
            if (parsed.GetValue(CommonOptions.Json))
            {
                foreach (var report in pending)
                {
                    Answer.Json(new { day = Day(report), domain = report.Domain, letters = report.Letters, rows = report.Rows, record = report.Published });
                }

                return ExitCodes.Done;
            }

            if (pending.Count == 0)
            {
                Console.Out.WriteLine(OptionsLoader.Load(CommonOptions.HomeOf(parsed)).Senders.SendReports.Enabled
                    ? "送信待ちのレポートはありません。 Nothing is counted."
                    : "レポートの送信は無効です。 Sending reports is off (Senders:SendReports:Enabled).");
                return ExitCodes.Done;
            }

            Answer.Table(["日 day (UTC)", "ドメイン domain", "通数 letters", "行 rows", "レコード record"], pending.Select(static r => new[] { Day(r), r.Domain, Number(r.Letters), Number(r.Rows), r.Published }));
            return ExitCodes.Done;
        }));
        return command;
    }

    public static Command Send()
    {
        var day = new Option<string?>("--day") { Description = "The UTC day, such as 2026-11-22; of today, what was counted so far. Default: yesterday" };
        day.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && Parsed(text) is null)
            {
                result.AddError("--day must be a day, written YYYY-MM-DD. Example: --day 2026-11-22");
            }
        });
        var folder = new Option<DirectoryInfo?>("--dry-run") { Description = "A folder: the reports are written there as files, and nothing is sent" };
        var command = new Command("send", """
            Send the reports about a day now. The running gateway does so by itself, within five hours after midnight (UTC).

            Examples:
              sekisho reports send --dry-run /tmp/reports
              sekisho reports send --day 2026-11-22
            """)
        { day, folder };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var options = OptionsLoader.Load(CommonOptions.HomeOf(parsed));
            if (!options.Senders.SendReports.Enabled)
            {
                Console.Error.WriteLine("Sending reports is off. Set Senders:SendReports:Enabled and From in sekisho.json.");
                return ExitCodes.BadInput;
            }

            var target = parsed.GetValue(folder);
            target?.Create();
            using var dns = SenderLookup.DnsFor(options, TimeProvider.System);
            using var spool = new Spool(Path.Combine(options.Home, "spool-cli"));
            var sender = new ReportSender(store, spool, options, dns, TimeProvider.System, NullLogger<ReportSender>.Instance);
            var sent = await sender.SendAsync(Parsed(parsed.GetValue(day)) ?? Today().AddDays(-1), CommonOptions.Actor, target?.FullName, cancel);
            if (parsed.GetValue(CommonOptions.Json))
            {
                foreach (var report in sent)
                {
                    Answer.Json(new { day = Day(report.Report), domain = report.Report.Domain, outcome = report.Outcome, letters = report.Report.Letters, rows = report.Report.Rows, file = report.FileName, recipients = report.Recipients });
                }
            }
            else if (sent.Count == 0)
            {
                Console.Out.WriteLine("この日のレポートはありません。 There is nothing to report about this day. See: sekisho reports pending");
            }
            else
            {
                Answer.Table(["", "ドメイン domain", "通数 letters", "宛先 to", "ファイル file"], sent.Select(r => new[] { Words(r.Outcome, target is not null), r.Report.Domain, Number(r.Report.Letters), string.Join(' ', r.Recipients), r.FileName }));
            }

            return sent.Any(static r => r.Outcome == ReportOutcome.Failed) ? ExitCodes.Failed : ExitCodes.Done;
        }));
        return command;
    }

    private static DateOnly Today() => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    private static DateOnly? Parsed(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static string Day(PendingReport report) => report.Day.ToString("O", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Words(ReportOutcome outcome, bool isDry) => outcome switch
    {
        ReportOutcome.Sent => isDry ? "書出 written" : "送信 queued",
        ReportOutcome.Unwanted => "受取拒否 nobody takes it",
        ReportOutcome.Waiting => "DNS待ち DNS is silent, later",
        ReportOutcome.Taken => "済 another gateway did",
        _ => "!! 失敗 failed",
    };
}
