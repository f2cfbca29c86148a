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
        var away = Field("Auto-Submitted: auto-replied", LetterWriter.Plain("不在のお知らせ", "http://map.example/"));
        Assert.Null(Look(home, watch, away, "", "x@elsewhere.example")!.Campaign);
        Assert.NotNull(Look(home, watch, away, "a@hospital.example", "x@elsewhere.example")!.Campaign);
        Assert.NotNull(Look(home, watch, LetterWriter.WithAttachments("x", "x", ("a.zip", [1, 2, 3])), "", "x@elsewhere.example")!.Campaign);
    }

    /// <summary>Whoever takes over a PC makes up a new MAIL FROM for each letter, or none: From, which the victims read, counts as well.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task MadeUpReversePathsAreCountedByFrom(Engine engine)
    {
        await using var home = new StoreHome(engine);
        home.Options.Smtp.RelayDomains = ["hospital.example"];
        home.Options.Outbound = new() { Listen = ["127.0.0.1:2526"], MaxMessages = 3, Exempt = ["news@hospital.example"] };
        var store = await home.OpenAsync();
        for (var i = 0; i < 2; i++)
        {
            await KeepAsync(home, store, $"y{i}@hospital.example", "x@elsewhere.example"); // kept before a restart; From: a@x.example
        }

        using var watch = new OutboundWatch(home.Options, store, home.Time, NullLogger<OutboundWatch>.Instance);
        await watch.StartAsync(CancellationToken.None);
        Assert.Equal((3, "a@example.org"), Look(home, watch, Letter("a@example.org"), "y2@hospital.example", "x@elsewhere.example") is { } third ? (third.Messages, third.Sender) : default);
        Assert.True(Look(home, watch, Letter("A+1@example.org"), "", "x@elsewhere.example") is { Messages: 4, IsBurst: true }); // a null sender who is no program
        Assert.True(Look(home, watch, Field("Auto-Submitted: auto-replied", LetterWriter.WithAttachments("x", "x", ("a.zip", [1, 2, 3]))), "", "x@elsewhere.example") is { Messages: 1, Sender: "alice@sender.test" });
        Assert.True(Look(home, watch, Letter("news@hospital.example"), "y3@hospital.example", "x@elsewhere.example") is { Messages: 1, Sender: "y3@hospital.example" });
        Assert.Null(Look(home, watch, Letter("a@example.org"), "news@hospital.example", "x@elsewhere.example"));
        await watch.StopAsync(CancellationToken.None);
    }

    /// <summary>What programs send has no sender; a server may send ten times as much of it as a person, and no more.</summary>
    [Fact]
    public async Task BouncesAndAbsenceNotesHaveAGenerousLimit()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        home.Options.Smtp.RelayDomains = ["hospital.example"];
        home.Options.Outbound = new() { MaxMessages = 2, MaxRecipients = 9 };
        using var watch = new OutboundWatch(home.Options, await home.OpenAsync(), home.Time, NullLogger<OutboundWatch>.Instance);
        byte[] report = "From: mailer-daemon@hospital.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"u8.ToArray();
        for (var i = 1; i <= 20; i++)
        {
            var facts = Look(home, watch, i % 2 == 0 ? report : Field("auto-submitted: auto-replied; x=y", Letter("nurse@hospital.example")), "", "x@elsewhere.example")!;
            Assert.Equal((i, 20, 90, false), (facts.Messages, facts.MaxMessages, facts.MaxRecipients, facts.IsBurst));
        }

        Assert.True(Look(home, watch, report, "", "x@elsewhere.example") is { IsBurst: true } burst && burst.Sender.StartsWith('['));
        Assert.False(Look(home, watch, Letter("nurse@hospital.example"), "nurse@hospital.example", "x@elsewhere.example")!.IsBurst);
    }

    private static byte[] Letter(string from) => System.Text.Encoding.UTF8.GetBytes($"From: <{from}>\r\nTo: x@elsewhere.example\r\nSubject: x\r\n\r\nhello\r\n");

    private static byte[] Field(string field, byte[] letter) => [.. System.Text.Encoding.ASCII.GetBytes(field + "\r\n"), .. letter];

    private static OutboundFacts? Look(StoreHome home, OutboundWatch watch, string sender, params string[] recipients) => Look(home, watch, outbound: true, sender, recipients);

    private static OutboundFacts? Look(StoreHome home, OutboundWatch watch, bool outbound, string sender, params string[] recipients) =>
        Look(home, watch, Letter(sender), sender, outbound, recipients);

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
