using System.Net;
using System.Text;
using MimeKit;

namespace Sekisho.SampleMaker.Senders;

/// <summary>A letter and the conversation before it.</summary>
/// <param name="History">What passed before, ours and theirs, in order.</param>
/// <param name="Letter">The letter in question.</param>
/// <param name="IsAttack">True where the conversation was stolen.</param>
public sealed record ThreadSample(IReadOnlyList<SenderSample> History, SenderSample Letter, bool IsAttack);

/// <summary>Conversations of a hospital, and what becomes of them: thieves go on with them, and honest people move them.</summary>
public static class ThreadLetters
{
    private static readonly string[] Thieves = ["mailbox.example", "hacked-shop.example", "freemail.example", "gmail.com", "cliente.example", "ferreteria.invalid"];

    /// <summary>What thieves do, by name.</summary>
    public static readonly IReadOnlyList<string> Attacks = ["emotet-pre", "whole-quote", "half-quote", "third-quote", "rewrapped", "other-charset", "without-re", "without-name", "subject-only", "with-reference", "hacked-partner", "hacked-partner-link"];

    /// <summary>What honest people do, by name.</summary>
    public static readonly IReadOnlyList<string> Honest =
    [
        "reply", "reply-without-reference", "colleague-in-cc", "assistant", "other-firm-in-cc", "mailing-list", "group", "third-party", "third-party-without-reference", "private-listed", "private-with-reference", "vacation", "vacation-elsewhere", "bounce",
        "ticket-system", "new-provider", "same-subject", "same-template", "reply-with-file",
    ];

    /// <summary>A sample; always the same for a kind and a number.</summary>
    public static ThreadSample Make(string kind, int number)
    {
        var talk = new Talk(number * 31 + kind.Length);
        return new ThreadSample(kind == "same-template" ? [] : talk.History(kind is "mailing-list" or "group"), talk.Continue(kind), Attacks.Contains(kind));
    }

    /// <summary>A conversation between one of our people and somebody outside.</summary>
    private sealed class Talk
    {
        private static readonly string[] Nouns = ["超音波診断装置", "電子カルテ端末", "人工呼吸器の保守", "給食の委託", "採血管の納品", "職員健診の日程", "地域連携パス", "紹介状の書式", "感染対策の講習", "駐車場の工事", "検体搬送の時刻", "薬剤の在庫", "診療情報の提供", "看護実習の受入れ", "清掃業務の仕様", "輸液ポンプの点検"];
        private static readonly string[] Details = ["見積書の金額", "納期の目安", "参加者の名簿", "担当者の変更", "作業の手順", "前回との違い", "契約書の第三条", "搬入口の場所", "当日の連絡先", "費用の内訳", "試験の結果", "夜間の対応", "交換部品の型番", "会場の広さ", "請求の宛名"];
        private static readonly string[] Verbs = ["確認させていただきたく存じます", "今週中にお知らせください", "先日お電話でお話しした通りに進めたいと思います", "改めて院内で検討いたします", "別の案もご用意いただけますか", "事務長の了解を得ました", "来月の会議で報告する予定です", "少しお時間をいただけないでしょうか", "図面に書き込んでお返しします", "前年度と同じ条件でお願いできますか"];
        private static readonly string[] Things = ["ultrasound scanner", "network switch of ward", "infusion pumps", "meal service", "specimen courier", "parking area", "training course", "referral form", "night shift rota", "isolation room", "laundry contract", "refrigerator alarm"];
        private static readonly string[] Wishes = ["could you tell me which of the offers was", "we would rather wait until the budget is", "my colleague asked whether the cables are", "I am not sure that the second visit is", "please let the engineer know that it is", "the head nurse would like to see what was", "it turned out that the old agreement is"];
        private static readonly string[] Ends = ["signed before the summer holidays", "included in the price of the year", "needed on the third floor as well", "finished when the auditors come", "sent to the address we gave last time", "compatible with what we already have", "approved by the committee on Thursday"];
        private static readonly string[] Partners = ["北町薬品 佐藤", "東邦医療機器 中村", "Green Medical 小林", "松本 恵子", "Laura Meier", "北村 誠", "John Baker", "関西給食 西田"];

        private readonly Random random;
        private readonly bool isJapanese;
        private readonly int seed;
        private readonly Hospital.Colleague we;
        private readonly string partnerName;
        private readonly string partner;
        private readonly string domain;
        private readonly string subject;
        private readonly string body;
        private readonly string id;
        private string to;

