using Sekisho.Store;

namespace Sekisho.Server.Tests.Store;

public class AuditLogTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task EachKindOfTampering_IsNamed(Engine engine)
    {
        // Each works on the log as the one before left it healed.
        (string Tamper, string Heal, long FirstBad, string Word)[] cases =
        [
            ("UPDATE audit SET actor = 'nobody' WHERE seq = 3", "UPDATE audit SET actor = 'gateway' WHERE seq = 3", 3, "changed"),
            ("UPDATE audit SET at = at + 1 WHERE seq = 1", "UPDATE audit SET at = at - 1 WHERE seq = 1", 1, "changed"),
            ("UPDATE audit SET seq = 100 WHERE seq = 4", "UPDATE audit SET seq = 4 WHERE seq = 100", 4, "removed"),
            ("UPDATE audit SET seq = 100 WHERE seq = 6", "UPDATE audit SET seq = 6 WHERE seq = 100", 6, "removed"),
            ("INSERT INTO audit SELECT 7, at, actor, action, target, detail, previous, hash FROM audit WHERE seq = 6", "DELETE FROM audit WHERE seq = 7", 7, "follow"),
            ("INSERT INTO audit SELECT 7, at, actor, action, target, detail, hash, hash FROM audit WHERE seq = 6", "DELETE FROM audit WHERE seq = 7", 7, "changed"),
            ("INSERT INTO audit SELECT 0, at, actor, action, target, detail, previous, hash FROM audit WHERE seq = 1", "DELETE FROM audit WHERE seq = 0", 0, "inserted"),
            ("UPDATE audit_head SET seq = 5, hash = (SELECT hash FROM audit WHERE seq = 5)", "UPDATE audit_head SET seq = 6, hash = (SELECT hash FROM audit WHERE seq = 6)", 7, "head"),
            ("DELETE FROM audit WHERE seq >= 6", "SELECT 1", 6, "cut off"),
        ];
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        Assert.Equal(new AuditCheck(0, null, null), await store.Audit.VerifyAsync());
        for (var i = 0; i < 6; i++)
        {
            await home.KeepAsync(store, MessageState.Quarantined);
        }

        foreach (var (tamper, heal, firstBad, word) in cases)
        {
            Assert.Equal(new AuditCheck(6, null, null), await store.Audit.VerifyAsync());
            await home.SqlAsync(tamper);
            var check = await store.Audit.VerifyAsync();
            Assert.False(check.Intact);
            Assert.True(firstBad == check.FirstBad, $"{tamper}: {check}");
            Assert.Contains(word, check.Problem);
            await home.SqlAsync(heal);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task ConcurrentEntries_OfTwoProcesses_StandInOneLine(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var first = await home.OpenAsync();
        var second = await home.OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => home.KeepAsync(i % 2 == 0 ? first : second, MessageState.Quarantined))));
        Assert.Equal(new AuditCheck(200, null, null), await first.Audit.VerifyAsync());
    }
}
