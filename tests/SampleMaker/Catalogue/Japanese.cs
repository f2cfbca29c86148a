using System.Text;

namespace Sekisho.SampleMaker.Catalogue;

/// <summary>Japanese in every encoding and under every label: subject, text and the words that cover a link.</summary>
internal static class Japanese
{
    private const string Text = "お世話になっております。請求書①㈱髙橋をお送りします。";
    private const string HalfWidth = "ﾊﾟｽﾜｰﾄﾞﾊ別途ｵ知ﾗｾｼﾏｽ。";

    public static IReadOnlyList<Sample> Samples { get; } =
    [
        Letter("iso-2022-jp", "ISO-2022-JP, honest", 50220, "iso-2022-jp", "お世話になっております。請求書をお送りします。"),
        Letter("cp50220", "ISO-2022-JP with machine-dependent characters (CP50220)", 50220, "iso-2022-jp", Text),
        Letter("cp50221", "ISO-2022-JP with half-width kana (CP50221)", 50221, "iso-2022-jp", HalfWidth),
        Letter("cp50222", "ISO-2022-JP with half-width kana by shift (CP50222)", 50222, "iso-2022-jp", HalfWidth),
        Letter("shift-jis", "Shift_JIS, honest", 932, "shift_jis", "お世話になっております。請求書をお送りします。"),
        Letter("cp932", "Shift_JIS with machine-dependent characters (CP932)", 932, "shift_jis", Text),
        Letter("cp932-half-width", "Shift_JIS with half-width kana", 932, "shift_jis", HalfWidth),
        Letter("cp932-backslash", "Characters whose second octet is a backslash", 932, "shift_jis", "ソフトウェア一覧表の予定、能力表示"),
        Letter("euc-jp", "EUC-JP", 51932, "euc-jp", Text),
        Letter("euc-jp-half-width", "EUC-JP with half-width kana", 51932, "euc-jp", HalfWidth),
        Letter("utf-8", "UTF-8", 65001, "utf-8", Text),
        Letter("utf-7", "UTF-7", 65000, "utf-7", "請求書をお送りします。"),
        Letter("shift-jis-labelled-iso-2022-jp", "Shift_JIS that says it is ISO-2022-JP", 932, "iso-2022-jp", Text),
        Letter("shift-jis-labelled-utf-8", "Shift_JIS that says it is UTF-8", 932, "utf-8", Text),
        Letter("shift-jis-labelled-latin-1", "Shift_JIS that says it is Latin-1", 932, "iso-8859-1", Text),
        Letter("shift-jis-labelled-us-ascii", "Shift_JIS that says it is ASCII", 932, "us-ascii", Text),
        Letter("euc-jp-labelled-shift-jis", "EUC-JP that says it is Shift_JIS", 51932, "shift_jis", Text),
        Letter("euc-jp-unlabelled", "EUC-JP that says nothing", 51932, null, Text),
        Letter("utf-8-labelled-shift-jis", "UTF-8 that says it is Shift_JIS", 65001, "shift_jis", Text),
        Letter("utf-8-labelled-iso-2022-jp", "UTF-8 that says it is ISO-2022-JP", 65001, "iso-2022-jp", Text),
        Letter("iso-2022-jp-labelled-us-ascii", "ISO-2022-JP that says it is ASCII", 50220, "us-ascii", Text),
        Letter("iso-2022-jp-unlabelled", "ISO-2022-JP that says nothing", 50220, null, Text),
        Letter("iso-2022-jp-label-unknown", "ISO-2022-JP under a label that nobody knows", 50220, "x-unknown", Text),
        Page("cp932-page-with-meta", "A page whose own meta element says otherwise than the header", 932, "utf-8", "<html><meta charset=shift_jis><a href=\"https://host.example/a\">" + Text + "</a></html>"),
        Page("iso-2022-jp-page", "A page in ISO-2022-JP with words over a link", 50220, "iso-2022-jp", "<html><a href=\"https://host.example/a\">" + Text + "</a></html>"),
        Page("euc-jp-page-unlabelled", "A page in EUC-JP that says nothing", 51932, null, "<html><a href=\"https://host.example/a\">" + Text + "</a></html>"),
        Letter("normalised", "Full-width letters, zero-width characters and soft hyphens", 65001, "utf-8", "ＡＢＣ１２３ pass\u200Bwo\u00ADrd \uFEFFパスワード"),
        new Sample("forgotten-escape", "ISO-2022-JP that does not return to ASCII at the line's end", () => Raw("iso-2022-jp", "text/plain", [.. "Subject: x\r\n"u8], "\u001b$B@A5a=q\r\nplain words\r\n"u8)),
        Letter("quoted-and-signature", "New words, quoted words and a signature", 65001, "utf-8", "山田先生\n\nご紹介ありがとうございます。\n\n━━━━━━━━━━━━━━━\n中央病院 地域連携室 佐藤\nTEL：03-1234-5678\n━━━━━━━━━━━━━━━\n\n> 紹介状を送ります。\n> ご確認ください。"),
        Letter("quoted-below", "A reply above the letter it answers, as Outlook writes", 50220, "iso-2022-jp", "承知しました。\n\n差出人: 田中\n送信日時: 2026年11月22日\n宛先: 佐藤\n件名: Re\n\n以前の本文です。"),
        Letter("quoted-full-width", "Quoted by full-width signs", 932, "shift_jis", "承知しました。\n\n＞ 以前の本文です。"),
        Letter("signature-dashes", "A signature behind two dashes", 50220, "iso-2022-jp", "承知しました。\n-- \n佐藤\n"),
    ];

    private static Sample Letter(string name, string shows, int codePage, string? label, string text) => Of(name, shows, codePage, label, "text/plain", text);

    private static Sample Page(string name, string shows, int codePage, string? label, string page) => Of(name, shows, codePage, label, "text/html", page);

    private static Sample Of(string name, string shows, int codePage, string? label, string type, string text) => new(name, shows, () =>
    {
#pragma warning disable SYSLIB0001 // UTF-7 is what an attacker would send
        var encoding = codePage == 65000 ? Encoding.UTF7 : Encoding.GetEncoding(codePage);
#pragma warning restore SYSLIB0001
        // The subject stands there as it is, without RFC 2047, as old programs write it.
        return Raw(label, type, encoding.GetBytes("Subject: 請求書のご送付\r\n"), encoding.GetBytes(text.ReplaceLineEndings("\r\n") + "\r\n"));
    });

    private static byte[] Raw(string? label, string type, byte[] subject, ReadOnlySpan<byte> body) =>
    [
        .. "From: Alice <alice@sender.example>\r\nTo: Bob <bob@hospital.example>\r\nDate: Sun, 22 Nov 2026 10:00:00 +0900\r\nMIME-Version: 1.0\r\n"u8, .. subject,
        .. Encoding.ASCII.GetBytes($"Content-Type: {type}{(label is null ? "" : $"; charset={label}")}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"), .. body,
    ];
}