        public Talk(int seed)
        {
            (this.seed, random) = (seed, new Random(seed));
            isJapanese = seed % 3 != 0;
            we = Hospital.Person(random.Next(72));
            partnerName = Partners[random.Next(Partners.Length)];
            domain = $"firm{seed}.example";
            partner = to = $"p{random.Next(1000)}@{domain}";
            subject = isJapanese ? $"{Pick(Nouns)}について({Pick(Details)})" : $"{Pick(Things)} {random.Next(100)}: {Pick(Ends)}";
            id = $"{seed}.{random.Next()}@{Hospital.Domain}";
            body = Ours();
        }

        private string Sent => "2026/11/20 10:15";

        /// <summary>Our letter, and for some a first letter of theirs or an answer.</summary>
        public IReadOnlyList<SenderSample> History(bool isList)
        {
            if (isList)
            {
                to = $"kenkyu@group{seed}.example";
            }

            var all = new List<SenderSample>();
            var first = $"{seed}.first@{domain}";
            if (seed % 2 == 0 && !isList)
            {
                all.Add(Made("first", partnerName, partner, "mail." + domain, we.Address, subject, Theirs(), first));
            }

            all.Add(Made("ours", we.Kanji, we.Address, "mail", to, all.Count > 0 ? "Re: " + subject : subject, body + Signature(), id, all.Count > 0 ? first : null, client: "10.1.2.3"));
            if (seed % 5 == 0 && !isList)
            {
                all.Add(Made("answer", partnerName, partner, "mail." + domain, we.Address, "Re: " + subject, Theirs() + "\n" + Quote(0), $"{seed}.answer@{domain}", id));
            }

            return all;
        }

