namespace Sekisho.SampleMaker.Waves;

/// <summary>The mails of the waves: stolen threads in Japanese and English, and the scattered ones with a lure of their own.</summary>
internal static class WaveMails
{
    private static readonly string[] Topics = ["打ち合わせの件", "検査装置の見積について", "次回の訪問日程", "ご紹介患者様の件", "研修会の資料", "システム更新のご連絡", "当直表の件", "納入日のご確認", "勉強会のご案内", "アンケートのお願い"];
    private static readonly string[] EnglishTopics = ["Meeting next week", "Order confirmation", "Your shipment", "Service contract", "Visit schedule", "Question about the device", "Quotation request", "Project update"];
    private static readonly string[] JapaneseLines = ["添付ファイルをご確認ください。", "お世話になっております。", "取り急ぎご連絡いたします。", "ご確認をお願いいたします。", "よろしくお願いいたします。", "データを送ります。"];
    private static readonly string[] EnglishLines = ["Please see attached.", "Please find the document attached to this email.", "Thanks in advance.", "See the attachment below.", "Here is the information you requested.", "Let me know if you have questions."];

    /// <summary>A reply to a stolen thread.</summary>
    /// <param name="c">Chance.</param>
    /// <param name="year">When.</param>
    /// <param name="month">When.</param>
    /// <param name="day">When.</param>
    /// <param name="japanese">Share of Japanese letters in a hundred.</param>
    public static EmotetMail Hijack(Chance c, int year, int month, int day, int japanese = 60)
    {
        var isJapanese = c.Percent(japanese);
        var partner = isJapanese ? Person.Japanese(c) : Person.Abroad(c);
        var victim = Person.Japanese(c);
        var topic = isJapanese ? c.Pick(Topics) : c.Pick(EnglishTopics);
        var date = c.Date(year, month, day);
        var thread = isJapanese
            ? $"{date.AddHours(-c.Number(3, 900)):yyyy年M月d日 H:mm} {partner.Name} <{partner.Address}>:\n> {victim.House}\n> {victim.Name} 様\n> お世話になっております。{partner.House}の{partner.Name}です。\n> {topic}、下記のとおりでお願いいたします。\n> {c.Pick("来週の火曜日に伺います。", "資料は別途お送りします。", "ご都合をお聞かせください。")}\n"
            : $"From: {partner.Name} <{partner.Address}>\nSent: {MailWriter.Date(date.AddHours(-c.Number(3, 900)))}\nTo: {victim.Name} <{victim.Address}>\nSubject: {topic}\n\nDear {victim.Name},\n\nthank you for your message about the {c.Word()} {c.Word()}. We will come back to you {c.Pick("tomorrow", "next week", "soon")}.\n\n{partner.Name}\n{partner.House}\n";
        return new EmotetMail
        {
            Subject = c.Pick("Re: ", "RE: ", "Re: Re: ") + topic,
            Name = partner.Name,
            PartnerAddress = partner.Address,
            HackedAddress = Hacked(c),
            Recipient = victim.Address,
            Lines = [.. Enumerable.Range(0, c.Number(1, 2)).Select(_ => isJapanese ? c.Pick(JapaneseLines) : c.Pick(EnglishLines))],
            Thread = thread,
            Date = date,
            Seed = c.Number(1, int.MaxValue - 1),
            Charset = isJapanese && c.Percent(15) ? "iso-2022-jp" : "utf-8",
        };
    }

    /// <summary>A scattered letter without a thread.</summary>
    public static EmotetMail Scatter(Chance c, int year, int month, int day, bool isJapanese, string subject, params IReadOnlyList<string> lines)
    {
        var partner = isJapanese ? Person.Japanese(c) : Person.Abroad(c);
        return new EmotetMail
        {
            Subject = subject,
            Name = partner.Name,
            PartnerAddress = partner.Address,
            HackedAddress = Hacked(c),
            Recipient = Person.Japanese(c).Address,
            Lines = lines,
            Date = c.Date(year, month, day),
            Seed = c.Number(1, int.MaxValue - 1),
        };
    }

    /// <summary>An English bill, as scattered 2018 to 2020.</summary>
    public static EmotetMail Invoice(Chance c, int year, int month, int day) => Scatter(c, year, month, day, false,
        c.Pick($"Invoice #{c.Digits(6)}", $"Invoice {c.Digits(5)}", $"Customer Statement", "Agreement", "Documents", $"Scan from a Huawei MFP", $"RFQ for {c.Word()}", $"Report {c.Number(1, 28)}.{month:00}.{year}", "Past Due Invoice", "Outstanding payment"),
        c.Pick("Please find the invoice below.", "Attached is your invoice. Please remit payment at your earliest convenience.", "Your statement is ready, please review.", "As requested, the document is available here."), "Thank you for your business.");

    /// <summary>The password as the letters told it.</summary>
    public static IReadOnlyList<string> PasswordLines(Chance c, string archive, string password) => c.Number(0, 4) switch
    {
        0 => [$"添付ファイル名: {archive}", $"解凍パスワード: {password}"],
        1 => [$"パスワード:{password}"],
        2 => [$"Archive name: {archive}", $"Password: {password}"],
        3 => [$"Zip file password: {password}"],
        _ => ["お世話になっております。添付ファイルをご確認ください。", $"ファイル名:{archive}", $"パスワード {password}"],
    };

    private static string Hacked(Chance c) => $"{c.Pick("info", "contact", "vendas", "sales", "admin", c.Word())}@{c.Word()}{c.Word(1, 2)}.{c.Pick("example", "invalid")}";
}
