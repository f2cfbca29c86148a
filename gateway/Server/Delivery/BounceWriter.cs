using System.Globalization;
using System.Net;
using System.Text;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Store;

namespace Sekisho.Delivery;

/// <summary>What a notification says of a recipient (RFC 3464 section 2.3.3).</summary>
internal enum BounceAction
{
    /// <summary>Given up or refused.</summary>
    Failed,

    /// <summary>Still being tried.</summary>
    Delayed,

    /// <summary>Handed to a next hop that will not notify.</summary>
    Relayed,

    /// <summary>In the Maildir.</summary>
    Delivered,
}

/// <summary>One recipient in a notification.</summary>
/// <param name="Recipient">Who.</param>
/// <param name="Action">What became of the letter.</param>
/// <param name="Reply">The last reply, one line.</param>
/// <param name="Host">Who said it, or empty.</param>
internal sealed record BounceNotice(EnvelopeRecipient Recipient, BounceAction Action, string Reply, string Host);

/// <summary>Writes delivery status notifications: multipart/report as RFC 3462 and 3464 say, RFC 6533 where addresses are UTF-8.</summary>
/// <param name="spool">Takes the octets.</param>
/// <param name="hostName">This gateway's name.</param>
/// <param name="giveUpAfter">How long a delayed letter is tried.</param>
/// <param name="time">The clock.</param>
internal sealed class BounceWriter(Spool spool, string hostName, TimeSpan giveUpAfter, TimeProvider time)
{
    /// <summary>Longest original in octets that goes back whole with RET=FULL.</summary>
    internal const int LongestOriginal = 256 << 10;

    /// <summary>Octets of the original's header that go back.</summary>
    private const int LongestHeader = 32 << 10;

    /// <summary>
    /// Which of the outcomes the sender wants to hear of (RFC 3461 section 4.1): failures unless he said otherwise, delay and success only when he asked.
    /// Empty for the null sender, so that notifications never answer notifications (RFC 5321 section 4.5.5).
    /// </summary>
    public static List<BounceNotice> Wanted(string sender, IEnumerable<BounceNotice> notices) =>
        sender.Length == 0 ? [] : [.. notices.Where(static n => Wants(n.Recipient.DsnNotify, n.Action))];

    /// <summary>Writes the notification, ready for the store. The caller disposes its octets.</summary>
    /// <param name="job">The letter it is about; its sender is not empty.</param>
    /// <param name="notices">At least one.</param>
    /// <param name="open">Opens the letter's octets.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task<NewMessage> WriteAsync(DeliveryJob job, IReadOnlyList<BounceNotice> notices, Func<CancellationToken, ValueTask<Stream>> open, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var sender = job.Envelope.Sender;
        var whole = job.Envelope.DsnReturn is { } ret && ret.Equals("FULL", StringComparison.OrdinalIgnoreCase) && job.Size <= LongestOriginal
            && notices.Any(static n => n.Action == BounceAction.Failed);
        var original = await ReadOriginalAsync(open, whole, cancel).ConfigureAwait(false);

        // RFC 6533: the utf-8 variants only where an address or the returned header makes them necessary.
        var utf8 = !Ascii.IsValid(sender) || notices.Any(static n => !Ascii.IsValid(n.Recipient.Address));
        var utf8Original = utf8 || (job.Envelope.SmtpUtf8 && !Ascii.IsValid(original));
        var eightBit = utf8 || !Ascii.IsValid(original);
        var subject = BounceText.Subject(notices);

