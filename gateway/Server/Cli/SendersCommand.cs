using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using MimeKit;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.Store;

namespace Sekisho.Cli;

/// <summary><c>sekisho senders</c>: which senders an admin allows or blocks, for whom, until when.</summary>
internal static class SendersCommand
{
    private const string Example = "例 Example: sekisho senders block .evil.example --reason \"詐欺\"";

    private static WordList FreeMailers => SignatureSet.Shipped.List("free-mailers");

    public static Command Create() => new("senders", """
        Allow or block senders: an address, a domain, .domain for all below it, or the network of the sending server.
        A block holds for the name alone, and for a message to several recipients where it holds for one of them. An allowance holds only
        where the mail is proven to come from that sender (DMARC, DKIM or SPF of its domain, a trusted forwarder; of an allowed network,
        SPF of the envelope is enough), and takes away findings about who writes, never those about what is attached, nor that somebody
        forges our own domain or a colleague. A network can be allowed up to /24 (IPv6: /48); where anybody gets an address (co.jp,
        gmail.com, onmicrosoft.com) a whole domain cannot be allowed.

        Examples:
          sekisho senders block .evil.example --reason "advance fee fraud" --expires 2027-03-31
          sekisho senders allow kensa@lab.example --for lab@hospital.example --reason "checked by telephone"
          sekisho senders allow 0198f2c0a1b27d3e8f00112233445566 --reason "the sender of this quarantined message"
          sekisho senders test news@mail.evil.example --client 192.0.2.1
          sekisho senders export > senders.csv
        """)
    { Put(SenderListKind.Allow), Put(SenderListKind.Block), List(), Remove(), Test(), Import(), Export() };

