using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.Options;
using Sekisho.Quarantine;
using Sekisho.Senders;
using Sekisho.Staff;
using Sekisho.Store;

namespace Sekisho.Cli;

/// <summary><c>sekisho quarantine</c>: review, release, discard.</summary>
internal static class QuarantineCommand
{
    public static Command Create() => new("quarantine", """
        Review what the gateway has quarantined.

        Examples:
          sekisho quarantine list
          sekisho quarantine show 0198f2c0a1b27d3e8f00112233445566
          sekisho quarantine release 0198f2c0a1b27d3e8f00112233445566 --reason "checked by telephone"
          sekisho quarantine password 0198f2c0a1b27d3e8f00112233445566     (asks for it, or reads it from standard input)
        """)
    { List(), Show(), Release(), Password(), Discard() };

    private static Command List()
    {
        var all = new Option<bool>("--all") { Description = "Letters in every state, not only quarantined and held ones" };
        var sender = new Option<string?>("--sender") { Description = "Only where the sender contains this text" };
        var recipient = new Option<string?>("--recipient") { Description = "Only where a recipient contains this text" };
        var subject = new Option<string?>("--subject") { Description = "Only where the subject contains this text" };
        var limit = new Option<int>("--limit") { Description = "How many, newest first (1 to 1,000)", DefaultValueFactory = _ => 100 };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1000)
            {
                result.AddError("--limit must be 1 to 1000. Example: --limit 100");
            }
        });
        var command = new Command("list", "List quarantined messages, and those that wait for a password, newest first.") { all, sender, recipient, subject, limit };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var query = new MessageQuery
            {
                States = parsed.GetValue(all) ? [] : [MessageState.Quarantined, MessageState.Held],
                Sender = parsed.GetValue(sender),
                Recipient = parsed.GetValue(recipient),
                Subject = parsed.GetValue(subject),
                Limit = parsed.GetValue(limit),
            };
            MessageAnswers.List(await store.ListAsync(query, cancel), parsed.GetValue(CommonOptions.Json));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Show()
    {
        var ids = StoreAccess.Ids("The message's id, from the list");
        var command = new Command("show", "Show one message: who, to whom, and why it was quarantined.") { ids };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var missing = 0;
            foreach (var id in parsed.GetValue(ids)!)
            {
                if (await store.FindAsync(id, cancel) is { } details)
                {
                    MessageAnswers.Show(details, parsed.GetValue(CommonOptions.Json));
                }
                else
                {
                    Console.Error.WriteLine($"{id:N}: no such message");
                    missing++;
                }
            }

            return missing == 0 ? ExitCodes.Done : ExitCodes.BadInput;
        }));
        return command;
    }

    private static Command Release() => Change(
        "release", "Deliver a quarantined message after all; it goes out octet for octet as it came.", "released",
        "is not quarantined (any more)", (store, id, reason, cancel) => store.ReleaseAsync(id, CommonOptions.Actor, reason, cancel));

    private static Command Password()
    {
        var id = StoreAccess.Ids("The message's id");
        id.Arity = ArgumentArity.ExactlyOne;
        var command = new Command("password", "Open a message's attachment with a password that you know. If it opens, the message is judged anew and goes on, or stays. The password is kept nowhere.") { id };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            if (!Console.IsInputRedirected)
            {
                Console.Error.Write("パスワード password: ");
            }

            if (Console.In.ReadLine() is not { Length: > 0 } password)
            {
                Console.Error.WriteLine("no password was given. Example: echo 'k9-Tokyo' | sekisho quarantine password 0198f2c0a1b27d3e8f00112233445566");
                return ExitCodes.BadInput;
            }

            using var lanes = new InspectionLanes();
            var time = TimeProvider.System;
            var letter = parsed.GetValue(id)![0];
            var options = OptionsLoader.Load(CommonOptions.HomeOf(parsed));
            var known = options.Signatures.Load(options.Home);
            var household = HouseholdBook.ReadAll(options);
            using var dns = SenderLookup.DnsFor(options, time);
            var listed = new SenderList(await store.ListedSendersAsync(cancel));
            using var ledger = new CorrespondenceBook(store, options, time, NullLogger<CorrespondenceBook>.Instance);
            using var threads = new ThreadBook(store, options, () => household, () => known, time, NullLogger<ThreadBook>.Instance);
            using var macros = new MacroAllowances(store, time, NullLogger<MacroAllowances>.Instance);
            await macros.RefreshAsync(cancel);
            await threads.StartAsync(cancel);
            var inspector = new Inspector(options, () => known, time, new SenderLookup(options, dns, time, () => listed, ledger, threads), macros.For, () => household);
            var verdict = await new SecondLook(store, inspector, lanes, journal: null).TryAsync(letter, password, CommonOptions.Actor, cancel);
            await threads.StopAsync(cancel);
            if (parsed.GetValue(CommonOptions.Json))
            {
                Answer.Json(new { id = letter.ToString("N", CultureInfo.InvariantCulture), action = "password", done = verdict is { Disposition: not Disposition.Hold }, disposition = verdict?.Disposition });
            }
            else
            {
                (verdict is { Disposition: not Disposition.Hold } ? Console.Out : Console.Error).WriteLine($"{letter:N} " + verdict?.Disposition switch
                {
                    null => "is neither quarantined nor waiting (any more)",
                    Disposition.Hold => "is still shut: the password does not fit",
                    Disposition.Deliver => "opened, nothing found, goes on",
                    _ => $"opened and stays in quarantine: {string.Join(", ", verdict!.Findings.Select(f => f.Kind.Code).Distinct())}",
                });
            }

            return verdict is { Disposition: not Disposition.Hold } ? ExitCodes.Done : ExitCodes.Failed;
        }));
        return command;
    }

    private static Command Discard() => Change(
        "discard", "Throw a message away for good: its key is destroyed, nobody can read it again.", "discarded",
        "cannot be discarded: it is delivered, discarded or unknown", (store, id, reason, cancel) => store.DiscardAsync(id, CommonOptions.Actor, reason, cancel));

    /// <summary>A verb that changes letters, one after the other, with a reason for the audit log.</summary>
    internal static Command Change(
        string name, string description, string done, string refused, Func<MessageStore, Guid, string, CancellationToken, Task<bool>> change)
    {
        var ids = StoreAccess.Ids("Message ids");
        var reason = new Option<string>("--reason") { Description = "Why, for the audit log", DefaultValueFactory = _ => "" };
        var command = new Command(name, description) { ids, reason };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var failed = 0;
            foreach (var id in parsed.GetValue(ids)!)
            {
                var changed = await change(store, id, parsed.GetValue(reason) ?? "", cancel);
                failed += changed ? 0 : 1;
                if (parsed.GetValue(CommonOptions.Json))
                {
                    Answer.Json(new { id = id.ToString("N", CultureInfo.InvariantCulture), action = name, done = changed });
                }
                else
                {
                    (changed ? Console.Out : Console.Error).WriteLine($"{id:N} {(changed ? done : refused)}");
                }
            }

            return failed == 0 ? ExitCodes.Done : ExitCodes.Failed;
        }));
        return command;
    }
}

