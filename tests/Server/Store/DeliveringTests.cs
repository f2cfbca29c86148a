using Sekisho.Store;

namespace Sekisho.Server.Tests.Store;

public class DeliveringTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task DeliveredLetter_IsDone(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var id = await home.KeepAsync(store, recipients: ["a@hospital.example", "b@hospital.example"]);

        var job = Assert.Single(await store.ClaimDueAsync(10, CancellationToken.None));
        Assert.Equal(id, job.Envelope.Id);
        Assert.Equal([0, 1], job.Pending);
        Assert.Equal(0, job.Attempts);
        Assert.Empty(await store.ClaimDueAsync(10, CancellationToken.None));

        var later = home.Time.GetUtcNow().AddMinutes(1);
        await store.RecordAttemptAsync(
            id,
            new DeliveryOutcome([new(0, RecipientState.Delivered, "250 ok", "mx"), new(1, RecipientState.Pending, "450 greylisted", "mx")], later, DelayNotified: true),
            CancellationToken.None);
        Assert.Equal(later, await store.NextDueAsync(CancellationToken.None));
        Assert.Empty(await store.ClaimDueAsync(10, CancellationToken.None));

        home.Time.Advance(TimeSpan.FromMinutes(1));
        job = Assert.Single(await store.ClaimDueAsync(10, CancellationToken.None));
        Assert.Equal([1], job.Pending);
        Assert.Equal(1, job.Attempts);
        Assert.True(job.DelayNotified);
        await store.RecordAttemptAsync(id, new DeliveryOutcome([new(1, RecipientState.Delivered, "250 ok", "mx")], null), CancellationToken.None);

        var found = (await store.FindAsync(id))!;
        Assert.Equal(MessageState.Delivered, found.Message.State);
        Assert.Equal(2, found.Message.Attempts);
        Assert.False(found.Message.Claimed);
        Assert.Null(await store.NextDueAsync(CancellationToken.None));
        Assert.True(found.OctetsKept);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task RefusedLetter_IsBouncedWithItsNotification(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var id = await home.KeepAsync(store, claimed: true, recipients: ["a@hospital.example", "b@hospital.example"]);
        using var octets = home.Spooled("notification"u8);
        var notification = home.Letter(octets);

        await store.RecordAttemptAsync(
            id,
            new DeliveryOutcome([new(0, RecipientState.Delivered, "250", "mx"), new(1, RecipientState.Failed, "550 no such user", "mx")], null, false, notification),
            CancellationToken.None);

        Assert.Equal(MessageState.Bounced, (await store.FindAsync(id))!.Message.State);
        Assert.Equal(notification.Envelope.Id, Assert.Single(await store.ClaimDueAsync(10, CancellationToken.None)).Envelope.Id);
        Assert.Equal("notification"u8.ToArray(), await StoreHome.ReadAsync(store, notification.Envelope.Id));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task ClaimRunsOut_AndTheLateOneOnlyAddsWhatItDelivered(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var other = await home.OpenAsync();
        var id = await home.KeepAsync(store, claimed: true, recipients: ["a@hospital.example", "b@hospital.example"]);
        home.Time.Advance(MessageStore.Lease - TimeSpan.FromSeconds(1));
        Assert.Empty(await other.ClaimDueAsync(10, CancellationToken.None));
        home.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(id, Assert.Single(await other.ClaimDueAsync(10, CancellationToken.None)).Envelope.Id);

        using var octets = home.Spooled("notification"u8);
        await store.RecordAttemptAsync(
            id,
            new DeliveryOutcome([new(0, RecipientState.Delivered, "250", "mx"), new(1, RecipientState.Failed, "550", "mx")], null, false, home.Letter(octets)),
            CancellationToken.None);

        var found = (await store.FindAsync(id))!;
        Assert.True(found.Message.Claimed);
        Assert.Equal([RecipientState.Delivered, RecipientState.Pending], found.Recipients.Select(static r => r.State));
        Assert.Single(await store.ListAsync(new MessageQuery()));

        await other.RecordAttemptAsync(
            id, new DeliveryOutcome([new(0, RecipientState.Failed, "550", "mx"), new(1, RecipientState.Delivered, "250", "mx")], null), CancellationToken.None);
        Assert.Equal(MessageState.Delivered, (await store.FindAsync(id))!.Message.State);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task GivenBackClaim_IsDueAtOnce(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var id = await home.KeepAsync(store, claimed: true);
        await store.UnclaimAsync(id, CancellationToken.None);
        Assert.Equal(id, Assert.Single(await store.ClaimDueAsync(10, CancellationToken.None)).Envelope.Id);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task HeldDuringAnAttempt_StaysHeld(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var waiting = await home.KeepAsync(store, claimed: true);
        var delivered = await home.KeepAsync(store, claimed: true);
        Assert.True(await store.HoldAsync(waiting, "admin", "looks odd"));
        Assert.True(await store.HoldAsync(delivered, "admin", "looks odd"));

        await store.RecordAttemptAsync(waiting, StoreHome.Outcome(RecipientState.Pending, home.Time.GetUtcNow()), CancellationToken.None);
        await store.RecordAttemptAsync(delivered, StoreHome.Outcome(RecipientState.Delivered), CancellationToken.None);

        Assert.Equal(MessageState.Held, (await store.FindAsync(waiting))!.Message.State);
        Assert.Equal(MessageState.Delivered, (await store.FindAsync(delivered))!.Message.State);
        Assert.Empty(await store.ClaimDueAsync(10, CancellationToken.None));
        Assert.True(await store.UnholdAsync(waiting, "admin", "fine"));
        Assert.Equal(waiting, Assert.Single(await store.ClaimDueAsync(10, CancellationToken.None)).Envelope.Id);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task DiscardedDuringAnAttempt_StaysDiscarded(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var id = await home.KeepAsync(store, claimed: true);
        Assert.True(await store.DiscardAsync(id, "admin", "virus"));
        await store.RecordAttemptAsync(id, StoreHome.Outcome(RecipientState.Pending, home.Time.GetUtcNow()), CancellationToken.None);

        var found = (await store.FindAsync(id))!;
        Assert.Equal(MessageState.Discarded, found.Message.State);
        Assert.False(found.Message.Claimed);
        Assert.Empty(await store.ClaimDueAsync(10, CancellationToken.None));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task HeldAndUnheldDuringAnAttempt_IsNotTriedTwiceAtOnce(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var id = await home.KeepAsync(store, claimed: true);
        Assert.True(await store.HoldAsync(id, "admin", "x"));
        Assert.True(await store.UnholdAsync(id, "admin", "x"));
        Assert.Empty(await store.ClaimDueAsync(10, CancellationToken.None));
        await store.RecordAttemptAsync(id, StoreHome.Outcome(RecipientState.Delivered), CancellationToken.None);
        Assert.Equal(MessageState.Delivered, (await store.FindAsync(id))!.Message.State);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task KeepingNothing_DestroysTheOctetsWithTheDelivery(Engine engine)
    {
        await using var home = new StoreHome(engine);
        home.Options.Store.KeepDeliveredDays = 0;
        var store = await home.OpenAsync();
        var id = await home.KeepAsync(store, claimed: true);
        await store.RecordAttemptAsync(id, StoreHome.Outcome(RecipientState.Delivered), CancellationToken.None);
        Assert.False((await store.FindAsync(id))!.OctetsKept);
        Assert.Equal(0L, await home.SqlAsync("SELECT COUNT(*) FROM octets"));
    }

    [Theory, OnPostgres]
    public async Task TwoGateways_NeverClaimTheSameLetter(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var first = await home.OpenAsync();
        var second = await home.OpenAsync();
        const int Letters = 600;
        await Task.WhenAll(Enumerable.Range(0, Letters).Select(_ => home.KeepAsync(first)));

        var claimed = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            var store = i % 2 == 0 ? first : second;
            var mine = new List<Guid>();
            for (var idle = 0; idle < 5;)
            {
                var jobs = await store.ClaimDueAsync(7, CancellationToken.None);
                mine.AddRange(jobs.Select(static job => job.Envelope.Id));
                idle = jobs.Count == 0 ? idle + 1 : 0;
            }

            return mine;
        }));

        var all = claimed.SelectMany(static ids => ids).ToList();
        Assert.Equal(Letters, all.Count);
        Assert.Equal(Letters, all.Distinct().Count());
    }
}
