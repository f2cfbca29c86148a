using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sekisho.Crash;
using Sekisho.Options;

namespace Sekisho.Server.Tests.Smtp;

/// <summary>A gateway to talk SMTP to, and the next hop behind it that shows what it passed on.</summary>
public sealed class SmtpHost : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    private readonly GatewayProcess process;
    private readonly NextHop nextHop;
    private readonly ConcurrentQueue<HopLetter> letters;
    private readonly string home;

    private SmtpHost(GatewayProcess process, NextHop nextHop, ConcurrentQueue<HopLetter> letters, string home)
    {
        this.process = process;
        this.nextHop = nextHop;
        this.letters = letters;
        this.home = home;
    }

    /// <summary>Where the gateway takes mail.</summary>
    public IPEndPoint EndPoint => new(IPAddress.Loopback, process.SmtpPort);

    /// <summary>Where the gateway takes outbound mail, when its settings say "any" for <c>Outbound:Listen</c>.</summary>
    public IPEndPoint OutboundEndPoint { get; private init; } = new(IPAddress.None, 0);

    /// <summary>Resident memory of the gateway's process.</summary>
    public long ResidentOctets => process.ResidentOctets;

    /// <summary>The most resident memory the gateway's process ever had.</summary>
    public long PeakResidentOctets => process.PeakResidentOctets;

    /// <summary>What the gateway logged last: shown when a test fails.</summary>
    public string LogTail => process.LogTail;

    /// <summary>
    /// Starts the gateway under test with the given settings. THE ONE PLACE that knows how: today the program as built beside the tests, as a
    /// process of its own, so that the dialogues see what a hospital's border sees, and memory is the gateway's alone.
    /// </summary>
    public static async Task<SmtpHost> StartAsync(SekishoOptions options, bool keepPolicy = false)
    {
        var home = Directory.CreateTempSubdirectory("sekisho-dialogue-").FullName;
        var letters = new ConcurrentQueue<HopLetter>();
        var nextHop = new NextHop(letters.Enqueue);
        options.Smtp.HostName = "gate.test";
        options.Smtp.RelayDomains = options.Smtp.RelayDomains is [] ? ["hospital.test"] : options.Smtp.RelayDomains;
        options.Delivery.Routes = [new RouteOptions { Domain = "*", Hosts = [$"127.0.0.1:{nextHop.Port}"], Tls = TlsPolicy.None }];
        if (options.Outbound.Listen is ["any"])
        {
            options.Outbound.Listen = [$"127.0.0.1:{GatewayProcess.FreePort()}"];
        }

        options.Log.Level = options.Log.Json ? "Information" : "Warning";
        if (options.Smtp.CertificateFile is "self-signed")
        {
            options.Smtp.CertificateFile = WriteCertificate(home);
        }

        if (options.Smtp.RecipientList is { } recipients)
        {
            options.Smtp.RecipientList = Path.Combine(home, "recipients");
            await File.WriteAllLinesAsync(options.Smtp.RecipientList, recipients.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        // Dialogues are about the door: what the eyes think of these strange letters must not hold them back.
        if (!keepPolicy)
        {
            options.Policy = options.Policy with { QuarantineAt = 10_000 };
        }

        var settings = JsonSerializer.SerializeToNode(options, Json)!.AsObject();
        settings.Remove(nameof(SekishoOptions.Home));
        settings.Remove(nameof(SekishoOptions.AuthservId));
        await File.WriteAllTextAsync(Path.Combine(home, "sekisho.json"), settings.ToJsonString(Json));

        return await StartAsync(nextHop, letters, home);
    }

    /// <summary>Starts another process on the home and next hop of one that has ended, which needs no further disposal of its own.</summary>
    public static Task<SmtpHost> RestartAsync(SmtpHost ended) => StartAsync(ended.nextHop, ended.letters, ended.home);

    private static async Task<SmtpHost> StartAsync(NextHop nextHop, ConcurrentQueue<HopLetter> letters, string home)
    {
        // A port found free may be taken by another test before the gateway binds it: try again.
        for (var attempt = 1; ; attempt++)
        {
            var process = GatewayProcess.Start(Program, home, GatewayProcess.FreePort(), GatewayProcess.FreePort());
            try
            {
                await process.WaitUntilReadyAsync(TimeSpan.FromSeconds(60));
                return new SmtpHost(process, nextHop, letters, home) { OutboundEndPoint = OutboundOf(home) };
            }
            catch (InvalidOperationException) when (attempt < 3 && process.LogTail.Contains("in use", StringComparison.OrdinalIgnoreCase))
            {
                await process.DisposeAsync();
            }
        }
    }

    private static IPEndPoint OutboundOf(string home)
    {
        var listen = JsonNode.Parse(File.ReadAllText(Path.Combine(home, OptionsLoader.FileName)))?[nameof(SekishoOptions.Outbound)]?[nameof(OutboundOptions.Listen)] as JsonArray;
        return listen is [{ } first] ? IPEndPoint.Parse(first.GetValue<string>()) : new IPEndPoint(IPAddress.None, 0);
    }

    /// <summary>The next letter that came out at the other side, or null when none came in time.</summary>
    public async Task<HopLetter?> NextLetterAsync(TimeSpan atMost)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (letters.TryDequeue(out var letter))
            {
                return letter;
            }

            if (Stopwatch.GetElapsedTime(started) > atMost)
            {
                return null;
            }

            await Task.Delay(5);
        }
    }

    /// <summary>The gateway's home folder.</summary>
    public string Home => home;

    /// <summary>Where it answers HTTP.</summary>
    public Uri Web => new($"http://127.0.0.1:{process.WebPort}/");

    /// <summary>Tells the process to read its settings anew.</summary>
    public void Hangup() => process.Signal("HUP");

    /// <summary>Asks the process to end and waits for it.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        process.Signal("TERM");
        return await process.WaitForExitAsync(TimeSpan.FromSeconds(40));
    }

    /// <summary>Sends a letter as any client would.</summary>
    /// <returns>The reply to its end.</returns>
    /// <param name="letter">Its octets.</param>
    /// <param name="sender">The reverse-path.</param>
    /// <param name="recipient">The forward-path.</param>
    /// <param name="client">The address that a load balancer names (PROXY protocol); null where none stands in front.</param>
    public Task<string> SendAsync(byte[] letter, string sender = "doctor@clinic.test", string recipient = "nurse@hospital.test", string? client = null) =>
        SendAsync(EndPoint, letter, sender, client, recipient);

    /// <summary>Sends a letter as the hospital's own server would that sends to the outside.</summary>
    /// <returns>The reply to its end, or the first one that refuses.</returns>
    public Task<string> SendOutAsync(byte[] letter, string sender = "nurse@hospital.test", params string[] recipients) =>
        SendAsync(OutboundEndPoint, letter, sender, null, recipients is [] ? ["doctor@clinic.test"] : recipients);

    private static async Task<string> SendAsync(IPEndPoint door, byte[] letter, string sender, string? client, params string[] recipients)
    {
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(door);
        await using var stream = socket.GetStream();
        using var reader = new StreamReader(stream);
        if (client is not null)
        {
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"PROXY TCP4 {client} 127.0.0.1 40000 25\r\n"));
        }

        await reader.ReadLineAsync();
        foreach (var command in (string[])["HELO client.test", $"MAIL FROM:<{sender}>", .. recipients.Select(r => $"RCPT TO:<{r}>"), "DATA"])
        {
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(command + "\r\n"));
            if (await reader.ReadLineAsync() is not ['2' or '3', ..] and var refusal)
            {
                return refusal ?? "";
            }
        }

        await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(
            System.Text.RegularExpressions.Regex.Replace(System.Text.Encoding.Latin1.GetString(letter), @"(?m)^\.", "..") + ".\r\n"));
        return await reader.ReadLineAsync() ?? "";
    }

    /// <summary>Runs a command of the command line on this gateway's home.</summary>
    /// <returns>Its exit code and the lines it printed.</returns>
    public async Task<(int Code, IReadOnlyList<string> Lines)> CliAsync(params string[] arguments)
    {
        var (code, output) = await GatewayProcess.RunAsync(Program, [.. arguments, "--home", home]);
        return (code, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>What a command says of its failure, on standard error.</summary>
    public async Task<(int Code, string Error)> FailingCliAsync(params string[] arguments)
    {
        var (code, _, error) = await GatewayProcess.RunWholeAsync(Program, null, [.. arguments, "--home", home]);
        return (code, error);
    }

    /// <summary>The same with a text on the command's standard input.</summary>
    public async Task<int> TellCliAsync(string input, params string[] arguments) => (await GatewayProcess.RunAsync(Program, input, [.. arguments, "--home", home])).ExitCode;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        await nextHop.DisposeAsync();
        if (Directory.Exists(home))
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static string Program => Environment.GetEnvironmentVariable("SEKISHO_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "sekisho.dll");

    private static string WriteCertificate(string home)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=gate.test", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var file = Path.Combine(home, "certificate.pem");
        File.WriteAllText(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        return file;
    }
}