/// <summary>Shows kept letters, alike for <c>quarantine</c> and <c>queue</c>.</summary>
internal static class MessageAnswers
{
    private static readonly Lazy<Dictionary<string, FindingKind>> Kinds = new(() =>
        GatewayKinds.All.ToDictionary(k => k.Code));

    public static void List(IReadOnlyList<KeptMessage> messages, bool json)
    {
        if (json)
        {
            foreach (var m in messages)
            {
                Answer.Json(Brief(m));
            }

            return;
        }

        Answer.Table(
            ["id", "受信 received", "状態 state", "点 score", "差出人 sender", "宛先 recipient", "件名 subject"],
            messages.Select(m => new[]
            {
                m.Id.ToString("N", CultureInfo.InvariantCulture), Local(m.ReceivedAt), m.State.ToString(), m.Score.ToString(CultureInfo.InvariantCulture),
                $"<{m.Sender}>", m.Recipients > 1 ? $"{m.FirstRecipient} +{m.Recipients - 1}" : m.FirstRecipient, m.Summary.Subject ?? "",
            }));
        Console.Out.WriteLine($"{messages.Count} 通 messages");
    }

    public static void Show(KeptMessageDetails details, bool json)
    {
        var m = details.Message;
        if (json)
        {
            Answer.Json(new
            {
                message = Brief(m),
                helo = details.Envelope.Helo,
                recipients = details.Recipients.Select(r => new { address = r.Recipient.Address, state = r.State, reply = r.Reply, host = r.Host, updatedAt = r.UpdatedAt }),
                findings = details.Findings.Select(f => new { code = f.Code, weight = f.Weight, place = f.Place, evidence = f.Evidence, observed = f.Observed, ja = f.Ja ?? Word(f)?.Ja, en = f.En ?? Word(f)?.En, attack = Word(f)?.Attack }),
                octetsKept = details.OctetsKept,
            });
            return;
        }

        Console.Out.WriteLine($"""
            id          {m.Id:N}
            受信 received  {Local(m.ReceivedAt)} from [{m.Client}] helo {details.Envelope.Helo}
            状態 state     {m.State}   判定 verdict {m.Disposition}   点 score {m.Score}
            差出人 sender  <{m.Sender}>   From: {Answer.Shown(m.Summary.From)}{(m.IsOutbound ? "   院外宛 outbound" : "")}
            件名 subject   {Answer.Shown(m.Summary.Subject)}
            大きさ size    {m.Size:N0} octets
            """);
        foreach (var r in details.Recipients)
        {
            Console.Out.WriteLine($"宛先 recipient {r.Recipient.Address}  {r.State}  {Answer.Shown(r.Reply)} {r.Host}".TrimEnd());
        }

        Console.Out.WriteLine(details.Findings.Count == 0 ? "所見なし no findings" : "理由 reasons");
        foreach (var f in details.Findings)
        {
            Console.Out.WriteLine($"  {f.Code} ({(f.Observed ? "observed" : f.Weight.ToString(CultureInfo.InvariantCulture))}) {f.Place}: {f.Evidence}");
            if (f is { Ja: { } ja, En: { } en })
            {
                Console.Out.WriteLine($"    {Answer.Shown(ja)}\n    {Answer.Shown(en)}");
            }
            else if (Word(f) is { } kind)
            {
                Console.Out.WriteLine($"    {kind.Ja}\n    {kind.En}{(kind.Attack is null ? "" : $" [ATT&CK {kind.Attack}]")}");
            }
        }

        Console.Out.WriteLine();
    }

    public static string Local(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static FindingKind? Word(KeptFinding finding) => Kinds.Value.GetValueOrDefault(finding.Code);

    private static object Brief(KeptMessage m) => new
    {
        id = m.Id.ToString("N", CultureInfo.InvariantCulture),
        receivedAt = m.ReceivedAt,
        client = m.Client.ToString(),
        outbound = m.IsOutbound,
        sender = m.Sender,
        firstRecipient = m.FirstRecipient,
        recipients = m.Recipients,
        subject = m.Summary.Subject,
        from = m.Summary.From,
        messageId = m.Summary.MessageId,
        size = m.Size,
        state = m.State,
        disposition = m.Disposition,
        score = m.Score,
        attempts = m.Attempts,
        dueAt = m.DueAt,
        heldBy = m.HeldBy,
        updatedAt = m.UpdatedAt,
    };
}
