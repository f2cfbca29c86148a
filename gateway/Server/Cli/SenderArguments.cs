using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Senders;
using Sekisho.Options;

namespace Sekisho.Cli;

/// <summary>The options of <c>sekisho scan</c> that tell how a letter came and who answers for DNS.</summary>
internal sealed class SenderArguments
{
    private readonly Option<string?> _client = new("--client") { Description = "Check the sender as if this IP address had handed the mail over", HelpName = "IP" };
    private readonly Option<string?> _helo = new("--helo") { Description = "The name it gave in HELO/EHLO", HelpName = "NAME" };
    private readonly Option<string?> _from = new("--from") { Description = "The reverse-path (MAIL FROM); without it the null sender", HelpName = "ADDR" };
    private readonly Option<string[]> _to = new("--to") { Description = "A recipient (RCPT TO)", HelpName = "ADDR" };
    private readonly Option<string?> _dns = new("--dns") { Description = "Ask this DNS server", HelpName = "HOST:PORT" };
    private readonly Option<string?> _zone = new("--dns-zone") { Description = "Take DNS answers from this file: NAME [TTL] [IN] TYPE DATA a line", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_client, _helo, _from, _to, _dns, _zone])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What is needed to check senders; null where nobody is to be asked.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="fault">What is wrong with it, with what would be right; null for nothing.</param>
    public SenderTrial? Read(ParseResult parsed, out string? fault)
    {
        fault = null;
        var server = parsed.GetValue(_dns);
        var zone = parsed.GetValue(_zone);
        var client = IPAddress.None;
        if (parsed.GetValue(_client) is { } given && !IPAddress.TryParse(given, out client!))
        {
            fault = $"--client: \"{given}\" is no IP address, such as 192.0.2.1";
        }
        else if (server is not null && zone is not null)
        {
            fault = "--dns and --dns-zone: give one of them";
        }
        else if (server is null && zone is null && new Option[] { _client, _helo, _from }.FirstOrDefault(o => parsed.GetResult(o) is not null) is { } lonely)
        {
            fault = $"{lonely.Name}: say with --dns HOST:PORT or --dns-zone FILE who answers for DNS";
        }

        if (fault is not null || (server is null && zone is null))
        {
            return null;
        }

        try
        {
            DnsSource dns = zone is not null ? ZoneFile.Parse(File.ReadAllText(zone)) : new NetworkDns(NetworkDns.ClientFor(Server(server!)), TimeProvider.System);
            var to = parsed.GetValue(_to) is { Length: > 0 } named ? named : ["scan@localhost"];
            return new SenderTrial(dns, client, parsed.GetValue(_helo) ?? "", (parsed.GetValue(_from) ?? "").Trim('<', '>'), to);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            fault = $"--dns-zone: {e.Message}";
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            fault = $"--dns: \"{server}\": {e.Message}";
        }

        return null;
    }

    /// <summary><c>192.0.2.1</c>, <c>192.0.2.1:53</c>, <c>[2001:db8::1]:53</c>, <c>HOST</c> or <c>HOST:53</c>.</summary>
    private static IPEndPoint Server(string server)
    {
        if (IPEndPoint.TryParse(server, out var literal))
        {
            return literal.Port == 0 ? new IPEndPoint(literal.Address, 53) : literal;
        }

        var colon = server.LastIndexOf(':');
        var port = colon < 0 ? 53 : int.TryParse(server[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : throw new ArgumentException("the port is no number");
        var host = (colon < 0 ? server : server[..colon]).Trim();
        return host.Length == 0 // which the resolver takes for this machine
            ? throw new ArgumentException("DNSサーバーの名前がありません。 No server is named. 例 Example: --dns 192.0.2.53, --dns 127.0.0.1:53")
            : new IPEndPoint(Dns.GetHostAddresses(host)[0], port);
    }
}

/// <summary>How a letter is said to have come, and the check of its sender.</summary>
internal sealed class SenderTrial(DnsSource dns, IPAddress client, string helo, string sender, IReadOnlyList<string> recipients) : IDisposable
{
    /// <summary>The check as the gateway with these settings makes it.</summary>
    public SenderCheck CheckAs(SekishoOptions options) => new(dns, TimeProvider.System, SenderLookup.CheckOptionsOf(options));

    public Envelope Envelope(TimeProvider time) =>
        new(Guid.CreateVersion7(time.GetUtcNow()), time.GetUtcNow(), client, helo, sender, [.. recipients.Select(static r => new EnvelopeRecipient(r))]);

    public void Dispose() => (dns as IDisposable)?.Dispose();
}
