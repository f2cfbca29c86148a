using Sekisho.Inspection.Senders;
using Sekisho.Store;

namespace Sekisho.Quarantine;

/// <summary>The senders that admins allow and block, at hand for every letter; read anew every few seconds where they changed, so that a command beside the gateway, or another gateway, is heard.</summary>
public sealed partial class SenderLists(MessageStore store, TimeProvider time, ILogger<SenderLists> logger) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    private volatile SenderList _current = SenderList.Empty;
    private long _revision = -1;

    /// <summary>What holds now.</summary>
    public SenderList Current => _current;

    /// <summary>Reads them now, if they changed since.</summary>
    /// <exception cref="StoreException">The database does not answer; those known before stay.</exception>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        // Asked first: what is changed between the two questions is read now and once more in the next round.
        var revision = await store.SendersRevisionAsync(cancel);
        if (revision != Interlocked.Read(ref _revision))
        {
            _current = new SenderList(await store.ListedSendersAsync(cancel));
            Interlocked.Exchange(ref _revision, revision);
        }
    }

    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken); // before the door opens
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await RefreshAsync(stoppingToken);
                }
                catch (Exception e) when (e is not OperationCanceledException) // whatever it is, it must not end the gateway
                {
                    LogNotRead(e);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The house is closed.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "the sender list could not be read; the one known before stays in force")]
    private partial void LogNotRead(Exception e);
}
