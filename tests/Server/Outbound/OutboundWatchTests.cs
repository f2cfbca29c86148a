using Microsoft.Extensions.Logging.Abstractions;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Outbound;
using Sekisho.SampleMaker;
using Sekisho.Server.Tests.Store;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Outbound;

public sealed class OutboundWatchTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task AfterARestartTheStoresLettersCount(Engine engine)
    {
        await using var home = new StoreHome(engine);
        home.Options.Smtp.RelayDomains = ["hospital.example"];
        home.Options.Outbound = new() { Listen = ["127.0.0.1:2526"], MaxMessages = 3, Exempt = ["news@example.org"] };
        var store = await home.OpenAsync();
        for (var i = 0; i < 3; i++)
        {
            await KeepAsync(home, store, "A@example.org", "doctor@clinic.example");
            await KeepAsync(home, store, "b@example.org", "nurse@hospital.example"); // stays in the house
            await KeepAsync(home, store, "", "doctor@clinic.example");
            await KeepAsync(home, store, "news@example.org", "doctor@clinic.example");
        }

        using var watch = new OutboundWatch(home.Options, store, home.Time, NullLogger<OutboundWatch>.Instance);
        await watch.StartAsync(CancellationToken.None);
        Assert.Equal(4, Look(home, watch, "a@example.org", "doctor@clinic.example")!.Messages);
        Assert.Equal(1, Look(home, watch, "b@example.org", "doctor@clinic.example")!.Messages);
        Assert.Null(Look(home, watch, "news@example.org", "doctor@clinic.example"));

        // What another gateway has kept meanwhile.
        await KeepAsync(home, store, "b@example.org", "x@clinic.example", "y@clinic.example");
        await watch.RecallAsync(home.Time.GetUtcNow().AddSeconds(-30), CancellationToken.None);
        await watch.RecallAsync(home.Time.GetUtcNow().AddSeconds(-30), CancellationToken.None);
        Assert.Equal((3, 4), Look(home, watch, "b@example.org", "doctor@clinic.example") is { } facts ? (facts.Messages, facts.Recipients) : default);
        await watch.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task OnlyWhatLeavesTheHouseIsCounted()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        home.Options.Smtp.RelayDomains = ["hospital.example", ".clinic.example"];
        home.Options.Outbound.Exempt.Add("@News.Hospital.example");
        using var watch = new OutboundWatch(home.Options, await home.OpenAsync(), home.Time, NullLogger<OutboundWatch>.Instance);
        Assert.Null(Look(home, watch, "a@hospital.example", "b@HOSPITAL.example", "c@ward.clinic.example"));
        Assert.Null(Look(home, watch, "bounce+7@news.hospital.example", "x@elsewhere.example"));
        Assert.Null(Look(home, watch, outbound: false, "a@hospital.example", "x@elsewhere.example"));
        var facts = Look(home, watch, "a@hospital.example", "X@elsewhere.example", "x@ELSEWHERE.example", "b@hospital.example");
        Assert.Equal((1, 1, 100, 300, 50), facts is null ? default : (facts.Messages, facts.Recipients, facts.MaxMessages, facts.MaxRecipients, facts.MaxCampaign));
    }

    [Fact]
    public async Task WhoeverMakesUpExtensions_IsOneSender()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        home.Options.Smtp.RelayDomains = ["hospital.example"];
        home.Options.Outbound.Exempt.Add("news@hospital.example");
        using var watch = new OutboundWatch(home.Options, await home.OpenAsync(), home.Time, NullLogger<OutboundWatch>.Instance);
        Assert.Equal([1, 2, 3], ((string[])["nurse@hospital.example", "Nurse+1@hospital.example", "nurse+2+3@hospital.example"]).Select(s => Look(home, watch, s, "x@elsewhere.example")!.Messages));
        Assert.Equal(1, Look(home, watch, "+nurse@hospital.example", "x@elsewhere.example")!.Messages);
        Assert.Null(Look(home, watch, "news+x=elsewhere.example@hospital.example", "x@elsewhere.example"));
    }

    /// <summary>An answering machine says the same to everybody; what has a file does not come from one.</summary>
    [Fact]
    public async Task OfTheNullSenderOnlyFilesAreRemembered()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        home.Options.Smtp.RelayDomains = ["hospital.example"];
        using var watch = new OutboundWatch(home.Options, await home.OpenAsync(), home.Time, NullLogger<OutboundWatch>.Instance);
        var away = LetterWriter.Plain("不在のお知らせ", "http://map.example/");
        Assert.Null(Look(home, watch, away, "", "x@elsewhere.example")!.Campaign);
        Assert.NotNull(Look(home, watch, away, "a@hospital.example", "x@elsewhere.example")!.Campaign);
        Assert.NotNull(Look(home, watch, LetterWriter.WithAttachments("x", "x", ("a.zip", [1, 2, 3])), "", "x@elsewhere.example")!.Campaign);
    }

    private static OutboundFacts? Look(StoreHome home, OutboundWatch watch, string sender, params string[] recipients) => Look(home, watch, outbound: true, sender, recipients);

    private static OutboundFacts? Look(StoreHome home, OutboundWatch watch, bool outbound, string sender, params string[] recipients) =>
        Look(home, watch, LetterWriter.Plain("x", "hello"), sender, outbound, recipients);

    private static OutboundFacts? Look(StoreHome home, OutboundWatch watch, byte[] octets, string sender, params string[] recipients) => Look(home, watch, octets, sender, true, recipients);

    private static OutboundFacts? Look(StoreHome home, OutboundWatch watch, byte[] octets, string sender, bool outbound, string[] recipients)
    {
        using var spooled = home.Spooled(octets);
        var envelope = home.Letter(spooled, recipients: recipients).Envelope with { Sender = sender, IsOutbound = outbound };
        using var message = MessageReader.Read(envelope, new MemoryStream(octets), new ReadLimits(), home.Time, CancellationToken.None);
        return watch.Look(message);
    }

    private static async Task KeepAsync(StoreHome home, MessageStore store, string sender, params string[] recipients)
    {
        using var octets = home.Spooled("Subject: x\r\n\r\nbody\r\n"u8);
        var letter = home.Letter(octets, recipients: recipients);
        await store.AcceptAsync(letter with { Envelope = letter.Envelope with { Sender = sender, IsOutbound = true } }, CancellationToken.None);
    }
}
