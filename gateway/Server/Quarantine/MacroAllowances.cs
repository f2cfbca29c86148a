using System.Collections.Frozen;
using Sekisho.Inspection.Messages;
using Sekisho.Store;

namespace Sekisho.Quarantine;

/// <summary>The macros that admins allow, at hand for every letter; read anew every few seconds, so that a command beside the gateway, or another gateway, is heard.</summary>
public sealed partial class MacroAllowances(MessageStore store, TimeProvider time, ILogger<MacroAllowances> logger) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    private volatile IReadOnlyList<AllowedMacro> _all = [];

    /// <summary>Hashes that hold for every recipient of a letter.</summary>
    public IReadOnlySet<string> For(Envelope envelope)
    {
        var all = _all;
        if (all.Count == 0)
        {
            return FrozenSet<string>.Empty;
        }

        var now = time.GetUtcNow();
        return all.GroupBy(m => m.Hash, StringComparer.Ordinal)
            .Where(group => envelope.Recipients.All(r => group.Any(m => m.HoldsFor(r.Address, now))))
            .Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Reads them now.</summary>
    /// <exception cref="StoreException">The database does not answer; those known before stay.</exception>
    public async Task RefreshAsync(CancellationToken cancel) => _all = await store.AllowedMacrosAsync(cancel);

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

    [LoggerMessage(Level = LogLevel.Warning, Message = "allowed macros could not be read; those known before stay in force")]
    private partial void LogNotRead(Exception e);
}