        /// <summary>What comes next.</summary>
        public SenderSample Continue(string kind)
        {
            var thief = $"user{seed}@{Thieves[seed % Thieves.Length]}";
            var thiefHost = $"[203.0.113.{seed % 250}]";
            var lure = isJapanese ? "添付ファイルをご確認ください。\nパスワード:" + random.Next(1000, 9999) + "\n" : "Please see the attached document.\n";
            var re = (seed % 4) switch { 0 => "RE: ", 1 => "Re: Re: ", 2 => "返信: ", _ => "Re: " };
            var other = $"y{seed}@other{seed}.example";
            var headings = $"-----Original Message-----\nFrom: {we.Kanji} <{we.Address}>\nSent: {Sent}\nTo: {partner}\nSubject: {subject}\n\n{body}";
            var attack = new Letter(kind, partnerName, thief, thiefHost, we.Address, re + subject, "") { Client = $"203.0.113.{seed % 250}", File = $"Mes_{random.Next(100000)}.doc" };
            var honest = new Letter(kind, partnerName, partner, "mail." + domain, we.Address, "Re: " + subject, Theirs() + "\n" + Quote(seed)) { InReplyTo = id };
            return (kind switch
            {
                "emotet-pre" => attack with { Text = null, Html = $"<html><body>{subject}<br><br>{lure}<br><br>{partnerName}<br>{partner}<br><br><pre>{WebUtility.HtmlEncode(seed % 2 == 0 ? headings : body)}</pre></body></html>" },
                "whole-quote" => attack with { Text = lure + "\n" + (seed % 2 == 0 ? headings : Quote(seed)) },
                "half-quote" => attack with { Text = lure + "\n" + Marked(Some(2)) },
                "third-quote" => attack with { Text = lure + "\n" + Marked(Some(3)) },
                "rewrapped" => attack with { Text = lure + "\n" + Marked(Wrap(body, 20 + (seed % 50))) },
                "other-charset" => attack with { Text = lure + "\n" + Quote(seed), Charset = isJapanese ? (seed % 2 == 0 ? 50220 : 932) : 1252 },
                "without-re" => attack with { Subject = subject, Text = lure + "\n" + Quote(seed) },
                "without-name" => attack with { Name = "", Text = lure + "\n" + Quote(seed) },
                "subject-only" => attack with { Text = lure },
                "with-reference" => attack with { Text = lure + "\n" + Quote(seed), InReplyTo = id },
                "hacked-partner" => attack with { From = partner, Helo = "mail." + domain, Client = "192.0.2.17", Text = lure + "\n" + Quote(seed) },
                "hacked-partner-link" => attack with { From = partner, Helo = $"out{seed}.example", File = null, InReplyTo = seed % 2 == 0 ? id : null, Client = $"203.0.113.{seed % 250}", Text = $"https://files{seed}.invalid/{random.Next()}/\n\n" + headings },

                "reply" => honest,
                "reply-with-file" => honest with { File = "見積書.pdf" },
                "reply-without-reference" => honest with { InReplyTo = null },
                "colleague-in-cc" => honest with { Name = "山下", From = "yamashita@" + domain, Cc = partner },
                "assistant" => honest with { Name = "秘書", From = "hisho@" + domain, InReplyTo = seed % 2 == 0 ? id : null },
                "other-firm-in-cc" => honest with { Name = "協力会社", From = other, Cc = partner, InReplyTo = seed % 2 == 0 ? id : null },
                "mailing-list" => honest with { From = other, Name = "会員", To = to, Helo = $"group{seed}.example", MailFrom = $"kenkyu-bounces@group{seed}.example", ListId = $"<kenkyu.group{seed}.example>", InReplyTo = seed % 2 == 0 ? id : null },
                "group" => honest with { From = to, Name = "会員 via 研究会", To = to, MailFrom = $"kenkyu+bounces@group{seed}.example", ListId = $"<kenkyu.group{seed}.example>", InReplyTo = null },
                "third-party" => honest with { From = other, Name = "下請 担当", Text = Theirs() + "\n" + headings },
                "third-party-without-reference" => honest with { From = other, Name = "下請 担当", InReplyTo = null, Text = $"{Theirs()}\n-----Original Message-----\nFrom: {partnerName} <{partner}>\nSent: {Sent}\nTo: {other}\nSubject: FW: {subject}\n\n{headings}" },
                "private-listed" => honest with { From = Hospital.Person(0).Private, Name = Hospital.Person(0).Kanji, InReplyTo = null },
                "private-with-reference" => honest with { From = $"x{seed}@gmail.com", MailFrom = $"x{seed}@gmail.com", Helo = "mail.gmail.com" },
                "vacation" => honest with { Automatic = "auto-replied", InReplyTo = null, MailFrom = "" },
                "vacation-elsewhere" => honest with { From = other, Name = "不在", Automatic = "auto-replied", InReplyTo = null, MailFrom = "", Subject = "自動応答: " + subject },
                "bounce" => honest with { From = $"mailer-daemon@relay{seed}.example", Name = "Mail Delivery System", MailFrom = "", InReplyTo = null, Subject = "Undelivered Mail", Text = "The mail could not be delivered.\n\n" + headings },
                "ticket-system" => honest with { From = $"support@desk{seed % 9}.example", Name = "サポート窓口", ReplyTo = partner, InReplyTo = seed % 2 == 0 ? id : null, Subject = $"[#{seed}] Re: {subject}" },
                "new-provider" => honest with { Helo = $"out{seed}.newprovider.example", Client = $"203.0.113.{seed % 250}" },
                "same-subject" => honest with { From = other, Name = "別の会社", InReplyTo = seed % 2 == 0 ? $"1@{other}" : null, Text = new Talk(seed + 5_000_003).Theirs() + Sentences(4) },
                "same-template" => honest with { InReplyTo = null },
                _ => throw new ArgumentException(kind),
            }).Make(Wrapped);
        }

        private string Wrapped(string text) => isJapanese ? text : Wrap(text, 72);

        private string Ours()
        {
            var text = new StringBuilder(isJapanese ? $"いつもお世話になっております。\n{Hospital.Names[0]} {we.Department}の{we.Kanji}です。\n\n" : "Dear Sir or Madam,\n\nthank you for your mail.\n");
            text.Append(Sentences(4 + random.Next(5)));
            return text.Append(isJapanese ? "\nお忙しいところ恐れ入りますが、よろしくお願いいたします。\n" : "\nBest regards\n").ToString();
        }

        private string Theirs() => (isJapanese ? "いつもお世話になっております。\n" : "Hello,\n\n") + Sentences(2 + random.Next(2)) + (isJapanese ? "よろしくお願いいたします。\n" : "Kind regards\n");

        private string Sentences(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => isJapanese
            ? $"{random.Next(1, 13)}月{random.Next(1, 29)}日の{Pick(Nouns)}の{Pick(Details)}につきまして、{Pick(Details)}とあわせて{Pick(Verbs)}。\n"
            : $"About the {Pick(Things)} ({random.Next(1000)}), {Pick(Wishes)} {Pick(Ends)}, and the {Pick(Things)} must be {Pick(Ends)}.\n"));

