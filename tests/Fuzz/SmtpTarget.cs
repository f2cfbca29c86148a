using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Sekisho.Delivery;
using Sekisho.Inspection.Messages;
using Sekisho.Options;
using Sekisho.Smtp;
using Sekisho.Store;

namespace Sekisho.Fuzz;

/// <summary>Feeds the door whole sessions, and the way out whole conversations of a next hop; what must never happen is checked, not only crashes.</summary>
internal static class SmtpTarget
{
    private static readonly Spool Spool = new(Directory.CreateTempSubdirectory("sekisho-fuzz-").FullName);

    private static readonly SekishoOptions Options = new()
    {
        Smtp =
        {
            HostName = "gate.test", RelayDomains = ["hospital.test"], MaxMessageSize = 65_536, MaxHeaderBlock = 4096, MaxRecipients = 10,
            CommandTimeout = TimeSpan.FromSeconds(3), DataTimeout = TimeSpan.FromSeconds(3),
        },
    };

    private static readonly SmtpDoor Door = new(Options, Spool, TimeProvider.System, new SmtpMetrics(), AcceptAsync);

    /// <summary>Sound sessions, each in one burst.</summary>
    public static IEnumerable<byte[]> Sessions() => new[]
    {
        "EHLO a.test\r\nMAIL FROM:<a@b.test> SIZE=10 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=x\r\nRCPT TO:<n@hospital.test> NOTIFY=NEVER ORCPT=rfc822;n@h\r\nDATA\r\nSubject: x\r\n\r\n..dot\r\n.\r\nQUIT\r\n",
        "HELO a\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\nBDAT 5\r\na: b\rBDAT 3 LAST\r\n\r\n\r\nRSET\r\nNOOP\r\nVRFY x\r\nHELP\r\nSTARTTLS\r\n",
        "EHLO a\r\nMAIL FROM:<n@hospital.test>\r\nRCPT TO:<x@clinic.test>\r\nRCPT TO:<y@[192.0.2.1]>\r\nDATA\r\nSubject: x\r\n\r\nhello\r\n.\r\nQUIT\r\n\r\n",
        "EHLO [127.0.0.1]\r\nMAIL FROM:<@r.test:\"a b\"@[IPv6:::1]>\r\nRCPT TO:<n+x@hospital.test>\r\nRCPT TO:<no@where.test>\r\nDATA\r\n.\r\nBDAT 100000 LAST\r\nx",
    }.Select(Encoding.Latin1.GetBytes);

    /// <summary>Sound replies of a next hop.</summary>
    public static IEnumerable<byte[]> Replies() =>
        [.. new[] { "220 x\r\n250-a\r\n250-SIZE 1\r\n250 HELP\r\n354 go\r\n421 4.3.2 bye\r\n", "250-x\r\n251 y\r\n", "99 no\r\n" }.Select(Encoding.Latin1.GetBytes)];

    /// <summary>Runs a session to its end.</summary>
    public static void RunSession(byte[] octets)
    {
        var input = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var output = new Pipe(new PipeOptions(pauseWriterThreshold: 0));

        // In two pieces, so that states cross the border between buffers.
        var cut = octets.Length == 0 ? 0 : (octets[0] * 256 + octets.Length) % octets.Length;
        input.Writer.Write(octets.AsSpan(0, cut));
        _ = input.Writer.FlushAsync().AsTask();
        var session = new SmtpSession(Door, input.Reader, output.Writer, IPAddress.Loopback, outbound: octets.Length % 2 == 1).RunAsync();
        input.Writer.Write(octets.AsSpan(cut));
        input.Writer.Complete();
        if (!session.Wait(TimeSpan.FromSeconds(4)))
        {
            throw new InvalidOperationException("The session does not end.");
        }

        output.Writer.Complete();
        output.Reader.TryRead(out var said);
        foreach (var line in Encoding.Latin1.GetString(said.Buffer.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length < 4 || line[0] is < '2' or > '5' || !char.IsAsciiDigit(line[1]) || !char.IsAsciiDigit(line[2]) || line[3] is not (' ' or '-'))
            {
                throw new InvalidOperationException($"This is no reply: {line}");
            }
        }
    }

    /// <summary>Reads all replies out of what a next hop sends.</summary>
    public static void ReadReplies(byte[] octets)
    {
        var reader = new SmtpReplyReader();
        try
        {
            while (octets.Length > 0)
            {
                var room = reader.Room();
                var taken = Math.Min(room.Length, octets.Length);
                octets.AsSpan(0, taken).CopyTo(room.Span);
                octets = octets[taken..];
                reader.Advance(taken);
                while (reader.TryRead(keepText: true, out _))
                {
                }
            }
        }
        catch (SmtpSessionException)
        {
            // Junk is a temporary failure, said in one exception.
        }
    }

    private static Task<Smtp.SmtpReply> AcceptAsync(Envelope envelope, MessageOctets octets, SessionFacts session)
    {
        using (octets)
        using (var stream = octets.OpenRead())
        {
            var letter = new byte[octets.Length];
            stream.ReadExactly(letter);
            var text = Encoding.Latin1.GetString(letter);
            if (text.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n', '\0') || letter.Length > Options.Smtp.MaxMessageSize)
            {
                throw new InvalidOperationException("A letter came in that the door must refuse.");
            }

            // The door for outbound mail takes any recipient, but our own senders only.
            if (envelope.Recipients.Count is 0 or > 10
                || (envelope.IsOutbound
                    ? envelope.Sender.Length > 0 && !envelope.Sender.EndsWith("@hospital.test", StringComparison.OrdinalIgnoreCase)
                    : envelope.Recipients.Any(r => !r.Address.EndsWith("@hospital.test", StringComparison.OrdinalIgnoreCase))))
            {
                throw new InvalidOperationException("The door is an open relay.");
            }
        }

        return Task.FromResult(new Smtp.SmtpReply(250, "2.0.0 Ok"));
    }
}
