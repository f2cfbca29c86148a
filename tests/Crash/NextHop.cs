using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sekisho.Crash;

/// <summary>Where in a session the next hop is asked whether to fail.</summary>
public enum HopStage
{
    /// <summary>Before the greeting.</summary>
    Greeting,

    /// <summary>EHLO or HELO.</summary>
    Hello,

    /// <summary>MAIL.</summary>
    Mail,

    /// <summary>RCPT.</summary>
    Recipient,

    /// <summary>DATA, before 354.</summary>
    Data,

    /// <summary>Amid the letter's octets: only <see cref="HopFault.Disconnect"/> and <see cref="HopFault.Silence"/> mean something here.</summary>
    BeforeDot,

    /// <summary>The whole letter is here, the answer is not yet given. A letter whose answer is lost here is kept, as a real next hop would.</summary>
    AfterDot,
}

/// <summary>How the next hop fails.</summary>
public enum HopFault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>451: again later.</summary>
    Later,

    /// <summary>550: never.</summary>
    Never,

    /// <summary>Says nothing more, and keeps the connection until the client gives up.</summary>
    Silence,

    /// <summary>Closes the connection.</summary>
    Disconnect,
}

/// <summary>A letter that the next hop got whole.</summary>
/// <param name="Sender">What stood in MAIL FROM's brackets.</param>
/// <param name="MailParameters">What stood behind them.</param>
/// <param name="Recipients">What stood in the accepted RCPT TO's brackets.</param>
/// <param name="RecipientParameters">What stood behind them.</param>
/// <param name="Octets">The letter, dots unstuffed.</param>
/// <param name="Answered">False when the client was never told that it arrived: it has to send it again.</param>
/// <param name="At">A <see cref="Stopwatch"/> timestamp of the moment before the answer.</param>
public sealed record HopLetter(
    string Sender, string MailParameters, IReadOnlyList<string> Recipients, IReadOnlyList<string> RecipientParameters, byte[] Octets, bool Answered, long At);

