using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Sekisho.Crash;
using Sekisho.Options;
using Sekisho.SampleMaker;
using Sekisho.Server.Tests.Delivery;
using Sekisho.Server.Tests.Smtp;

namespace Sekisho.Server.Tests.Outbound;

/// <summary>A gateway with both doors, the hospital's own server behind it, and the world before it.</summary>
public sealed class OutboundDoorTests : IAsyncLifetime
{
    private const string Password = "8Gh!aa-0";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<HopLetter> outside = new();
    private NextHop world = null!;
    private SmtpHost host = null!;

    public Task InitializeAsync()
    {
        world = new NextHop(outside.Enqueue);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (host is not null)
        {
            await host.DisposeAsync();
        }

        await world.DisposeAsync();
    }

    [Fact]
    public async Task ALetterLeavesTheHouse_WithoutWhatWeThinkOfIt()
    {
        await StartAsync();
        var letter = LetterWriter.Plain("診療情報", "緊急 http://192.0.2.7/a\r\n");
        Assert.StartsWith("250", await host.SendOutAsync(letter), StringComparison.Ordinal);
        var came = await OutsideAsync();
        Assert.Equal(("nurse@hospital.test", "doctor@clinic.test"), (came.Sender, Assert.Single(came.Recipients)));
        Assert.EndsWith(Encoding.Latin1.GetString(letter), Encoding.Latin1.GetString(came.Octets), StringComparison.Ordinal);
        var trace = Encoding.Latin1.GetString(came.Octets.AsSpan(0, came.Octets.Length - letter.Length));
        Assert.StartsWith("Received: from client.test ([127.0.0.1])\r\n\tby gate.test (Sekisho) with SMTP id ", trace, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Sekisho", trace, StringComparison.OrdinalIgnoreCase);

        var shown = Assert.Single((await host.CliAsync("quarantine", "list", "--all", "--json")).Lines);
        Assert.Contains("\"outbound\":true", shown, StringComparison.Ordinal);
        Assert.Contains("LINK_TO_ADDRESS", Assert.Single((await host.CliAsync("quarantine", "show", Id(shown), "--json")).Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsForOurOwnPeopleGoesTheOrdinaryWay()
    {
        await StartAsync();
        Assert.StartsWith("250", await host.SendOutAsync(Letters.Clean(), "nurse@hospital.test", "doctor@clinic.test", "ward@hospital.test"), StringComparison.Ordinal);
        Assert.Equal(["doctor@clinic.test"], (await OutsideAsync()).Recipients);
        Assert.Equal(["ward@hospital.test"], (await host.NextLetterAsync(Soon))!.Recipients);
        Assert.StartsWith("554 5.7.1", await host.SendAsync(Letters.Clean(), "nurse@hospital.test", "doctor@clinic.test"), StringComparison.Ordinal); // the other door stays shut
    }

    [Fact]
    public async Task MacrosDoNotLeave_UntilAnAdminReleasesThem()
    {
        await StartAsync();
        var letter = LetterWriter.WithAttachments("申請書", "添付します。", ("申請書.doc", Samples.OldDocument("Sub Total()\r\n    Range(\"A1\").Value = 1\r\nEnd Sub\r\n")));
        Assert.StartsWith("250", await host.SendAsync(letter), StringComparison.Ordinal);
        Assert.NotNull(await host.NextLetterAsync(Soon)); // comes in
        var file = Path.Combine(host.Home, "letter.eml");
        await File.WriteAllBytesAsync(file, letter);
        Assert.Equal(0, (await host.CliAsync("scan", file)).Code);
        var (code, lines) = await host.CliAsync("scan", "--outbound", "--json", file);
        Assert.Equal(1, code);
        Assert.Contains("OUTBOUND_MACRO", Assert.Single(lines), StringComparison.Ordinal);
        Assert.StartsWith("250", await host.SendOutAsync(letter), StringComparison.Ordinal);
        var kept = Assert.Single((await host.CliAsync("quarantine", "list", "--json")).Lines);
        Assert.Contains("OUTBOUND_MACRO", Assert.Single((await host.CliAsync("quarantine", "show", Id(kept), "--json")).Lines), StringComparison.Ordinal);
        Assert.Empty(outside);
        Assert.Equal(0, (await host.CliAsync("quarantine", "release", Id(kept), "--reason", "asked the nurse")).Code);
        Assert.DoesNotContain("X-Sekisho", Encoding.Latin1.GetString((await OutsideAsync()).Octets), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEncryptedAttachmentLeavesWithItsPasswordMail()
    {
        await StartAsync();
        var letter = Sealed();
        Assert.StartsWith("250", await host.SendOutAsync(letter), StringComparison.Ordinal);
        Assert.Contains("\"state\":\"held\"", Assert.Single((await host.CliAsync("quarantine", "list", "--all", "--json")).Lines), StringComparison.Ordinal);
        Assert.StartsWith("250", await host.SendOutAsync(LetterWriter.Plain("パスワード", $"先ほどの添付ファイルのパスワードは次のとおりです。\r\n\r\nパスワード: {Password}\r\n")), StringComparison.Ordinal);
        HopLetter[] both = [await OutsideAsync(), await OutsideAsync()];
        Assert.Single(both, l => l.Octets.AsSpan().EndsWith(letter));
        Assert.All(both, l => Assert.StartsWith("Received: ", Encoding.Latin1.GetString(l.Octets), StringComparison.Ordinal));
    }

    [Fact]
    public async Task ThePasswordMailNeverGoes_TheSenderIsTold()
    {
        await StartAsync(wait: TimeSpan.FromSeconds(2));
        Assert.StartsWith("250", await host.SendOutAsync(Sealed(), "nurse@hospital.test", "doctor@clinic.test", "office@clinic.test"), StringComparison.Ordinal);
        var notice = (await host.NextLetterAsync(Soon))!;
        Assert.Equal(("", "nurse@hospital.test"), (notice.Sender, Assert.Single(notice.Recipients)));
        using var mail = MimeKit.MimeMessage.Load(new MemoryStream(notice.Octets));
        Assert.Contains("宛先:   doctor@clinic.test, office@clinic.test", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("PCをネットワークから切り離し", mail.TextBody, StringComparison.Ordinal);
        Assert.Null(await host.NextLetterAsync(TimeSpan.FromMilliseconds(500)));
        Assert.Empty(outside);
    }

    [Fact]
    public async Task HangupReadsNetworksAndLimitsAnew()
    {
        await StartAsync(new OutboundOptions { Networks = ["192.0.2.25/32"] });
        var settings = Path.Combine(host.Home, OptionsLoader.FileName);
        await File.WriteAllTextAsync(settings, (await File.ReadAllTextAsync(settings))
            .Replace("192.0.2.25/32", "127.0.0.0/8", StringComparison.Ordinal).Replace("\"MaxMessages\": 100", "\"MaxMessages\": 1", StringComparison.Ordinal));
        Assert.False(await AdmittedAsync());
        host.Hangup();
        for (var i = 0; i < 100 && !await AdmittedAsync(); i++)
        {
            await Task.Delay(100);
        }

        Assert.StartsWith("250", await host.SendOutAsync(Letters.Clean("1")), StringComparison.Ordinal);
        Assert.StartsWith("250", await host.SendOutAsync(Letters.Clean("2")), StringComparison.Ordinal);
        await OutsideAsync();
        Assert.Contains("\"subject\":\"2\"", Assert.Single((await host.CliAsync("quarantine", "list", "--json")).Lines), StringComparison.Ordinal);
    }

    /// <summary>A harmless letter with this address in From.</summary>
    private static byte[] By(string from, string subject = "x") =>
        System.Text.Encoding.Latin1.GetBytes(System.Text.Encoding.Latin1.GetString(Letters.Clean(subject)).Replace("alice@sender.test", from, StringComparison.Ordinal));

    /// <summary>The burst: a stolen account sends a thousand letters, and nobody else notices.</summary>
    [Fact]
    public async Task AThousandLettersStopAtTheLimit_AndOthersAreNotDelayed()
    {
        await StartAsync(new OutboundOptions { MaxMessages = 50 });
        var sent = 0;
        var burst = Task.WhenAll(Enumerable.Range(0, 4).Select(async worker =>
        {
            for (var n = 0; n < 250; n++)
            {
                Assert.StartsWith("250", await host.SendOutAsync(By("taken@hospital.test", $"{worker}-{n}"), "taken@hospital.test", $"r{worker}-{n}@victim.test"), StringComparison.Ordinal);
                Interlocked.Increment(ref sent);
            }
        }));
        var slowest = TimeSpan.Zero;
        for (var n = 0; !burst.IsCompleted || n < 5; n++)
        {
            var started = Stopwatch.GetTimestamp();
            Assert.StartsWith("250", await host.SendOutAsync(By($"honest{n}@hospital.test"), $"honest{n}@hospital.test", "doctor@clinic.test"), StringComparison.Ordinal);
            while (!outside.Any(l => l.Sender == $"honest{n}@hospital.test"))
            {
                Assert.True(Stopwatch.GetElapsedTime(started) < Soon, "an honest letter did not go out in time");
                await Task.Delay(5);
            }

            slowest = Stopwatch.GetElapsedTime(started) is var took && took > slowest ? took : slowest;
            await Task.Delay(100);
        }

        await burst;
        Assert.Equal(1000, sent);
        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await EventuallyAsync(() => outside.Count(l => l.Sender == "taken@hospital.test") == 50);
        using var http = new HttpClient { BaseAddress = host.Web };
        var metrics = await http.GetStringAsync("metrics");
        Assert.Contains("sekisho_outbound_messages_total{disposition=\"quarantine\"} 950", metrics, StringComparison.Ordinal);
        Assert.Contains("sekisho_outbound_bursts_total 1", metrics, StringComparison.Ordinal);
        Assert.Equal(1, host.LogTail.Split('\n').Count(l => l.Contains("outbound burst: <taken@hospital.test> has sent 51 messages", StringComparison.Ordinal)));
        Assert.Equal(50, outside.Count(l => l.Sender == "taken@hospital.test"));

        // After a restart the account is still over its limit.
        await host.TerminateAsync();
        host = await SmtpHost.RestartAsync(host);
        Assert.StartsWith("250", await host.SendOutAsync(By("taken@hospital.test", "again"), "TAKEN@hospital.test", "one-more@victim.test"), StringComparison.Ordinal);
        var newest = (await host.CliAsync("quarantine", "list", "--json")).Lines[0];
        Assert.Contains("one-more@victim.test", newest, StringComparison.Ordinal);
        Assert.Contains("1001 mails to 1001 recipients", Assert.Single((await host.CliAsync("quarantine", "show", Id(newest), "--json")).Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSameFileFromThreeAccountsToManyIsACampaign_TheNewsletterIsNone()
    {
        await StartAsync(new OutboundOptions { MaxCampaign = 10, Exempt = ["tayori@hospital.test"] });
        for (var n = 0; n < 15; n++)
        {
            await host.SendOutAsync(LetterWriter.WithAttachments($"請求 {n}", "x", ($"{n}.zip.pdf", Encoding.ASCII.GetBytes("the same"))), $"s{n % 3}@hospital.test", $"r{n}@victim.test");
            await host.SendOutAsync(LetterWriter.WithAttachments("地域連携だより", "x", ("tayori.pdf", Encoding.ASCII.GetBytes("newsletter"))), "tayori@hospital.test", $"r{n}@clinic.test");
        }

        await EventuallyAsync(() => outside.Count == 25);
        var kept = (await host.CliAsync("quarantine", "list", "--json")).Lines;
        Assert.Equal(5, kept.Count);
        Assert.Contains("to 15 recipients outside from 3 senders", Assert.Single((await host.CliAsync("quarantine", "show", Id(kept[0]), "--json")).Lines), StringComparison.Ordinal);
    }

    [NeedsProgram("postfix", "postfix")]
    public async Task ARealPostfixOutsideTakesIt_AndWhatItRefusesComesBackToOurSender()
    {
        using var postfix = new PostfixServer();
        var port = postfix.Start("clinic.test");
        await StartAsync(new OutboundOptions { Hosts = [$"127.0.0.1:{port}"] });
        var letter = LetterWriter.Plain("紹介状", "日本語の本文\r\n.\r\n");
        Assert.StartsWith("250", await host.SendOutAsync(letter, "nurse@hospital.test", "doctor@clinic.test", "nobody@nowhere.test"), StringComparison.Ordinal);
        await EventuallyAsync(() => Directory.Exists(postfix.Kept) && Directory.GetFiles(postfix.Kept).Length == 1);
        var kept = await File.ReadAllTextAsync(Directory.GetFiles(postfix.Kept)[0]);
        Assert.EndsWith(Encoding.UTF8.GetString(letter).Replace("\r\n", "\n", StringComparison.Ordinal), kept, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Sekisho", kept, StringComparison.Ordinal);
        Assert.Contains("using TLS", kept, StringComparison.Ordinal);

        var bounce = (await host.NextLetterAsync(Soon))!;
        Assert.Equal(("", "nurse@hospital.test"), (bounce.Sender, Assert.Single(bounce.Recipients)));
        Assert.Contains("Final-Recipient: rfc822; nobody@nowhere.test", Encoding.Latin1.GetString(bounce.Octets), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.1.2.25/32", "ok", "100 mails, 300 recipients")]
    [InlineData("203.0.113.0/24", "warn", "203.0.113.0/24 is more than private addresses")]
    public async Task TheDoctorLooksAtTheDoor(string network, string state, string detail)
    {
        await StartAsync(new OutboundOptions { Networks = [network] });
        var line = Assert.Single((await host.CliAsync("doctor")).Lines, l => l.Contains(" outbound ", StringComparison.Ordinal));
        Assert.Contains(state, line, StringComparison.Ordinal);
        Assert.Contains(detail, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutTheSettingThereIsNoSecondDoor()
    {
        host = await SmtpHost.StartAsync(new SekishoOptions(), keepPolicy: true);
        Assert.Contains((await host.CliAsync("doctor")).Lines, l => l.Contains("outbound", StringComparison.Ordinal) && l.Contains("off", StringComparison.Ordinal));
    }

    private static string Id(string listed) => JsonDocument.Parse(listed).RootElement.GetProperty("id").GetString()!;

    private static async Task EventuallyAsync(Func<bool> holds)
    {
        for (var i = 0; i < 300 && !holds(); i++)
        {
            await Task.Delay(100);
        }

        Assert.True(holds(), "It did not come to pass within 30 seconds.");
    }

    private static byte[] Sealed() => LetterWriter.WithAttachments("検査結果", "パスワードは別便で。", ("results.zip", ZipWriter.Encrypted("results.txt", "検査結果です"u8.ToArray(), Password)));

    private async Task<bool> AdmittedAsync()
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(host.OutboundEndPoint);
        using var reader = new StreamReader(client.GetStream());
        return (await reader.ReadLineAsync())?.StartsWith("220", StringComparison.Ordinal) == true;
    }

    private async Task StartAsync(OutboundOptions? outbound = null, TimeSpan? wait = null)
    {
        outbound ??= new OutboundOptions();
        outbound.Listen = ["any"];
        outbound.Networks = outbound.Networks is [] ? ["127.0.0.0/8"] : outbound.Networks;
        outbound.Hosts = outbound.Hosts is [] ? [$"127.0.0.1:{world.Port}"] : outbound.Hosts;
        host = await SmtpHost.StartAsync(new SekishoOptions { Outbound = outbound, Policy = new() { HoldForPassword = wait ?? TimeSpan.FromMinutes(30) } }, keepPolicy: true);
    }

    private async Task<HopLetter> OutsideAsync()
    {
        await EventuallyAsync(() => !outside.IsEmpty);
        return outside.TryDequeue(out var letter) ? letter : throw new InvalidOperationException("somebody else took it");
    }
}
