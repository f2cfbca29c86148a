using Sekisho.Options;
using Sekisho.Smtp;
using Sekisho.Store;

namespace Sekisho.Housekeeping;

/// <summary>Looks after the house: free disk space, figures for <c>/metrics</c>, and what has been kept long enough.</summary>
public sealed partial class HousekeepingService(
    MessageStore store, SmtpDoor door, GatewayHealth health, SekishoOptions options, TimeProvider time, ILogger<HousekeepingService> logger) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetentionRound = TimeSpan.FromHours(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Round, time);
        var nextRetention = time.GetUtcNow();
        try
        {
            do
            {
                try
                {
                    WatchDisk();
                    await health.RefreshAsync(stoppingToken);
                    if (time.GetUtcNow() >= nextRetention)
                    {
                        await EndRetentionAsync(stoppingToken);
                        nextRetention = time.GetUtcNow() + RetentionRound;
                    }
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // A disk that cannot be asked must not take the whole gateway down: .NET ends the process when a service of its host throws.
                    LogRoundFailed(e);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The house is closed.
        }
    }

    private void WatchDisk()
    {
        var free = HomeFolder.FreeMegabytes(options.Home);
        var space = free >= options.Store.MinFreeMegabytes;
        if (space != door.HasSpace)
        {
            door.HasSpace = space;
            LogSpace(space ? LogLevel.Information : LogLevel.Error, free, space ? "letters are taken again" : "letters are answered 452 4.3.1");
        }
    }

    private async Task EndRetentionAsync(CancellationToken cancel)
    {
        try
        {
            var ended = await store.DeleteExpiredAsync(time.GetUtcNow(), cancel);
            if (ended > 0)
            {
                LogRetention(ended);
            }
        }
        catch (StoreException e)
        {
            LogRetentionFailed(e);
        }
    }

    [LoggerMessage(Message = "{free} MiB free on the home folder's disk: {what}")]
    private partial void LogSpace(LogLevel level, long free, string what);

    [LoggerMessage(Level = LogLevel.Error, Message = "housekeeping failed; tried again in 5 seconds")]
    private partial void LogRoundFailed(Exception e);

    [LoggerMessage(Level = LogLevel.Information, Message = "retention ended for {count} messages: their keys are destroyed")]
    private partial void LogRetention(long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "retention could not be carried out; tried again in an hour")]
    private partial void LogRetentionFailed(Exception e);
}
