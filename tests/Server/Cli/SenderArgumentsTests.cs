using System.Text;
using System.Text.Json;
using Sekisho.Options;
using Sekisho.Server.Tests.Smtp;

namespace Sekisho.Server.Tests.Cli;

/// <summary>The sender's check as the command line gives it.</summary>
public sealed class SenderArgumentsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sekisho-senders-");
    private SmtpHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await SmtpHost.StartAsync(new SekishoOptions(), keepPolicy: true);
        await File.WriteAllTextAsync(Zone, """
            mail.example TXT "v=spf1 ip4:192.0.2.1 -all"
            _dmarc.mail.example TXT "v=DMARC1; p=reject"
            """);
        await File.WriteAllBytesAsync(Letter, Encoding.ASCII.GetBytes("From: A <a@mail.example>\r\nTo: b@hospital.example\r\nSubject: hello\r\nMessage-ID: <1@mail.example>\r\nDate: Thu, 1 Jan 2026 09:00:00 +0900\r\n\r\nHello.\r\n"));
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string Zone => Path.Combine(_folder.FullName, "zone");

    private string Letter => Path.Combine(_folder.FullName, "letter.eml");

    [Theory]
    [InlineData("192.0.2.1", "deliver", "pass", "pass")]
    [InlineData("203.0.113.9", "quarantine", "fail", "fail")]
    public async Task ScanChecksTheSenderFromAZoneFile(string client, string disposition, string spf, string dmarc)
    {
        var (_, lines) = await _host.CliAsync("scan", "--json", "--client", client, "--helo", "mx.mail.example", "--from", "a@mail.example", "--to", "b@hospital.example", "--dns-zone", Zone, Letter);
        var result = JsonDocument.Parse(Assert.Single(lines)).RootElement;
        Assert.Equal(disposition, result.GetProperty("disposition").GetString());
        var authentication = result.GetProperty("authentication");
        Assert.Equal((spf, "none", "none", dmarc), (authentication.GetProperty("spf").GetString(), authentication.GetProperty("dkim").GetString(), authentication.GetProperty("arc").GetString(), authentication.GetProperty("dmarc").GetString()));
        Assert.Equal(spf == "fail", result.GetProperty("findings").EnumerateArray().Any(f => f.GetProperty("code").GetString() == "DMARC_FAIL_REJECT"));
    }

    [Fact]
    public async Task ScanAsksAServer_AndNobodyWithoutBeingTold()
    {
        using var dns = new Delivery.FakeDns([]);
        var (_, asked) = await _host.CliAsync("scan", "--json", "--client", "192.0.2.1", "--from", "a@mail.example", "--dns", dns.EndPoint.ToString(), Letter);
        Assert.Equal("none", JsonDocument.Parse(Assert.Single(asked)).RootElement.GetProperty("authentication").GetProperty("spf").GetString());
        var (_, unasked) = await _host.CliAsync("scan", "--json", Letter);
        Assert.Equal("{}", JsonDocument.Parse(Assert.Single(unasked)).RootElement.GetProperty("authentication").GetRawText());
    }

    [Theory]
    [InlineData("--client", "here", "--dns", "127.0.0.1:53")]
    [InlineData("--client", "192.0.2.1")]
    [InlineData("--dns", "127.0.0.1:port")]
    [InlineData("--dns", "")]
    [InlineData("--dns", ":53")]
    [InlineData("--dns", " ")]
    [InlineData("--dns", "127.0.0.1:53", "--dns-zone", "x")]
    [InlineData("--dns-zone", "/nonexistent/zone")]
    public async Task WhatIsNotUnderstoodIsSaid(params string[] options)
    {
        var (code, _) = await _host.CliAsync(["scan", .. options, Letter]);
        Assert.Equal(2, code);
    }
}
