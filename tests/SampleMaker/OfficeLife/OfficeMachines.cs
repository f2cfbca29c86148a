using System.Text;
using Sekisho.SampleMaker.Waves;

namespace Sekisho.SampleMaker.OfficeLife;

/// <summary>Letters that machines write: scanners, fax gateways, parcel services, bounces, signed notices, monitoring.</summary>
internal static class OfficeMachines
{
    /// <summary>The kinds.</summary>
    public static IReadOnlyList<OfficeKind> Kinds { get; } =
    [
        new("scanner", 70, c => (Scanner(c), null)),
        new("fax to mail", 70, c => (Fax(c), null)),
        new("delivery notice", 50, c => (Parcel(c), null)),
        new("bounce", 40, c => (Bounce(c), null)),
        new("S/MIME signed", 40, c => (Signed(c), null)),
        new("report of a program", 40, c => (Report(c), null)),
        new("bank and card notice", 30, c => (Bank(c), null)),
    ];

    private static byte[] Scanner(Chance c)
    {
        var house = Person.Japanese(c);
        var date = $"2026{c.Number(1, 12):00}{c.Number(1, 28):00}{c.Number(8, 19)}{c.Number(10, 59)}{c.Number(10, 59)}";
        var name = c.Pick($"SCAN_{date}", $"DOC{date}", $"{date}", $"scan{c.Digits(5)}", $"SKM_C{c.Digits(3)}i{date[2..]}", $"Scan_{c.Digits(4)}");
        return MailWriter.Write(
        [
            $"From: {c.Pick("mfp", "scanner", "copier3f", "noreply")}@{house.Domain}", $"To: {house.Address}", $"Subject: {MailWriter.EncodedWord(c.Pick("Scan from a MFP", "Message from KM_C368", "スキャンデータ", "Scanned image from MX-3661"), "iso-2022-jp")}",
            $"Date: {Date(c)}", $"Message-ID: <{c.Digits(14)}@{house.Domain}>", "MIME-Version: 1.0", "X-Mailer: MFP",
        ], MailPart.Multi("multipart/mixed", "----=_" + c.Code(20),
            MailPart.Text($"DEVICE NAME: MFP\r\nDEVICE MODEL: MX-3661\r\nLOCATION: {c.Number(1, 5)}F\r\n\r\nFILE FORMAT: PDF MMR(G4)\r\nRESOLUTION: 300dpi x 300dpi\r\n", "us-ascii", TransferCoding.None),
            c.Percent(75) ? MailPart.File(name + ".pdf", OfficePapers.Pdf(c), "application/pdf") : MailPart.File(name + ".tif", OfficePapers.Tiff(c), "image/tiff")));
    }

    private static byte[] Fax(Chance c)
    {
        var house = Person.Japanese(c);
        var name = c.Pick($"DOC_20261123{c.Digits(6)}", $"FAX{c.Digits(12)}", $"03{c.Digits(8)}_20261123", $"DOC_{c.Digits(15)}", $"REP_{c.Digits(14)}");
        var file = c.Percent(60) ? MailPart.File(name + ".pdf", OfficePapers.Pdf(c), "application/pdf") : c.Percent(70) ? MailPart.File(name + ".tif", OfficePapers.Tiff(c), "image/tiff") : MailPart.File(name + ".zip", ZipWriter.Plain((name + ".tif", OfficePapers.Tiff(c))), "application/zip");
        return MailWriter.Write(
        [
            $"From: fax-gateway@{house.Domain}", $"To: {house.Address}", $"Subject: {MailWriter.EncodedWord($"FAX受信通知 03-0000-{c.Digits(4)}", "iso-2022-jp")}", $"Date: {Date(c)}", $"Message-ID: <fax{c.Digits(10)}@{house.Domain}>", "MIME-Version: 1.0",
        ], MailPart.Multi("multipart/mixed", "=_fax_" + c.Digits(12), MailPart.Text($"FAXを受信しました。\r\n発信元: 03-0000-{c.Digits(4)}\r\nページ数: {c.Number(1, 9)}\r\n", "iso-2022-jp", TransferCoding.None), file));
    }

    private static byte[] Parcel(Chance c)
    {
        var house = Person.Japanese(c);
        return MailWriter.Write(
        [
            $"From: {MailWriter.Mailbox("宅配通知サービス", "mail@parcel-notice.example")}", $"To: {house.Address}", $"Subject: {MailWriter.EncodedWord(c.Pick("お荷物お届けのお知らせ", "配達完了のお知らせ", "不在連絡票のお知らせ", "ご注文商品の発送"))}", $"Date: {Date(c)}", $"Message-ID: <{c.Code(20)}@parcel-notice.example>", "MIME-Version: 1.0",
        ], MailPart.Multi("multipart/alternative", "b" + c.Code(20), MailPart.Text($"{house.Name} 様\n送り状番号 {c.Digits(12)}\nお届け予定 11月{c.Number(1, 28)}日\nhttps://www.parcel-notice.example/track?no={c.Digits(12)}\n"),
            MailPart.Text($"<html><body>{house.Name} 様<br>送り状番号 <a href=\"https://www.parcel-notice.example/track?no={c.Digits(12)}\">{c.Digits(12)}</a></body></html>", "utf-8", TransferCoding.Base64, "html")));
    }

