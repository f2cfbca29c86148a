using System.Net;
using Microsoft.Extensions.Logging;
using Sekisho.Inspection.Senders;
using Sekisho.Senders;
using Sekisho.Server.Tests.Store;
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