        private string Signature() => isJapanese ? $"\n-- \n{Hospital.Names[0]} {we.Department}\n{we.Kanji}\nTEL 03-0000-0000\n{we.Address}\n" : $"\n-- \n{we.Latin}, {Hospital.Names[1]}\n{we.Address}\n";

        private string Quote(int style) => (style % 2 == 0 && isJapanese ? $"2026年11月20日(金) 10:15 {we.Kanji} <{we.Address}>:\n" : $"On Fri, Nov 20, 2026 at 10:15 AM {we.Latin} <{we.Address}> wrote:\n") + Marked(body);

        private static string Marked(string text) => string.Concat(text.TrimEnd('\n').Split('\n').Select(l => "> " + l + "\n"));

        /// <summary>A part of our sentences: every second or third is cut away at the end.</summary>
        private string Some(int parts)
        {
            var lines = body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var sentences = lines.Skip(2).Take(lines.Length - 3).ToList();
            return string.Join('\n', sentences.Take(Math.Max(2, (sentences.Count + parts - 1) / parts)));
        }

        private static string Wrap(string text, int width)
        {
            var lines = new StringBuilder();
            foreach (var line in text.Split('\n'))
            {
                for (var at = 0; at < line.Length || at == 0; at += width)
                {
                    lines.Append(line.AsSpan(at, Math.Min(width, line.Length - at))).Append('\n');
                }
            }

            return lines.ToString();
        }

        private T Pick<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

        private SenderSample Made(string kind, string name, string from, string helo, string toWhom, string title, string text, string messageId, string? inReplyTo = null, string client = "192.0.2.17") =>
            new Letter(kind, name, from, helo, toWhom, title, text) { Id = messageId, InReplyTo = inReplyTo, Client = client }.Make(Wrapped);
    }

    private sealed record Letter(string Kind, string Name, string From, string Helo, string To, string Subject, string? Text)
    {
        public string? Html { get; init; }

        public string? Id { get; init; }

        public string? InReplyTo { get; init; }

        public string? Cc { get; init; }

        public string? ReplyTo { get; init; }

        public string? ListId { get; init; }

        public string? Automatic { get; init; }

        public string? MailFrom { get; init; }

        public string? File { get; init; }

        public string Client { get; init; } = "192.0.2.17";

        public int Charset { get; init; } = 65001;

        public SenderSample Make(Func<string, string> wrap)
        {
            var encoding = Encoding.GetEncoding(Charset);
            using var message = new MimeMessage();
            message.From.Add(new MailboxAddress(encoding, Name, From));
            message.To.Add(new MailboxAddress("", To));
            Add(message.Cc, Cc);
            Add(message.ReplyTo, ReplyTo);
            message.Headers.Replace(HeaderId.Subject, encoding, Subject);
            message.Date = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.FromHours(9));
            message.MessageId = Id ?? $"{Kind}.{From.Replace('@', '.')}@{SenderLetter.DomainOf(From)}";
            if (InReplyTo is not null)
            {
                message.InReplyTo = InReplyTo;
                message.References.Add(InReplyTo);
            }

            if (ListId is not null)
            {
                message.Headers.Add(HeaderId.ListId, ListId);
            }

            if (Automatic is not null)
            {
                message.Headers.Add(HeaderId.AutoSubmitted, Automatic);
            }

            var body = new TextPart(Html is null ? "plain" : "html");
            body.SetText(encoding, Html ?? wrap(Text!));
            message.Body = File is null ? body : new Multipart("mixed") { body, new MimePart("application", "octet-stream") { FileName = File, Content = new MimeContent(new MemoryStream("nothing"u8.ToArray())), ContentTransferEncoding = ContentEncoding.Base64 } };
            var format = FormatOptions.Default.Clone();
            format.NewLineFormat = NewLineFormat.Dos;
            using var output = new MemoryStream();
            message.WriteTo(format, output);
            return new SenderSample(Kind, output.ToArray(), IPAddress.Parse(Client), Helo, MailFrom ?? From, [To],
                new Dictionary<string, string>(StringComparer.Ordinal) { ["spf"] = "pass", ["dkim"] = "pass", ["dmarc"] = "pass" });

            static void Add(InternetAddressList list, string? address)
            {
                if (address is not null)
                {
                    list.Add(new MailboxAddress("", address));
                }
            }
        }
    }
}
