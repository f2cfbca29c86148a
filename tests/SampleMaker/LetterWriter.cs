using MimeKit;

namespace Sekisho.SampleMaker;

/// <summary>Writes simple letters (RFC 5322) for tests.</summary>
public static class LetterWriter
{
    /// <summary>A plain letter of one text.</summary>
    public static byte[] Plain(string subject, string text) => Of(subject, new TextPart("plain") { Text = text });

    /// <summary>A letter with attachments in base64.</summary>
    public static byte[] WithAttachments(string subject, string text, params (string Name, byte[] Content)[] attachments) => WithAttachments(subject, new TextPart("plain") { Text = text }, attachments);

    /// <summary>A letter that encloses another one (message/rfc822).</summary>
    public static byte[] Enclosing(string subject, byte[] letter)
    {
        using var inner = MimeMessage.Load(new MemoryStream(letter));
        return Of(subject, new Multipart("mixed") { new TextPart("plain") { Text = "see below" }, new MessagePart("rfc822", inner) });
    }

    /// <summary>A letter whose body is a page, with attachments in base64.</summary>
    public static byte[] Page(string subject, string html, params (string Name, byte[] Content)[] attachments) => WithAttachments(subject, new TextPart("html") { Text = html }, attachments);

    /// <summary>A letter of this body, as Alice writes to Bob.</summary>
    internal static byte[] Of(string subject, MimeEntity body)
    {
        if (body is Multipart multipart)
        {
            multipart.Boundary = $"=-sample-{Depth(body)}";
        }

        using var message = new MimeMessage(
            [new MailboxAddress("Alice", "alice@sender.test")], [new MailboxAddress("Bob", "bob@hospital.test")], subject, body);
        message.MessageId = "sample@sender.test";
        message.Date = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.FromHours(9));
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        using var output = new MemoryStream();
        message.WriteTo(format, output);
        return output.ToArray();
    }

    private static byte[] WithAttachments(string subject, TextPart text, (string Name, byte[] Content)[] attachments)
    {
        var mixed = new Multipart("mixed") { text };
        foreach (var (name, content) in attachments)
        {
            mixed.Add(new MimePart("application", "octet-stream")
            {
                Content = new MimeContent(new MemoryStream(content)),
                ContentDisposition = new ContentDisposition(ContentDisposition.Attachment),
                ContentTransferEncoding = ContentEncoding.Base64,
                FileName = name,
            });
        }

        return Of(subject, mixed);
    }

    /// <summary>How many letters stand in one another: each needs a boundary of its own.</summary>
    private static int Depth(MimeEntity? body) => body switch
    {
        Multipart multipart => multipart.Max(Depth),
        MessagePart letter => 1 + Depth(letter.Message?.Body),
        _ => 0,
    };
}
