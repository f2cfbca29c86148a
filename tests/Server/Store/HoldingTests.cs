using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Policy;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Store;

public class HoldingTests
{
    private static readonly Verdict Clean = new(Disposition.Deliver, 0, []);

    [Theory, OnSqlite, OnPostgres]
    public async Task AWaitingLetterIsListedUntilItIsJudged(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var id = await HoldAsync(home, store);
        await home.KeepAsync(store, MessageState.Held); // held without an end: an old one, or an admin's

        var waiting = Assert.Single(await store.WaitingAsync());
        Assert.Equal((id, home.Time.GetUtcNow().AddMinutes(30)), (waiting.Envelope.Id, waiting.Until));
        Assert.Equal("nurse@hospital.example", Assert.Single(waiting.Envelope.Recipients).Address);

        using var octets = home.Spooled("Subject: notice\r\n\r\nx\r\n"u8);
        var notice = home.Letter(octets);
        Assert.True(await store.JudgeAgainAsync(id, MessageState.Held, Clean, MessageState.Queued, "X: 2\r\n", "gateway", "the password came", [notice]));
        Assert.False(await store.JudgeAgainAsync(id, MessageState.Held, Clean, MessageState.Queued, "X: 3\r\n", "gateway", "again", []));
        Assert.Empty(await store.WaitingAsync());
        var jobs = await store.ClaimDueAsync(10, CancellationToken.None);
        Assert.Equal(new[] { id, notice.Envelope.Id }.Order(), jobs.Select(j => j.Envelope.Id).Order());
        Assert.Equal("X: 2\r\n", jobs.Single(j => j.Envelope.Id == id).TraceHeader);
        Assert.False(jobs.Single(j => j.Envelope.Id == id).FromQuarantine);
        Assert.Equal("clear", (await store.Audit.ListAsync())[0].Action);
        Assert.True((await store.Audit.VerifyAsync()).Intact);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task OfQuarantineTheFirstDispositionStays(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var id = await HoldAsync(home, store);
        var late = new Verdict(Disposition.Quarantine, 100, [new FindingKind("ENCRYPTED_ARCHIVE", 100, "en", "ja").At("2/a.zip", "")]);
        Assert.True(await store.JudgeAgainAsync(id, MessageState.Held, late, MessageState.Quarantined, "X: 2\r\n", "gateway", "late", []));
        Assert.False(await store.JudgeAgainAsync(id, MessageState.Held, Clean, MessageState.Queued, "X: 4\r\n", "other gateway", "late, too", [])); // somebody was faster
        Assert.Equal("ENCRYPTED_ARCHIVE", Assert.Single((await store.FindAsync(id))!.Findings).Code);
        Assert.True(await store.JudgeAgainAsync(id, MessageState.Quarantined, Clean, MessageState.Queued, "X: 3\r\n", "admin", "opened", []));
        Assert.True(Assert.Single(await store.ClaimDueAsync(10, CancellationToken.None)).FromQuarantine);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task AnAdminsHold_IsNotTouched(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var id = await HoldAsync(home, store);
        Assert.True(await store.ReleaseAsync(id, "admin", "known"));
        Assert.True(await store.HoldAsync(id, "admin", "wait"));
        Assert.Empty(await store.WaitingAsync());
        Assert.False(await store.JudgeAgainAsync(id, MessageState.Held, Clean, MessageState.Queued, "", "gateway", "", []));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task NeighboursShareDomainAndRecipient(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var same = await home.KeepAsync(store);
        await home.KeepAsync(store, recipients: "doctor@hospital.example");
        home.Time.Advance(TimeSpan.FromMinutes(1));
        using var octets = home.Spooled("x"u8);
        var letter = home.Letter(octets).Envelope;
        var (since, until) = (letter.ReceivedAt.AddMinutes(-30), letter.ReceivedAt);

        Assert.Equal([same], await store.NeighboursAsync(letter, "example.org", since, until));
        Assert.Empty(await store.NeighboursAsync(letter, "ample.org", since, until));
        Assert.Empty(await store.NeighboursAsync(letter, "e%", since, until));
        Assert.Empty(await store.NeighboursAsync(letter, "example.org", letter.ReceivedAt, until));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task AllowedMacrosAreKeptWithTheirAuditEntries(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var now = home.Time.GetUtcNow();
        var macro = new AllowedMacro(new string('a', 64), "hospital.example", "admin", "毎月", "2/a.xlsm", now, now.AddDays(1));
        await store.AllowMacroAsync(macro);
        await store.AllowMacroAsync(macro with { Reason = "changed", ExpiresAt = null });
        await store.AllowMacroAsync(macro with { Scope = "*" });
        Assert.Equal(2, (await store.AllowedMacrosAsync()).Count);
        Assert.Contains(macro with { Reason = "changed", ExpiresAt = null }, await store.AllowedMacrosAsync());
        Assert.Equal(1, await store.RevokeMacroAsync(macro.Hash, "*", "admin"));
        Assert.Equal(1, await store.RevokeMacroAsync(macro.Hash, null, "admin"));
        Assert.Equal(0, await store.RevokeMacroAsync(macro.Hash, null, "admin"));
        Assert.Equal(["revoke-macro", "revoke-macro", "allow-macro", "allow-macro", "allow-macro"], (await store.Audit.ListAsync()).Select(e => e.Action));

        Assert.True(macro.HoldsFor("nurse@HOSPITAL.example", now));
        Assert.False(macro.HoldsFor("nurse@ward.hospital.example", now));
        Assert.True((macro with { Scope = ".hospital.example" }).HoldsFor("nurse@ward.hospital.example", now));
        Assert.False(macro.HoldsFor("nurse@hospital.example", now.AddDays(1)));
    }

    private static async Task<Guid> HoldAsync(StoreHome home, MessageStore store)
    {
        using var octets = home.Spooled("Subject: x\r\n\r\nbody\r\n"u8);
        var letter = home.Letter(octets, MessageState.Held) with { HoldUntil = home.Time.GetUtcNow().AddMinutes(30) };
        await store.AcceptAsync(letter, CancellationToken.None);
        return letter.Envelope.Id;
    }
}
