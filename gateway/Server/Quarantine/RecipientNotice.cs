using System.Globalization;
using System.Net;
using MimeKit;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Store;

namespace Sekisho.Quarantine;

/// <summary>Tells our own people why a letter did not reach them, or did not leave the house, and what they can do: Japanese first, English below.</summary>
internal static class RecipientNotice
{
    /// <summary>One notice for each recipient, so that none hears of the others; for the sender of a letter that was to leave the house. The caller disposes their octets.</summary>
    /// <param name="letter">The letter whose password did not come.</param>
    /// <param name="isOurs">True for addresses of our own domains: nobody else is told.</param>
    /// <param name="hostName">The gateway's name.</param>
    /// <param name="spool">Takes the octets.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<NewMessage> Write(WaitingMessage letter, Func<string, bool> isOurs, string hostName, Spool spool, DateTimeOffset now) =>
        [.. (letter.Envelope.IsOutbound ? [letter.Envelope.Sender] : letter.Envelope.Recipients.Select(static r => r.Address)).Where(isOurs).Select(address => Write(letter, address, hostName, spool, now))];

    private static NewMessage Write(WaitingMessage letter, string recipient, string hostName, Spool spool, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        var from = "postmaster@" + hostName;
        const string Subject = "パスワード付き添付ファイルのメールを保留しました / A mail with an encrypted attachment was kept back";
        var text = (letter.Envelope.IsOutbound ? ToSender(letter) : ToRecipient(letter)).Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n";
        using var mail = new MimeMessage
        {
            Date = now,
            Subject = Subject,
            MessageId = $"{id:N}@{hostName}",
            Body = new TextPart("plain") { Text = text, ContentTransferEncoding = ContentEncoding.Base64 },
        };
        mail.From.Add(new MailboxAddress("メールゲートウェイ Sekisho", from));
        mail.To.Add(MailboxAddress.TryParse(recipient, out var to) ? to : new MailboxAddress("", recipient));
        mail.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834 section 5: nobody's holiday notice answers it
        using var octets = new MemoryStream();
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.International = !System.Text.Ascii.IsValid(recipient);
        mail.WriteTo(format, octets);
        using var writer = spool.NewWriter();
        writer.Write(octets.GetBuffer().AsSpan(0, (int)octets.Length));
        var envelope = new Envelope(id, now, IPAddress.Loopback, hostName, "", [new EnvelopeRecipient(recipient, "NEVER")]) { SmtpUtf8 = format.International };
        return new NewMessage(
            envelope, writer.Complete(), "", MessageState.Queued, new Verdict(Disposition.Deliver, 0, []), new MessageSummary(Subject, from, mail.MessageId));
    }

    private static string ToRecipient(WaitingMessage letter) => string.Create(CultureInfo.InvariantCulture, $"""
            次のメールは、添付ファイルがパスワードで保護されていて中身を確認できないため、お届けしていません。

              差出人: {Shown(letter.Summary.From ?? letter.Envelope.Sender)}
              件名:   {Shown(letter.Summary.Subject ?? "")}
              受信:   {letter.Envelope.ReceivedAt.ToLocalTime():yyyy-MM-dd HH:mm zzz}
              番号:   {letter.Envelope.Id:N}

            パスワードを知らせるメールは、時間内に届きませんでした。お困りのときは、次のどちらかをお願いします。

            1. 差出人に電話などで確かめ、パスワードなしのファイル、または別の方法(ファイル共有など)で送り直してもらってください。
               差出人からのメールに書かれた電話番号ではなく、ふだんお使いの連絡先をお使いください。
            2. パスワードをご存じのときは、上の番号を添えて情報システム担当に知らせてください。担当者が中身を確認してからお届けします。

            心当たりのないメールであれば、何もする必要はありません。

            ----

            The following mail was not delivered: its attachment asks for a password, so nobody could look into it.

              From:     {Shown(letter.Summary.From ?? letter.Envelope.Sender)}
              Subject:  {Shown(letter.Summary.Subject ?? "")}
              Received: {letter.Envelope.ReceivedAt.ToLocalTime():yyyy-MM-dd HH:mm zzz}
              Number:   {letter.Envelope.Id:N}

            No mail with the password came in time. If you need it, do one of these:

            1. Ask the sender, by a telephone number you already know, to send it without a password or another way.
            2. If you know the password, tell your IT department, with the number above. They look into it and send it on.

            If you do not expect such a mail, you need not do anything.
            """);

    private static string ToSender(WaitingMessage letter) => string.Create(CultureInfo.InvariantCulture, $"""
            あなたが院外へ送信した次のメールは、添付ファイルがパスワードで保護されていて中身を確認できないため、まだお届けしていません。

              宛先:   {Shown(string.Join(", ", letter.Envelope.Recipients.Select(static r => r.Address)))}
              件名:   {Shown(letter.Summary.Subject ?? "")}
              送信:   {letter.Envelope.ReceivedAt.ToLocalTime():yyyy-MM-dd HH:mm zzz}
              番号:   {letter.Envelope.Id:N}

            同じ宛先へパスワードを知らせるメールは、時間内に送信されませんでした。次のどちらかをお願いします。

            1. パスワードを付けずに、または別の方法(ファイル共有など)で送り直してください。
            2. 上の番号とパスワードを情報システム担当に知らせてください。担当者が中身を確認してから送信します。

            このメールを送った覚えがないときは、PCをネットワークから切り離し、すぐに情報システム担当に知らせてください。

            ----

            The following mail of yours to the outside was not sent on: its attachment asks for a password, so nobody could look into it.

              To:      {Shown(string.Join(", ", letter.Envelope.Recipients.Select(static r => r.Address)))}
              Subject: {Shown(letter.Summary.Subject ?? "")}
              Sent:    {letter.Envelope.ReceivedAt.ToLocalTime():yyyy-MM-dd HH:mm zzz}
              Number:  {letter.Envelope.Id:N}

            No mail with the password went to the same recipients in time. Do one of these:

            1. Send it again without a password, or another way.
            2. Tell your IT department the number above and the password. They look into it and send it on.

            If you did not send such a mail, take your PC off the network and call your IT department at once.
            """);

    /// <summary>What strangers wrote, short, on one line, and without anything a mail program would make a link of.</summary>
    private static string Shown(string text)
    {
        text = string.Concat((text.Length > 200 ? text[..200] + "…" : text).Select(static c => char.IsControl(c) ? ' ' : c));
        return text.Replace("://", "[:]//", StringComparison.Ordinal).Replace("www.", "www[.]", StringComparison.OrdinalIgnoreCase);
    }
}
