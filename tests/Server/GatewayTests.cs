using System.Net;
using Sekisho.Options;
using Sekisho.Server.Tests.Smtp;

namespace Sekisho.Server.Tests;

/// <summary>The whole gateway as an operator meets it: health, figures, reload, drain.</summary>
public sealed class GatewayTests
{
    [Fact]
    public async Task HealthFiguresAndTheFirstPageAreServed()
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions(), keepPolicy: true);
        using var http = new HttpClient { BaseAddress = host.Web };
        Assert.Equal("live\n", await http.GetStringAsync("health/live"));
        Assert.Equal("ready\n", await http.GetStringAsync("health/ready"));

        await host.SendAsync(Letters.Clean());
        await host.SendAsync(Letters.WithMacro(subject: "secret subject"));
        var metrics = await http.GetStringAsync("metrics");
        Assert.Contains("sekisho_messages_total{disposition=\"deliver\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("sekisho_messages_total{disposition=\"quarantine\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("sekisho_findings_total{code=\"MACRO_AUTO_EXEC\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("sekisho_inspection_seconds_count 2", metrics, StringComparison.Ordinal);
        Assert.Contains("sekisho_queue_oldest_seconds", metrics, StringComparison.Ordinal);

        var page = await http.GetStringAsync("");
        Assert.Contains("正常に動作しています", page, StringComparison.Ordinal);
        Assert.DoesNotContain("secret subject", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HangupReadsTheRecipientListAnewAndKeepsTheOldSettingsWhenTheNewAreWrong()
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions { Smtp = { RecipientList = "doctor@hospital.test" } });
        Assert.StartsWith("550 5.1.1", await host.SendAsync(Letters.Clean()), StringComparison.Ordinal);

        await File.AppendAllTextAsync(Path.Combine(host.Home, "recipients"), "nurse@hospital.test\n");
        host.Hangup();
        await EventuallyAsync(async () => (await host.SendAsync(Letters.Clean())).StartsWith("250", StringComparison.Ordinal));

        var settings = Path.Combine(host.Home, OptionsLoader.FileName);
        await File.WriteAllTextAsync(settings, (await File.ReadAllTextAsync(settings)).Replace("\"MaxRecipients\": 1000", "\"MaxRecipients\": -1", StringComparison.Ordinal));
        host.Hangup();
        await EventuallyAsync(() => Task.FromResult(host.LogTail.Contains("Smtp:MaxRecipients: -1", StringComparison.Ordinal)));
        Assert.StartsWith("250", await host.SendAsync(Letters.Clean()), StringComparison.Ordinal);
    }

    /// <summary>A letter that is being sent when the gateway is told to end is still taken, however long that takes within the drain.</summary>
    [Fact]
    public async Task TerminateWaitsForALetterThatIsBeingSent()
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions());
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(host.EndPoint);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { AutoFlush = true, NewLine = "\r\n" };
        await reader.ReadLineAsync();
        foreach (var command in (string[])["HELO client.test", "MAIL FROM:<doctor@clinic.test>", "RCPT TO:<nurse@hospital.test>", "DATA"])
        {
            await writer.WriteLineAsync(command);
            await reader.ReadLineAsync();
        }

        await writer.WriteLineAsync("Subject: the last one");
        var exit = host.TerminateAsync();
        await Task.Delay(TimeSpan.FromSeconds(4));
        await writer.WriteAsync("\r\nHello.\r\n.\r\n");
        Assert.StartsWith("250 2.0.0", await reader.ReadLineAsync(), StringComparison.Ordinal);
        Assert.StartsWith("421 4.3.2", await reader.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await exit);
    }

    /// <summary>A home folder that cannot be asked for its free space is an alarm, not the end of the gateway.</summary>
    [Fact]
    public async Task TheGatewayOutlivesADiskThatCannotBeAsked()
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions());
        var aside = host.Home + "-aside";
        Directory.Move(host.Home, aside);
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(7));
        }
        finally
        {
            Directory.Move(aside, host.Home);
        }

        Assert.StartsWith("250", await host.SendAsync(Letters.Clean()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatThePolicyRejectsIsRefusedInTheDialogueAndAudited()
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions { Policy = new() { RejectAt = 150 } }, keepPolicy: true);
        Assert.StartsWith("550 5.7.1", await host.SendAsync(Letters.WithMacro()), StringComparison.Ordinal);
        var (_, audit) = await host.CliAsync("audit", "list", "--json");
        Assert.Contains("\"action\":\"reject\"", Assert.Single(audit), StringComparison.Ordinal);
        Assert.Null(await host.NextLetterAsync(TimeSpan.FromMilliseconds(500)));
    }

    [Fact]
    public async Task WhatThePolicyOnlyObservesIsFoundAndDelivered()
    {
        await using var host = await SmtpHost.StartAsync(
            new SekishoOptions { Policy = new() { ObserveOnly = ["MACRO_PRESENT", "MACRO_AUTO_EXEC", "MACRO_RUNS_PROGRAM", "MACRO_DOWNLOADS", "LURE_TOPIC"] } }, keepPolicy: true);
        Assert.StartsWith("250", await host.SendAsync(Letters.WithMacro()), StringComparison.Ordinal);
        Assert.NotNull(await host.NextLetterAsync(TimeSpan.FromSeconds(10)));
        var (_, list) = await host.CliAsync("quarantine", "list", "--all", "--json");
        Assert.Contains("\"score\":0", Assert.Single(list), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheLogIsOneJsonObjectALineWhereAskedFor()
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions { Log = { Json = true } }, keepPolicy: true);
        await host.SendAsync(Letters.Clean());
        await EventuallyAsync(() => Task.FromResult(host.LogTail.Contains("\"disposition\"", StringComparison.Ordinal)));
        var entry = host.LogTail.Split('\n').First(l => l.Contains("\"disposition\"", StringComparison.Ordinal));
        Assert.Equal("Deliver", System.Text.Json.JsonDocument.Parse(entry).RootElement.GetProperty("State").GetProperty("disposition").GetString());
    }

    [Fact]
    public async Task TerminateEndsIdleSessionsWith421AndExitsWithZero()
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions());
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(host.EndPoint);
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith("220", await reader.ReadLineAsync(), StringComparison.Ordinal);
        var exit = host.TerminateAsync();
        Assert.StartsWith("421 4.3.2", await reader.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await exit);
    }

    [Fact]
    public async Task ALetterThatKilledTheGatewayTwiceIsQuarantinedUnread()
    {
        var host = await SmtpHost.StartAsync(new SekishoOptions(), keepPolicy: true);
        var letter = Letters.Clean("危険");
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(letter));
        await host.TerminateAsync();
        await File.WriteAllTextAsync(Path.Combine(host.Home, "inspection-deaths.txt"), $"{hash} 2\n");
        await using var again = await SmtpHost.RestartAsync(host);
        Assert.StartsWith("250", await again.SendAsync(letter), StringComparison.Ordinal);
        var (_, lines) = await again.CliAsync("quarantine", "list", "--json");
        Assert.Contains("\"state\":\"quarantined\"", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatKeepsItFromStartingIsSaidWithoutAStackTrace()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var home = Directory.CreateTempSubdirectory("sekisho-start-").FullName;
        var gateway = Sekisho.Crash.GatewayProcess.Start(Path.Combine(AppContext.BaseDirectory, "sekisho.dll"), home, ((IPEndPoint)taken.LocalEndpoint).Port, Sekisho.Crash.GatewayProcess.FreePort());
        Assert.Equal(3, await gateway.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        var said = gateway.LogTail;
        await gateway.DisposeAsync();
        Assert.Contains("address already in use", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task ASecondGatewayOnTheSameHomeIsRefused()
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions());
        var second = Sekisho.Crash.GatewayProcess.Start(
            Path.Combine(AppContext.BaseDirectory, "sekisho.dll"), host.Home, Sekisho.Crash.GatewayProcess.FreePort(), Sekisho.Crash.GatewayProcess.FreePort());
        Assert.Equal(3, await second.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("Another gateway runs on", second.LogTail, StringComparison.Ordinal);
        await second.DisposeAsync();
        Assert.StartsWith("250", await host.SendAsync(Letters.Clean()), StringComparison.Ordinal);
    }

    internal static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 100; i++)
        {
            if (await holds())
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail("It did not come to pass within 10 seconds.");
    }
}
