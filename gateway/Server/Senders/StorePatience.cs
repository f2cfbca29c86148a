namespace Sekisho.Senders;

/// <summary>How long a letter waits for what the store remembers, and how a store that keeps silent is left alone. For any number of threads.</summary>
/// <param name="time">The clock.</param>
internal sealed class StorePatience(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private DateTimeOffset _pausedUntil;
    private DateTimeOffset _quietUntil;

    /// <summary>Asks, for a second at most. After a silence nobody asks for five: each letter would wait for it, and each question hold a connection.</summary>
    /// <param name="ask">The question; its token is cancelled when nobody waits any more.</param>
    /// <param name="tell">Told of a silence, once a minute.</param>
    /// <param name="cancel">Gives up altogether.</param>
    /// <returns>Null where there was no answer.</returns>
    public async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T>> ask, Action<Exception> tell, CancellationToken cancel)
        where T : class
    {
        if (IsPaused())
        {
            return null;
        }

        // SQLite answers on the thread that asks: on one of the pool's, so that a slow disk keeps no letter waiting. Not disposed, since the question may outlive the waiting.
        var end = new CancellationTokenSource();
        var asked = Task.Run(() => ask(end.Token), CancellationToken.None);
        _ = asked.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            return await asked.WaitAsync(Longest, time, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            lock (_gate)
            {
                _pausedUntil = time.GetUtcNow() + Pause;
            }

            if (MaySpeak())
            {
                tell(e);
            }

            return null;
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>True once a minute: a store that is down must not fill the log.</summary>
    public bool MaySpeak()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (now < _quietUntil)
            {
                return false;
            }

            _quietUntil = now + Quiet;
            return true;
        }
    }

    private bool IsPaused()
    {
        lock (_gate)
        {
            return time.GetUtcNow() < _pausedUntil;
        }
    }
}
