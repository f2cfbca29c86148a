using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MimeKit;
using Prometheus;
using Sekisho.Delivery;
using Sekisho.Inspection.Messages;
using Sekisho.Options;
using Sekisho.Server.Tests.Store;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Delivery;

/// <summary>The service over a real store: hospital.test goes to one scripted next hop, sender.test to another one that takes the notifications.</summary>
public sealed class DeliveryServiceTests : IAsyncLifetime
{
    private readonly StoreHome home = new(Engine.Sqlite);
    private readonly FakeNextHop senders = new(new NextHopScript { Offers = ["8BITMIME", "SMTPUTF8"] });
    private FakeNextHop hop = new();
    private MessageStore store = null!;
    private DeliveryService service = null!;

    public async Task InitializeAsync() => store = await home.OpenAsync();

    public async Task DisposeAsync()
    {
        if (service is not null)
        {
            await service.StopAsync(CancellationToken.None);
            service.Dispose();
        }

        await hop.DisposeAsync();
        await senders.DisposeAsync();
        await home.DisposeAsync();
    }

    [Fact]
    public async Task ALetterHandedOverInMemoryIsDeliveredAndRecorded()
    {
        await StartAsync(new NextHopScript());
        var octets = home.Spooled(Letters.Plain);
        Assert.True(service.TryReserve(octets.Length));
        var letter = home.Letter(octets, claimed: true, recipients: "b@hospital.test");
        await store.AcceptAsync(letter, CancellationToken.None);
        service.Enqueue(new DeliveryJob(letter.Envelope, letter.TraceHeader, octets.Length, 0, [0], Octets: octets));
        await UntilAsync(() => hop.Letters.Count == 1);
        Assert.Equal([.. Encoding.ASCII.GetBytes(letter.TraceHeader), .. Letters.Plain], hop.Letters[0].Octets);
        await NothingWaitsAsync();
    }

    [Fact]
    public async Task ALetterThatOnlyTheStoreKnowsIsFound()
    {
        await KeepAsync();
        await StartAsync(new NextHopScript());
        await UntilAsync(() => hop.Letters.Count == 1);
        await NothingWaitsAsync();
        await KeepAsync();
        service.Wake();
        await UntilAsync(() => hop.Letters.Count == 2);
    }

    [Fact]
    public async Task ATemporaryFailureIsTriedAgainOnSchedule()
    {
        await KeepAsync();
        await StartAsync(new NextHopScript { Replies = new() { ["RCPT"] = ["450 4.2.0 greylisted", "450 4.2.0 greylisted", ""] } });
        await RecordedAsync(TimeSpan.FromMinutes(1));
        home.Time.Advance(TimeSpan.FromSeconds(50));
        service.Wake();
        await Task.Delay(300);
        Assert.Single(hop.Commands, c => c.StartsWith("RCPT", StringComparison.Ordinal));
        home.Time.Advance(TimeSpan.FromSeconds(11));
        await RecordedAsync(TimeSpan.FromMinutes(5.5));
        home.Time.Advance(TimeSpan.FromMinutes(5.6));
        await UntilAsync(() => hop.Letters.Count == 1);
        await NothingWaitsAsync();
        Assert.Empty(senders.Letters);
    }

    [Fact]
    public async Task APermanentFailureGoesBackToTheSender()
    {
        await KeepAsync();
        await StartAsync(new NextHopScript { Replies = new() { ["RCPT"] = ["550 5.1.1 no such user"] } });
        var report = await ReportAsync();
        Assert.Equal("MAIL FROM:<>", senders.Letters[0].Mail.Split(" BODY")[0]);
        Assert.Equal(["RCPT TO:<doctor@sender.test>"], senders.Letters[0].Recipients);
        Assert.Contains("配達できませんでした", report.Subject);
        Assert.Equal("auto-replied", report.Headers["Auto-Submitted"]);
        var parts = Assert.IsType<MultipartReport>(report.Body);
        Assert.Equal("delivery-status", parts.ReportType);
        Assert.Contains("次の宛先へは配達できませんでした", Assert.IsType<TextPart>(parts[0]).Text);
        var status = Assert.IsType<MessageDeliveryStatus>(parts[1]);
        Assert.Equal("rfc822; b@hospital.test", status.StatusGroups[1]["Final-Recipient"]);
        Assert.Equal("failed", status.StatusGroups[1]["Action"]);
        Assert.Equal("5.1.1", status.StatusGroups[1]["Status"]);
        Assert.Equal("smtp; 550 5.1.1 no such user", status.StatusGroups[1]["Diagnostic-Code"]);
        Assert.Equal("text/rfc822-headers", parts[2].ContentType.MimeType);
        await NothingWaitsAsync();
    }

