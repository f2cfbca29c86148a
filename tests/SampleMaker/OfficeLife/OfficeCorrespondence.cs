using Sekisho.SampleMaker.Waves;

namespace Sekisho.SampleMaker.OfficeLife;

/// <summary>Letters between people, and those that go to many: replies, forwards, lists, newsletters.</summary>
internal static class OfficeCorrespondence
{
    private static readonly string[] Subjects =
        ["打ち合わせの件", "来週の会議について", "検査装置の見積について", "ご紹介患者様の件", "研修会の資料", "当直表の件", "システム停止のお知らせ", "忘年会のご案内", "議事録の送付", "請求書送付のお願い", "賞与支払届の提出について", "健康診断のご案内", "至急:本日の外来について"];

    private static readonly string[] Texts =
    [
        "下記のとおりご連絡いたします。\n・日時 12月3日(木) 15:00\n・場所 3階 会議室", "ご依頼の件、承知いたしました。\n来週中にお送りします。", "添付の資料をご確認ください。\nご不明な点は内線1234までお願いします。",
        "本日中にご返信いただけますと幸いです。", "①日程 ②場所 ③人数 をお知らせください。", "お見積りをお送りします。ご検討ください。", "詳細は https://www.hospital-partner.example/news/2026/1123.html をご覧ください。", "明日の手術は9時開始に変更となりました。",
    ];

    /// <summary>The kinds.</summary>
    public static IReadOnlyList<OfficeKind> Kinds { get; } =
    [
        new("plain letter", 180, c => (Letter(c).Write(), null)),
        new("reply", 180, c => (Letter(c).Reply(hasReference: true).Write(), null)),
        new("reply without reference", 60, c => (Letter(c).Reply(hasReference: false).Write(), null)),
        new("reply from a private account", 30, c => (Private(c).Write(), null)),
        new("forward", 60, c => (Forward(c), null)),
        new("mailing list", 110, c => (MailingList(c), null)),
        new("list that rewrites senders", 30, c => (RewritingList(c), null)),
        new("newsletter", 130, c => (Newsletter(c), null)),
        new("calendar invitation", 50, c => (Invitation(c), null)),
        new("letter to many in HTML", 60, c => (Html(c), null)),
        new("English letter from a maker", 40, c => (English(c), null)),
    ];

    /// <summary>A letter with a subject and a text.</summary>
    public static OfficeMail Letter(Chance c) => new(c) { Subject = c.Pick(Subjects), Text = c.Pick(Texts) };

    /// <summary>A doctor writes from his account at a free mailer and signs with his hospital's address.</summary>
    private static OfficeMail Private(Chance c)
    {
        var mail = Letter(c).Reply(hasReference: c.Percent(70));
        mail.SignedAddress = mail.From.Address;
        mail.From = mail.From with { Domain = c.Pick("freemail.example", "home-provider.example") };
        switch (c.Number(0, 9))
        {
            case < 3:
                return mail.With("写真.jpg", OfficePapers.Jpeg(c), "image/jpeg");
            case 3:
                var (name, content) = OfficeMacros.Workbook(c);
                return mail.With(name, content, "application/vnd.ms-excel");
            case 4:
                var password = c.Code(8);
                mail.Text = $"添付のパスワードは {password} です。\n" + mail.Text;
                return mail.With($"原稿{c.Digits(2)}.zip", ZipWriter.Encrypted("原稿.docx", OfficePapers.Docx(c, "抄録"), password), "application/zip");
            default:
                return mail;
        }
    }

    private static byte[] Forward(Chance c)
    {
        var mail = Letter(c);
        mail.Subject = c.Pick("Fwd: ", "FW: ", "転送: ") + mail.Subject;
        var author = Person.Japanese(c);
        mail.Text = $"下記転送いたします。\n\n---------- Forwarded message ---------\nFrom: {author.Name} <{author.Address}>\nDate: 2026年11月{c.Number(1, 28)}日(月) 10:1{c.Number(0, 9)}\nSubject: {mail.Subject[4..]}\nTo: <{mail.From.Address}>\n\n{c.Pick(Texts)}\n\n{author.Name}\n{author.Address}\n";
        return (c.Percent(40) ? mail.With($"{c.Pick("資料", "議事録", "案内")}.pdf", OfficePapers.Pdf(c), "application/pdf") : mail).Write();
    }

    private static byte[] MailingList(Chance c)
    {
        var mail = Letter(c);
        var list = c.Pick("kango-ml", "jimucho", "renkei", "yakuzai-kai");
        mail.Subject = $"[{list}:{c.Digits(5)}] " + c.Pick("", "Re: ") + mail.Subject;
        if (mail.Subject.Contains("Re:", StringComparison.Ordinal) && c.Percent(60))
        {
            mail.Reply(hasReference: c.Percent(80));
        }

        mail.IsPolite = false;
        mail.Text += $"\n\n_______________________________________________\n{list} mailing list\n{list}@list-server.example\nhttps://list-server.example/mailman/listinfo/{list}\n";
        mail.Fields.AddRange([$"List-Id: <{list}.list-server.example>", $"List-Unsubscribe: <mailto:{list}-request@list-server.example?subject=unsubscribe>", "Precedence: list", $"Reply-To: {list}@list-server.example", $"Sender: {list}-bounces@list-server.example"]);
        return mail.Write();
    }

