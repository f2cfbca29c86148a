using System.Net;
using System.Text;

namespace Sekisho.SampleMaker.Waves;

/// <summary>The letter around the bait as Emotet's mailer made it (Unit 42's published mails): a hacked account under a partner's name, HTML alone, 34 digits as boundary, a stolen thread without reference to it.</summary>
public sealed record EmotetMail
{
    /// <summary>The subject.</summary>
    public required string Subject { get; init; }

    /// <summary>The partner's name under which it comes.</summary>
    public required string Name { get; init; }

    /// <summary>The partner's own address, which stands in the signature.</summary>
    public required string PartnerAddress { get; init; }

    /// <summary>The hacked account that sends it.</summary>
    public required string HackedAddress { get; init; }

    /// <summary>Who gets it.</summary>
    public required string Recipient { get; init; }

    /// <summary>What the attackers write themselves, line by line.</summary>
    public required IReadOnlyList<string> Lines { get; init; }

    /// <summary>The stolen mail that is quoted; empty for none.</summary>
    public string Thread { get; init; } = "";

    /// <summary>A link to the bait; empty for none.</summary>
    public string Link { get; init; } = "";

    /// <summary>What the link shows; empty for the address itself.</summary>
    public string LinkText { get; init; } = "";

    /// <summary>When.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>Makes identifiers and the boundary.</summary>
    public int Seed { get; init; }

    /// <summary>The body's character set.</summary>
    public string Charset { get; init; } = "utf-8";

    /// <summary>How the body is written.</summary>
    public TransferCoding BodyCoding { get; init; } = TransferCoding.QuotedPrintable;

    /// <summary>How the attachment is written.</summary>
    public TransferCoding FileCoding { get; init; } = TransferCoding.Base64;

    /// <summary>True for a letter that an ordinary mail program made: own name, reference to the thread, usual boundary. Then only what it brings can tell.</summary>
    public bool IsOrdinary { get; init; }

    /// <summary>The letter.</summary>
    /// <param name="fileName">The attachment's name.</param>
    /// <param name="file">Its octets; null for none.</param>
    public byte[] Write(string fileName, byte[]? file)
    {
        var c = new Chance(Seed);
        var host = HackedAddress[(HackedAddress.IndexOf('@', StringComparison.Ordinal) + 1)..];
        var fields = new List<string>
        {
            $"Received: from [200.{c.Number(1, 254)}.{c.Number(1, 254)}.{c.Number(1, 254)}] (unknown) by mail.{host}; {MailWriter.Date(Date)}",
            $"Date: {MailWriter.Date(Date)}",
            $"From: {MailWriter.Mailbox(Name, HackedAddress)}",
            $"To: {Recipient}",
            $"Message-ID: <{c.Digits(14)}.{c.Code(9)}@mail.{host}>",
            $"Subject: {MailWriter.EncodedWord(Subject, Charset)}",
        };
        if (IsOrdinary)
        {
            fields[2] = $"From: {MailWriter.Mailbox(Name, PartnerAddress)}";
            fields.AddRange([$"In-Reply-To: <{c.Code(16)}@mail.partner.example>", $"References: <{c.Code(16)}@mail.partner.example>"]);
        }

        fields.Add("MIME-Version: 1.0");
        var body = MailPart.Text(Html(), Charset, BodyCoding, "html");
        if (file is null)
        {
            return MailWriter.Write(fields, body);
        }

        var type = fileName[(fileName.LastIndexOf('.') + 1)..] switch { "doc" or "docm" => "application/msword", "xls" or "xlsm" => "application/vnd.ms-excel", "zip" => "application/zip", _ => "application/octet-stream" };
        var boundary = IsOrdinary ? "------------" + c.Code(24) : "--" + c.Digits(34);
        return MailWriter.Write(fields, MailPart.Multi("multipart/mixed", boundary, body, MailPart.File(fileName, file, type, FileCoding)));
    }

    private string Html()
    {
        var text = new StringBuilder($"<html><head><meta http-equiv=Content-Type content=\"text/html; charset={Charset}\"></head><body>\n");
        if (Thread.Length > 0)
        {
            text.Append(Encode(Subject)).Append("<br>\n");
        }

        foreach (var line in Lines)
        {
            text.Append(Encode(line)).Append("<br>\n");
        }

        if (Link.Length > 0)
        {
            text.Append($"<br><a href=\"{Link}\">{Encode(LinkText.Length > 0 ? LinkText : Link)}</a><br>\n");
        }

        text.Append($"<br>\n<br>\n{Encode(Name)}<br>\n{Encode(PartnerAddress)}<br>\n<br>\n");
        if (Thread.Length > 0)
        {
            text.Append("<pre>").Append(Encode(Thread)).Append("</pre>\n");
        }

        return text.Append("</body></html>\n").ToString();
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
