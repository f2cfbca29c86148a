using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sekisho.Server.Tests.Delivery;

/// <summary>What a <see cref="FakeNextHop"/> does; the defaults are a good server.</summary>
internal sealed record NextHopScript
{
    public string Greeting { get; init; } = "220 fake.test ESMTP";

    public string[] Offers { get; init; } = ["PIPELINING", "8BITMIME", "SIZE 0", "ENHANCEDSTATUSCODES"];

    /// <summary>Replies by the start of the command (<c>RCPT TO:&lt;bad</c>), <c>DOT</c> for the end of the letter. Several are given one after another, the last one for ever.</summary>
    public Dictionary<string, string[]> Replies { get; init; } = [];

    /// <summary>Closes the connection instead of answering this command, or <c>DOT</c>.</summary>
    public string? CloseAt { get; init; }

    /// <summary>Connections closed that way; later ones are served.</summary>
    public int Closes { get; init; } = int.MaxValue;

    /// <summary>Never answers this command.</summary>
    public string? SilentAt { get; init; }

    /// <summary>Closes the connection after this many letters.</summary>
    public int LettersPerConnection { get; init; } = int.MaxValue;

    /// <summary>Offers STARTTLS; a broken one when <see cref="BreakTls"/>.</summary>
    public bool Tls { get; init; }

    public bool BreakTls { get; init; }
}

/// <summary>A letter that a <see cref="FakeNextHop"/> took, dots undone.</summary>
internal sealed record TakenLetter(string Mail, IReadOnlyList<string> Recipients, byte[] Octets, bool Encrypted);

