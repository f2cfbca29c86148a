using System.Text;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Store;

public class ReviewingTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task OfAHundredWhoRelease_ExactlyOneDoes(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var second = await home.OpenAsync();
        var id = await home.KeepAsync(store, MessageState.Quarantined);
        Assert.Empty(await store.ClaimDueAsync(10, CancellationToken.None));

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => (i % 2 == 0 ? store : second).ReleaseAsync(id, $"admin{i}", "harmless"))));

        Assert.Single(answers, true);
        Assert.Single(await store.ClaimDueAsync(10, CancellationToken.None));
        Assert.False(await store.ReleaseAsync(id, "late", "again"));
        Assert.Single(await store.Audit.ListAsync(), static entry => entry.Action == "release");
        Assert.True((await store.Audit.VerifyAsync()).Intact);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Discard_LeavesNothingReadable(Engine engine)
    {
        const string Subject = "ZZSUBJECTZZ";
        const string Body = "ZZBODYZZ of a patient";
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        for (var i = 0; i < 5; i++)
        {
            await home.KeepAsync(store);
        }

        var id = await home.KeepAsync(store, MessageState.Quarantined, body: Body, subject: Subject);
        var wrapped = (byte[])(await home.SqlAsync($"SELECT wrapped_key FROM message WHERE id = '{id:N}'"))!;
        if (engine == Engine.Sqlite)
        {
            Assert.True(IsOnDisk(home, Encoding.UTF8.GetBytes(Subject)));
            Assert.True(IsOnDisk(home, wrapped));
        }

        Assert.True(await store.DiscardAsync(id, "admin", "malware"));
        Assert.False(await store.DiscardAsync(id, "admin", "malware"));
        Assert.False(await store.ReleaseAsync(id, "admin", "oh"));

        var found = (await store.FindAsync(id))!;
        Assert.Equal(MessageState.Discarded, found.Message.State);
        Assert.Equal(new MessageSummary(null, null, null), found.Message.Summary);
        Assert.False(found.OctetsKept);
        Assert.Equal("MACRO_AUTO_EXEC", Assert.Single(found.Findings).Code);
        await Assert.ThrowsAsync<StoreException>(() => store.OpenOctetsAsync(id, CancellationToken.None));
        Assert.Equal(0L, await home.SqlAsync($"SELECT COUNT(*) FROM octets WHERE message_id = '{id:N}'"));
        if (engine == Engine.Sqlite)
        {
            Assert.False(IsOnDisk(home, Encoding.UTF8.GetBytes(Subject)));
            Assert.False(IsOnDisk(home, wrapped));
            Assert.False(IsOnDisk(home, Encoding.UTF8.GetBytes("ZZBODYZZ")));
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task HeldByItsVerdict_IsReleased_HeldByAnAdmin_IsUnheld(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var byVerdict = await home.KeepAsync(store, MessageState.Held);
        var byAdmin = await home.KeepAsync(store);
        Assert.True(await store.HoldAsync(byAdmin, "admin", "wait"));
        Assert.False(await store.HoldAsync(byAdmin, "admin", "wait"));
        Assert.Equal("admin", (await store.FindAsync(byAdmin))!.Message.HeldBy);

        Assert.False(await store.UnholdAsync(byVerdict, "admin", "x"));
        Assert.False(await store.ReleaseAsync(byAdmin, "admin", "x"));
        Assert.Empty(await store.ClaimDueAsync(10, CancellationToken.None));

        Assert.True(await store.ReleaseAsync(byVerdict, "admin", "x"));
        Assert.True(await store.UnholdAsync(byAdmin, "admin", "x"));
        Assert.Equal(2, (await store.ClaimDueAsync(10, CancellationToken.None)).Count);
        Assert.Equal(["unhold", "release", "hold", "hold"], (await store.Audit.ListAsync()).Select(static entry => entry.Action));
        Assert.Equal("unhold", Assert.Single(await store.Audit.ListAsync(most: 1, target: byAdmin)).Action);
        Assert.Equal(2, Assert.Single(await store.Audit.ListAsync(before: 3, most: 1)).Seq);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Retry_MakesWaitingLettersDue(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await home.KeepAsync(store, claimed: true));
            await store.RecordAttemptAsync(ids[i], StoreHome.Outcome(RecipientState.Pending, home.Time.GetUtcNow().AddHours(1)), CancellationToken.None);
        }

        var inDelivery = await home.KeepAsync(store, claimed: true);
        Assert.Equal(0, await store.RetryAsync(inDelivery, "admin"));
        Assert.Equal(1, await store.RetryAsync(ids[1], "admin"));
        Assert.Equal(ids[1], Assert.Single(await store.ClaimDueAsync(10, CancellationToken.None)).Envelope.Id);
        Assert.Equal(2, await store.RetryAsync(null, "admin"));
        Assert.Equal(2, (await store.ClaimDueAsync(10, CancellationToken.None)).Count);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Retention_DestroysWhatIsOldEnough(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var delivered = await home.KeepAsync(store, claimed: true);
        await store.RecordAttemptAsync(delivered, StoreHome.Outcome(RecipientState.Delivered), CancellationToken.None);
        var quarantined = await home.KeepAsync(store, MessageState.Quarantined);
        var queued = await home.KeepAsync(store);

        home.Time.Advance(TimeSpan.FromDays(14));
        Assert.Equal(0, await store.DeleteExpiredAsync(home.Time.GetUtcNow()));
        home.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await store.DeleteExpiredAsync(home.Time.GetUtcNow()));
        Assert.Equal(0, await store.DeleteExpiredAsync(home.Time.GetUtcNow()));
        var found = (await store.FindAsync(delivered))!;
        Assert.False(found.OctetsKept);
        Assert.Equal(MessageState.Delivered, found.Message.State);
        Assert.Equal("検査結果", found.Message.Summary.Subject);

        home.Time.Advance(TimeSpan.FromDays(16));
        Assert.Equal(1, await store.DeleteExpiredAsync(home.Time.GetUtcNow()));
        Assert.Equal(MessageState.Discarded, (await store.FindAsync(quarantined))!.Message.State);
        Assert.Equal("retention", (await store.Audit.ListAsync(most: 1))[0].Actor);
        Assert.True((await store.FindAsync(queued))!.OctetsKept);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task List_FindsByEachCondition_AndGoesOnPageByPage(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 7; i++)
        {
            // Two of each time: the id decides then.
            home.Time.Advance(TimeSpan.FromSeconds(i % 2));
            ids.Add(await home.KeepAsync(
                store, i == 3 ? MessageState.Quarantined : MessageState.Queued, subject: i == 2 ? "100% Invoice_1" : "他", recipients: i == 4 ? ["x@hospital.example", "Doctor@hospital.example"] : ["x@hospital.example"]));
        }

        var paged = new List<Guid>();
        for (var page = await store.ListAsync(new MessageQuery { Limit = 2 }); page.Count > 0;)
        {
            paged.AddRange(page.Select(static message => message.Id));
            page = await store.ListAsync(new MessageQuery { Limit = 2, After = (page[^1].ReceivedAt, page[^1].Id) });
        }

        // Ids made within one millisecond have no order of their own.
        Assert.Equal(ids.Order(), paged.Order());
        Assert.Equal((await store.ListAsync(new MessageQuery())).Select(static message => message.Id), paged);
        Assert.Equal(ids[3], Assert.Single(await store.ListAsync(new MessageQuery { States = [MessageState.Quarantined, MessageState.Held] })).Id);
        Assert.Equal(ids[2], Assert.Single(await store.ListAsync(new MessageQuery { Subject = "% invoice_" })).Id);
        Assert.Empty(await store.ListAsync(new MessageQuery { Subject = "1__%" }));
        Assert.Equal(6, (await store.ListAsync(new MessageQuery { Subject = "他" })).Count);
        var doctor = Assert.Single(await store.ListAsync(new MessageQuery { Recipient = "doctor@" }));
        Assert.Equal((ids[4], 2, "x@hospital.example"), (doctor.Id, doctor.Recipients, doctor.FirstRecipient));
        Assert.Equal(7, (await store.ListAsync(new MessageQuery { Sender = "A@EXAMPLE" })).Count);
        Assert.Equal(2, (await store.ListAsync(new MessageQuery { Since = home.Time.GetUtcNow().AddSeconds(-1), Until = home.Time.GetUtcNow() })).Count(message => ids.IndexOf(message.Id) is 3 or 4));

        var counts = await store.CountsAsync();
        Assert.Equal((6L, 1L, 0L), (counts.ByState[MessageState.Queued], counts.ByState[MessageState.Quarantined], counts.ByState[MessageState.Bounced]));
        Assert.Equal((await store.FindAsync(ids[0]))!.Message.ReceivedAt, counts.OldestQueuedAt);
        Assert.NotNull(counts.OldestDueAt);
    }

    private static bool IsOnDisk(StoreHome home, byte[] wanted) =>
        Directory.EnumerateFiles(home.Folder, "sekisho.db*").Any(file =>
        {
            using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var all = new MemoryStream();
            from.CopyTo(all);
            return all.ToArray().AsSpan().IndexOf(wanted) >= 0;
        });
}