    private static byte[] Bounce(Chance c)
    {
        var house = Person.Japanese(c);
        var original = Encoding.UTF8.GetString(OfficeCorrespondence.Letter(c).Write());
        var head = original[..original.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        return MailWriter.Write(
        [
            $"From: {MailWriter.Mailbox("Mail Delivery System", $"MAILER-DAEMON@mx.{house.Domain}")}", $"To: {house.Address}", "Subject: Undelivered Mail Returned to Sender", $"Date: {Date(c)}", $"Message-ID: <{c.Code(20)}@mx.{house.Domain}>", "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
        ], MailPart.Multi("multipart/report; report-type=delivery-status", $"{c.Code(10)}.{c.Digits(10)}/mx.{house.Domain}",
            MailPart.Text($"This is the mail system at host mx.{house.Domain}.\n\nI'm sorry to have to inform you that your message could not be delivered.\n\n<{c.Word()}@nowhere.example>: host mx.nowhere.example said: 550 5.1.1 User unknown\n", "us-ascii", TransferCoding.None),
            new MailPart("message/delivery-status", Encoding.ASCII.GetBytes($"Reporting-MTA: dns; mx.{house.Domain}\r\n\r\nFinal-Recipient: rfc822; {c.Word()}@nowhere.example\r\nAction: failed\r\nStatus: 5.1.1\r\n")),
            c.Percent(50) ? new MailPart("text/rfc822-headers", Encoding.UTF8.GetBytes(head + "\r\n")) : new MailPart("message/rfc822", Encoding.UTF8.GetBytes(original))));
    }

    private static byte[] Signed(Chance c)
    {
        var person = Person.Japanese(c);
        byte[] signature = [0x30, 0x80, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02, 0xA0, 0x80, .. c.Octets(900), 0, 0, 0, 0];
        return MailWriter.Write(
        [
            $"From: {MailWriter.Mailbox(c.Pick("銀行からのお知らせ", person.Name), person.Address)}", $"To: {Person.Japanese(c).Address}", $"Subject: {MailWriter.EncodedWord("電子署名付きのお知らせ")}", $"Date: {Date(c)}", $"Message-ID: <{c.Code(20)}@{person.Domain}>", "MIME-Version: 1.0",
        ], MailPart.Multi("multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256", "----" + c.Code(32), MailPart.Text("本メールには電子署名が付いています。\n", "iso-2022-jp", TransferCoding.None),
            MailPart.File("smime.p7s", signature, "application/pkcs7-signature")));
    }

    private static byte[] Report(Chance c)
    {
        var house = Person.Japanese(c);
        var body = MailPart.Text($"Backup job {c.Word()} finished with status {c.Pick("OK", "WARNING", "OK")}.\nhttp://192.168.{c.Number(0, 9)}.{c.Number(1, 254)}/status\n{c.Number(1, 999)} files, {c.Digits(9)} bytes\n", "us-ascii", TransferCoding.None);
        return MailWriter.Write([$"From: root@server{c.Number(1, 9)}.{house.Domain}", $"To: admin@{house.Domain}", $"Subject: {c.Pick("Cron <root@server> backup", "[Nagios] OK", "UPS notification")}", $"Date: {Date(c)}", $"Message-ID: <{c.Code(16)}@{house.Domain}>", "MIME-Version: 1.0"],
            c.Percent(50) ? body : MailPart.Multi("multipart/mixed", c.Code(24), body, MailPart.File($"log_{c.Digits(8)}.txt", Encoding.ASCII.GetBytes($"{c.Digits(10)} ok\r\n{c.Digits(10)} ok\r\n"), "text/plain")));
    }

    private static byte[] Bank(Chance c) => MailWriter.Write(
    [
        $"From: {MailWriter.Mailbox("みなと銀行", "info@minato-bank.example")}", $"To: {Person.Japanese(c).Address}", $"Subject: {MailWriter.EncodedWord(c.Pick("お振込受付のお知らせ", "入金通知", "カードご利用のお知らせ"))}", $"Date: {Date(c)}", $"Message-ID: <{c.Code(20)}@minato-bank.example>", "MIME-Version: 1.0",
    ], MailPart.Text($"お振込を受け付けました。\n受付番号 {c.Digits(10)}\n受取人 {OfficeMail.HalfWidth(c)}\n金額 {c.Digits(5)}円\n\n※このメールは送信専用です。\nhttps://www.minato-bank.example/\n", c.Pick("utf-8", "shift_jis", "euc-jp")));

    private static string Date(Chance c) => MailWriter.Date(new DateTimeOffset(2026, c.Number(1, 11), c.Number(1, 28), c.Number(7, 20), c.Number(0, 59), 0, TimeSpan.FromHours(9)));
}