/// <summary>A next hop on a real socket that follows a script and remembers everything.</summary>
internal sealed class FakeNextHop : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly NextHopScript script;
    private readonly Dictionary<string, int> used = [];
    private readonly Lock gate = new();
    private int closed;

    public FakeNextHop(NextHopScript? script = null)
    {
        this.script = script ?? new NextHopScript();
        listener.Start();
        _ = AcceptAsync();
    }

    public string Host => "127.0.0.1:" + ((IPEndPoint)listener.LocalEndpoint).Port;

    public List<string> Commands { get; } = [];

    public List<TakenLetter> Letters { get; } = [];

    public int Connections { get; private set; }

    public static X509Certificate2 Certificate { get; } = MakeCertificate();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=fake.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(stop.Token);
                Connections++;
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket client)
    {
        client.NoDelay = true;
        Stream stream = new NetworkStream(client, ownsSocket: true);
        await using var registration = stop.Token.Register(client.Dispose);
        try
        {
            var lines = new Lines(stream);
            await SayAsync(stream, script.Greeting);
            string mail = "";
            List<string> recipients = [];
            List<byte> chunks = [];
            var letters = 0;
            while (await lines.ReadAsync() is { } raw)
            {
                var line = Encoding.UTF8.GetString(raw).TrimEnd('\r', '\n');
                lock (gate)
                {
                    Commands.Add(line);
                }

                var verb = line.Split(' ')[0].ToUpperInvariant();
                if (await EndsHereAsync(verb))
                {
                    return;
                }

                switch (verb)
                {
                    case "EHLO":
                        string[] offers = script.Tls && stream is not SslStream ? [.. script.Offers, "STARTTLS"] : script.Offers;
                        await SayAsync(stream, Scripted(line) ?? string.Join("\r\n", ((string[])["fake.test", .. offers]).Select((o, i) => (i == offers.Length ? "250 " : "250-") + o)));
                        break;
                    case "STARTTLS":
                        var start = Scripted(line) ?? "220 go ahead";
                        await SayAsync(stream, start);
                        if (!start.StartsWith("220", StringComparison.Ordinal))
                        {
                            break;
                        }

                        if (script.BreakTls)
                        {
                            await SayAsync(stream, "this is no TLS");
                            return;
                        }

                        var secure = new SslStream(stream);
                        await secure.AuthenticateAsServerAsync(Certificate);
                        stream = secure;
                        lines = new Lines(stream);
                        break;
                    case "MAIL":
                        (mail, recipients, chunks) = (line, [], []);
                        await SayAsync(stream, Scripted(line) ?? "250 2.1.0 ok");
                        break;
                    case "RCPT":
                        var rcpt = Scripted(line) ?? "250 2.1.5 ok";
                        if (rcpt.StartsWith('2'))
                        {
                            recipients.Add(line);
                        }

                        await SayAsync(stream, rcpt);
                        break;
                    case "DATA":
                        var data = Scripted(line) ?? (recipients.Count > 0 ? "354 go" : "554 5.5.1 no recipients");
                        await SayAsync(stream, data);
                        if (data.StartsWith('3'))
                        {
                            List<byte> octets = [];
                            while (true)
                            {
                                var next = await lines.ReadAsync() ?? throw new EndOfStreamException();
                                if (next.AsSpan().SequenceEqual(".\r\n"u8) && (octets.Count == 0 || octets is [.., 13, 10]))
                                {
                                    break;
                                }

                                octets.AddRange(next[0] == '.' && (octets.Count == 0 || octets is [.., 13, 10]) ? next[1..] : next);
                            }

                            if (!await TakeAsync([.. octets]))
                            {
                                return;
                            }
                        }

                        break;
                    case "BDAT":
                        chunks.AddRange(await lines.ReadExactlyAsync(int.Parse(line.Split(' ')[1])));
                        if (line.EndsWith("LAST", StringComparison.OrdinalIgnoreCase))
                        {
                            if (!await TakeAsync([.. chunks]))
                            {
                                return;
                            }
                        }
                        else
                        {
                            await SayAsync(stream, "250 ok");
                        }

                        break;
                    case "QUIT":
                        await SayAsync(stream, "221 bye");
                        return;
                    default:
                        await SayAsync(stream, Scripted(line) ?? "250 ok");
                        break;
                }
            }

            async Task<bool> TakeAsync(byte[] octets)
            {
                var reply = Scripted("DOT") ?? "250 2.0.0 queued as 1234";
                if (await EndsHereAsync("DOT"))
                {
                    return false;
                }

                if (reply.StartsWith('2') && recipients.Count > 0)
                {
                    lock (gate)
                    {
                        Letters.Add(new TakenLetter(mail, recipients, octets, stream is SslStream));
                    }
                }

                await SayAsync(stream, reply);
                return ++letters < script.LettersPerConnection;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }

    private async Task<bool> EndsHereAsync(string verb)
    {
        if (verb == script.SilentAt)
        {
            await Task.Delay(Timeout.Infinite, stop.Token);
        }

        return verb == script.CloseAt && Interlocked.Increment(ref closed) <= script.Closes;
    }

    private string? Scripted(string line)
    {
        lock (gate)
        {
            foreach (var (start, replies) in script.Replies)
            {
                if (line.StartsWith(start, StringComparison.OrdinalIgnoreCase))
                {
                    var n = used.GetValueOrDefault(start);
                    used[start] = n + 1;
                    return replies[Math.Min(n, replies.Length - 1)] is { Length: > 0 } reply ? reply : null;
                }
            }

            return null;
        }
    }

    private static async Task SayAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"));

    /// <summary>Reads lines up to LF, and counted octets.</summary>
    private sealed class Lines(Stream stream)
    {
        private readonly byte[] buffer = new byte[64 << 10];
        private int start;
        private int end;

        public async Task<byte[]?> ReadAsync()
        {
            List<byte> line = [];
            while (true)
            {
                var feed = Array.IndexOf(buffer, (byte)'\n', start, end - start);
                var upTo = feed < 0 ? end : feed + 1;
                line.AddRange(buffer.AsSpan(start, upTo - start));
                start = upTo;
                if (feed >= 0)
                {
                    return [.. line];
                }

                (start, end) = (0, await stream.ReadAsync(buffer));
                if (end == 0)
                {
                    return null;
                }
            }
        }

        public async Task<byte[]> ReadExactlyAsync(int count)
        {
            var octets = new byte[count];
            var here = Math.Min(count, end - start);
            buffer.AsSpan(start, here).CopyTo(octets);
            start += here;
            await stream.ReadExactlyAsync(octets.AsMemory(here));
            return octets;
        }
    }
}
