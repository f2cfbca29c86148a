using MimeKit;
using Made = Sekisho.SampleMaker.Samples;

namespace Sekisho.SampleMaker.Catalogue;

/// <summary>Attachments under a password (PPAP) and the ways in which a letter tells it; inside is a document with a macro.</summary>
internal static class Passwords
{
    public static IReadOnlyList<Sample> Samples { get; } =
    [
        Phrase("katakana", "パスワード with a full-width colon", "kb7-Qx91", "添付ファイルのパスワード：kb7-Qx91"),
        Phrase("half-width-katakana", "ﾊﾟｽﾜｰﾄﾞ in half width", "kb7-Qx91", "ﾊﾟｽﾜｰﾄﾞ=kb7-Qx91"),
        Phrase("full-width-pw", "ＰＷ and the password itself in full width", "4732kq", "ＰＷ：４７３２ｋｑ"),
        Phrase("kaito", "解凍", "kb7-Qx91", "解凍には kb7-Qx91 をご入力ください。"),
        Phrase("kaifu", "開封", "kb7-Qx91", "開封キー kb7-Qx91"),
        Phrase("kagi-brackets", "Between 「」", "kb7-Qx91", "パスワードは「kb7-Qx91」です。"),
        Phrase("lenticular-brackets", "Between 【】", "kb7-Qx91", "【kb7-Qx91】にて展開してください。"),
        Phrase("next-line", "On the next line", "kb7-Qx91", "パスワードは次のとおりです。\r\n\r\nkb7-Qx91\r\n\r\nよろしくお願いいたします。"),
        Phrase("in-the-sentence", "In the middle of a sentence", "kb7Qx91", "パスワードはkb7Qx91です。よろしくお願いします。"),
        Phrase("date-in-words", "A date in the text", "20260307", "パスワードは2026年3月7日の8桁です。"),
        Phrase("date-of-the-letter", "The letter's own date, of which the text only speaks", "20261122", "パスワードは本日の日付（西暦8桁）です。"),
        Phrase("english-is", "The password is", "kb7-Qx91", "The password is: kb7-Qx91."),
        Phrase("english-pw", "PW and a colon", "kb7-Qx91", "PW: kb7-Qx91"),
        Phrase("english-brackets", "pass between brackets", "kb7-Qx91", "Please see the attachment (pass: kb7-Qx91)."),
        Phrase("english-arrow", "An arrow instead of a colon", "kb7-Qx91", "Zip pass -> kb7-Qx91"),
        Phrase("passphrase-of-words", "A password with blanks", "blue horse 12", "Password: blue horse 12"),
        Phrase("japanese-password", "A password that is Japanese itself", "さくら2026", "パスワード：さくら2026"),
        Japanese("japanese-password-utf-8", "A Japanese password of which a program made UTF-8", "papers.zip", p => ZipWriter.Encrypted("紹介状.doc", Document(), p, System.Text.Encoding.UTF8)),
        Japanese("japanese-password-aes", "A Japanese password of which a program on a Japanese Windows made CP932, ZIP under AES-256", "papers.zip", p => RawZipWriter.Archive(RawZipWriter.Aes("紹介状.doc", Document(), p, System.Text.Encoding.GetEncoding(932)))),
        Japanese("japanese-password-7z", "A Japanese password, 7z", "papers.7z", p => SealedArchiveWriter.SevenZip("紹介状.doc", Document(), p)),
        Japanese("japanese-password-rar5", "A Japanese password, RAR 5", "papers.rar", p => SealedArchiveWriter.Rar5("紹介状.doc", Document(), p)),
        Phrase("shared-secret-unknown", "A password that the letter does not tell", "9f#Lq0-Zz7", "パスワードは別途お知らせします。"),
        new Sample("subject", "The password is in the subject", () => LetterWriter.WithAttachments("資料（PW：kb7-Qx91）", "お送りします。", ("papers.zip", Zip("kb7-Qx91")))),
        new Sample("file-name", "The password is in the attachment's name", () => LetterWriter.WithAttachments("資料", "お送りします。", ("papers_pw_kb7Qx91.zip", Zip("kb7Qx91")))),
        new Sample("html-table", "The password is in a cell of an HTML table", () => LetterWriter.Page("資料", "<html><table><tr><td>パスワード</td><td><b>kb7</b><span>-Qx91</span></td></tr></table></html>", ("papers.zip", Zip("kb7-Qx91")))),
        new Sample("alt-text", "The password is in a picture's alternative text", () => LetterWriter.Page("資料", "<html><p>下図のとおりです。</p><img src=\"cid:a\" alt=\"PW kb7-Qx91\"></html>", ("papers.zip", Zip("kb7-Qx91")))),
        new Sample("enclosed-letter", "The password is in the letter around the one with the archive", () => Around("パスワード：kb7-Qx91", LetterWriter.WithAttachments("資料", "お送りします。", ("papers.zip", Zip("kb7-Qx91"))))),
        Sample.Attached("usual-password", "A password that stands in the list of usual ones", "papers.zip", () => Zip("infected")),
        Sealed("zip-aes", "ZIP, AES-256", "papers.zip", p => RawZipWriter.Archive(RawZipWriter.Aes("紹介状.doc", Document(), p))),
        Sealed("7z-aes", "7z, AES-256", "papers.7z", p => SealedArchiveWriter.SevenZip("紹介状.doc", Document(), p)),
        Sealed("7z-sealed-names", "7z whose names are encrypted, too", "papers.7z", p => SealedArchiveWriter.SevenZip("紹介状.doc", Document(), p, areNamesSealed: true)),
        Sealed("rar4", "RAR 4", "papers.rar", p => SealedArchiveWriter.Rar4("paper.doc", Document(), p)),
        Sealed("rar5", "RAR 5", "papers.rar", p => SealedArchiveWriter.Rar5("紹介状.doc", Document(), p)),
        Sealed("rar5-sealed-names", "RAR 5 whose names are encrypted, too", "papers.rar", p => SealedArchiveWriter.Rar5("紹介状.doc", Document(), p, areNamesSealed: true)),
        Sealed("arj-garbled", "ARJ under a password: reported as not looked into", "papers.arj", _ => OldArchiveWriter.Arj("paper.doc", Document(), 1, isGarbled: true)),
        new Sample("7z-unknown", "7z with encrypted names whose password the letter does not tell", () => LetterWriter.WithAttachments("資料", "パスワードは別途お知らせします。", ("papers.7z", SealedArchiveWriter.SevenZip("a.doc", Document(), "9f#Lq0-Zz7", areNamesSealed: true)))),
        new Sample("program-name-in-sealed-archive", "A program's name in an archive that does not open", () => LetterWriter.WithAttachments("資料", "パスワードは別途お知らせします。", ("papers.zip", ZipWriter.Encrypted("紹介状.exe", Made.Program(), "9f#Lq0-Zz7")))),
        new Sample("honest-papers", "A harmless paper under a password that the letter tells; nothing is wrong but the habit", () => LetterWriter.WithAttachments("資料", "パスワード：kb7-Qx91", ("papers.zip", ZipWriter.Encrypted("紹介状.docx", OoxmlWriter.Document(), "kb7-Qx91")))),
    ];

    private static byte[] Document() => Made.OldDocument(Made.AutoOpenSource);

    private static byte[] Zip(string password) => ZipWriter.Encrypted("紹介状.doc", Document(), password);

    private static Sample Phrase(string name, string shows, string password, string text) => new(name, shows, () => LetterWriter.WithAttachments("資料送付", text, ("papers.zip", Zip(password))));

    private static Sample Sealed(string name, string shows, string fileName, Func<string, byte[]> archive) =>
        new(name, shows, () => LetterWriter.WithAttachments("資料送付", "パスワード：kb7-Qx91", (fileName, archive("kb7-Qx91"))));

    private static Sample Japanese(string name, string shows, string fileName, Func<string, byte[]> archive) =>
        new(name, shows, () => LetterWriter.WithAttachments("資料送付", "パスワード：さくら2026", (fileName, archive("さくら2026"))));

    private static byte[] Around(string text, byte[] letter)
    {
        using var inner = MimeMessage.Load(new MemoryStream(letter));
        return LetterWriter.Of("転送", new Multipart("mixed") { new TextPart("plain") { Text = text }, new MessagePart("rfc822", inner) });
    }
}
