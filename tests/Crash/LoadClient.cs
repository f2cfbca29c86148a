using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Sekisho.Crash;

/// <summary>One sender of the load: writes letters of its own invention, with DATA, pipelined or with BDAT, until it is stopped.</summary>
public sealed class LoadClient(Ledger ledger, int port, int seed, int largest)
{
    private readonly Random random = new(seed);

    /// <summary>Sends until cancelled; whatever breaks is taken up anew with the next connection.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await SessionAsync(cancel);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or EndOfStreamException)
            {
                // The gateway was killed under us. What had no answer yet was promised to nobody.
            }

            await Task.Delay(random.Next(1, 50), CancellationToken.None);
        }
    }

    private async Task SessionAsync(CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
        await using var stream = new NetworkStream(socket);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(2)); // no answer for so long is a broken session, too
        var session = new Session(stream, limit.Token);
        if (await session.ReplyAsync() != 220 || await session.SayAsync("EHLO load.test\r\n") != 250)
        {
            return;
        }

        for (var letters = random.Next(1, 20); letters > 0; letters--)
        {
            var (letter, octets) = Compose();
            ledger.Sending(letter);
            var envelope = $"MAIL FROM:<alice@sender.test> BODY=8BITMIME SIZE={octets.Length}\r\n" + string.Concat(letter.Recipients.Select(to => $"RCPT TO:<{to}>\r\n"));
            var code = random.Next(3) switch
            {
                0 => await OneByOneAsync(session, envelope, octets),
                1 => await PipelinedAsync(session, envelope, letter.Recipients.Count, octets),
                _ => await ChunkedAsync(session, envelope, letter.Recipients.Count, octets),
            };
            letter.Accepted = code is >= 200 and < 300;
            letter.Refused = code >= 400;
            if (letter.Refused && await session.SayAsync("RSET\r\n") != 250)
            {
                return;
            }
        }

        await session.SayAsync("QUIT\r\n");
    }

    private static async Task<int> OneByOneAsync(Session session, string envelope, byte[] octets)
    {
        foreach (var line in envelope.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Append("DATA"))
        {
            if (await session.SayAsync(line + "\r\n") is var code and (< 200 or >= 400))
            {
                return code;
            }
        }

        await session.SendAsync(Stuffed(octets));
        return await session.ReplyAsync();
    }

    private static async Task<int> PipelinedAsync(Session session, string envelope, int recipients, byte[] octets)
    {
        await session.SendAsync(Encoding.ASCII.GetBytes(envelope + "DATA\r\n"));
        for (var replies = 0; replies < recipients + 1; replies++)
        {
            var code = await session.ReplyAsync();
            if (code is < 200 or >= 300)
            {
                // Simplest way out of a burst that went wrong: a new session.
                throw new EndOfStreamException();
            }
        }

        if (await session.ReplyAsync() != 354)
        {
            throw new EndOfStreamException();
        }

        await session.SendAsync(Stuffed(octets));
        return await session.ReplyAsync();
    }

    private async Task<int> ChunkedAsync(Session session, string envelope, int recipients, byte[] octets)
    {
        await session.SendAsync(Encoding.ASCII.GetBytes(envelope));
        for (var replies = 0; replies < recipients + 1; replies++)
        {
            if (await session.ReplyAsync() is < 200 or >= 300)
            {
                throw new EndOfStreamException();
            }
        }

        var sent = 0;
        while (true)
        {
            var chunk = Math.Min(octets.Length - sent, random.Next(1, 300_000));
            var last = sent + chunk == octets.Length;
            await session.SendAsync(Encoding.ASCII.GetBytes($"BDAT {chunk}{(last ? " LAST" : "")}\r\n"));
            await session.SendAsync(octets.AsMemory(sent, chunk));
            sent += chunk;
            var code = await session.ReplyAsync();
            if (last || code is < 200 or >= 300)
            {
                return last ? code : Math.Max(code, 400);
            }
        }
    }

    /// <summary>A letter of a random size, mostly small, with Japanese, dots at line beginnings, blank lines and long lines.</summary>
    private (LedgerLetter Letter, byte[] Octets) Compose()
    {
        var id = Guid.NewGuid().ToString("N");
        var size = (int)(1024 * Math.Pow(largest / 1024.0, Math.Pow(random.NextDouble(), 3)));
        var recipients = Enumerable.Range(0, random.Next(1, 4)).Select(n => $"user{n}.{random.Next(100)}@hospital.test").ToList();
        if (random.Next(20) == 0)
        {
            recipients.Add($"never{random.Next(100)}@hospital.test");
        }

        var text = new StringBuilder();
        text.Append(Ledger.IdField).Append(id).Append("\r\nFrom: Alice <alice@sender.test>\r\nTo: undisclosed-recipients:;\r\nSubject: load ").Append(id.AsSpan(0, 8));
        text.Append("\r\nDate: Sun, 22 Nov 2026 10:00:00 +0900\r\nMessage-ID: <").Append(id).Append("@sender.test>\r\nMIME-Version: 1.0\r\n");
        text.Append("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n").Append(id).Append("\r\n");
        while (text.Length < size)
        {
            _ = random.Next(12) switch
            {
                0 => text.Append('.'),
                1 => text.Append(".."),
                2 => text.Append('.').Append("Unterschrift"),
                3 => text.Append("患者様の検査結果をお送りします。"),
                4 => text.Append('x', Math.Min(random.Next(2000), size)),
                5 => text,
                6 => text.Append("From the ward"),
                _ => text.Append(CultureInfo.InvariantCulture, $"{random.Next()} {random.Next()} quiet words of no meaning {random.Next()}"),
            };
            text.Append("\r\n");
        }

        var octets = Encoding.UTF8.GetBytes(text.ToString());
        return (new LedgerLetter(id, recipients, SHA256.HashData(octets), octets.Length), octets);
    }

    private static byte[] Stuffed(ReadOnlySpan<byte> octets)
    {
        using var stuffed = new MemoryStream(octets.Length + 64);
        while (octets.Length > 0)
        {
            var line = octets[..(octets.IndexOf((byte)'\n') + 1)];
            if (line[0] == '.')
            {
                stuffed.WriteByte((byte)'.');
            }

            stuffed.Write(line);
            octets = octets[line.Length..];
        }

        stuffed.Write(".\r\n"u8);
        return stuffed.ToArray();
    }

    private sealed class Session(NetworkStream stream, CancellationToken cancel)
    {
        private readonly LineReader reader = new(stream);

        internal Task SendAsync(ReadOnlyMemory<byte> octets) => stream.WriteAsync(octets, cancel).AsTask();

        internal async Task<int> SayAsync(string line)
        {
            await SendAsync(Encoding.ASCII.GetBytes(line));
            return await ReplyAsync();
        }

        internal async Task<int> ReplyAsync()
        {
            while (true)
            {
                var line = await reader.ReadLineAsync(cancel) ?? throw new EndOfStreamException();
                if (line.Length < 5 || line[^1] != '\n')
                {
                    throw new EndOfStreamException(); // cut within a reply
                }

                if (line[3] != '-')
                {
                    var code = int.Parse(Encoding.ASCII.GetString(line, 0, 3), CultureInfo.InvariantCulture);
                    return code == 421 ? throw new EndOfStreamException() : code;
                }
            }
        }
    }
}