        using var writer = spool.NewWriter();
        var boundary = $"=_{id:N}";
        Write(writer, Header(id, now, sender, subject, boundary, eightBit));
        Write(writer, $"--{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\nContent-Description: Notification\r\n\r\n");
        Write(writer, Convert.ToBase64String(Encoding.UTF8.GetBytes(BounceText.Body(notices, hostName)), Base64FormattingOptions.InsertLineBreaks));
        Write(writer, $"\r\n\r\n--{boundary}\r\nContent-Type: message/{(utf8 ? "global-delivery-status" : "delivery-status")}\r\n{(utf8 ? "Content-Transfer-Encoding: 8bit\r\n" : "")}Content-Description: Delivery report\r\n\r\n");
        Write(writer, Status(job, notices, utf8, now));
        var type = (whole, utf8Original) switch
        {
            (true, true) => "message/global",
            (true, false) => "message/rfc822",
            (false, true) => "message/global-headers",
            _ => "text/rfc822-headers",
        };
        Write(writer, $"--{boundary}\r\nContent-Type: {type}\r\n{(Ascii.IsValid(original) ? "" : "Content-Transfer-Encoding: 8bit\r\n")}Content-Description: {(whole ? "Undelivered message" : "Message headers")}\r\n\r\n");
        writer.Write(original);
        Write(writer, $"\r\n--{boundary}--\r\n");

