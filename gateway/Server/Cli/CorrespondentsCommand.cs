using System.CommandLine;
using System.Globalization;
using Sekisho.Inspection.Senders;
using Sekisho.Senders;
using Sekisho.Store;

namespace Sekisho.Cli;

/// <summary><c>sekisho correspondents</c>: what the ledger knows of somebody outside, and how it forgets him.</summary>
internal static class CorrespondentsCommand
{
    public static Command Create() => new("correspondents", """
        Ask the correspondence ledger about somebody outside. It holds no addresses, only keyed hashes: nobody can list them, but each can be asked for.
        forget takes an address out of the ledger and out of the remembered conversations; what was said there stays as hashes until its time is up.

        Examples:
          sekisho correspondents show doctor@clinic.example
          sekisho correspondents show doctor@clinic.example --json
          sekisho correspondents forget doctor@clinic.example
        """)
    { Show(), Forget() };

    private static Command Show()
    {
        var address = Address();
        var command = new Command("show", "Show since when the hospital exchanges mail with an address, how much, and which way its mail came. Exit code 1 where it is not known.") { address };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var who = Exchange.AddressOf(parsed.GetValue(address)!)!;
            var rows = store.CorrespondenceRows(new Exchange(false, [who], [], default), 0);
            var found = await store.CorrespondenceAsync(rows, cancel);
            var (row, domain) = (found.GetValueOrDefault(rows[0]), found.GetValueOrDefault(rows[1]));
            var acquaintances = await store.AcquaintancesAsync(who, cancel);
            if (parsed.GetValue(CommonOptions.Json))
            {
                Answer.Json(new { address = who, known = row is not null, contact = Json(row), acquaintances, domain = Json(domain) });
            }
            else
            {
                Print(who, row, acquaintances);
                Print(who[(who.LastIndexOf('@') + 1)..], domain, null);
            }

            return row is null ? ExitCodes.Found : ExitCodes.Done;
        }));
        return command;
    }

    private static Command Forget()
    {
        var address = Address();
        var command = new Command("forget", """
            Forget an address: whom it wrote to, and in which conversations it took part. Its next mail is a first contact again. The audit log keeps only its domain and its hash.
            Hashes of subjects, of words and of the name shown stay in the memory of conversations for Senders:Threads:Retention; without this gateway's key nobody can tell whose they are.
            件名・文面・表示名のハッシュ値は、保存期間が過ぎるまで会話の記憶に残ります。このゲートウェイの鍵がなければ、そこから本人を特定することはできません。
            """) { address };
        command.SetAction((parsed, cancel) => StoreAccess.UseAsync(parsed, async store =>
        {
            var who = Exchange.AddressOf(parsed.GetValue(address)!)!;
            var gone = await store.ForgetCorrespondentAsync(who, CommonOptions.Actor, cancel);
            if (parsed.GetValue(CommonOptions.Json))
            {
                Answer.Json(new { address = who, forgotten = gone.WasKnown, rows = gone.Rows, conversations = gone.Conversations });
            }
            else
            {
                (gone.WasKnown ? Console.Out : Console.Error).WriteLine(gone.WasKnown
                    ? $"{Answer.Shown(who)} の記録を消去しました forgotten (台帳 ledger: {gone.Rows:N0} 件 rows, 会話 conversations: {gone.Conversations:N0} 件)"
                    : $"{Answer.Shown(who)} の記録はありません is not known");
            }

            return gone.WasKnown ? ExitCodes.Done : ExitCodes.Failed;
        }));
        return command;
    }

    private static Argument<string> Address()
    {
        var address = new Argument<string>("ADDRESS") { Description = "An address outside the hospital" };
        address.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && Exchange.AddressOf(text) is null)
            {
                result.AddError($"\"{text}\" はアドレスではありません。 It is no address. 例 Example: doctor@clinic.example");
            }
        });
        return address;
    }

    private static void Print(string who, LedgerRow? row, int? acquaintances)
    {
        if (row is null)
        {
            Console.Out.WriteLine($"{Answer.Shown(who)}: 記録なし not known");
            return;
        }

        var contact = row.Contact;
        Console.Out.WriteLine($"""
            {Answer.Shown(who)}
              初回 first      {Date(contact.First)}
              受信 received   {contact.In:N0} 通 mails, 最終 last {Date(contact.LastIn)}
              送信 sent       {contact.Out:N0} 通 mails, 最終 last {Date(contact.LastOut)}
            """);
        if (acquaintances is { } people)
        {
            Console.Out.WriteLine($"  相手 with       {people:N0} 名 people here");
        }

        foreach (var route in CorrespondenceBook.Usual(row, 0))
        {
            Console.Out.WriteLine($"  経路 way        {route.Network}  {Words(route)}  {route.Letters:N0} 通 mails, {Date(route.First)} - {Date(route.Last)}");
        }
    }

    private static object? Json(LedgerRow? row) => row is null ? null : new
    {
        first = row.Contact.First,
        lastIn = row.Contact.LastIn,
        lastOut = row.Contact.LastOut,
        lettersIn = row.Contact.In,
        lettersOut = row.Contact.Out,
        routes = CorrespondenceBook.Usual(row, 0).Select(r => new { network = r.Network.ToString(), authenticated = r.IsProven, spf = r.Proof.HasFlag(RouteProof.Spf), dkim = r.Proof.HasFlag(RouteProof.Dkim), first = r.First, last = r.Last, letters = r.Letters }),
    };

    private static string Words(UsualRoute route) =>
        route.IsProven ? "認証済み authenticated" : route.Proof == RouteProof.None ? "認証なし not authenticated" : $"差出人以外の認証 authenticated for others ({route.Proof})";

    private static string Date(DateOnly? date) => date is { } day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "-";
}
