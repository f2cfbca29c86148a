using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Sekisho.Crash;
using Sekisho.Options;

namespace Sekisho.Server.Tests.Smtp;

/// <summary>An SMTP dialogue as data: what is sent, what must come back, what must arrive. The format is in tests/dialogues/README.md.</summary>
public sealed record Dialogue(string Name, IReadOnlyDictionary<string, string?> Settings, string? Client, IReadOnlyList<DialogueStep> Steps)
{
    /// <summary>True for one at the door for outbound mail.</summary>
    public bool IsOutbound { get; init; }

    /// <summary>Reads a dialogue file. Throws <see cref="FormatException"/> naming file and line.</summary>
    public static Dialogue Read(string path)
    {
        var settings = new SortedDictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var steps = new List<DialogueStep>();
        string? client = null;
        var outbound = false;
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            if (line[0] == '#')
            {
                var words = line[1..].Trim().Split(' ', 2);
                switch (words[0])
                {
                    case "option" when words.Length == 2 && words[1].Split('=', 2) is [var name, var value]:
                        settings[name] = value;
                        break;
                    case "client" when words.Length == 2:
                        client = words[1].Trim();
                        settings[outbound ? "Outbound:ProxyNetworks:0" : "Smtp:ProxyNetworks:0"] = "127.0.0.0/8";
                        break;
                    case "door" when words is [_, "outbound"]:
                        outbound = true;
                        settings["Outbound:Listen:0"] = "any";
                        settings.TryAdd("Outbound:Networks:0", "127.0.0.0/8");
                        break;
                    case "tls":
                        settings["Smtp:CertificateFile"] = "self-signed";
                        break;
                }

                continue;
            }

            var mark = line[..Math.Min(2, line.Length)].TrimEnd();
            var text = line.Length > 3 ? line[3..] : "";
            if (mark is not (">" or ">>" or "<" or "<+" or "<-" or "!" or "=" or "=>" or "=F" or "=T" or "=!"))
            {
                throw new FormatException($"{Path.GetFileName(path)}:{number}: '{mark}' is none of the marks in tests/dialogues/README.md");
            }

            steps.Add(new DialogueStep(number, mark, text));
        }

        return new Dialogue(Path.GetFileNameWithoutExtension(path), settings, client, steps) { IsOutbound = outbound };
    }

    /// <summary>The settings the dialogue asks for. Throws when it names one that the gateway does not have.</summary>
    public SekishoOptions Options()
    {
        var options = new SekishoOptions();
        new ConfigurationBuilder().AddInMemoryCollection(Settings).Build().Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        return options;
    }
}

/// <summary>One line of a dialogue.</summary>
public sealed record DialogueStep(int Line, string Mark, string Text);

/// <summary>Plays a dialogue against a gateway over real sockets, and checks every reply and every letter that comes out.</summary>
public sealed class DialogueRunner(Dialogue dialogue, SmtpHost host) : IAsyncDisposable
{
    private readonly Dictionary<string, Connection> connections = [];
    private readonly List<Expected> expected = [];
    private readonly MemoryStream burst = new();
    private readonly StringBuilder transcript = new();
    private Connection current = null!;
    private TimeSpan patience = TimeSpan.FromSeconds(20);
    private bool nothing;

