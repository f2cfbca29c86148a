using System.CommandLine;
using Sekisho.Housekeeping;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Staff;

namespace Sekisho.Cli;

/// <summary><c>sekisho staff</c>: whom the gateway knows, and whether the directory answers.</summary>
internal static class StaffCommand
{
    private const int Shown = 10;

    public static Command Create() => new("staff", """
        The hospital's people as the gateway knows them: of Senders:StaffFile and of the directory (Staff:Servers), whose names are compared with senders' and,
        with Smtp:RecipientsFromDirectory, whose addresses take mail.

        Examples:
          sekisho staff test
          sekisho staff list 田中
          sekisho staff refresh --believe
        """)
    { List(), Test(), Refresh() };

    private static Command List()
    {
        var text = new Argument<string?>("TEXT") { Description = "Only those with this in name, reading, department or address", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("list", "List people, groups and mailboxes as they are known now; the directory is not asked.") { text };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetValue(text) ?? "";
            var members = HouseholdBook.ReadAll(OptionsLoader.Load(CommonOptions.HomeOf(parsed))).Staff.Members
                .Where(m => m.Addresses.Append(m.Name).Append(m.Kana).Append(m.Department).Any(t => t.Contains(wanted, StringComparison.OrdinalIgnoreCase))).ToList();
            if (parsed.GetValue(CommonOptions.Json))
            {
                foreach (var m in members)
                {
                    Answer.Json(new { name = m.Name, kana = m.Kana, department = m.Department, addresses = m.Addresses });
                }

                return ExitCodes.Done;
            }

            Answer.Table(["氏名 name", "カナ kana", "部署 department", "アドレス addresses"], members.Select(Row));
            Console.Out.WriteLine($"{members.Count:N0} 件 entries");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Test()
    {
        var command = new Command("test", "Sign on to the directory and read it as the gateway does; nothing is kept. Exit code 1 when it cannot be read.");
        command.SetAction(async (parsed, cancel) =>
        {
            var options = OptionsLoader.Load(CommonOptions.HomeOf(parsed));
            if (NoDirectory(options))
            {
                return ExitCodes.BadInput;
            }

            try
            {
                var read = await DirectoryReader.ReadAsync(options.Staff, TimeProvider.System, cancel);
                var named = read.Members.Where(m => m.Name.Length > 0).ToList();
                if (parsed.GetValue(CommonOptions.Json))
                {
                    Answer.Json(new { ok = true, server = read.Server, entries = read.Entries, people = named.Count, others = read.Members.Count - named.Count, milliseconds = (long)read.Elapsed.TotalMilliseconds, first = named.Take(Shown) });
                    return ExitCodes.Done;
                }

                Console.Out.WriteLine($"良 ok   {read.Server}: {read.Entries:N0} 件 entries ({named.Count:N0} 人 people, {read.Members.Count - named.Count:N0} グループ・共有 groups and mailboxes), {read.Elapsed.TotalSeconds:0.00} s");
                Answer.Table(["氏名 name", "カナ kana", "部署 department", "アドレス addresses"], named.Take(Shown).Select(Row));
                if (read.Members.Count == 0)
                {
                    Console.Out.WriteLine("アドレスのある項目がありません。Staff:BaseDns、Staff:Filter、Staff:Attributes を確認してください。 No entry has an address: check Staff:BaseDns, Staff:Filter and Staff:Attributes.");
                }

                return read.Members.Count > 0 ? ExitCodes.Done : ExitCodes.Found;
            }
            catch (DirectoryException e)
            {
                Say(parsed, e.Fault, e.Message, e.Japanese);
                return ExitCodes.Found;
            }
        });
        return command;
    }

    private static Command Refresh()
    {
        var believe = new Option<bool>("--believe") { Description = "Take what comes even where nearly everybody is gone" };
        var command = new Command("refresh", "Read the directory now and keep it; a running gateway takes it within seconds. Exit code 1 when it cannot be read or is not believed.") { believe };
        command.SetAction(async (parsed, cancel) =>
        {
            var options = OptionsLoader.Load(CommonOptions.HomeOf(parsed));
            if (NoDirectory(options))
            {
                return ExitCodes.BadInput;
            }

            var before = StaffAnswers.Load(options) ?? DirectoryRecord.Empty;
            var fresh = await before.RefreshAsync(options.Staff, parsed.GetValue(believe), TimeProvider.System, cancel);
            if (fresh.Fault is not null)
            {
                Say(parsed, fresh.Kind, fresh.Fault, fresh.FaultJa);
                return ExitCodes.Found;
            }

            HomeFolder.Create(options.Home);
            fresh.Save(options.Home);
            if (parsed.GetValue(CommonOptions.Json))
            {
                Answer.Json(new { ok = true, server = fresh.Server, before = before.Members.Count, members = fresh.Members.Count });
            }
            else
            {
                Console.Out.WriteLine($"良 ok   {fresh.Server}: {before.Members.Count:N0} → {fresh.Members.Count:N0}");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static string[] Row(StaffMember m) => [m.Name, m.Kana, m.Department, string.Join(' ', m.Addresses)];

    private static bool NoDirectory(SekishoOptions options)
    {
        if (options.Staff.Servers.Count == 0)
        {
            Console.Error.WriteLine("Staff:Servers が設定されていません。 No directory is set. Example: \"Staff\": { \"Servers\": [ \"ldaps://dc1.hospital.example\" ], \"BaseDns\": [ \"DC=hospital,DC=example\" ] }");
        }

        return options.Staff.Servers.Count == 0;
    }

    private static void Say(ParseResult parsed, DirectoryFault? kind, string fault, string? japanese)
    {
        if (parsed.GetValue(CommonOptions.Json))
        {
            Answer.Json(new { ok = false, kind, fault, faultJa = japanese });
        }
        else
        {
            Console.Error.WriteLine($"否 BAD  {Answer.Shown(japanese)}");
            Console.Error.WriteLine($"        {Answer.Shown(fault)}");
        }
    }
}

/// <summary>What the command line says of the directory.</summary>
internal static class StaffAnswers
{
    /// <summary>What was kept; null where it is damaged.</summary>
    public static DirectoryRecord? Load(SekishoOptions options)
    {
        try
        {
            return DirectoryRecord.Load(options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The directory's state for <c>sekisho doctor</c>; nothing where none is set. Bad is null for good, false for a warning.</summary>
    public static IEnumerable<(bool? Bad, string Detail, string? Advice)> Health(SekishoOptions options)
    {
        if (options.Staff.Servers.Count == 0)
        {
            yield break;
        }

        var defers = options.Smtp.RecipientsFromDirectory;
        var record = Load(options);
        if (record is null)
        {
            yield return (true, $"{DirectoryRecord.FileIn(options.Home)} cannot be read", "remove it, then: sekisho staff refresh");
        }
        else if (record.ReadAt is not { } read)
        {
            yield return (defers, $"was never read{(record.Fault is { } why ? $": {Answer.Shown(why)}" : "")}{(defers ? "; mail to recipients that no list knows is put off with 451" : "")}", "sekisho staff test");
        }
        else
        {
            var known = $"{record.Members.Count:N0} people, groups and mailboxes, read {MessageAnswers.Local(read)}";
            var isFresh = record.IsFresh(TimeProvider.System.GetUtcNow(), options.Staff.RefreshEvery);
            yield return record.Fault is { } fault
                ? (false, $"failing since {MessageAnswers.Local(record.FailingSince ?? record.TriedAt)}: {Answer.Shown(fault)}. {known}, stay in force{(defers && !isFresh ? "; unknown recipients are put off with 451" : "")}", "sekisho staff test")
                : isFresh ? (null, $"{record.Server}: {known}", null)
                : (false, $"{known}, and not since: does the gateway run?", "sekisho staff refresh");
        }
    }
}