        var envelope = new Envelope(id, now, IPAddress.Loopback, hostName, "", [new EnvelopeRecipient(sender, "NEVER")])
        {
            EightBitMime = eightBit,
            SmtpUtf8 = utf8 || utf8Original,
        };
        return new NewMessage(
            envelope, writer.Complete(), "", MessageState.Queued, new Verdict(Disposition.Deliver, 0, []),
            new MessageSummary(subject, "MAILER-DAEMON@" + hostName, $"<{id:N}@{hostName}>"));
    }

    private static bool Wants(string? notify, BounceAction action)
    {
        if (notify is null)
        {
            return action == BounceAction.Failed;
        }

        var word = action switch { BounceAction.Failed => "FAILURE", BounceAction.Delayed => "DELAY", _ => "SUCCESS" };
        return notify.Split(',').Any(n => n.Trim().Equals(word, StringComparison.OrdinalIgnoreCase));
    }

    private string Header(Guid id, DateTimeOffset now, string sender, string subject, string boundary, bool eightBit) => string.Create(
        CultureInfo.InvariantCulture,
        $"Date: {MailDate(now)}\r\nFrom: Mail Delivery System <MAILER-DAEMON@{hostName}>\r\nTo: <{OneLine(sender)}>\r\nSubject: {EncodedWords(subject)}\r\n"
        + $"Message-ID: <{id:N}@{hostName}>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n{(eightBit ? "Content-Transfer-Encoding: 8bit\r\n" : "")}"
        + $"Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"{boundary}\"\r\n\r\n");

    /// <summary>The machine-readable part (RFC 3464 section 2).</summary>
    private string Status(DeliveryJob job, IReadOnlyList<BounceNotice> notices, bool utf8, DateTimeOffset now)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Reporting-MTA: dns; {hostName}\r\n");
        if (job.Envelope.DsnEnvelopeId is { } envid)
        {
            text.Append(CultureInfo.InvariantCulture, $"Original-Envelope-Id: {OneLine(FromXtext(envid))}\r\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"X-Sekisho-Message-Id: {job.Envelope.Id}\r\nArrival-Date: {MailDate(job.Envelope.ReceivedAt)}\r\n");
        foreach (var notice in notices)
        {
            text.Append("\r\n");
            if (notice.Recipient.DsnOriginalRecipient is { } orcpt)
            {
                text.Append(CultureInfo.InvariantCulture, $"Original-Recipient: {OneLine(FromXtext(orcpt).Replace(";", "; ", StringComparison.Ordinal))}\r\n");
            }

            var type = utf8 && !Ascii.IsValid(notice.Recipient.Address) ? "utf-8" : "rfc822";
            text.Append(CultureInfo.InvariantCulture, $"Final-Recipient: {type}; {OneLine(notice.Recipient.Address)}\r\n");
            text.Append(CultureInfo.InvariantCulture, $"Action: {notice.Action.ToString().ToLowerInvariant()}\r\nStatus: {StatusOf(notice)}\r\n");
            var bracket = notice.Host.IndexOf('[', StringComparison.Ordinal);
            if (bracket > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"Remote-MTA: dns; {notice.Host[..bracket]}\r\n");
            }

            var words = OneLine(notice.Reply);
            text.Append(CultureInfo.InvariantCulture, $"Diagnostic-Code: {(bracket > 0 ? "smtp" : "X-Sekisho")}; {(utf8 ? words : AsciiOnly(words))}\r\n");
            text.Append(CultureInfo.InvariantCulture, $"Last-Attempt-Date: {MailDate(now)}\r\n");
            if (notice.Action == BounceAction.Delayed)
            {
                text.Append(CultureInfo.InvariantCulture, $"Will-Retry-Until: {MailDate(job.Envelope.ReceivedAt + giveUpAfter)}\r\n");
            }
        }

        return text.Append("\r\n").ToString();
    }

    /// <summary>The enhanced code of the reply (RFC 3463) when it fits the action, else the general one of its class.</summary>
    internal static string StatusOf(BounceNotice notice)
    {
        var wanted = notice.Action switch { BounceAction.Failed => '5', BounceAction.Delayed => '4', _ => '2' };
        var words = notice.Reply.Split(' ', 3);
        if (words.Length > 1 && words[1].Split('.') is [var c, var s, var d] && c.Length == 1 && c[0] is '2' or '4' or '5'
            && s.Length is > 0 and < 4 && d.Length is > 0 and < 4 && s.All(char.IsAsciiDigit) && d.All(char.IsAsciiDigit))
        {
            // A letter given up after a 4.x.x keeps that code: it tells why (RFC 3464 section 2.3.4 wants the class of the last reply).
            if (c[0] == wanted || (wanted == '5' && c[0] == '4'))
            {
                return words[1];
            }
        }

        return wanted + ".0.0";
    }

    private static async Task<byte[]> ReadOriginalAsync(Func<CancellationToken, ValueTask<Stream>> open, bool whole, CancellationToken cancel)
    {
        var stream = await open(cancel).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var buffer = new byte[whole ? LongestOriginal : LongestHeader];
            var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
            var octets = buffer.AsSpan(0, read);
            if (!whole)
            {
                var end = octets.IndexOf("\r\n\r\n"u8);
                octets = octets[..(end >= 0 ? end + 2 : octets.LastIndexOf((byte)'\n') + 1)];
            }

            return octets.ToArray();
        }
    }

    private static void Write(OctetsWriter writer, string text) => writer.Write(Encoding.UTF8.GetBytes(text));

    /// <summary>RFC 2047 in words of at most 75 characters, cut between characters.</summary>
    private static string EncodedWords(string text)
    {
        var words = new StringBuilder();
        var word = new List<byte>(45);
        Span<byte> octets = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(octets);
            if (word.Count + length > 45)
            {
                words.Append("=?utf-8?B?").Append(Convert.ToBase64String([.. word])).Append("?=\r\n ");
                word.Clear();
            }

            word.AddRange(octets[..length]);
        }

        return words.Append("=?utf-8?B?").Append(Convert.ToBase64String([.. word])).Append("?=").ToString();
    }

    /// <summary>Undoes xtext (RFC 3461 section 4): +XX is an octet.</summary>
    internal static string FromXtext(string xtext)
    {
        if (!xtext.Contains('+', StringComparison.Ordinal))
        {
            return xtext;
        }

        var octets = new List<byte>(xtext.Length);
        for (var i = 0; i < xtext.Length; i++)
        {
            if (xtext[i] == '+' && i + 2 < xtext.Length && byte.TryParse(xtext.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                octets.Add(octet);
                i += 2;
            }
            else
            {
                octets.AddRange(Encoding.UTF8.GetBytes(xtext[i].ToString()));
            }
        }

        return Encoding.UTF8.GetString([.. octets]);
    }

    private static string MailDate(DateTimeOffset at) => at.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture) + " +0000";

    private static string OneLine(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c));

    private static string AsciiOnly(string text) => string.Concat(text.Select(static c => char.IsAscii(c) ? c : '?'));
}