    /// <summary>Plays all of it. Throws <see cref="DialogueException"/> with the transcript at the first thing that differs.</summary>
    public async Task RunAsync()
    {
        var step = new DialogueStep(0, "!", "");
        try
        {
            // An earlier dialogue that failed may have left letters behind.
            while (await host.NextLetterAsync(TimeSpan.Zero) is not null)
            {
            }

            await ConnectAsync("1");
            foreach (var next in dialogue.Steps)
            {
                step = next;
                await PlayAsync(next);
            }

            await FlushAsync();
            foreach (var connection in connections.Values)
            {
                connection.Dispose();
            }

            await CheckLettersAsync();
        }
        catch (Exception e) when (e is not DialogueException)
        {
            throw new DialogueException($"{dialogue.Name}.smtp:{step.Line}: {e.Message}\n\n{transcript}\nThe gateway logged last:\n{host.LogTail}", e);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        foreach (var connection in connections.Values)
        {
            connection.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private async Task PlayAsync(DialogueStep step)
    {
        switch (step.Mark)
        {
            case ">":
                Add(Encoding.UTF8.GetBytes(step.Text + "\r\n"));
                break;
            case ">>":
                Add(Unescape(step.Text));
                break;
            case "<":
                await FlushAsync();
                await ExpectAsync(step.Text);
                break;
            case "<+":
                Check(current.Reply.Exists(line => Matches(line, step.Text)), $"no line of the reply is '{step.Text}'");
                break;
            case "<-":
                Check(!current.Reply.Exists(line => Matches(line, step.Text)), $"a line of the reply is '{step.Text}'");
                break;
            case "!":
                await DoAsync(step.Text);
                break;
            case "=F":
                Letter(startNew: true).Sender = step.Text;
                break;
            case "=T":
                Letter(startNew: false).Recipients.Add(step.Text);
                break;
            case "=":
                Letter(startNew: false).Octets.Write(Encoding.UTF8.GetBytes(step.Text + "\r\n"));
                break;
            case "=>":
                Letter(startNew: false).Octets.Write(Unescape(step.Text));
                break;
            case "=!":
                nothing = true;
                break;
        }
    }

    private Expected Letter(bool startNew)
    {
        if (startNew || expected.Count == 0)
        {
            expected.Add(new Expected());
        }

        return expected[^1];
    }

    private async Task DoAsync(string text)
    {
        var words = text.Split(' ', 3);
        switch (words[0])
        {
            case "wait":
                await FlushAsync();
                await Task.Delay(Duration(words[1]));
                break;
            case "patience":
                patience = Duration(words[1]);
                break;
            case "repeat":
                for (var n = 1; n <= int.Parse(words[1], CultureInfo.InvariantCulture); n++)
                {
                    Add(Encoding.UTF8.GetBytes(words[2].Replace("{n}", n.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) + "\r\n"));
                }

                break;
            case "fill":
                var piece = Unescape(words[2]);
                for (var n = 0; n < int.Parse(words[1], CultureInfo.InvariantCulture); n++)
                {
                    burst.Write(piece);
                }

                transcript.Append("> ... ").AppendLine(text);
                break;
            case "expect":
                await FlushAsync();
                for (var n = 0; n < int.Parse(words[1], CultureInfo.InvariantCulture); n++)
                {
                    await ExpectAsync(words[2]);
                }

                break;
            case "until":
                await FlushAsync();
                do
                {
                    await ExpectAsync("*");
                }
                while (!current.Reply.Exists(line => Matches(line, text[6..])));
                break;
            case "silent":
                await FlushAsync();
                Check(await current.IsSilentAsync(Duration(words[1])), "the gateway said something where it should wait");
                break;
            case "starttls":
                await FlushAsync();
                await current.StartTlsAsync().WaitAsync(patience);
                break;
            case "connect":
                await FlushAsync();
                await ConnectAsync(words[1]);
                break;
            case "half-close":
                await FlushAsync();
                current.HalfClose();
                break;
            case "close":
                await FlushAsync();
                current.Dispose();
                break;
            default:
                throw new FormatException($"'! {words[0]}' is not in tests/dialogues/README.md");
        }
    }

    private async Task ConnectAsync(string name)
    {
        if (connections.TryGetValue(name, out var there))
        {
            current = there;
            return;
        }

        current = connections[name] = await Connection.OpenAsync(dialogue.IsOutbound ? host.OutboundEndPoint : host.EndPoint, dialogue.Client);
    }

    private void Add(byte[] octets)
    {
        burst.Write(octets);
        transcript.Append("> ").AppendLine(Escape(octets));
        current.Asked += Encoding.Latin1.GetString(octets.AsSpan(0, Math.Min(octets.Length, 4)));
    }

    /// <summary>Sends what has gathered as one burst: steps without an expectation between them go out together, the way a pipelining client writes.</summary>
    private async Task FlushAsync()
    {
        if (burst.Length == 0)
        {
            return;
        }

        var octets = burst.ToArray();
        burst.SetLength(0);
        try
        {
            await current.Stream.WriteAsync(octets).AsTask().WaitAsync(patience);
        }
        catch (IOException)
        {
            // The gateway may hang up in the middle of what it does not like. What it said before is still to be read.
        }
    }

    private async Task ExpectAsync(string pattern)
    {
        var reply = await current.ReadReplyAsync(patience);
        if (pattern is "EOF")
        {
            transcript.AppendLine(reply is null ? "< EOF" : "< " + string.Join("\n< ", reply));
            Check(reply is null, "the connection should be closed");
            return;
        }

        Check(reply is not null, $"the connection is closed; expected '{pattern}'");
        current.Reply = reply!;
        transcript.Append("< ").AppendLine(string.Join("\n< ", reply!));
        Check(reply!.Exists(line => Matches(line, pattern)), $"expected '{pattern}'");
        CheckForm(reply!);
    }

    /// <summary>What RFC 5321 section 4.2 and RFC 2034 section 4 ask of every reply.</summary>
    private void CheckForm(List<string> reply)
    {
        var code = reply[0][..3];
        Check(Regex.IsMatch(code, "^[2-5][0-5][0-9]$"), $"'{code}' is no reply code");
        foreach (var line in reply)
        {
            Check(line.StartsWith(code, StringComparison.Ordinal), "all lines of a reply carry the same code");
            Check(Encoding.UTF8.GetByteCount(line) <= 510, "a reply line is at most 512 octets with CRLF (RFC 5321 section 4.5.3.1.5)");
            if (code[0] != '3' && !current.IsHello && !current.GreetingPending)
            {
                Check(Regex.IsMatch(line, $@"^... {code[0]}\.\d{{1,3}}\.\d{{1,3}} \S"), "an enhanced status code of the reply's class belongs in front of the text (RFC 2034)");
            }
        }

        current.GreetingPending = false;
        current.Asked = "";
    }

    private async Task CheckLettersAsync()
    {
        foreach (var letter in expected)
        {
            var came = await host.NextLetterAsync(patience);
            Check(came is not null, "a letter that was answered 250 did not come out");
            if (letter.Sender is { } sender)
            {
                Check(came!.Sender == sender, $"the sender that came out is '{came.Sender}'; expected '{sender}'");
            }

            if (letter.Recipients.Count > 0)
            {
                Check(came!.Recipients.SequenceEqual(letter.Recipients), $"the recipients that came out are {string.Join(", ", came.Recipients)}");
            }

            if (letter.Octets.Length > 0)
            {
                var octets = letter.Octets.ToArray();
                Check(
                    came!.Octets.AsSpan().EndsWith(octets) && OnlyTraceFields(came.Octets.AsSpan(0, came.Octets.Length - octets.Length)),
                    $"the letter that came out differs:\n{Escape(came.Octets)}\nexpected at its end, after trace fields only:\n{Escape(octets)}");
            }
        }

        if (expected.Count > 0 || nothing)
        {
            // A last letter of our own: when it has come out, what was smuggled in before it would have come out too.
            await SendSentinelAsync();
            var came = await host.NextLetterAsync(patience);
            Check(came?.Sender == "sentinel@sender.test", $"a letter came out that nobody sent: {(came is null ? "(nothing)" : Escape(came.Octets))}");
            var late = await host.NextLetterAsync(TimeSpan.FromMilliseconds(100));
            Check(late is null, $"a letter came out that nobody sent: {(late is null ? "" : Escape(late.Octets))}");
        }
    }

    private async Task SendSentinelAsync()
    {
        using var connection = await Connection.OpenAsync(dialogue.IsOutbound ? host.OutboundEndPoint : host.EndPoint, dialogue.Client);
        await connection.ReadReplyAsync(patience);
        string[] lines = ["EHLO sentinel.test", "MAIL FROM:<sentinel@sender.test>", "RCPT TO:<nurse@hospital.test>", "DATA", "Subject: sentinel\r\n\r\nThe last one.\r\n."];
        foreach (var line in lines)
        {
            await connection.Stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
            var reply = await connection.ReadReplyAsync(patience);
            Check(reply is not null && reply[0][0] is '2' or '3', $"the runner's own last letter was refused: {(reply is null ? "EOF" : reply[0])}");
        }
    }

    /// <summary>True when the gateway put header fields in front, each ended by CRLF, and nothing else.</summary>
    private static bool OnlyTraceFields(ReadOnlySpan<byte> front)
    {
        var text = Encoding.Latin1.GetString(front);
        return Regex.IsMatch(text, @"^([!-9;-~]+:[^\r\n]*\r\n([ \t][^\r\n]*\r\n)*)+$") && text.Contains("Received:", StringComparison.OrdinalIgnoreCase);
    }

    private void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException(otherwise);
        }
    }

    /// <summary>True when the pattern (with * for anything) is the whole line. The hyphen after a code counts as a blank: a dialogue need not know which line is the last.</summary>
    private static bool Matches(string line, string pattern) =>
        Regex.IsMatch(line, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.Singleline);

    private static TimeSpan Duration(string text) =>
        text.EndsWith("ms", StringComparison.Ordinal)
            ? TimeSpan.FromMilliseconds(double.Parse(text[..^2], CultureInfo.InvariantCulture))
            : TimeSpan.FromSeconds(double.Parse(text[..^1], CultureInfo.InvariantCulture));

    private static byte[] Unescape(string text)
    {
        using var octets = new MemoryStream();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                octets.Write(Encoding.UTF8.GetBytes(text, char.IsHighSurrogate(text[i]) ? i : i, char.IsHighSurrogate(text[i]) ? 2 : 1));
                i += char.IsHighSurrogate(text[i]) ? 1 : 0;
                continue;
            }

            switch (text[++i])
            {
                case 'r':
                    octets.WriteByte((byte)'\r');
                    break;
                case 'n':
                    octets.WriteByte((byte)'\n');
                    break;
                case 't':
                    octets.WriteByte((byte)'\t');
                    break;
                case '0':
                    octets.WriteByte(0);
                    break;
                case '\\':
                    octets.WriteByte((byte)'\\');
                    break;
                case 'x':
                    octets.WriteByte(Convert.FromHexString(text.AsSpan(i + 1, 2))[0]);
                    i += 2;
                    break;
                default:
                    throw new FormatException($"\\{text[i]} is none of \\r \\n \\t \\0 \\\\ \\xHH");
            }
        }

