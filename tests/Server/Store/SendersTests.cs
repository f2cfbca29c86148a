using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Sekisho.Inspection.Senders;
using Sekisho.Quarantine;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Store;

/// <summary>The sender list is kept with its audit entries, and gateways hear of its changes.</summary>
public class SendersTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task SendersAreKeptWithTheirAuditEntries(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var now = home.Time.GetUtcNow();
        var entry = new SenderListEntry(SenderListKind.Allow, "lab.example", "*", "admin", "検査", now, now.AddDays(1));
        await store.ListSendersAsync([entry], "admin");
        await store.ListSendersAsync([entry with { Kind = SenderListKind.Block, Reason = "hacked", ExpiresAt = null }], "admin"); // said anew, it takes the place of the old one
        await store.ListSendersAsync([entry with { Scope = "nurse@hospital.example" }], "admin");
        Assert.Equal(
            [entry with { Kind = SenderListKind.Block, Reason = "hacked", ExpiresAt = null }, entry with { Scope = "nurse@hospital.example" }],
            (await store.ListedSendersAsync()).OrderBy(e => e.Scope, StringComparer.Ordinal));
        Assert.Equal(1, await store.UnlistSenderAsync("lab.example", "*", "admin"));
        Assert.Equal(1, await store.UnlistSenderAsync("lab.example", null, "admin"));
        Assert.Equal(0, await store.UnlistSenderAsync("lab.example", null, "admin"));
        Assert.Equal(["remove-sender", "remove-sender", "allow-sender", "block-sender", "allow-sender"], (await store.Audit.ListAsync()).Select(a => a.Action));
        Assert.True((await store.Audit.VerifyAsync()).Intact);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task ALongListIsHeardOfOnce(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var now = home.Time.GetUtcNow();
        using var lists = new SenderLists(store, home.Time, NullLogger<SenderLists>.Instance);
        await lists.RefreshAsync(CancellationToken.None);
        Assert.Equal(0, lists.Current.Count);

        var many = Enumerable.Range(0, 2500).Select(i => new SenderListEntry(SenderListKind.Block, string.Create(CultureInfo.InvariantCulture, $"d{i}.example"), "*", "admin", "x", now, null)).ToList();
        await store.ListSendersAsync(many, "admin");
        Assert.Equal(["1000", "1000", "500"], (await store.Audit.ListAsync()).Where(a => a.Action == "import-senders").Select(a => System.Text.Json.JsonDocument.Parse(a.Detail).RootElement.GetProperty("count").GetString()).OrderDescending().OrderBy(c => c!.Length == 3));
        await lists.RefreshAsync(CancellationToken.None);
        var heard = lists.Current;
        Assert.Equal(2500, heard.Count);
        Assert.Single(heard.OfAddress("a@d77.example"));
        await lists.RefreshAsync(CancellationToken.None);
        Assert.Same(heard, lists.Current); // nothing changed: not read again
        await store.UnlistSenderAsync("d77.example", null, "admin");
        await lists.RefreshAsync(CancellationToken.None);
        Assert.Empty(lists.Current.OfAddress("a@d77.example"));
    }
}
