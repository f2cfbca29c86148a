using System.Text;
using Sekisho.SampleMaker.Waves;

namespace Sekisho.SampleMaker.OfficeLife;

/// <summary>The letters around office papers: greetings, quotations, signatures, character sets and the header fields of real mail programs.</summary>
internal sealed class OfficeMail
{
    private static readonly string[] Openings = ["いつも大変お世話になっております。", "お世話になっております。", "いつもありがとうございます。", "お疲れ様です。", "突然のご連絡失礼いたします。"];
    private static readonly string[] Closings = ["よろしくお願いいたします。", "ご査収のほど、よろしくお願い申し上げます。", "ご不明な点がございましたらご連絡ください。", "以上、よろしくお願いいたします。", "お忙しいところ恐れ入りますが、ご確認をお願いいたします。"];
    private static readonly string[] Programs = ["Microsoft Outlook 16.0", "Mozilla Thunderbird", "Becky! ver. 2.81.07 [ja]", "Apple Mail (2.3774)", "Shuriken 2021", "WebMailer 7.2", ""];

    private readonly Chance c;

    /// <summary>A letter between two people.</summary>
    public OfficeMail(Chance c)
    {
        this.c = c;
        From = Person.Japanese(c);
        To = Person.Japanese(c);
        Charset = c.Pick("iso-2022-jp", "utf-8", "utf-8", "shift_jis", "euc-jp", "iso-2022-jp");
    }

    public Person From { get; set; }

    public Person To { get; set; }

    /// <summary>The name in the From field; empty for the sender's own.</summary>
    public string ShownName { get; set; } = "";

    /// <summary>The address in the signature; empty for one of the sender's house.</summary>
    public string SignedAddress { get; set; } = "";

    public string Charset { get; set; }

    public string Subject { get; set; } = "";

    /// <summary>What he writes, without greeting and signature.</summary>
    public string Text { get; set; } = "";

    public bool IsPolite { get; set; } = true;

    public List<string> Fields { get; } = [];

    public List<MailPart> Files { get; } = [];

    /// <summary>HTML beside the plain text; null for none.</summary>
    public string? Html { get; set; }

    /// <summary>An honest reply: quotation below, and the reference that most programs set.</summary>
    /// <param name="hasReference">False for the web mailers that lose it.</param>
    public OfficeMail Reply(bool hasReference)
    {
        Subject = c.Pick("Re: ", "RE: ", "Re:", "返信:") + Subject;
        var quoted = $"{To.House}の{To.Name}です。\n{c.Pick("先日の件、いかがでしょうか。", "下記の日程でお願いします。", "資料をお送りください。")}\n{c.Pick("10日(火)14:00、11日(水)10:00", "見積番号 " + c.Digits(6), "患者様ID " + c.Digits(8))}";
        Text += c.Number(0, 2) switch
        {
            0 => $"\n\n2026/{c.Number(1, 12)}/{c.Number(1, 28)} 1{c.Number(0, 9)}:2{c.Number(0, 9)}、{To.Name} <{To.Address}> のメール:\n" + string.Join('\n', quoted.Split('\n').Select(l => "> " + l)),
            1 => $"\n\n-----Original Message-----\nFrom: {To.Name} <{To.Address}>\nSent: Monday, November 16, 2026 9:1{c.Number(0, 9)} AM\nTo: {From.Name} <{From.Address}>\nSubject: {Subject[3..]}\n\n{quoted}",
            _ => $"\n\n{To.Name} さんは書きました:\n" + string.Join('\n', quoted.Split('\n').Select(l => "> " + l)),
        };
        if (hasReference)
        {
            Fields.AddRange([$"In-Reply-To: <{c.Code(20)}@{To.Domain}>", $"References: <{c.Code(20)}@{To.Domain}>"]);
        }

        return this;
    }

    /// <summary>Adds a file.</summary>
    public OfficeMail With(string name, byte[] content, string type = "application/octet-stream")
    {
        Files.Add(MailPart.File(name, content, type));
        return this;
    }

