using System.Threading.Channels;

namespace Sekisho.Store;

/// <summary>Writes what concurrent callers ask for in common transactions: one fsync for all that wait.</summary>
/// <remarks>
/// When one operation fails, the batch is rolled back and each runs alone, so it fails for itself only. Because a commit whose answer was lost may have
/// happened, every operation must be such that running it twice does no harm.
/// </remarks>
internal sealed class BatchWriter : IAsyncDisposable
{
    private const int MostOperations = 256;
    private const long MostOctets = 8 << 20;
    private static readonly TimeSpan ScrubEvery = TimeSpan.FromMinutes(1);

    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly Channel<Operation> _waiting = Channel.CreateBounded<Operation>(new BoundedChannelOptions(1024));
    private readonly Task _writing;
    private long _lastScrub;
    private bool _scrubDue;

    /// <summary>Starts the writer. Its connections are opened with their first operation, and again whenever they are lost.</summary>
    /// <param name="database">Where to write.</param>
    /// <param name="time">Says when the write-ahead log is to be emptied.</param>
    /// <param name="connections">How many batches are under way at once: 1 for SQLite, which has one writer anyway; a few where each statement crosses a network.</param>
    public BatchWriter(Database database, TimeProvider time, int connections)
    {
        _database = database;
        _time = time;
        _lastScrub = time.GetTimestamp();
        _writing = Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => new Line(this).WriteAsync())));
    }

    /// <summary>How an operation leaves deleted octets behind.</summary>
    public enum Traces
    {
        /// <summary>It deletes nothing that matters.</summary>
        None,

        /// <summary>The write-ahead log is emptied within a minute.</summary>
        Soon,

        /// <summary>The write-ahead log is emptied with this commit.</summary>
        Now,
    }

    /// <summary>Runs an operation in a transaction; durable when the task completes.</summary>
    /// <param name="work">What to do; it may run more than once.</param>
    /// <param name="octets">About how many octets it writes: a huge letter gets a transaction of its own.</param>
    /// <param name="traces">What becomes of deleted octets in the write-ahead log.</param>
    /// <param name="cancel">Honoured until the writer takes the operation up; afterwards its end is awaited, since it may well be kept.</param>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public async Task<T> RunAsync<T>(Func<Session, Task<T>> work, long octets = 0, Traces traces = Traces.None, CancellationToken cancel = default)
    {
        var operation = new Operation<T>(work, octets, traces);
        try
        {
            await _waiting.Writer.WriteAsync(operation, cancel).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw new StoreException("The store is closed.", e);
        }

        await using var registration = cancel.UnsafeRegister(static (state, token) => ((Operation<T>)state!).Cancel(token), operation).ConfigureAwait(false);
        return await operation.Task.ConfigureAwait(false);
    }

    /// <summary>Writes what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
    }

    /// <summary>One connection and the batches that go over it.</summary>
    private sealed class Line(BatchWriter owner)
    {
        private Session? _session;

        public async Task WriteAsync()
        {
            var batch = new List<Operation>(MostOperations);
            while (await owner._waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                batch.Clear();
                var octets = 0L;
                while (batch.Count < MostOperations && octets < MostOctets && owner._waiting.Reader.TryRead(out var operation))
                {
                    if (operation.TryTake())
                    {
                        batch.Add(operation);
                        octets += operation.Octets;
                    }
                }

                if (batch.Count > 0)
                {
                    await RunAsync(batch).ConfigureAwait(false);
                }
            }

            if (_session is not null)
            {
                await Database.DisposeQuietlyAsync(_session).ConfigureAwait(false);
            }
        }

        private async Task RunAsync(List<Operation> batch)
        {
            if (await TryTogetherAsync(batch).ConfigureAwait(false) is not { } error)
            {
                return;
            }

            if (Database.Judge(error) == Failure.World)
            {
                foreach (var operation in batch)
                {
                    operation.Fail(owner._database.Explain(error));
                }

                return;
            }

            var alone = new List<Operation>(1);
            Exception? gone = null;
            foreach (var operation in batch)
            {
                alone.Clear();
                alone.Add(operation);
                var own = gone ?? await TryTogetherAsync(alone).ConfigureAwait(false);
                if (own is not null && gone is null && Database.Judge(own) == Failure.Lost)
                {
                    own = await TryTogetherAsync(alone).ConfigureAwait(false);
                    if (own is not null && Database.Judge(own) != Failure.Own)
                    {
                        // Two new connections in a row failed: the rest need not wait for as many time-outs.
                        gone = own;
                    }
                }

                if (own is not null)
                {
                    operation.Fail(own is System.Data.Common.DbException or System.Net.Sockets.SocketException ? owner._database.Explain(own) : own);
                }
            }
        }

        /// <summary>One transaction for all; null when it is committed.</summary>
        private async Task<Exception?> TryTogetherAsync(List<Operation> batch)
        {
            try
            {
                _session ??= await owner._database.OpenAsync(CancellationToken.None).ConfigureAwait(false);
                await _session.BeginAsync().ConfigureAwait(false);
                foreach (var operation in batch)
                {
                    await operation.RunAsync(_session).ConfigureAwait(false);
                }

                await _session.CommitAsync().ConfigureAwait(false);
                await ScrubAsync(batch).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                await RollBackAsync(e).ConfigureAwait(false);
                return e;
            }

            foreach (var operation in batch)
            {
                operation.Succeed();
            }

            return null;
        }

        private async Task RollBackAsync(Exception error)
        {
            if (_session is not { } session)
            {
                return;
            }

            try
            {
                if (Database.Judge(error) == Failure.Own)
                {
                    await session.RollbackAsync().ConfigureAwait(false);
                    return;
                }
            }
            catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException)
            {
                // The connection goes too, below: closing it rolls back.
            }

            _session = null;
            await Database.DisposeQuietlyAsync(session).ConfigureAwait(false);
            owner._database.ForgetIdle();
        }

        /// <summary>Empties SQLite's write-ahead log, in which deleted keys and subjects would otherwise be readable until it is overwritten.</summary>
        private async Task ScrubAsync(List<Operation> batch)
        {
            if (!owner._database.IsSqlite)
            {
                return;
            }

            var now = false;
            foreach (var operation in batch)
            {
                owner._scrubDue |= operation.Traces != Traces.None;
                now |= operation.Traces == Traces.Now;
            }

            if (!owner._scrubDue || (!now && owner._time.GetElapsedTime(owner._lastScrub) < ScrubEvery))
            {
                return;
            }

            try
            {
                // The first column is 1 when a reader stood in the way: then with a later commit.
                owner._scrubDue = await _session!.ScalarAsync("PRAGMA wal_checkpoint(TRUNCATE)").ConfigureAwait(false) is not 0L;
                owner._lastScrub = owner._time.GetTimestamp();
            }
            catch (Microsoft.Data.Sqlite.SqliteException)
            {
                // The commit has happened; only the emptying has not.
            }
        }
    }

    /// <summary>Something to write, and the caller who waits for it.</summary>
    private abstract class Operation(long octets, Traces traces)
    {
        private int _state;

        /// <summary>About how many octets it writes.</summary>
        public long Octets => octets;

        /// <summary>What becomes of deleted octets.</summary>
        public Traces Traces => traces;

        /// <summary>True unless its caller has gone away meanwhile.</summary>
        public bool TryTake() => Interlocked.CompareExchange(ref _state, 1, 0) == 0;

        public abstract Task RunAsync(Session session);

        public abstract void Succeed();

        public abstract void Fail(Exception error);

        /// <summary>True when the operation was not taken up yet, and now never will.</summary>
        protected bool TryCancel() => Interlocked.CompareExchange(ref _state, 2, 0) == 0;
    }

    /// <summary>Something to write that has a result.</summary>
    private sealed class Operation<T>(Func<Session, Task<T>> work, long octets, Traces traces) : Operation(octets, traces)
    {
        private readonly TaskCompletionSource<T> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Task => _end.Task;

        public override async Task RunAsync(Session session) => _result = await work(session).ConfigureAwait(false);

        public override void Succeed() => _end.TrySetResult(_result);

        public override void Fail(Exception error) => _end.TrySetException(error);

        public void Cancel(CancellationToken token)
        {
            if (TryCancel())
            {
                _end.TrySetCanceled(token);
            }
        }
    }
}
