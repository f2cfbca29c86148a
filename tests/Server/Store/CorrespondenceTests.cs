using System.Net;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Store;

public class CorrespondenceTests
{
    private const string Doctor = "doctor@clinic.example";
    private const string Nurse = "nurse@hospital.example";
    private static readonly DateOnly Day = new(2026, 11, 23);

    [Theory, OnSqlite, OnPostgres]
    public async Task WhatGoesOnIsLearnt(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        Assert.Null(await store.CorrespondenceSinceAsync());
        Assert.Empty(await RowsAsync(store));

        await store.LearnAsync([In(Day), In(Day.AddDays(2)), Out(Day.AddDays(1)), In(Day.AddDays(-5)) with { Inside = ["ward@hospital.example"] }]);
        Assert.Equal(new DateOnly(2026, 11, 23), await store.CorrespondenceSinceAsync());
        var rows = await RowsAsync(store);
        Assert.Equal(new Contact(Day.AddDays(-5), Day.AddDays(2), Day.AddDays(1), 3, 1), rows[0]!.Contact);
        Assert.Equal(rows[0]!.Contact, rows[1]!.Contact); // of the domain the same
        Assert.Equal(new Contact(Day, Day.AddDays(2), Day.AddDays(1), 2, 1), rows[2]!.Contact);
        Assert.Equal(2, await store.AcquaintancesAsync(Doctor));

        // Later letters add to it, another address of the domain to the domain only; older news turn no day back.
        await store.LearnAsync([In(Day.AddDays(30), "office@clinic.example"), In(Day.AddDays(1))]);
        rows = await RowsAsync(store);
        Assert.Equal((4, Day.AddDays(2)), (rows[0]!.Contact.In, rows[0]!.Contact.LastIn));
        Assert.Equal((5, Day.AddDays(30)), (rows[1]!.Contact.In, rows[1]!.Contact.LastIn));
        Assert.Empty(await RowsAsync(store, "stranger@elsewhere.example"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task TheWaysOfLettersAreCountedAndTheUsualStay(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        await store.LearnAsync([.. Enumerable.Range(0, 5).Select(i => Via(Day.AddDays(i), "192.0.2.1", RouteProof.Author | RouteProof.Dkim, "clinic.example")), In(Day)]);
        await store.LearnAsync([Via(Day.AddDays(5), "192.0.2.200", RouteProof.Author | RouteProof.Dkim, "clinic.example"), Via(Day.AddDays(6), "2001:db8:1::1", RouteProof.None, "")]);
        var routes = (await RowsAsync(store))[0]!.Routes;
        Assert.Equal(
            [
                new KeptRoute(IPNetwork.Parse("2001:db8:1::/48"), RouteProof.None, 0, LedgerRow.DayOf(Day) + 6, LedgerRow.DayOf(Day) + 6, 1),
                new KeptRoute(IPNetwork.Parse("192.0.2.0/24"), RouteProof.Author | RouteProof.Dkim, store.SignerMark("clinic.example"), LedgerRow.DayOf(Day), LedgerRow.DayOf(Day) + 5, 6),
            ],
            routes);
        await store.LearnAsync([.. Enumerable.Range(1, 10).Select(i => Via(Day.AddDays(10 + i), $"198.51.{i}.1", RouteProof.Spf, ""))]);
        routes = (await RowsAsync(store))[0]!.Routes;
        Assert.Equal(MessageStore.MostRoutes, routes.Count);
        Assert.Equal(["198.51.9.0/24", "198.51.8.0/24", "198.51.7.0/24", "198.51.6.0/24", "198.51.5.0/24", "192.0.2.0/24"], routes.Select(r => r.Network.ToString())); // two new ones, and the proven one
        Assert.Empty((await RowsAsync(store))[2]!.Routes); // a pair needs none
    }

    /// <summary>Who has the database has no addresses, and cannot try them out without the key.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task NamesStandNowhere(Engine engine)
    {
        await using var home = new StoreHome(engine);
        await using var other = new StoreHome(engine);
        var store = await home.OpenAsync();
        await store.LearnAsync([Via(Day, "192.0.2.1", RouteProof.Dkim, "clinic.example")]);
        var all = (string)(await home.SqlAsync(engine == Engine.Sqlite
            ? "SELECT GROUP_CONCAT(HEX(routes)) FROM correspondence" : "SELECT STRING_AGG(ENCODE(routes, 'hex'), ',') FROM correspondence"))!;
        Assert.DoesNotContain(Convert.ToHexString("clinic"u8), all, StringComparison.OrdinalIgnoreCase);
        var exchange = In(Day);
        Assert.NotEqual(store.CorrespondenceRows(exchange, 1), (await other.OpenAsync()).CorrespondenceRows(exchange, 1));
    }

    /// <summary>The hashes outlive a restart and a new master key.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task AnotherProcessAndANewMasterKeyKnowTheSame(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        await store.LearnAsync([In(Day)]);
        await store.RotateMasterKeyAsync("admin");
        Assert.Equal(1, (await RowsAsync(await home.OpenAsync()))[0]!.In);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task BouncesTeachNothing(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        Assert.Empty(await store.LearnAsync([In(Day) with { IsAutomatic = true }]));
        Assert.Empty(await RowsAsync(store));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task TheSilentAreForgotten(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        await store.LearnAsync([.. Enumerable.Range(0, 100).Select(i => In(Day.AddDays(-i), $"a{i}@clinic{i}.example")), Out(Day.AddDays(-50), "a80@clinic80.example")]);
        Assert.Equal(49 * 3 - 3, await store.ForgetSilentAsync(Day.AddDays(-50))); // a80 was written to since, and so was his domain
        Assert.Equal(0, await store.ForgetSilentAsync(Day.AddDays(-50)));
        Assert.Equal(3, (await RowsAsync(store, "a50@clinic50.example")).Count);
        Assert.Equal(3, (await RowsAsync(store, "a80@clinic80.example")).Count);
        Assert.Empty(await RowsAsync(store, "a51@clinic51.example"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task SomebodyIsForgottenOnDemand(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        await store.LearnAsync([In(Day) with { Inside = [Nurse, "ward@hospital.example"] }, In(Day, "office@clinic.example")]);
        Assert.Equal(new ForgottenCorrespondent(3, 0), await store.ForgetCorrespondentAsync(Doctor, "admin"));
        Assert.False((await store.ForgetCorrespondentAsync(Doctor, "admin")).WasKnown);
        Assert.Equal(0, await store.AcquaintancesAsync(Doctor));
        Assert.Equal(1, await store.AcquaintancesAsync("office@clinic.example"));
        var entry = Assert.Single(await store.Audit.ListAsync(), e => e.Action == "forget-correspondent");
        Assert.Equal("admin", entry.Actor);
        Assert.DoesNotContain("doctor", entry.Target + entry.Detail, StringComparison.Ordinal);
        Assert.True((await store.Audit.VerifyAsync()).Intact);
    }

    /// <summary>A quarantined letter teaches nothing until somebody lets it go, and one that waits for its password nothing until it came.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task AReleasedLetterIsLearnt(Engine engine)
    {
        await using var home = new StoreHome(engine);
        home.Options.Smtp.RelayDomains = ["hospital.example"];
        var store = await home.OpenAsync();
        var quarantined = await home.KeepAsync(store, MessageState.Quarantined);
        var held = await home.KeepAsync(store, MessageState.Held);
        Assert.Empty(await RowsAsync(store, "a@example.org"));
        Assert.True(await store.ReleaseAsync(quarantined, "admin", "checked"));
        Assert.False(await store.ReleaseAsync(quarantined, "admin", "checked"));
        Assert.Equal(1, (await RowsAsync(store, "a@example.org"))[0]!.In);
        Assert.True(await store.JudgeAgainAsync(held, MessageState.Held, new Verdict(Disposition.Deliver, 0, []), MessageState.Queued, "X: 2\r\n", "gateway", "the password came", []));
        var rows = await RowsAsync(store, "a@example.org");
        Assert.Equal((2, 2, true), (rows[0]!.In, rows[2]!.In, rows[0]!.Routes.Count == 0));

        var discarded = await home.KeepAsync(store, MessageState.Quarantined);
        Assert.True(await store.DiscardAsync(discarded, "admin", "bad"));
        Assert.Equal(2, (await RowsAsync(store, "a@example.org"))[0]!.In);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task WithoutALedgerNothingIsLearntOfAReleasedLetter(Engine engine)
    {
        await using var home = new StoreHome(engine);
        home.Options.Smtp.RelayDomains = ["hospital.example"];
        home.Options.Senders.Correspondence.KeepDays = 0;
        var store = await home.OpenAsync();
        Assert.True(await store.ReleaseAsync(await home.KeepAsync(store, MessageState.Quarantined), "admin", "checked"));
        Assert.Empty(await RowsAsync(store, "a@example.org"));
    }

    /// <summary>Two gateways that learn of the same people at the same time lose no letter and wait for no circle.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task TwoGatewaysLearnAtOnce(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var stores = new[] { await home.OpenAsync(), await home.OpenAsync() };
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => stores[i % 2].LearnAsync([.. Enumerable.Range(0, 40).Select(j => In(Day, $"a{(i + j) % 40}@clinic.example"))]))));
        var rows = await RowsAsync(stores[0], "a7@clinic.example");
        Assert.Equal((20, 800, 20), (rows[0]!.In, rows[1]!.In, rows[2]!.In));
    }

    /// <summary>Each gateway hears of the ways that the other learnt, however close together.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task TwoGatewaysLoseNoWay(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var stores = new[] { await home.OpenAsync(), await home.OpenAsync() };
        await Task.WhenAll(Enumerable.Range(0, 2).Select(n => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                await stores[n].LearnAsync([Via(Day, $"192.0.{n}.1", RouteProof.Author, ""), Via(Day, "198.51.100.1", RouteProof.Author, "")]);
            }
        })));
        foreach (var row in (await RowsAsync(stores[0])).Take(2))
        {
            Assert.Equal(["192.0.0.0/24 50", "192.0.1.0/24 50", "198.51.100.0/24 100"], row!.Routes.Select(r => $"{r.Network} {r.Letters}").Order(StringComparer.Ordinal));
        }
    }

    private static Exchange In(DateOnly day, string from = Doctor) => new(false, [from], [Nurse], day);

    private static Exchange Out(DateOnly day, string to = Doctor) => new(true, [to], [Nurse], day);

    private static Exchange Via(DateOnly day, string client, RouteProof proof, string signer) => In(day) with { Route = new SenderRoute(SenderRoute.NetworkOf(IPAddress.Parse(client)), proof, signer) };

    /// <summary>The rows of an address, its domain and its pair with the nurse; empty where none is there.</summary>
    private static async Task<IReadOnlyList<LedgerRow?>> RowsAsync(MessageStore store, string address = Doctor)
    {
        var wanted = store.CorrespondenceRows(In(Day, address), 1);
        var found = await store.CorrespondenceAsync(wanted);
        return found.Count == 0 ? [] : [.. wanted.Select(found.GetValueOrDefault)];
    }
}