    [Fact]
    public async Task RetFullSendsTheWholeLetterBack()
    {
        await KeepAsync(e => e with { DsnReturn = "FULL" });
        await StartAsync(new NextHopScript { Replies = new() { ["RCPT"] = ["550 5.1.1 no such user"] } });
        var original = Assert.IsType<MimeKit.MessagePart>(Assert.IsType<MultipartReport>((await ReportAsync()).Body)[2]);
        Assert.Equal("test", original.Message!.Subject);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("doctor@sender.test", "NEVER")]
    [InlineData("doctor@sender.test", "SUCCESS,DELAY")]
    public async Task NoNotificationWhereNoneIsWanted(string sender, string? notify)
    {
        await KeepAsync(e => e with { Sender = sender, Recipients = [new("b@hospital.test", notify)] });
        await StartAsync(new NextHopScript { Replies = new() { ["RCPT"] = ["550 5.1.1 no such user"] } });
        await UntilAsync(() => hop.Commands.Any(c => c.StartsWith("RCPT", StringComparison.Ordinal)));
        await NothingWaitsAsync();
        Assert.Empty(senders.Letters);
    }

    /// <summary>A stranger hears nothing of what was quarantined; our own people hear when theirs was released and is refused outside.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALetterOutOfQuarantineGoesBackToOurOwnPeopleOnly(bool isOutbound)
    {
        var octets = home.Spooled(Letters.Plain);
        await StartAsync(new NextHopScript { Replies = new() { ["RCPT"] = ["550 5.1.1 no such user"] } });
        var letter = Letter(octets, e => e with { IsOutbound = isOutbound }) with { ClaimedHere = true };
        await store.AcceptAsync(letter, CancellationToken.None);
        Assert.True(service.TryReserve(octets.Length));
        service.Enqueue(new DeliveryJob(letter.Envelope, "", octets.Length, 0, [0], Octets: octets, FromQuarantine: true));
        await UntilAsync(() => hop.Commands.Any(c => c.StartsWith("RCPT", StringComparison.Ordinal)) && senders.Letters.Count == (isOutbound ? 1 : 0));
        await NothingWaitsAsync();
        Assert.Equal(isOutbound ? 1 : 0, senders.Letters.Count);
    }

    [Fact]
    public async Task SuccessIsReportedAsRelayedWhereTheNextHopWillNot()
    {
        await KeepAsync(e => e with { DsnEnvelopeId = "A+2BB", Recipients = [new("b@hospital.test", "SUCCESS", "rfc822;orig+40x@hospital.test")] });
        await StartAsync(new NextHopScript());
        var status = Assert.IsType<MessageDeliveryStatus>(Assert.IsType<MultipartReport>((await ReportAsync()).Body)[1]);
        Assert.Equal("relayed", status.StatusGroups[1]["Action"]);
        Assert.Equal("A+B", status.StatusGroups[0]["Original-Envelope-Id"]);
        Assert.Equal("rfc822; orig@x@hospital.test", status.StatusGroups[1]["Original-Recipient"]);
    }

    [Fact]
    public async Task DelayIsReportedOnceAndThenTheLetterIsGivenUp()
    {
        home.Options.Delivery.RetrySchedule = [TimeSpan.FromHours(5)];
        await KeepAsync(e => e with { Recipients = [new("b@hospital.test", "DELAY,FAILURE")] });
        await StartAsync(new NextHopScript { Replies = new() { ["RCPT"] = ["450 4.2.0 later"] } });
        await RecordedAsync(TimeSpan.FromHours(5.6));
        home.Time.Advance(TimeSpan.FromHours(5.6));
        await UntilAsync(() => senders.Letters.Count == 1);
        await RecordedAsync(TimeSpan.FromHours(5.6));
        home.Time.Advance(TimeSpan.FromHours(5.6));
        await UntilAsync(() => hop.Commands.Count(c => c.StartsWith("RCPT", StringComparison.Ordinal)) == 3);
        await RecordedAsync(TimeSpan.FromHours(5.6));
        Assert.Single(senders.Letters);
        home.Time.Advance(TimeSpan.FromDays(5));
        await UntilAsync(() => senders.Letters.Count == 2);
        Assert.Equal(
            ["delayed 4.2.0", "failed 4.4.7"],
            senders.Letters.Select(l => Assert.IsType<MessageDeliveryStatus>(Assert.IsType<MultipartReport>(MimeMessage.Load(new MemoryStream(l.Octets)).Body)[1]).StatusGroups[1])
                .Select(g => $"{g["Action"]} {g["Status"]}"));
    }

