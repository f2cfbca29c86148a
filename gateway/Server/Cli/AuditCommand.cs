using System.CommandLine;
using System.Globalization;

namespace Sekisho.Cli;

/// <summary><c>sekisho audit</c>: who did what, and whether the log is whole.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", """
        Read and verify the audit log.

        Examples:
          sekisho audit list --limit 20
          sekisho audit verify
        """)
    { List(), Verify() };

    private static Command List()
    {
        var limit = new Option<int>("--limit") { Description = "How many, newest first", DefaultValueFactory = _ => 100 };
        var command = new Command("list", "List entries, newest first.") { limit };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var entries = await store.Audit.ListAsync(most: Math.Max(1, parsed.GetValue(limit)), cancel: cancel);
            if (parsed.GetValue(CommonOptions.Json))
            {
                foreach (var e in entries)
                {
                    Answer.Json(e);
                }
            }
            else
            {
                Answer.Table(
                    ["番号 seq", "時刻 at", "誰 actor", "何 action", "対象 target", "詳細 detail"],
                    entries.Select(e => new[] { e.Seq.ToString(CultureInfo.InvariantCulture), MessageAnswers.Local(e.At), e.Actor, e.Action, e.Target, e.Detail }));
            }

            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Verify()
    {
        var command = new Command("verify", "Check the chain of hashes; names the first bad entry. Exit code 1 when there is one.");
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var check = await store.Audit.VerifyAsync(cancel);
            if (parsed.GetValue(CommonOptions.Json))
            {
                Answer.Json(new { intact = check.Intact, entries = check.Entries, firstBad = check.FirstBad, problem = check.Problem });
            }
            else if (check.Intact)
            {
                Console.Out.WriteLine($"監査ログは完全です。 The audit log is intact: {check.Entries} entries.");
            }
            else
            {
                Console.Out.WriteLine($"監査ログの {check.FirstBad} 番目に異常があります。 Entry {check.FirstBad} is bad: {check.Problem} ({check.Entries} entries before it are good)");
            }

            return check.Intact ? ExitCodes.Done : ExitCodes.Found;
        }));
        return command;
    }
}
