using Sekisho.Store;

namespace Sekisho.Server.Tests.Store;

public class OutboundTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task WhichWayALetterGoes_IsKept(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var inbound = await home.KeepAsync(store);
        var outbound = await KeepAsync(home, store, MessageState.Queued);
        var held = await KeepAsync(home, store, MessageState.Held);

        var jobs = await store.ClaimDueAsync(10, CancellationToken.None);
        Assert.Equal([(inbound, false), (outbound, true)], jobs.Select(j => (j.Envelope.Id, j.Envelope.IsOutbound)).OrderBy(j => j.IsOutbound));
        Assert.Equal((held, true), (await store.WaitingAsync()).Select(w => (w.Envelope.Id, w.Envelope.IsOutbound)).Single());
        var listed = await store.ListAsync(new MessageQuery());
        Assert.Equal([inbound], listed.Where(m => !m.IsOutbound).Select(m => m.Id));
        Assert.Equal(new[] { outbound, held }.Order(), listed.Where(m => m.IsOutbound).Select(m => m.Id).Order());
        var found = (await store.FindAsync(outbound))!;
        Assert.True(found.Envelope.IsOutbound && found.Message.IsOutbound && found.OctetsKept && !found.DelayNotified);
        Assert.Equal(("Received: from mx.example.org\r\n", 0), (found.TraceHeader, found.Findings.Count));
        Assert.False((await store.FindAsync(inbound))!.Envelope.IsOutbound);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task WhatHasLeftTheHouseSinceATime_OldestFirst(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        await KeepAsync(home, store, MessageState.Queued, "old@elsewhere.example");
        home.Time.Advance(TimeSpan.FromMinutes(1));
        var since = home.Time.GetUtcNow();
        var first = await KeepAsync(home, store, MessageState.Queued, "a@elsewhere.example", "b@elsewhere.example");
        await home.KeepAsync(store);
        home.Time.Advance(TimeSpan.FromMinutes(1));
        var second = await KeepAsync(home, store, MessageState.Quarantined, "a@elsewhere.example");
        var third = await KeepAsync(home, store, MessageState.Rejected, "c@elsewhere.example");

        var sent = await store.OutboundSinceAsync(since);
        Assert.Equal(first, sent[0].Id);
        Assert.Equal(new[] { second, third }.Order(), sent.Skip(1).Select(s => s.Id).Order());
        Assert.Equal((since, "a@example.org"), (sent[0].ReceivedAt, sent[0].Sender));
        Assert.Equal(["a@elsewhere.example", "b@elsewhere.example"], sent[0].Recipients.Order());
        Assert.Empty(await store.OutboundSinceAsync(since.AddHours(1)));
    }

    private static async Task<Guid> KeepAsync(StoreHome home, MessageStore store, MessageState state, params string[] recipients)
    {
        using var octets = home.Spooled("Subject: x\r\n\r\nbody\r\n"u8);
        var letter = home.Letter(octets, state, recipients: recipients);
        letter = letter with { Envelope = letter.Envelope with { IsOutbound = true }, HoldUntil = home.Time.GetUtcNow().AddMinutes(30) };
        await store.AcceptAsync(letter, CancellationToken.None);
        return letter.Envelope.Id;
    }
}
