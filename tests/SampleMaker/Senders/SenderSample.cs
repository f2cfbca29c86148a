using System.Net;
using System.Text;
using MimeKit;

namespace Sekisho.SampleMaker.Senders;

/// <summary>A letter with what SMTP and DNS said about its sender.</summary>
/// <param name="Kind">What it shows, words joined by hyphens.</param>
/// <param name="Octets">The letter.</param>
/// <param name="Client">Who handed it over.</param>
/// <param name="Helo">What it called itself.</param>
/// <param name="MailFrom">The reverse-path.</param>
/// <param name="Recipients">Whom it goes to.</param>
/// <param name="Authentication">Results by method.</param>
public sealed record SenderSample(
    string Kind, byte[] Octets, IPAddress Client, string Helo, string MailFrom, IReadOnlyList<string> Recipients, IReadOnlyDictionary<string, string> Authentication);

/// <summary>Puts such letters together; one of a kind, a seed and a number is always the same.</summary>
internal sealed class SenderLetter
{
    private static readonly (string Subject, string Body)[] Words =
    [
        ("会議資料の件", "いつもお世話になっております。\r\n明日の会議の資料をご確認ください。\r\nよろしくお願いいたします。\r\n"),
        ("Re: 当直表について", "お疲れさまです。\r\n来月の当直表をご確認のうえ、ご返信ください。\r\n"),
        ("紹介患者さんのご報告", "平素よりお世話になっております。\r\nご紹介いただいた患者さんの経過をご報告いたします。\r\n"),
        ("至急ご対応のお願い", "お忙しいところ恐れ入ります。\r\nこのメールにご返信ください。詳細を折り返しお伝えします。\r\n"),
        ("Schedule of next week", "Dear colleague,\r\n\r\nplease have a look at the schedule and let me know.\r\n\r\nBest regards\r\n"),
        ("Question about the equipment", "Hello,\r\n\r\ncould you answer to this mail? I am in a meeting and cannot take calls.\r\n\r\nThanks\r\n"),
    ];

    private readonly MimeMessage message = new();
    private readonly string kind;
    private readonly int number;

    public SenderLetter(string kind, int number, string name, string from)
    {
        (this.kind, this.number) = (kind, number);
        var (subject, body) = Words[number % Words.Length];
        message.From.Add(Box(name, from));
        message.Subject = $"{subject} ({number})";
        message.Body = new TextPart("plain") { Text = body };
        message.Date = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.FromHours(9)).AddMinutes(number);
        message.MessageId = $"{number}.{kind}@{DomainOf(from)}";
        MailFrom = from;
        Helo = "mail." + DomainOf(from);
        To = Hospital.Person(number + 7).Address;
    }

    public string MailFrom { get; set; }

    public string Helo { get; set; }

    public string Client { get; set; } = "192.0.2.17";

    public string To { get; set; }

    public string Authentication { get; set; } = "spf=pass dkim=pass dmarc=pass";

    public string MessageId { set => message.MessageId = value; }

    public string Sign { set => ((TextPart)message.Body!).Text += "\r\n-- \r\n" + value; }

    public SenderLetter Field(string name, string value)
    {
        message.Headers.Add(name, value);
        return this;
    }

    public SenderLetter ReplyTo(string address)
    {
        message.ReplyTo.Add(new MailboxAddress("", address));
        return this;
    }

    public SenderLetter Address(string address)
    {
        message.To.Add(new MailboxAddress("", address));
        return this;
    }

    public SenderSample Make()
    {
        if (message.To.Count == 0)
        {
            message.To.Add(new MailboxAddress("", To));
        }

        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        using var output = new MemoryStream();
        message.WriteTo(format, output);
        message.Dispose();
        return new SenderSample(kind, output.ToArray(), IPAddress.Parse(Client), Helo, MailFrom, [To],
            Authentication.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => a.Split('=')).ToDictionary(a => a[0], a => a[1], StringComparer.Ordinal));
    }

    public static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..];

    private MailboxAddress Box(string name, string address) => new(number % 3 == 0 ? Encoding.GetEncoding(50220) : Encoding.UTF8, name, address);
}