    private static Command Put(SenderListKind kind)
    {
        var allow = kind == SenderListKind.Allow;
        var senders = new Argument<string[]>("SENDER") { Description = "An address, a domain, .domain, a network (192.0.2.0/24), or the id of a message whose sender is meant", Arity = ArgumentArity.OneOrMore };
        var scope = new Option<string>("--for") { Description = "Recipients it holds for: an address, a domain, .domain for all below it, or * for everybody", DefaultValueFactory = _ => "*" };
        scope.Validators.Add(IsScope);
        var reason = new Option<string>("--reason") { Description = "Why, for the audit log and for whoever asks later", Required = true };
        reason.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
            {
                result.AddError("--reason: 理由を入力してください。 Say why. 例 Example: --reason \"電話で確認済み checked by telephone\"");
            }
        });
        var expires = new Option<DateOnly?>("--expires") { Description = "The last day it holds, such as 2027-03-31; without it, until it is removed" };
        var command = new Command(allow ? "allow" : "block", allow
            ? "Allow a sender. Of a message the address in From is taken. It holds only for mail that is proven to come from there."
            : "Block a sender: its mail is quarantined. Of a message the addresses in From and of the envelope are taken.") { senders, scope, reason, expires };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            DateTimeOffset? end = null;
            if (parsed.GetValue(expires) is { } last && !SenderListFile.TryEnd(last.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), TimeZoneInfo.Local, out end))
            {
                Console.Error.WriteLine($"--expires: {last:yyyy-MM-dd} は遠すぎます。 It is too far away. 例 Example: --expires 2027-03-31");
                return ExitCodes.BadInput;
            }

            var entries = new List<SenderListEntry>();
            foreach (var text in parsed.GetValue(senders)!)
            {
                var meant = Guid.TryParse(text, out var id) ? await SendersOfAsync(store, id, allow, cancel) : SenderListEntry.Normal(text) is { } sender ? [sender] : [];
                if (meant.Count == 0)
                {
                    Console.Error.WriteLine(id != Guid.Empty
                        ? $"{id:N}: メールが見つからないか、差出人がありません。 No such message, or it names no sender."
                        : $"\"{Answer.Shown(text)}\" はアドレス、ドメイン、ネットワークのいずれでもありません。 It is no address, domain or network. {Example}");
                    return ExitCodes.BadInput;
                }

                if (meant.Select(s => SenderListEntry.Fault(kind, s, FreeMailers)).FirstOrDefault(f => f is not null) is { } fault)
                {
                    Console.Error.WriteLine(fault);
                    return ExitCodes.BadInput;
                }

                entries.AddRange(meant.Select(s => new SenderListEntry(kind, s, MacrosCommand.Scope(parsed.GetValue(scope)!), CommonOptions.Actor, parsed.GetValue(reason)!, TimeProvider.System.GetUtcNow(), end)));
            }

            foreach (var entry in entries)
            {
                await store.ListSendersAsync([entry], CommonOptions.Actor, cancel);
                if (parsed.GetValue(CommonOptions.Json))
                {
                    Answer.Json(Shape(entry));
                }
                else
                {
                    Console.Out.WriteLine($"{entry.Sender} {(allow ? "を許可しました allowed" : "を拒否しました blocked")} (宛先 for: {entry.Scope})");
                }
            }

            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "List who is allowed and blocked, newest first; what has expired is still shown.");
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            Show(await store.ListedSendersAsync(cancel), parsed.GetValue(CommonOptions.Json));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Remove()
    {
        var sender = new Argument<string>("SENDER") { Description = "The sender, as the list names it" };
        var scope = new Option<string?>("--for") { Description = "Only for these recipients; without it, for all" };
        scope.Validators.Add(IsScope);
        var command = new Command("remove", "Take a sender off the list: from now on its mail is judged like any other.") { sender, scope };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var text = parsed.GetValue(sender)!;
            var ended = await store.UnlistSenderAsync(
                SenderListEntry.Normal(text) ?? text, parsed.GetValue(scope) is { } only ? MacrosCommand.Scope(only) : null, CommonOptions.Actor, cancel);
            if (parsed.GetValue(CommonOptions.Json))
            {
                Answer.Json(new { sender = text, removed = ended });
            }
            else
            {
                (ended > 0 ? Console.Out : Console.Error).WriteLine(ended > 0
                    ? $"{ended} 件を削除しました removed" : "リストにない差出人です。 No such sender is listed. 一覧 See: sekisho senders list");
            }

            return ended > 0 ? ExitCodes.Done : ExitCodes.Failed;
        }));
        return command;
    }

    private static Command Test()
    {
        var address = new Argument<string>("ADDRESS") { Description = "The sender's address" };
        var client = new Option<string?>("--client") { Description = "The sending server's IP address" };
        client.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !IPAddress.TryParse(text, out _))
            {
                result.AddError($"--client: \"{text}\" はIPアドレスではありません。 It is no IP address. 例 Example: --client 192.0.2.1");
            }
        });
        var recipient = new Option<string?>("--for") { Description = "The recipient's address; without it, entries for all recipients are shown" };
        var command = new Command("test", "Show which entries concern a sender, the one that goes before the others first.") { address, client, recipient };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            if (SenderListEntry.Normal(parsed.GetValue(address)!) is not { } sender || !sender.Contains('@', StringComparison.Ordinal))
            {
                Console.Error.WriteLine($"\"{Answer.Shown(parsed.GetValue(address))}\" はアドレスではありません。 It is no address. 例 Example: sekisho senders test kensa@lab.example");
                return ExitCodes.BadInput;
            }

            var list = new SenderList(await store.ListedSendersAsync(cancel));
            var now = TimeProvider.System.GetUtcNow();
            var found = list.OfAddress(sender).Concat(parsed.GetValue(client) is { } ip ? list.OfClient(IPAddress.Parse(ip)) : [])
                .Where(e => (e.ExpiresAt is not { } end || now < end) && (parsed.GetValue(recipient) is not { } to || e.HoldsFor(to)))
                .OrderByDescending(e => e.Exactness).ThenByDescending(e => e.Kind).ToList();
            Show(found, parsed.GetValue(CommonOptions.Json));
            if (!parsed.GetValue(CommonOptions.Json))
            {
                Console.Out.WriteLine(found.Count == 0 ? "登録はありません。 Nothing is listed for it."
                    : found[0].Kind == SenderListKind.Block ? "メール隔離されます。 Its mail is quarantined."
                    : "許可されています。差出人本人と確認できたメールだけに適用されます。 It is allowed, for mail that is proven to come from it.");
            }

            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Import()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A CSV file whose first row is list,sender,for,expires,reason (author and since may follow); an allow row needs a reason" };
        var check = new Option<bool>("--check") { Description = "Only say what is wrong with it" };
        var command = new Command("import", "Put the senders of a CSV file on the list. Where a row is wrong, nothing is imported and every wrong row is named.") { file, check };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            if (InputFile.Open(parsed.GetValue(file)!) is not { } octets)
            {
                return ExitCodes.BadInput;
            }

            var faults = new List<string>();
            IReadOnlyList<SenderListEntry> entries;
            await using (octets)
            {
                entries = SenderListFile.Read(octets, CommonOptions.Actor, TimeProvider.System.GetUtcNow(), TimeZoneInfo.Local, MacrosCommand.IsScope, FreeMailers, faults);
            }

            foreach (var fault in faults)
            {
                Console.Error.WriteLine(Answer.Shown(fault));
            }

            if (faults.Count > 0)
            {
                Console.Error.WriteLine("何も取り込みませんでした。 Nothing was imported.");
                return ExitCodes.BadInput;
            }

            // Of rows about the same sender and recipients the last one holds, as if they had been given one after the other.
            var last = entries.GroupBy(e => (e.Sender, e.Scope)).Select(g => g.Last()).ToList();
            if (!parsed.GetValue(check))
            {
                await store.ListSendersAsync(last, CommonOptions.Actor, cancel);
            }

            if (parsed.GetValue(CommonOptions.Json))
            {
                Answer.Json(new { rows = entries.Count, senders = last.Count, imported = !parsed.GetValue(check) });
            }
            else
            {
                Console.Out.WriteLine(parsed.GetValue(check) ? $"{last.Count} 件、問題なし(取り込みはしていません) senders, nothing wrong; not imported" : $"{last.Count} 件を取り込みました imported");
            }

            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Export()
    {
        var command = new Command("export", "Write the whole list to standard output as CSV, which import reads.");
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            SenderListFile.Write(Console.Out, await store.ListedSendersAsync(cancel));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static void Show(IReadOnlyList<SenderListEntry> entries, bool json)
    {
        if (json)
        {
            foreach (var entry in entries)
            {
                Answer.Json(Shape(entry));
            }

            return;
        }

        Answer.Table(["", "差出人 sender", "宛先 for", "登録者 by", "理由 reason", "登録日 since", "期限 until"], entries.Select(e => new[]
        {
            e.Kind == SenderListKind.Allow ? "許可 allow" : "拒否 block", e.Sender, e.Scope, e.Author, e.Reason, MessageAnswers.Local(e.CreatedAt),
            e.ExpiresAt is not { } end ? "-" : MessageAnswers.Local(end) + (end <= TimeProvider.System.GetUtcNow() ? " 期限切れ expired" : ""),
        }));
    }

    private static object Shape(SenderListEntry e) => new
    {
        list = e.Kind, sender = e.Sender, scope = e.Scope, author = e.Author, reason = e.Reason, createdAt = e.CreatedAt, expiresAt = e.ExpiresAt, expired = e.ExpiresAt <= TimeProvider.System.GetUtcNow(),
    };

    /// <summary>Whom a message names: its author; to be blocked, the envelope's sender, too.</summary>
    private static async Task<IReadOnlyList<string>> SendersOfAsync(MessageStore store, Guid id, bool allow, CancellationToken cancel)
    {
        if (await store.FindAsync(id, cancel) is not { } found)
        {
            return [];
        }

        var authors = InternetAddressList.TryParse(found.Message.Summary.From ?? "", out var list) ? list.Mailboxes.Select(m => m.Address ?? "").ToList() : [];
        return [.. (allow && authors.Count > 0 ? authors : authors.Append(found.Envelope.Sender)).Where(a => a.Contains('@', StringComparison.Ordinal)).Select(SenderListEntry.Normal).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    private static void IsScope(OptionResult result)
    {
        if (result.GetValueOrDefault<string?>() is { } text && !MacrosCommand.IsScope(text))
        {
            result.AddError($"--for: \"{text}\" はアドレスでもドメインでもありません。 It is neither an address nor a domain. 例 Example: --for keiri@hospital.example, --for hospital.example");
        }
    }
}
