using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using MimeKit;
using Sekisho.Crash;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Tests.Senders;
using Sekisho.Options;
using Sekisho.Server.Tests.Smtp;

namespace Sekisho.Server.Tests.Reports;

/// <summary>A whole gateway, a real name server and the world before it: letters come in, and their domains hear of them.</summary>
public sealed class ReportSendingTests
{
    private const string Zone = """
        clinic.test TXT "v=spf1 ip4:203.0.113.25 -all"
        _dmarc.clinic.test TXT "v=DMARC1; p=reject; rua=mailto:dmarc@clinic.test,mailto:in@reader.test,mailto:x@victim.test"
        clinic.test._report._dmarc.reader.test TXT "v=DMARC1"
        hospital.test TXT "v=spf1 ip4:203.0.113.99 -all"
        _dmarc.hospital.test TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@hospital.test"
        victim.test TXT "nothing"
        """;

    [Fact]
    public async Task TheWorldHearsOfItsLetters()
    {
        using var dns = new Unbound(Zone);
        var outside = new ConcurrentQueue<HopLetter>();
        await using var world = new NextHop(outside.Enqueue);
        await using var host = await SmtpHost.StartAsync(
            new SekishoOptions
            {
                Smtp = { ProxyNetworks = ["127.0.0.0/8"] },
                Delivery = { DnsServer = dns.EndPoint.ToString() },
                Outbound = { Hosts = [$"127.0.0.1:{world.Port}"], Tls = TlsPolicy.None },
                Senders = { SendReports = { Enabled = true, From = "reports@hospital.test", OrganisationName = "Sekisho Hospital" } },
            },
            keepPolicy: true);
        var today = TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Assert.StartsWith("250", await host.SendAsync(Letter("doctor@clinic.test"), client: "203.0.113.25"), StringComparison.Ordinal);
        Assert.StartsWith("250", await host.SendAsync(Letter("doctor@clinic.test"), client: "203.0.113.25"), StringComparison.Ordinal);
        Assert.StartsWith("250", await host.SendAsync(Letter("doctor@clinic.test"), sender: "x@bulk.test", client: "203.0.113.66"), StringComparison.Ordinal);
        Assert.StartsWith("250", await host.SendAsync(Letter("director@hospital.test"), sender: "x@bulk.test", client: "203.0.113.66"), StringComparison.Ordinal);
        Assert.StartsWith("250", await host.SendAsync(Letter("a@victim.test"), client: "203.0.113.66"), StringComparison.Ordinal); // has no record
        IReadOnlyList<JsonElement> lines = [];
        await GatewayTests.EventuallyAsync(async () =>
        {
            lines = [.. (await host.CliAsync("reports", "pending", "--json")).Lines.Select(l => JsonDocument.Parse(l).RootElement)];
            return lines.Sum(l => l.GetProperty("letters").GetInt32()) == 4;
        });
        Assert.Equal([$"{today} clinic.test 3 2", $"{today} hospital.test 1 1"], lines.Select(l => $"{l.GetProperty("day")} {l.GetProperty("domain")} {l.GetProperty("letters")} {l.GetProperty("rows")}"));
        Assert.Contains((await host.CliAsync("reports", "pending")).Lines, l => l.Contains("clinic.test", StringComparison.Ordinal));

        // A dry run changes nothing; yesterday there was nothing.
        var folder = Directory.CreateTempSubdirectory("sekisho-dry-");
        var (code, dry) = await host.CliAsync("reports", "send", "--day", today, "--dry-run", folder.FullName, "--json");
        Assert.Equal((0, 2, 2), (code, dry.Count, folder.GetFiles("hospital.test!*.test!*.xml.gz").Length));
        folder.Delete(recursive: true);
        Assert.Empty((await host.CliAsync("reports", "send", "--json")).Lines);
        Assert.Equal(2, (await host.CliAsync("reports", "send", "--day", "yesterday")).Code);

        (code, var sent) = await host.CliAsync("reports", "send", "--day", today, "--json");
        Assert.Equal((0, "sent sent"), (code, string.Join(' ', sent.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("outcome").GetString()))));
        Assert.Empty((await host.CliAsync("reports", "pending", "--json")).Lines);

        HopLetter? came = null;
        await GatewayTests.EventuallyAsync(() => Task.FromResult(outside.TryDequeue(out came)));
        Assert.Equal(("reports@hospital.test", "dmarc@clinic.test in@reader.test"), (came!.Sender, string.Join(' ', came.Recipients.Order())));
        var report = Read(came.Octets);
        Assert.Equal(("Sekisho Hospital", "clinic.test"), (report.Organisation, report.Domain));
        Assert.Equal(
            ["203.0.113.25 2 pass True  clinic.test=pass", "203.0.113.66 1 quarantine False local_policy bulk.test=none"],
            report.Rows.Select(r => $"{r.Source} {r.Count} {r.Disposition} {r.SpfAligned} {r.Reason} {r.Spf}"));

        // About ourselves: inside, the ordinary way, and nothing else came out there.
        var own = new List<string>();
        while (await host.NextLetterAsync(TimeSpan.FromSeconds(own.Count < 3 ? 20 : 1)) is { } letter)
        {
            own.Add(string.Join(' ', letter.Recipients));
            if (letter.Recipients.Contains("dmarc@hospital.test"))
            {
                Assert.Equal("hospital.test 203.0.113.66 1", Read(letter.Octets) switch { var r => $"{r.Domain} {r.Rows[0].Source} {r.Rows[0].Count}" });
            }
        }

        Assert.Single(own, "dmarc@hospital.test");
        Assert.Empty(outside);
        Assert.Contains((await host.CliAsync("audit", "list", "--json")).Lines, l => l.Contains("send-reports", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithoutTheOptionNothingIsKept()
    {
        using var dns = new Unbound(Zone);
        await using var host = await SmtpHost.StartAsync(new SekishoOptions { Smtp = { ProxyNetworks = ["127.0.0.0/8"] }, Delivery = { DnsServer = dns.EndPoint.ToString() } });
        Assert.StartsWith("250", await host.SendAsync(Letter("doctor@clinic.test"), client: "203.0.113.25"), StringComparison.Ordinal);
        Assert.NotNull(await host.NextLetterAsync(TimeSpan.FromSeconds(20)));
        await Task.Delay(1500);
        Assert.Contains("無効", Assert.Single((await host.CliAsync("reports", "pending")).Lines), StringComparison.Ordinal);
        Assert.Equal(2, (await host.CliAsync("reports", "send")).Code);
    }

    private static DmarcReport Read(byte[] octets)
    {
        var mail = MimeMessage.Load(new MemoryStream(octets));
        using var packed = mail.Attachments.OfType<MimePart>().Single().Content!.Open();
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        using var xml = new MemoryStream();
        gzip.CopyTo(xml);
        ReportSchema.Validate(xml.ToArray());
        return DmarcReport.Read(xml.ToArray());
    }

    private static byte[] Letter(string from) => Encoding.ASCII.GetBytes(
        $"From: <{from}>\r\nTo: <nurse@hospital.test>\r\nSubject: hello\r\nDate: Mon, 9 Mar 2026 16:05:00 +0900\r\nMessage-ID: <1@{from[(from.IndexOf('@') + 1)..]}>\r\n\r\nhello\r\n");
}
