using System.Globalization;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>How a part's octets stand in a letter (RFC 2045 section 6).</summary>
public enum TransferCoding
{
    /// <summary>As they are.</summary>
    None,

    /// <summary>base64.</summary>
    Base64,

    /// <summary>quoted-printable.</summary>
    QuotedPrintable,

    /// <summary>uuencode, as old programs name it in <c>Content-Transfer-Encoding</c>.</summary>
    UuEncode,
}

/// <summary>One part of a letter: octets, or more parts.</summary>
/// <param name="Type">The <c>Content-Type</c> field with its parameters, without a boundary.</param>
/// <param name="Content">Its octets; empty for a multipart.</param>
/// <param name="Coding">How they are written.</param>
/// <param name="Fields">Further header fields, each without its line end.</param>
public sealed record MailPart(string Type, byte[] Content, TransferCoding Coding = TransferCoding.None, IReadOnlyList<string>? Fields = null)
{
    /// <summary>The parts of a multipart.</summary>
    public IReadOnlyList<MailPart> Children { get; init; } = [];

    /// <summary>What divides them.</summary>
    public string Boundary { get; init; } = "";

    /// <summary>A text in a character set.</summary>
    public static MailPart Text(string text, string charset = "utf-8", TransferCoding coding = TransferCoding.Base64, string subtype = "plain") =>
        new($"text/{subtype}; charset=\"{charset}\"", Encoding.GetEncoding(charset).GetBytes(text.ReplaceLineEndings("\r\n")), coding);

    /// <summary>A file.</summary>
    /// <param name="name">Its name, written as an encoded word where it is not ASCII.</param>
    /// <param name="content">Its octets.</param>
    /// <param name="type">Its media type.</param>
    /// <param name="coding">How it is written.</param>
    public static MailPart File(string name, byte[] content, string type = "application/octet-stream", TransferCoding coding = TransferCoding.Base64) =>
        new($"{type};\r\n name=\"{MailWriter.EncodedWord(name)}\"", content, coding, [$"Content-Disposition: attachment;\r\n filename=\"{MailWriter.EncodedWord(name)}\""]);

    /// <summary>Several parts.</summary>
    public static MailPart Multi(string type, string boundary, params IReadOnlyList<MailPart> parts) => new(type, []) { Children = parts, Boundary = boundary };
}

/// <summary>Writes letters field by field as real programs write them, right or wrong: order of fields, boundaries, encodings and character sets are the caller's.</summary>
public static class MailWriter
{
    /// <summary>The letter.</summary>
    /// <param name="fields">Header fields in order, without line ends; those of the body's content are added behind them.</param>
    /// <param name="body">The body.</param>
    public static byte[] Write(IReadOnlyList<string> fields, MailPart body)
    {
        using var output = new MemoryStream();
        foreach (var field in fields)
        {
            output.Write(Encoding.UTF8.GetBytes(field + "\r\n"));
        }

        Part(output, body);
        return output.ToArray();
    }

    /// <summary>A text as a header field carries it (RFC 2047): as it is where it is ASCII, else encoded words.</summary>
    /// <param name="text">The text.</param>
    /// <param name="charset">Its character set.</param>
    public static string EncodedWord(string text, string charset = "utf-8")
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var encoding = Encoding.GetEncoding(charset);
        var words = new List<string>();
        for (var at = 0; at < text.Length; at += 12)
        {
            words.Add($"=?{charset}?B?{Convert.ToBase64String(encoding.GetBytes(text.Substring(at, Math.Min(12, text.Length - at))))}?=");
        }

        return string.Join("\r\n ", words);
    }

    /// <summary>A mailbox for an address field.</summary>
    public static string Mailbox(string name, string address, string charset = "utf-8") =>
        name.Length == 0 ? address : Ascii.IsValid(name) ? $"\"{name}\" <{address}>" : $"{EncodedWord(name, charset)} <{address}>";

    /// <summary>A date as RFC 5322 section 3.3 writes it.</summary>
    public static string Date(DateTimeOffset date) => date.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture) + date.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);

    private static void Part(Stream output, MailPart part)
    {
        void Line(string line) => output.Write(Encoding.UTF8.GetBytes(line + "\r\n"));

        if (part.Children.Count > 0)
        {
            Line($"Content-Type: {part.Type};\r\n boundary=\"{part.Boundary}\"");
            Fields();
            foreach (var child in part.Children)
            {
                Line("\r\n--" + part.Boundary);
                Part(output, child);
            }

            Line($"\r\n--{part.Boundary}--");
            return;
        }

        Line("Content-Type: " + part.Type);
        switch (part.Coding)
        {
            case TransferCoding.Base64:
                Line("Content-Transfer-Encoding: base64");
                Fields();
                Line("\r\n" + Convert.ToBase64String(part.Content, Base64FormattingOptions.InsertLineBreaks));
                break;
            case TransferCoding.QuotedPrintable:
                Line("Content-Transfer-Encoding: quoted-printable");
                Fields();
                Line("");
                output.Write(QuotedPrintable(part.Content));
                Line("");
                break;
            case TransferCoding.UuEncode:
                Line("Content-Transfer-Encoding: x-uuencode");
                Fields();
                Line("\r\n" + OddLetters.UuEncode("file", part.Content).ReplaceLineEndings("\r\n"));
                break;
            default:
                Line(part.Content.AsSpan().ContainsAnyInRange((byte)0x80, (byte)0xFF) ? "Content-Transfer-Encoding: 8bit" : "Content-Transfer-Encoding: 7bit");
                Fields();
                Line("");
                output.Write(part.Content);
                Line("");
                break;
        }

        void Fields()
        {
            foreach (var field in part.Fields ?? [])
            {
                Line(field);
            }
        }
    }

    private static byte[] QuotedPrintable(byte[] content)
    {
        var text = new List<byte>(content.Length * 2);
        var column = 0;
        for (var i = 0; i < content.Length; i++)
        {
            var octet = content[i];
            if (octet == '\r' && i + 1 < content.Length && content[i + 1] == '\n')
            {
                text.AddRange("\r\n"u8);
                i++;
                column = 0;
                continue;
            }

            if (column > 70)
            {
                text.AddRange("=\r\n"u8);
                column = 0;
            }

            if (octet is > (byte)' ' and < 0x7F and not (byte)'=')
            {
                text.Add(octet);
                column++;
            }
            else
            {
                text.AddRange(Encoding.ASCII.GetBytes($"={octet:X2}"));
                column += 3;
            }
        }

        return [.. text];
    }
}
