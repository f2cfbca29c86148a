using Sekisho.Store;

namespace Sekisho.Server.Tests.Store;

public class BatchWriterTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task AFailingOperation_FailsForItselfOnly(Engine engine)
    {
        await using var home = new StoreHome(engine);
        await (await home.OpenAsync()).DisposeAsync();
        await using var database = engine == Engine.Sqlite ? Database.Sqlite(Path.Combine(home.Folder, "sekisho.db")) : Database.Postgres(home.Options.Store.Postgres);
        await using var writer = new BatchWriter(database, TimeProvider.System, connections: 1);

        // All wait behind the first, so they end up in one batch.
        var gate = new TaskCompletionSource();
        var first = writer.RunAsync(async _ =>
        {
            await gate.Task;
            return 0;
        });
        var others = Enumerable.Range(1, 20).Select(i => writer.RunAsync(session => session.ExecuteAsync(
            "INSERT INTO audit (seq, at, actor, action, target, detail, previous, hash) VALUES (@seq, 0, '', '', '', @detail, @blob, @blob)",
            Value.Number("seq", i == 13 ? 12 : i),
            Value.Text("detail", ""),
            Value.Blob("blob", [])))).ToList();
        var throwing = writer.RunAsync<int>(_ => throw new InvalidDataException("poison"));
        using var cancel = new CancellationTokenSource();
        var cancelled = writer.RunAsync(session => session.ExecuteAsync("DELETE FROM audit"), cancel: cancel.Token);
        await cancel.CancelAsync();
        gate.SetResult();

        await first;
        for (var i = 1; i <= 20; i++)
        {
            if (i == 13)
            {
                await Assert.ThrowsAsync<StoreException>(() => others[i - 1]);
            }
            else
            {
                Assert.Equal(1, await others[i - 1]);
            }
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => throwing);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(19L, await home.SqlAsync("SELECT COUNT(*) FROM audit"));
    }

    [Fact]
    public async Task LockedByAnotherProcess_FailsForNow_AndRecovers()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        var store = await home.OpenAsync();
        await home.KeepAsync(store);
        await using (var database = Database.Sqlite(Path.Combine(home.Folder, "sekisho.db")))
        await using (var other = await database.OpenAsync(CancellationToken.None))
        {
            await other.BeginAsync();
            var error = await Assert.ThrowsAsync<StoreException>(() => home.KeepAsync(store));
            Assert.Contains("locked", error.Message);
            await other.RollbackAsync();
        }

        await home.KeepAsync(store);
        Assert.Equal(2L, (await store.CountsAsync()).ByState[MessageState.Queued]);
    }

    [SmallDiskFact]
    public async Task FullDisk_FailsForNow_AndRecovers()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        Assert.True(SmallDiskFactAttribute.Mount(home.Folder));
        var balloon = Path.Combine(home.Folder, "balloon");
        try
        {
            var store = await home.OpenAsync();
            var kept = await home.KeepAsync(store);
            try
            {
                await File.WriteAllBytesAsync(balloon, new byte[8 << 20]);
            }
            catch (IOException)
            {
                // Now it is full.
            }

            await Assert.ThrowsAsync<StoreException>(async () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    await home.KeepAsync(store, body: new string('x', 60_000));
                }
            });
            File.Delete(balloon);

            await home.KeepAsync(store);
            Assert.NotEmpty(await StoreHome.ReadAsync(store, kept));
            await store.DisposeAsync();
        }
        finally
        {
            SmallDiskFactAttribute.Unmount(home.Folder);
        }
    }

    [Theory, OnPostgres]
    public async Task PostgresRestartedUnderLoad_LosesNoAcceptedLetter(Engine engine)
    {
        // A server of its own: the other tests go on with theirs.
        var server = new PostgresServer();
        try
        {
            await using var home = new StoreHome(engine, server);
            var store = await home.OpenAsync();
            using var stop = new CancellationTokenSource();
            var accepted = new System.Collections.Concurrent.ConcurrentBag<Guid>();
            var refused = 0;
            var load = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    try
                    {
                        accepted.Add(await home.KeepAsync(store));
                    }
                    catch (StoreException)
                    {
                        Interlocked.Increment(ref refused);
                        await Task.Delay(20);
                    }
                }
            })).ToList();

            await Task.Delay(500);
            server.Crash();
            await Task.Delay(300);
            server.Start();
            var before = accepted.Count;
            await Task.Delay(1000);
            await stop.CancelAsync();
            await Task.WhenAll(load);

            Assert.True(refused > 0);
            Assert.True(accepted.Count > before, "the store did not come back");
            var kept = new HashSet<Guid>();
            for (var jobs = await store.ClaimDueAsync(1000, CancellationToken.None); jobs.Count > 0; jobs = await store.ClaimDueAsync(1000, CancellationToken.None))
            {
                kept.UnionWith(jobs.Select(static job => job.Envelope.Id));
            }

            Assert.Empty(accepted.Except(kept));
            Assert.NotEmpty(await StoreHome.ReadAsync(store, accepted.First()));
        }
        finally
        {
            server.Remove();
        }
    }
}