    /// <summary>Lists that put their own address into From so that DMARC holds: the name is the author's, or his address.</summary>
    private static byte[] RewritingList(Chance c)
    {
        var mail = Letter(c);
        mail.SignedAddress = mail.From.Address;
        mail.ShownName = c.Pick(mail.From.Name, $"{mail.From.Name} via 看護部長会", mail.From.Address, $"{mail.From.Address} via kango-ml");
        mail.From = mail.From with { Roman = "kango-ml", Domain = "list-server.example" };
        mail.Subject = "[kango-ml] " + mail.Subject;
        mail.Fields.AddRange(["List-Id: <kango-ml.list-server.example>", "Precedence: list"]);
        if (c.Percent(50))
        {
            mail.Reply(hasReference: c.Percent(80));
        }

        return (c.Percent(30) ? mail.With("案内.pdf", OfficePapers.Pdf(c), "application/pdf") : mail).Write();
    }

    private static byte[] Newsletter(Chance c)
    {
        var mail = new OfficeMail(c) { Subject = c.Pick("【医療情報】今週のニュース", "セミナーのご案内", "新製品のお知らせ", "【重要】メンテナンスのお知らせ", "学会参加登録 締切間近", "【冬の賞与特集】カタログ") };
        var house = mail.From.Domain;
        string Click() => c.Pick($"https://click.{house}/c/{c.Code(24)}", $"https://mail.{house}/r.php?u={c.Code(30)}&n={c.Digits(6)}", $"https://track-news.example/ls/click?upn={c.Code(60)}");
        var site = c.Pick($"www.{house}", $"https://www.{house}/seminar", "詳しくはこちら", "お申し込みはこちら");
        mail.IsPolite = false;
        mail.Text = $"{mail.Subject}\n\n詳しくは下記をご覧ください。\n{Click()}\n\n配信停止はこちら\n{Click()}\n";
        mail.Html = $"<html><body><img src=\"https://img.{house}/wp-content/uploads/2026/11/banner.png\" width=600><h1>{mail.Subject}</h1><p><a href=\"{Click()}\">{site}</a></p><ul>"
            + string.Concat(Enumerable.Range(0, c.Number(2, 6)).Select(_ => $"<li><a href=\"{(c.Percent(25) ? $"https://www.{house}/wp-content/uploads/2026/{c.Number(1, 12):00}/pamphlet{c.Digits(2)}.pdf" : Click())}\">{c.Pick("オンラインセミナー", "事例のご紹介", "価格改定のお知らせ", "アンケート")}</a></li>"))
            + $"</ul><p style=\"font-size:10px\"><a href=\"{Click()}\">配信停止</a> {mail.From.House}</p><img src=\"https://click.{house}/o/{c.Code(20)}.gif\" width=1 height=1></body></html>";
        mail.Fields.AddRange([$"List-Unsubscribe: <https://click.{house}/u/{c.Code(16)}>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click", "Precedence: bulk"]);
        return mail.Write();
    }

    private static byte[] Invitation(Chance c)
    {
        var mail = Letter(c);
        mail.Subject = c.Pick("会議開催通知", "定例会議", "Web会議のご案内", "Invitation: Weekly meeting");
        mail.Text = $"Web会議に招待されています。\nhttps://meet.example/j/{c.Digits(10)}?pwd={c.Code(20)}\nミーティングID: {c.Digits(10)}\nパスコード: {c.Digits(6)}";
        mail.Files.Add(new MailPart("text/calendar; charset=utf-8; method=REQUEST; name=\"invite.ics\"", OfficePapers.Calendar(c), TransferCoding.Base64));
        return mail.Write();
    }

    private static byte[] Html(Chance c)
    {
        var mail = Letter(c);
        mail.Html = $"<html><head><style>p.MsoNormal{{margin:0mm}}</style></head><body><p class=MsoNormal>{mail.To.Name} 様</p><p>{string.Join("<br>", mail.Text.Split('\n'))}</p><p><a href=\"mailto:{mail.From.Address}\">{mail.From.Address}</a> <a href=\"https://www.{mail.From.Domain}/\">www.{mail.From.Domain}</a></p></body></html>";
        return mail.Write();
    }

    private static byte[] English(Chance c)
    {
        var author = Person.Abroad(c);
        var mail = new OfficeMail(c)
        {
            From = author,
            IsPolite = false,
            Charset = "utf-8",
            Subject = c.Pick("Invoice " + c.Digits(6), "Your order " + c.Digits(7), "Quotation for MRI coil", "Service visit report", "Re: spare parts", "Payment reminder"),
            Text = $"Dear customer,\n\nplease find attached {c.Pick("our invoice", "the report", "the quotation")}. {c.Pick("Payment is due within 30 days.", "Do not hesitate to contact us.", "Please reply as soon as possible.")}\n\nKind regards\n{author.Name}\n{author.House}\n{author.Address}\n",
        };
        return mail.With($"{c.Pick("Invoice", "Report", "Quotation")} {c.Digits(6)}.pdf", OfficePapers.Pdf(c), "application/pdf").Write();
    }
}
