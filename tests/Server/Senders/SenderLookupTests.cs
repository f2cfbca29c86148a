using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Tests.Senders;
using Sekisho.Options;
using Sekisho.Senders;
using Sekisho.Server.Tests.Smtp;

namespace Sekisho.Server.Tests.Senders;

/// <summary>Sender checks in the line, against a real name server; a load balancer's PROXY header tells the client.</summary>
public sealed class SenderLookupTests
{
    private const string Zone = """
        clinic.test TXT "v=spf1 ip4:203.0.113.25 -all"
        _dmarc.clinic.test TXT "v=DMARC1; p=reject"
        hospital.test TXT "v=spf1 ip4:203.0.113.99 -all"
        _dmarc.hospital.test TXT "v=DMARC1; p=none"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task AnHonestLetterGoesOnWithItsResultsInFront()
    {
        using var server = new Unbound(Zone);
        await using var host = await StartAsync(server.EndPoint);
        Assert.StartsWith("250", await host.SendAsync(Letter("doctor@clinic.test"), client: "203.0.113.25"), StringComparison.Ordinal);
        var text = await NextAsync(host);
        Assert.StartsWith("X-Sekisho-Verdict: deliver score=0\r\nAuthentication-Results: gate.test;\r\n\tspf=pass\r\n\t smtp.mailfrom=doctor@clinic.test", text, StringComparison.Ordinal);
        Assert.Contains(";\r\n\tdmarc=pass", text, StringComparison.Ordinal);
        Assert.Contains("\r\nReceived: from client.test ([203.0.113.25])", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStrangerInTheHospitalsNameIsQuarantined()
    {
        using var server = new Unbound(Zone);
        await using var host = await StartAsync(server.EndPoint);
        Assert.StartsWith("250", await host.SendAsync(Letter("director@hospital.test"), sender: "x@bulk.test", client: "203.0.113.66"), StringComparison.Ordinal);
        var (_, list) = await host.CliAsync("quarantine", "list", "--json");
        var (_, shown) = await host.CliAsync("quarantine", "show", System.Text.Json.JsonDocument.Parse(Assert.Single(list)).RootElement.GetProperty("id").GetString()!);
        Assert.Contains(shown, line => line.Contains("OWN_DOMAIN_FORGED", StringComparison.Ordinal));
    }

    /// <summary>RFC 8601 section 5: what claims to be ours and is not, must not reach those who believe us. All else goes on octet for octet.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(600_000)] // not held in one block
    public async Task ForgedResultsAreLeftOut(int body)
    {
        using var server = new Unbound(Zone);
        await using var host = await StartAsync(server.EndPoint);
        var honest = "Authentication-Results: other.test; dmarc=pass\r\n" + Encoding.ASCII.GetString(Letter("doctor@clinic.test")) + string.Concat(Enumerable.Repeat("0123456789abcdef\r\n", body / 18));
        var forged = "Authentication-Results: gate.test;\r\n dmarc=pass header.from=clinic.test\r\n" + honest.Replace("Subject:", "authentication-results: GATE.TEST; spf=pass\r\nSubject:", StringComparison.Ordinal);
        Assert.StartsWith("250", await host.SendAsync(Encoding.ASCII.GetBytes(forged), client: "203.0.113.25"), StringComparison.Ordinal);
        var text = await NextAsync(host);
        Assert.EndsWith(honest, text, StringComparison.Ordinal);
        Assert.Equal(1, text.Split("gate.test;").Length - 1);
    }

    /// <summary>A border server's own Received field tells the client; its word holds only where it is listed.</summary>
    [Theory]
    [InlineData(true, "spf=pass")]
    [InlineData(false, "spf=fail")]
    public async Task BehindABorderServerTheClientIsTheOneThatItNames(bool listed, string result)
    {
        using var server = new Unbound(Zone);
        await using var host = await StartAsync(server.EndPoint, listed ? [new BorderOptions { Networks = ["192.0.2.25/32"] }] : [], keepPolicy: false);
        var letter = Encoding.ASCII.GetBytes("Received: from mx.clinic.test (mx.clinic.test [203.0.113.25]) by border.hospital.test; Mon, 9 Mar 2026 07:05:00 +0000\r\n" + Encoding.ASCII.GetString(Letter("doctor@clinic.test")));
        Assert.StartsWith("250", await host.SendAsync(letter, client: "192.0.2.25"), StringComparison.Ordinal);
        Assert.Contains(result, await NextAsync(host), StringComparison.Ordinal);
    }

    /// <summary>Letters whose domains do not answer wait for DNS outside the lanes: those of others pass them at once, and in the end all are delivered.</summary>
    [Fact]
    public async Task DeadDomainsStallNobodyElse()
    {
        using var silent = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await using var host = await StartAsync((IPEndPoint)silent.Client.LocalEndPoint!);
        var dead = Enumerable.Range(0, 100).Select(i => host.SendAsync(Letter($"a@dead{i}.test"), sender: $"a@dead{i}.test", client: $"203.0.{i}.7")).ToList();
        await Task.Delay(300);
        var started = Stopwatch.GetTimestamp();
        Assert.StartsWith("250", await host.SendAsync(Letter("doctor@clinic.test"), client: "10.0.0.1"), StringComparison.Ordinal); // a trusted client: nobody is asked
        var passed = Stopwatch.GetElapsedTime(started);
        Assert.All(await Task.WhenAll(dead), reply => Assert.StartsWith("250", reply, StringComparison.Ordinal));

        // In line behind a hundred that wait two seconds each in eight places it would have been half a minute.
        Assert.True(passed < TimeSpan.FromSeconds(10), $"{passed}");
        for (var i = 0; i <= dead.Count; i++)
        {
            Assert.NotNull(await host.NextLetterAsync(Patience));
        }
    }

    /// <summary>What an admin blocks on the command line holds for the running gateway, within its few seconds, for clients of our own as well.</summary>
    [Fact]
    public async Task ABlockedSenderIsQuarantined()
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions(), keepPolicy: true);
        Assert.Equal(0, (await host.CliAsync("senders", "block", "@clinic.test", "--reason", "hacked account")).Code);
        await GatewayTests.EventuallyAsync(async () =>
        {
            await host.SendAsync(Letter("doctor@clinic.test"));
            return (await host.CliAsync("quarantine", "list", "--json")).Lines.Count > 0;
        });
    }

    [Fact]
    public void NobodyIsAskedAboutOurOwn()
    {
        var options = new SekishoOptions { Smtp = { TrustedNetworks = ["10.0.0.0/8"] }, Senders = { Borders = [new BorderOptions { Networks = ["10.0.0.25/32"] }] } };
        var senders = new SenderLookup(options, ZoneFile.Parse(""), TimeProvider.System);
        Assert.False(senders.AsksAbout(IPAddress.Loopback));
        Assert.False(senders.AsksAbout(IPAddress.Parse("::ffff:10.0.0.1")));
        Assert.True(senders.AsksAbout(IPAddress.Parse("10.0.0.25"))); // behind it the Internet begins
        Assert.True(senders.AsksAbout(IPAddress.Parse("203.0.113.1")));

        options.Senders = new SenderOptions { Authenticate = false };
        Assert.False(senders.AsksAbout(IPAddress.Parse("203.0.113.1")));
    }

    private static Task<SmtpHost> StartAsync(IPEndPoint dns, List<BorderOptions>? borders = null, bool keepPolicy = true) => SmtpHost.StartAsync(
        new SekishoOptions
        {
            Smtp = { ProxyNetworks = ["127.0.0.0/8"], TrustedNetworks = ["10.0.0.0/8"], MaxConnectionsPerNetwork = 1000 },
            Delivery = { DnsServer = dns.ToString() },
            Senders = { Borders = borders ?? [] },
        },
        keepPolicy);

    private static async Task<string> NextAsync(SmtpHost host) => Encoding.Latin1.GetString((await host.NextLetterAsync(Patience))!.Octets);

    private static byte[] Letter(string from) => Encoding.ASCII.GetBytes(
        $"From: <{from}>\r\nTo: <nurse@hospital.test>\r\nSubject: hello\r\nDate: Mon, 9 Mar 2026 16:05:00 +0900\r\nMessage-ID: <1@{from[(from.IndexOf('@') + 1)..]}>\r\n\r\nhello\r\n");
}