    [Fact]
    public async Task ANotificationForAUtf8AddressIsItsInternationalForm()
    {
        await KeepAsync(e => e with { SmtpUtf8 = true, Sender = "医師@sender.test", Recipients = [new("看護師@hospital.test")] });
        await StartAsync(new NextHopScript { Offers = ["8BITMIME", "SMTPUTF8"], Replies = new() { ["RCPT"] = ["550 5.1.1 no such user"] } });
        await UntilAsync(() => senders.Letters.Count == 1);
        Assert.EndsWith(" SMTPUTF8", senders.Letters[0].Mail);
        var text = Encoding.UTF8.GetString(senders.Letters[0].Octets);
        Assert.Contains("Content-Type: message/global-delivery-status", text);
        Assert.Contains("Final-Recipient: utf-8; 看護師@hospital.test", text);
        Assert.Contains("Content-Type: message/global-headers", text);
    }

    [Fact]
    public async Task StoppingGivesBackWhatWasNotTried()
    {
        for (var i = 0; i < 30; i++)
        {
            await KeepAsync();
        }

        home.Options.Delivery.MaxConnectionsPerDestination = 1;
        await StartAsync(new NextHopScript { CloseAt = "DOT", SilentAt = null, Replies = [] });
        await UntilAsync(() => hop.Connections > 0);
        await service.StopAsync(CancellationToken.None);
        Assert.False(service.TryReserve(1));
        service.Dispose();
        await hop.DisposeAsync();
        home.Time.Advance(TimeSpan.FromMinutes(2));
        await StartAsync(new NextHopScript());
        await UntilAsync(() => hop.Letters.Count == 30);
    }

    [Fact]
    public void RoomIsBounded()
    {
        service = new DeliveryService(store, home.Spool, home.Options, home.Time, NullLogger<DeliveryService>.Instance, new DeliveryMetrics(Metrics.NewCustomRegistry()));
        for (var i = 0; i < DeliveryService.MostReserved; i++)
        {
            Assert.True(service.TryReserve(1));
        }

        Assert.False(service.TryReserve(1));
        service.Release(1);
        Assert.True(service.TryReserve(1));
        for (var i = 0; i < DeliveryService.MostReserved - 1; i++)
        {
            service.Release(1);
        }

        Assert.False(service.TryReserve(DeliveryService.MostReservedOctets));
    }

    private async Task StartAsync(NextHopScript script)
    {
        await hop.DisposeAsync();
        hop = new FakeNextHop(script);
        home.Options.Smtp.HostName = "gateway.test";
        home.Options.Delivery.Routes = [new() { Domain = "hospital.test", Hosts = [hop.Host] }, new() { Domain = "sender.test", Hosts = [senders.Host] }];
        service = new DeliveryService(store, home.Spool, home.Options, home.Time, NullLogger<DeliveryService>.Instance, new DeliveryMetrics(Metrics.NewCustomRegistry()));
        await service.StartAsync(CancellationToken.None);
    }

    private NewMessage Letter(MessageOctets octets, Func<Envelope, Envelope> change)
    {
        var letter = home.Letter(octets, recipients: "b@hospital.test");
        return letter with { Envelope = change(letter.Envelope with { Sender = "doctor@sender.test" }) };
    }

    private async Task KeepAsync(Func<Envelope, Envelope>? change = null)
    {
        using var octets = home.Spooled(Letters.Plain);
        await store.AcceptAsync(Letter(octets, change ?? (static e => e)), CancellationToken.None);
    }

    private async Task<MimeMessage> ReportAsync()
    {
        await UntilAsync(() => senders.Letters.Count == 1);
        return await MimeMessage.LoadAsync(new MemoryStream(senders.Letters[0].Octets));
    }

    /// <summary>Waits until the next attempt lies at most this far ahead and the claim is given back.</summary>
    private async Task RecordedAsync(TimeSpan atMost)
    {
        for (var i = 0; i < 500; i++)
        {
            var due = await store.NextDueAsync(CancellationToken.None);
            if (due - home.Time.GetUtcNow() is { } wait && wait > TimeSpan.Zero && wait <= atMost && wait != TimeSpan.FromMinutes(15))
            {
                // Let the poller see it too before time moves.
                await Task.Delay(50);
                service.Wake();
                await Task.Delay(100);
                return;
            }

            await Task.Delay(20);
        }

        Assert.Fail("no attempt was recorded");
    }

    private async Task NothingWaitsAsync()
    {
        for (var i = 0; i < 500; i++)
        {
            if (await store.NextDueAsync(CancellationToken.None) is null)
            {
                return;
            }

            await Task.Delay(20);
        }

        Assert.Fail("a letter still waits");
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 500; i++)
        {
            if (condition())
            {
                return;
            }

            await Task.Delay(20);
        }

        Assert.Fail("it did not happen within ten seconds");
    }
}