        return octets.ToArray();
    }

    private static string Escape(byte[] octets)
    {
        var text = new StringBuilder();
        foreach (var octet in octets.AsSpan(0, Math.Min(octets.Length, 4000)))
        {
            text.Append(octet switch
            {
                (byte)'\r' => "\\r",
                (byte)'\n' => "\\n",
                (byte)'\\' => "\\\\",
                >= 0x20 and < 0x7F => ((char)octet).ToString(),
                _ => $"\\x{octet:X2}",
            });
        }

        return text.ToString();
    }

    private sealed class Expected
    {
        internal string? Sender { get; set; }

        internal List<string> Recipients { get; } = [];

        internal MemoryStream Octets { get; } = new();
    }

    private sealed class Connection : IDisposable
    {
        private readonly Socket socket;
        private LineReader reader;
        private Task<byte[]?>? reading;

        private Connection(Socket socket)
        {
            this.socket = socket;
            Stream = new NetworkStream(socket, ownsSocket: true);
            reader = new LineReader(Stream);
        }

        internal Stream Stream { get; private set; }

        internal List<string> Reply { get; set; } = [];

        internal bool GreetingPending { get; set; } = true;

        /// <summary>The beginnings of what was sent since the last reply.</summary>
        internal string Asked { get; set; } = "";

        /// <summary>True when the reply is to EHLO or HELO: RFC 2034 section 4 exempts these from enhanced status codes.</summary>
        internal bool IsHello => Asked.StartsWith("EHLO", StringComparison.OrdinalIgnoreCase) || Asked.StartsWith("HELO", StringComparison.OrdinalIgnoreCase);

        internal static async Task<Connection> OpenAsync(System.Net.IPEndPoint door, string? client)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(door);
            var connection = new Connection(socket);
            if (client is not null)
            {
                var family = client.Contains(':', StringComparison.Ordinal) ? "TCP6" : "TCP4";
                var gate = family is "TCP6" ? "2001:db8::1" : "198.51.100.1";
                await connection.Stream.WriteAsync(Encoding.ASCII.GetBytes($"PROXY {family} {client} {gate} 40000 25\r\n"));
            }

            return connection;
        }

        /// <summary>All lines of the next reply with the hyphen after the code made a blank, or null when the connection is closed.</summary>
        internal async Task<List<string>?> ReadReplyAsync(TimeSpan patience)
        {
            var lines = new List<string>();
            while (true)
            {
                byte[]? raw;
                try
                {
                    raw = await ReadLineAsync().WaitAsync(patience);
                    reading = null;
                }
                catch (TimeoutException)
                {
                    throw new InvalidDataException($"the gateway said nothing for {patience.TotalSeconds:0.#} s");
                }
                catch (IOException)
                {
                    raw = null; // reset by the gateway: it hung up with our octets unread
                }

                if (raw is null)
                {
                    return lines.Count == 0 ? null : throw new InvalidDataException("the connection was closed within a reply");
                }

                var line = Encoding.UTF8.GetString(raw);
                if (!line.EndsWith("\r\n", StringComparison.Ordinal) || line.AsSpan(0, line.Length - 2).ContainsAny("\r\n\0"))
                {
                    throw new InvalidDataException($"a reply line must end with CRLF and hold no other: {Escape(raw)}");
                }

                line = line[..^2];
                if (line.Length < 4 || line[3] is not ('-' or ' '))
                {
                    throw new InvalidDataException($"'{line}' is no reply");
                }

                lines.Add(string.Concat(line.AsSpan(0, 3), " ", line.AsSpan(4)));
                if (line[3] == ' ')
                {
                    return lines;
                }
            }
        }

        internal async Task<bool> IsSilentAsync(TimeSpan time) => await Task.WhenAny(ReadLineAsync(), Task.Delay(time)) != reading;

        internal async Task StartTlsAsync()
        {
            var tls = new SslStream(Stream);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "gate.test",
                RemoteCertificateValidationCallback = (_, _, _, _) => true, // self-signed a moment ago
            });
            Stream = tls;
            reader = new LineReader(tls);
        }

        internal void HalfClose() => socket.Shutdown(SocketShutdown.Send);

        public void Dispose() => Stream.Dispose();

        private Task<byte[]?> ReadLineAsync() => reading ??= reader.ReadLineAsync(CancellationToken.None).AsTask();
    }
}

/// <summary>A dialogue went another way than its file says.</summary>
public sealed class DialogueException(string message, Exception? inner = null) : Exception(message, inner);
