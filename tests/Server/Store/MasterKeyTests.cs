using System.Runtime.Versioning;
using System.Security.Cryptography;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Store;

[SupportedOSPlatform("linux")]
public class MasterKeyTests
{
    private static readonly string KeyA = Convert.ToBase64String(SHA256.HashData("a"u8));
    private static readonly string KeyB = Convert.ToBase64String(SHA256.HashData("b"u8));

    [Theory, OnSqlite, OnPostgres]
    public async Task Rotation_WrapsEveryLetterAnew_WhileLettersComeIn(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var other = await home.OpenAsync();
        var ids = (await Task.WhenAll(Enumerable.Range(0, 600).Select(_ => home.KeepAsync(store, MessageState.Quarantined)))).ToList();
        var before = await File.ReadAllTextAsync(KeyFile(home));
        var octetsBefore = await home.SqlAsync($"SELECT sealed FROM octets WHERE message_id = '{ids[0]:N}'");

        var rotating = store.RotateMasterKeyAsync("admin");
        var coming = Task.WhenAll(Enumerable.Range(0, 100).Select(_ => home.KeepAsync(other)));
        Assert.InRange(await rotating, 600, 700);
        ids.AddRange(await coming);
        ids.Add(await home.KeepAsync(other));

        var after = await File.ReadAllTextAsync(KeyFile(home));
        Assert.Single(after.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.NotEqual(before, after);
        Assert.Equal(1L, await home.SqlAsync("SELECT COUNT(DISTINCT key_id) FROM message"));
        Assert.Equal(octetsBefore, await home.SqlAsync($"SELECT sealed FROM octets WHERE message_id = '{ids[0]:N}'"));
        var reopened = await home.OpenAsync(home.Crashed());
        foreach (var id in (Guid[])[ids[0], ids[599], ids[650], ids[^1]])
        {
            Assert.NotEmpty(await StoreHome.ReadAsync(reopened, id));
        }

        Assert.True((await reopened.Audit.VerifyAsync()).Intact);
        Assert.Equal("rotate-master-key", (await reopened.Audit.ListAsync(most: 1))[0].Action);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task InterruptedRotation_GoesOnWhereItEnded(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var old = await home.KeepAsync(store);

        // Broken off right after the new key was put into the file...
        var newKey = Convert.FromBase64String(KeyA);
        DurableFile.Replace(KeyFile(home), $"{MasterKey.IdOf(newKey)}:{KeyA}\n" + await File.ReadAllTextAsync(KeyFile(home)));
        var second = await home.OpenAsync(home.Crashed());
        Assert.NotEmpty(await StoreHome.ReadAsync(second, old));
        await home.KeepAsync(store);

        // ... and then after half of the letters.
        Assert.Equal(2, await store.RotateMasterKeyAsync("admin"));
        Assert.StartsWith(MasterKey.IdOf(newKey), await File.ReadAllTextAsync(KeyFile(home)));
        Assert.NotEmpty(await StoreHome.ReadAsync(store, old));
        Assert.False(File.Exists(KeyFile(home) + ".lock"));
    }

    /// <summary>What the container files tell an operator to make: 32 octets in base64, nothing else in the file.</summary>
    [Fact]
    public async Task ABareKeyInTheFile_IsTaken()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        Directory.CreateDirectory(home.Folder);
        DurableFile.Replace(KeyFile(home), KeyA + "\n");
        var id = await home.KeepAsync(await home.OpenAsync());
        await home.OpenAsync(home.Crashed());
        Assert.NotEqual(Guid.Empty, id);
        Assert.StartsWith(KeyA, await File.ReadAllTextAsync(KeyFile(home)), StringComparison.Ordinal);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task RotationBrokenOffHalfWay_KeepsBothKeys(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => home.KeepAsync(store)));
        await home.SqlAsync($"UPDATE message SET wrapped_key = (SELECT o.wrapped_key FROM message o WHERE o.id = '{ids[1]:N}') WHERE id = '{ids[0]:N}'");

        // One letter's key is damaged: the rotation cannot end, and nothing may get lost by that.
        await Assert.ThrowsAsync<StoreException>(() => store.RotateMasterKeyAsync("admin"));
        Assert.Equal(2, (await File.ReadAllLinesAsync(KeyFile(home))).Length);
        var reopened = await home.OpenAsync(home.Crashed());
        Assert.NotEmpty(await StoreHome.ReadAsync(reopened, ids[5]));
        var late = await home.KeepAsync(store);

        Assert.True(await store.DiscardAsync(ids[0], "admin", "damaged"));
        Assert.Equal(9, await store.RotateMasterKeyAsync("admin"));
        Assert.Single(await File.ReadAllLinesAsync(KeyFile(home)));
        Assert.NotEmpty(await StoreHome.ReadAsync(store, ids[5]));
        Assert.NotEmpty(await StoreHome.ReadAsync(store, late));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task EnvironmentKey_RotatesFromNewAndOld(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync(key: KeyA);
        Assert.False(File.Exists(KeyFile(home)));
        var id = await home.KeepAsync(store);
        Assert.Contains("SEKISHO_MASTER_KEY=NEW,OLD", (await Assert.ThrowsAsync<StoreException>(() => store.RotateMasterKeyAsync("admin"))).Message);
        await store.DisposeAsync();

        var both = await home.OpenAsync(key: $"{KeyB}, {KeyA}");
        Assert.Equal(1, await both.RotateMasterKeyAsync("admin"));
        await both.DisposeAsync();

        var fresh = await home.OpenAsync(key: KeyB);
        Assert.NotEmpty(await StoreHome.ReadAsync(fresh, id));
        await Assert.ThrowsAsync<StoreException>(() => home.OpenAsync(key: KeyA));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task WrongOrMissingOrReadableKey_IsSaidClearly(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        await home.KeepAsync(store);
        var file = KeyFile(home);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(home.Folder));
        if (engine == Engine.Sqlite)
        {
            Assert.All(Directory.EnumerateFiles(home.Folder, "sekisho.db*"), name => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(name)));
        }

        await Assert.ThrowsAsync<StoreException>(() => home.OpenAsync(key: KeyA));
        Assert.Contains("openssl rand", (await Assert.ThrowsAsync<StoreException>(() => home.OpenAsync(key: "short"))).Message);

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains($"chmod 600 {file}", (await Assert.ThrowsAsync<StoreException>(() => home.OpenAsync())).Message);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var text = await File.ReadAllTextAsync(file);
        DurableFile.Replace(file, "0123456789abcdef:" + KeyA + "\n");
        Assert.Contains("damaged", (await Assert.ThrowsAsync<StoreException>(() => home.OpenAsync())).Message);
        DurableFile.Replace(file, $"{MasterKey.IdOf(Convert.FromBase64String(KeyA))}:{KeyA}\n");
        Assert.Contains("needs the master key", (await Assert.ThrowsAsync<StoreException>(() => home.OpenAsync())).Message);
        File.Delete(file);
        Assert.Contains("missing", (await Assert.ThrowsAsync<StoreException>(() => home.OpenAsync())).Message);
        Assert.False(File.Exists(file));
        DurableFile.Replace(file, text);
        await home.OpenAsync();
    }

    private static string KeyFile(StoreHome home) => Path.Combine(home.Folder, "master.key");
}
