using System.CommandLine;
using System.Globalization;
using Sekisho.Options;
using Sekisho.Reports;

namespace Sekisho.Cli;

/// <summary><c>sekisho reports</c>: who sends in our name, as other organisations report it (DMARC).</summary>
internal static class ReportsCommand
{
    public static Command Create() => new("reports", """
        Who sends in our name: DMARC aggregate reports of other organisations, read from letters to Senders:ReportAddresses or from files.
        What a report says is its sender's word. And the reports that we send to others (Senders:SendReports).

        Examples:
          sekisho reports summary --days 30
          sekisho reports list
          sekisho reports show 0198f2c0a1b27d3e8f00112233445566
          sekisho reports import google.com!hospital.example!1763769600!1763855999.zip
          sekisho reports pending
        """)
    { Summary(), List(), Show(), Import(), OwnReports.Pending(), OwnReports.Send() };

    private static Option<int> Days()
    {
        var days = new Option<int>("--days") { Description = "Reports of the last so many days (1 to 400)", DefaultValueFactory = _ => 30 };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 400)
            {
                result.AddError("--days must be 1 to 400. Example: --days 30");
            }
        });
        return days;
    }

    private static Command Summary()
    {
        var days = Days();
        var command = new Command("summary", "Add up who sent in our name, by network: what nobody stands for comes first.") { days };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var networks = ReportSummary.Of(await store.ReportedSourcesAsync(Since(parsed.GetValue(days)), cancel), OptionsLoader.Load(CommonOptions.HomeOf(parsed)));
            if (parsed.GetValue(CommonOptions.Json))
            {
                foreach (var n in networks)
                {
                    Answer.Json(new
                    {
                        network = n.Network.ToString(), standing = n.Standing, letters = n.Letters, aligned = n.Aligned, unaligned = n.Letters - n.Aligned, refused = n.Refused,
                        headerFrom = n.HeaderFrom, envelopeFrom = n.EnvelopeFrom, organisations = n.Organisations, clients = n.Clients, first = n.First, last = n.Last,
                    });
                }

                return ExitCodes.Done;
            }

            if (networks.Count == 0)
            {
                Console.Out.WriteLine("この期間のレポートはありません。 No reports of these days. (Senders:ReportAddresses, sekisho reports import)");
                return ExitCodes.Done;
            }

            Answer.Table(["", "送信元 network", "通数 letters", "認証なし unaligned", "拒否等 refused", "差出人 From", "エンベロープ envelope", "報告者 reported by"], networks.Select(n => new[]
            {
                Words(n.Standing), n.Network.ToString(), Number(n.Letters), Number(n.Letters - n.Aligned), Number(n.Refused), Few(n.HeaderFrom), Few(n.EnvelopeFrom), Few(n.Organisations),
            }));
            var unknown = networks.Where(n => n.Standing == SourceStanding.Unknown).ToList();
            Console.Out.WriteLine(unknown.Count == 0
                ? "当院を名乗る不明な送信元はありません。 Nobody unknown sends in our name."
                : $"不明な送信元 {unknown.Count} 件、計 {Number(unknown.Sum(n => n.Letters))} 通。なりすまし、または未登録の送信サービスです。 {unknown.Count} unknown: forged, or a service that nobody listed (SPF, DKIM).");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command List()
    {
        var days = Days();
        var command = new Command("list", "List the reports that were read, newest first, at most 1,000.") { days };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var reports = await store.ReportsAsync(Since(parsed.GetValue(days)), cancel);
            if (parsed.GetValue(CommonOptions.Json))
            {
                foreach (var report in reports)
                {
                    Answer.Json(Shape(report));
                }

                return ExitCodes.Done;
            }

            Answer.Table(["id", "報告者 by", "ドメイン domain", "方針 policy", "期間 from", "まで to", "通数 letters", "認証なし unaligned"], reports.Select(r => new[]
            {
                r.Id.ToString("N", CultureInfo.InvariantCulture), r.Organisation, r.Domain, r.Policy, MessageAnswers.Local(r.Begin), MessageAnswers.Local(r.End), Number(r.Letters), Number(r.Unaligned),
            }));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Show()
    {
        var id = StoreAccess.Ids("The report's id, from the list");
        id.Arity = ArgumentArity.ExactlyOne;
        var command = new Command("show", "Show one report, line by line.") { id };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            if (await store.FindReportAsync(parsed.GetValue(id)![0], cancel) is not { } found)
            {
                Console.Error.WriteLine("no such report. See: sekisho reports list");
                return ExitCodes.BadInput;
            }

            var (report, rows) = found;
            if (parsed.GetValue(CommonOptions.Json))
            {
                Answer.Json(new
                {
                    report = Shape(report),
                    rows = rows.Select(r => new
                    {
                        source = r.Source.ToString(), count = r.Count, disposition = r.Disposition, dkimAligned = r.DkimAligned, spfAligned = r.SpfAligned, reason = r.Reason,
                        headerFrom = r.HeaderFrom, envelopeFrom = r.EnvelopeFrom, dkim = r.Dkim, spf = r.Spf,
                    }),
                });
                return ExitCodes.Done;
            }

            Console.Out.WriteLine(Answer.Shown($"{report.Organisation} <{report.Email}> {report.ReportId}"));
            Console.Out.WriteLine(Answer.Shown($"{report.Domain} p={report.Policy} {MessageAnswers.Local(report.Begin)} - {MessageAnswers.Local(report.End)} ({report.Source})"));
            Answer.Table(["送信元 client", "通数", "処置 done", "一致 aligned", "差出人 From", "エンベロープ envelope", "DKIM", "SPF", "理由 reason"], rows.Select(r => new[]
            {
                r.Source.ToString(), Number(r.Count), r.Disposition, r.DkimAligned && r.SpfAligned ? "DKIM SPF" : r.DkimAligned ? "DKIM" : r.SpfAligned ? "SPF" : "なし none",
                r.HeaderFrom, r.EnvelopeFrom, r.Dkim, r.Spf, r.Reason,
            }));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Import()
    {
        var files = new Argument<FileInfo[]>("FILE") { Description = "XML, zip, gz, or a letter that holds one", Arity = ArgumentArity.OneOrMore };
        var command = new Command("import", "Read reports from files. What is there already is not counted twice.") { files };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var limits = OptionsLoader.Load(CommonOptions.HomeOf(parsed)).Limits;
            var (failed, unread) = (false, false);
            foreach (var file in parsed.GetValue(files)!)
            {
                if (InputFile.Open(file) is not { } octets)
                {
                    unread = true;
                    continue;
                }

                await using var opened = octets;
                var faults = new List<string>();
                var (added, known) = (0, 0);
                foreach (var report in ReportReader.InFile(file.Name, octets, limits, TimeProvider.System, faults, cancel))
                {
                    if (await store.KeepReportAsync(report, file.Name, TimeProvider.System.GetUtcNow(), cancel))
                    {
                        added++;
                    }
                    else
                    {
                        known++;
                    }
                }

                if (added + known == 0 && faults.Count == 0)
                {
                    faults.Add("there is no DMARC report in it");
                }

                failed |= faults.Count > 0;
                foreach (var fault in faults)
                {
                    Console.Error.WriteLine(Answer.Shown($"{file.Name}: {fault}"));
                }

                if (parsed.GetValue(CommonOptions.Json))
                {
                    Answer.Json(new { file = file.Name, added, known, faults });
                }
                else
                {
                    Console.Out.WriteLine(Answer.Shown($"{file.Name}: {added} 件追加 added, {known} 件既読 known"));
                }
            }

            return unread ? ExitCodes.BadInput : failed ? ExitCodes.Failed : ExitCodes.Done;
        }));
        return command;
    }

    private static object Shape(Store.KeptReport r) => new
    {
        id = r.Id.ToString("N", CultureInfo.InvariantCulture), organisation = r.Organisation, email = r.Email, reportId = r.ReportId, begin = r.Begin, end = r.End, domain = r.Domain, policy = r.Policy,
        readAt = r.ReadAt, source = r.Source, rows = r.Rows, letters = r.Letters, unaligned = r.Unaligned,
    };

    private static DateTimeOffset Since(int days) => TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(days);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Few(IReadOnlyList<string> names) => names.Count <= 3 ? string.Join(' ', names) : $"{string.Join(' ', names.Take(3))} +{names.Count - 3}";

    private static string Words(SourceStanding standing) => standing switch
    {
        SourceStanding.Unknown => "!! 不明 unknown",
        SourceStanding.Partly => "!  一部 partly",
        SourceStanding.Listed => "登録済 listed",
        _ => "認証済 aligned",
    };
}