/// <summary>An SMTP server in this process that keeps what it is given and fails as it is told.</summary>
public sealed class NextHop : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly Func<HopStage, string, HopFault> faults;
    private readonly Action<HopLetter> received;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<Socket, bool> open = new();
    private readonly Task accepting;

    /// <summary>Listens on a port of its own choice.</summary>
    /// <param name="received">Called once for each letter, before the answer goes out.</param>
    /// <param name="faults">Asked at each stage with the command line; null never fails.</param>
    /// <param name="port">A port, or 0 for any.</param>
    public NextHop(Action<HopLetter> received, Func<HopStage, string, HopFault>? faults = null, int port = 0)
    {
        this.received = received;
        this.faults = faults ?? ((_, _) => HopFault.None);
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start(1024);
        accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        foreach (var socket in open.Keys)
        {
            socket.Dispose();
        }

        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptSocketAsync(stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = ServeAsync(socket);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        open[socket] = true;
        try
        {
            socket.NoDelay = true;
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            await new Session(this, stream).RunAsync(stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away, or the test is over.
        }
        finally
        {
            open.TryRemove(socket, out _);
        }
    }

    private sealed class Session(NextHop hop, NetworkStream stream)
    {
        private readonly LineReader reader = new(stream);
        private readonly List<string> recipients = [];
        private readonly List<string> recipientParameters = [];
        private string? sender;
        private string mailParameters = "";

        internal async Task RunAsync(CancellationToken cancel)
        {
            if (!await StageAsync(HopStage.Greeting, "", "220 nexthop.test ESMTP", cancel))
            {
                return;
            }

            while (await reader.ReadLineAsync(cancel) is { } raw)
            {
                var line = Encoding.UTF8.GetString(raw).TrimEnd('\r', '\n');
                var verb = line.Split(' ', 2)[0].ToUpperInvariant();
                bool goOn;
                switch (verb)
                {
                    case "EHLO":
                        Reset();
                        goOn = await StageAsync(
                            HopStage.Hello, line, "250-nexthop.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250-DSN\r\n250 SIZE 209715200", cancel);
                        break;
                    case "HELO":
                        Reset();
                        goOn = await StageAsync(HopStage.Hello, line, "250 nexthop.test", cancel);
                        break;
                    case "MAIL":
                        Reset();
                        goOn = await StageAsync(HopStage.Mail, line, "250 2.1.0 Ok", cancel, () => (sender, mailParameters) = Path(line));
                        break;
                    case "RCPT" when sender is not null:
                        goOn = await StageAsync(HopStage.Recipient, line, "250 2.1.5 Ok", cancel, () =>
                        {
                            var (address, parameters) = Path(line);
                            recipients.Add(address);
                            recipientParameters.Add(parameters);
                        });
                        break;
                    case "DATA" when recipients.Count > 0:
                        var going = false;
                        goOn = await StageAsync(HopStage.Data, line, "354 End with <CRLF>.<CRLF>", cancel, () => going = true);
                        if (going)
                        {
                            goOn = await LetterAsync(cancel);
                        }

                        break;
                    case "RSET":
                        Reset();
                        goOn = await SayAsync("250 2.0.0 Ok", cancel);
                        break;
                    case "NOOP":
                        goOn = await SayAsync("250 2.0.0 Ok", cancel);
                        break;
                    case "QUIT":
                        await SayAsync("221 2.0.0 Bye", cancel);
                        return;
                    case "RCPT" or "DATA":
                        goOn = await SayAsync("503 5.5.1 Bad sequence", cancel);
                        break;
                    default:
                        goOn = await SayAsync("500 5.5.2 What?", cancel);
                        break;
                }

                if (!goOn)
                {
                    return;
                }
            }
        }

        private async Task<bool> LetterAsync(CancellationToken cancel)
        {
            var before = hop.faults(HopStage.BeforeDot, "");
            using var octets = new MemoryStream();
            var afterCrlf = true;
            while (true)
            {
                var line = await reader.ReadLineAsync(cancel);
                if (line is null)
                {
                    return false;
                }

                if (before is HopFault.Disconnect && octets.Length > 200)
                {
                    return false;
                }

                if (before is HopFault.Silence && octets.Length > 200)
                {
                    await SilenceAsync(cancel);
                    return false;
                }

                if (afterCrlf && line.AsSpan().SequenceEqual(".\r\n"u8))
                {
                    break;
                }

                octets.Write(afterCrlf && line[0] == '.' ? line.AsSpan(1) : line);
                afterCrlf = line.AsSpan().EndsWith("\r\n"u8);
            }

            var after = hop.faults(HopStage.AfterDot, "");
            var kept = after is HopFault.None or HopFault.Silence or HopFault.Disconnect;
            if (kept)
            {
                hop.received(new HopLetter(
                    sender!, mailParameters, [.. recipients], [.. recipientParameters], octets.ToArray(), after is HopFault.None, Stopwatch.GetTimestamp()));
            }

            Reset();
            switch (after)
            {
                case HopFault.None:
                    return await SayAsync("250 2.0.0 Kept", cancel);
                case HopFault.Later:
                    return await SayAsync("451 4.3.0 Again later", cancel);
                case HopFault.Never:
                    return await SayAsync("554 5.6.0 Never", cancel);
                case HopFault.Silence:
                    await SilenceAsync(cancel);
                    return false;
                default:
                    return false;
            }
        }

        /// <summary>Asks for a fault, then answers; false when the session is over.</summary>
        private async Task<bool> StageAsync(HopStage stage, string line, string reply, CancellationToken cancel, Action? accepted = null)
        {
            switch (hop.faults(stage, line))
            {
                case HopFault.Later:
                    return await SayAsync(stage is HopStage.Greeting ? "421 4.3.2 Not now" : "451 4.3.0 Again later", cancel) && stage is not HopStage.Greeting;
                case HopFault.Never:
                    return await SayAsync("550 5.1.1 Never", cancel) && stage is not HopStage.Greeting;
                case HopFault.Silence:
                    await SilenceAsync(cancel);
                    return false;
                case HopFault.Disconnect:
                    return false;
                default:
                    accepted?.Invoke();
                    return await SayAsync(reply, cancel);
            }
        }

        private async Task SilenceAsync(CancellationToken cancel)
        {
            // Until the client hangs up.
            while (await reader.ReadLineAsync(cancel) is not null)
            {
            }
        }

        private async Task<bool> SayAsync(string reply, CancellationToken cancel)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"), cancel);
            return true;
        }

        private void Reset()
        {
            sender = null;
            mailParameters = "";
            recipients.Clear();
            recipientParameters.Clear();
        }

        private static (string Address, string Parameters) Path(string line)
        {
            var open = line.IndexOf('<', StringComparison.Ordinal);
            var close = line.LastIndexOf('>');
            return open < 0 || close < open ? ("", "") : (line[(open + 1)..close], line[(close + 1)..].Trim());
        }
    }
}

/// <summary>Reads lines as octets, each with its line feed.</summary>
public sealed class LineReader(Stream stream, int bufferSize = 64 << 10)
{
    private readonly byte[] buffer = new byte[bufferSize];
    private int start;
    private int end;

    /// <summary>The next line with its line feed, what is left before the end, or null at the end.</summary>
    public async ValueTask<byte[]?> ReadLineAsync(CancellationToken cancel)
    {
        MemoryStream? joined = null;
        while (true)
        {
            var feed = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            var take = feed < 0 ? end - start : feed + 1;
            if (feed >= 0 && joined is null)
            {
                var line = buffer.AsSpan(start, take).ToArray();
                start += take;
                return line;
            }

            joined ??= new MemoryStream();
            joined.Write(buffer, start, take);
            start += take;
            if (feed >= 0)
            {
                return joined.ToArray();
            }

            start = 0;
            end = await stream.ReadAsync(buffer, cancel);
            if (end == 0)
            {
                return joined.Length == 0 ? null : joined.ToArray();
            }
        }
    }
}