    /// <summary>A name written in half-width kana, as old accounting programs do.</summary>
    public static string HalfWidth(Chance c) => c.Pick("ｶ)ﾁｭｳｵｳｲﾘｮｳｷｷ", "ｲﾘｮｳﾎｳｼﾞﾝ ｻｸﾗｶｲ", "ﾐﾅﾄﾔｸﾋﾝ(ｶ", "ﾎｹﾝｾｲｷｭｳ ﾃﾞｰﾀ");

    /// <summary>The letter's octets.</summary>
    public byte[] Write()
    {
        var date = new DateTimeOffset(2026, c.Number(1, 11), c.Number(1, 28), c.Number(7, 20), c.Number(0, 59), c.Number(0, 59), TimeSpan.FromHours(9));
        var body = (IsPolite ? $"{To.House}\n{To.Name} 様\n\n{c.Pick(Openings)}\n{From.House}の{From.Name}です。\n\n" : "") + Text;
        var cut = Text.Length > 0 && body.IndexOf("\n\n-----", StringComparison.Ordinal) is > 0 and var at ? at : body.Length;
        body = body.Insert(cut, (IsPolite ? $"\n\n{c.Pick(Closings)}\n" : "\n") + Signature());
        var fields = new List<string>
        {
            $"Received: from mail.{From.Domain} (mail.{From.Domain} [192.0.2.{c.Number(1, 254)}]) by mx.hospital.example with ESMTPS id {c.Code(10)}; {MailWriter.Date(date)}",
            $"From: {MailWriter.Mailbox(ShownName.Length > 0 ? ShownName : From.Name, From.Address, HeaderCharset)}",
            $"To: {MailWriter.Mailbox(To.Name, To.Address, HeaderCharset)}",
            $"Subject: {MailWriter.EncodedWord(Subject, HeaderCharset)}",
            $"Date: {MailWriter.Date(date)}",
            $"Message-ID: <{c.Code(24)}@{From.Domain}>",
            "MIME-Version: 1.0",
        };
        fields.AddRange(Fields);
        if (c.Pick(Programs) is { Length: > 0 } program)
        {
            fields.Add("X-Mailer: " + program);
        }

        var text = MailPart.Text(Charset == "iso-2022-jp" ? body.Normalize(NormalizationForm.FormKC) : body, Charset, Charset == "iso-2022-jp" ? TransferCoding.None : c.Pick(TransferCoding.Base64, TransferCoding.QuotedPrintable));
        var whole = Html is null ? text : MailPart.Multi("multipart/alternative", Boundary(), text, MailPart.Text(Html, "utf-8", TransferCoding.Base64, "html"));
        return MailWriter.Write(fields, Files.Count == 0 ? whole : MailPart.Multi("multipart/mixed", Boundary(), [whole, .. Files]));
    }

    private string HeaderCharset => Charset is "iso-2022-jp" ? "iso-2022-jp" : "utf-8";

    private string Boundary() => c.Pick("----=_NextPart_000_" + c.Digits(4) + "_01DC" + c.Digits(4), "------------" + c.Code(24), "Apple-Mail=_" + c.Code(12), "_000_" + c.Code(20) + "_", "000000000000" + c.Letters(16));

    private string Signature()
    {
        var rule = c.Pick("-- ", "--------------------------------", "==============================", "━━━━━━━━━━━━━━━━");
        var address = SignedAddress.Length > 0 ? SignedAddress : c.Number(0, 9) switch
        {
            0 => $"{c.Pick("soumu", "jimu", "renkei", "info")}@{From.Domain}", // a shared mailbox of the house
            1 => $"{From.Address}\n(秘書 {Person.Japanese(c).Name} {c.Pick("hisho", "assistant")}@{From.Domain})",
            2 => "",
            _ => From.Address,
        };
        return $"{rule}\n{From.House} {c.Pick("総務課", "医事課", "地域医療連携室", "営業部", "薬剤部", "")}\n{From.Name}\n〒{c.Digits(3)}-{c.Digits(4)} 東京都{c.Pick("中央区", "北区", "港区")}{c.Number(1, 9)}-{c.Number(1, 20)}\nTEL 03-0000-{c.Digits(4)} / FAX 03-0000-{c.Digits(4)}\n{(address.Length > 0 ? "E-mail: " + address + "\n" : "")}{(rule == "-- " ? "" : rule + "\n")}";
    }
}
