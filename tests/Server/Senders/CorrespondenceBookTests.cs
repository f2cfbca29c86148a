using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.Senders;
using Sekisho.Server.Tests.Store;
using Sekisho.Staff;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Senders;

public sealed class CorrespondenceBookTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task AYoungLedgerCallsNobodyAStranger(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        using var book = new CorrespondenceBook(store, home.Options, home.Time, new Lines());
        Assert.True((await book.RecallAsync(Letter(home, "a@x.example"), default))!.IsWarmingUp); // it knows nothing at all
        await store.LearnAsync([Letter(home, "b@x.example")]);
        foreach (var (days, warm) in new[] { (0, true), (29, true), (30, false) })
        {
            home.Time.SetUtcNow(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero).AddDays(days).AddMinutes(2)); // answers are kept in memory for a minute
            var told = (await book.RecallAsync(Letter(home, "a@x.example"), default))!;
            Assert.Equal((warm, !warm, null, 1), (told.IsWarmingUp, told.IsFirstContact, told.Contact, told.Domain!.In));
        }

        home.Options.Senders.Correspondence.WarmUpDays = 31;
        Assert.True((await book.RecallAsync(Letter(home, "a@x.example"), default))!.IsWarmingUp);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task AStrangerBecomesACorrespondent(Engine engine)
    {
        await using var home = new StoreHome(engine);
        home.Options.Senders.Correspondence.WarmUpDays = 0;
        var store = await home.OpenAsync();
        using var book = new CorrespondenceBook(store, home.Options, home.Time, new Lines());
        await store.LearnAsync([Letter(home, "b@x.example")]);
        var letter = Letter(home, "doctor@clinic.example") with { Route = new SenderRoute(IPNetwork.Parse("192.0.2.0/24"), RouteProof.Author | RouteProof.Dkim, "clinic.example"), Inside = ["n@hospital.example", "m@hospital.example"] };
        Assert.True((await book.RecallAsync(letter, default))!.IsFirstContact);

        // Learnt by the service, not at once; then the answer kept in memory gives way.
        await book.StartAsync(default);
        book.Learn(letter with { Inside = ["n@hospital.example"] });
        await EventuallyAsync(home, async () => (await book.RecallAsync(letter, default))!.Contact is { In: 1 });
        var told = (await book.RecallAsync(letter, default))!;
        Assert.Equal((false, 2, 1, false), (told.IsFirstContact, told.Recipients, told.KnownRecipients, told.WeWroteToHim));
        var way = Assert.Single(told.Routes);
        Assert.True(way is { IsProven: true, IsOfSameSigner: true, Letters: 1 });
        Assert.False(Assert.Single((await book.RecallAsync(letter with { Route = letter.Route with { Signer = "other.example" } }, default))!.Routes).IsOfSameSigner);

        book.Learn(new Exchange(true, ["doctor@clinic.example"], ["m@hospital.example"], letter.Day));
        await EventuallyAsync(home, async () => (await book.RecallAsync(letter, default))! is { WeWroteToHim: true, KnownRecipients: 2 });
        home.Time.Advance(TimeSpan.FromDays(100));
        Assert.Equal(100, (await book.RecallAsync(letter with { Day = letter.Day.AddDays(100) }, default))!.SilentDays);
        await book.StopAsync(default);
    }

    /// <summary>What waits when the gateway ends is written; what a crash takes is only not known.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task TheEndWritesWhatWaitsAndACrashLosesOnlyThat(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        using (var crashed = new CorrespondenceBook(store, home.Options, home.Time, new Lines()))
        {
            crashed.Learn(Letter(home, "lost@x.example")); // never started: as if the process died within the second
        }

        using var book = new CorrespondenceBook(store, home.Options, home.Time, new Lines());
        Assert.Null((await book.RecallAsync(Letter(home, "lost@x.example"), default))!.Contact);
        await book.StartAsync(default);
        book.Learn(Letter(home, "kept@x.example"));
        await Task.Delay(200);
        await book.StopAsync(default);
        Assert.Equal(1, (await book.RecallAsync(Letter(home, "kept@x.example"), default))!.Contact!.In);
    }

    /// <summary>A store that is gone costs a letter no more than its part in the judgement, and one line of log a minute.</summary>
    [Fact]
    public async Task WithoutAStoreLettersGoOn()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        var store = await home.OpenAsync();
        await home.SqlAsync("DROP TABLE correspondence");
        var log = new Lines();
        using var book = new CorrespondenceBook(store, home.Options, home.Time, log);
        for (var second = 0; second < 50; second++)
        {
            Assert.Null(await book.RecallAsync(Letter(home, $"a{second}@x.example"), default));
            home.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, log.Count);
        home.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await book.RecallAsync(Letter(home, "b@x.example"), default));
        Assert.Equal(2, log.Count);
    }

    /// <summary>A store that does not come back keeps a letter waiting for a second, and those behind it not at all.</summary>
    [Theory, OnPostgres]
    public async Task ASlowStoreKeepsNobodyWaiting(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        await using var connection = new NpgsqlConnection(home.Options.Store.Postgres);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "LOCK TABLE correspondence IN ACCESS EXCLUSIVE MODE";
        await command.ExecuteNonQueryAsync();

        using var book = new CorrespondenceBook(store, home.Options, TimeProvider.System, new Lines());
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 100; i++)
        {
            Assert.Null(await book.RecallAsync(Letter(home, $"a{i}@x.example"), default));
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(4));
        await transaction.RollbackAsync();
    }

    /// <summary>Through the whole inspection: a partner whose letters were always authenticated, his borrowed name, his new provider, and his long silence.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task TheInspectorHearsTheLedger(Engine engine)
    {
        await using var home = new StoreHome(engine);
        home.Options.Smtp.RelayDomains = ["hospital.example"];
        var store = await home.OpenAsync();
        using var book = new CorrespondenceBook(store, home.Options, home.Time, new Lines());
        var today = Letter(home, "").Day;
        var usual = new SenderRoute(IPNetwork.Parse("192.0.2.0/24"), RouteProof.Author | RouteProof.Dkim, "clinic.example");
        await store.LearnAsync([.. Enumerable.Range(0, 60).Select(i => Letter(home, "doctor@clinic.example") with { Day = today.AddDays(-60 + i), Route = usual })]);
        home.Time.Advance(TimeSpan.FromDays(40)); // the ledger is old enough to know strangers
        var house = HouseholdBook.Read(home.Options);
        var inspector = new Inspector(home.Options, () => SignatureSet.Shipped, home.Time, new SenderLookup(home.Options, ZoneFile.Parse(""), home.Time, ledger: book), household: () => house);

        var (codes, exchange) = await AskAsync("203.0.113.9", "fail", "doctor@clinic.example");
        Assert.Equal(["SENDER_ROUTE_UNPROVEN"], codes);
        Assert.Equal((IPNetwork.Parse("203.0.113.0/24"), false), (exchange!.Route!.Network, exchange.Route.IsProven));
        Assert.Empty((await AskAsync("203.0.113.9", "pass", "doctor@clinic.example")).Codes);
        Assert.Empty((await AskAsync("192.0.2.77", "pass", "doctor@clinic.example")).Codes);
        Assert.Equal(["SENDER_ROUTE_NEW"], (await AskAsync("192.0.2.77", "fail", "doctor@clinic.example")).Codes);
        Assert.Equal(["FIRST_CONTACT"], (await AskAsync("192.0.2.77", "pass", "new@clinic.example")).Codes);
        home.Time.Advance(TimeSpan.FromDays(60));
        Assert.Equal(["SENDER_DORMANT"], (await AskAsync("192.0.2.77", "pass", "doctor@clinic.example", "https://files.elsewhere.example/x")).Codes);

        async Task<(List<string> Codes, Exchange? Exchange)> AskAsync(string client, string result, string from, string text = "hello")
        {
            var envelope = new Envelope(Guid.CreateVersion7(), home.Time.GetUtcNow(), IPAddress.Parse(client), "mail.clinic.example", from, [new EnvelopeRecipient("n@hospital.example")]);
            var facts = new SenderFacts { Client = envelope.Client, MailFrom = from, Authentication = new Dictionary<string, string> { ["dmarc"] = result, ["spf"] = result, ["dkim"] = "none" } };
            var letter = $"From: {from}\r\nTo: n@hospital.example\r\nSubject: x\r\nDate: Sun, 22 Nov 2026 10:00:00 +0900\r\nMessage-ID: <1@clinic.example>\r\n\r\n{text}\r\n";
            var inspected = await inspector.InspectAsync(envelope, new MemoryStream(Encoding.ASCII.GetBytes(letter)), facts, []);
            return ([.. inspected.Verdict.Findings.Select(f => f.Kind.Code).Where(c => c.StartsWith("SENDER_ROUTE", StringComparison.Ordinal) || c is "FIRST_CONTACT" or "SENDER_DORMANT")], inspected.Exchange);
        }
    }

    /// <summary>Of a letter that may only borrow the name, the way is not learnt: else it would be a usual one three days later.</summary>
    [Theory]
    [InlineData("SENDER_ROUTE_NEW", 0)]
    [InlineData("SENDER_ROUTE_UNPROVEN", 0)]
    [InlineData("DMARC_FAIL_NONE", 0)]
    [InlineData("OWN_DOMAIN_BY_LIST", 0)]
    [InlineData("FIRST_CONTACT", 1)]
    public async Task ADoubtfulWayIsNotLearnt(string code, int ways)
    {
        await using var home = new StoreHome(Engine.Sqlite);
        var store = await home.OpenAsync();
        using var book = new CorrespondenceBook(store, home.Options, home.Time, new Lines());
        await book.StartAsync(default);
        var lookup = new SenderLookup(home.Options, ZoneFile.Parse(""), home.Time, ledger: book);
        var letter = Letter(home, "doctor@clinic.example") with { Route = new SenderRoute(IPNetwork.Parse("203.0.113.0/24"), RouteProof.Spf, "") };
        lookup.Learn(SenderFacts.Unknown, letter, new Verdict(Disposition.Deliver, 20, [Detectors.Kinds.First(k => k.Code == code).At("From", "x")]));
        lookup.Learn(SenderFacts.Unknown, null, new Verdict(Disposition.Deliver, 20, [Detectors.Kinds.First(k => k.Code == code).At("From", "x")]));
        await Task.Delay(200);
        await book.StopAsync(default);
        var rows = await store.CorrespondenceAsync(store.CorrespondenceRows(letter, 0));
        Assert.All(rows.Values, r => Assert.Equal((1, ways), (r.In, r.Routes.Count)));
        Assert.Equal(2, rows.Count);
    }

    [Fact]
    public async Task WithoutALedgerNothingIsAskedOrLearnt()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        home.Options.Senders.Correspondence.KeepDays = 0;
        var store = await home.OpenAsync();
        using var book = new CorrespondenceBook(store, home.Options, home.Time, new Lines());
        await book.StartAsync(default);
        book.Learn(Letter(home, "a@x.example"));
        await book.StopAsync(default);
        Assert.Null(await book.RecallAsync(Letter(home, "a@x.example"), default));
        Assert.Null(await store.CorrespondenceSinceAsync());
    }

    [Fact]
    public async Task TheSilentAreForgottenOnceADay()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        var store = await home.OpenAsync();
        await store.LearnAsync([Letter(home, "old@x.example") with { Day = new DateOnly(2024, 11, 22) }, Letter(home, "young@y.example") with { Day = new DateOnly(2024, 11, 23) }]);
        using var book = new CorrespondenceBook(store, home.Options, home.Time, new Lines());
        await book.StartAsync(default);
        await EventuallyAsync(home, async () => await store.AcquaintancesAsync("old@x.example") == 0, TimeSpan.FromMinutes(30));
        Assert.Equal(1, await store.AcquaintancesAsync("young@y.example"));
        await book.StopAsync(default);
    }

    private static Exchange Letter(StoreHome home, string from) => new(false, [from], ["n@hospital.example"], DateOnly.FromDateTime(home.Time.GetUtcNow().UtcDateTime));

    private static async Task EventuallyAsync(StoreHome home, Func<Task<bool>> condition, TimeSpan? step = null)
    {
        for (var i = 0; i < 100; i++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(30);
            if (i < 5 || step is null)
            {
                home.Time.Advance(step ?? TimeSpan.FromSeconds(1));
            }
        }

        Assert.Fail("It did not come to pass.");
    }

    private sealed class Lines : ILogger<CorrespondenceBook>
    {
        public int Count { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Count++;
    }
}
