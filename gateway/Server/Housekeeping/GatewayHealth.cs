using Prometheus;
using Sekisho.Inspection.Policy;
using Sekisho.Options;
using Sekisho.Smtp;
using Sekisho.Store;

namespace Sekisho.Housekeeping;

/// <summary>How the gateway is: what stands in the store, and what would stop it from taking letters.</summary>
public sealed class GatewayHealth(MessageStore store, SmtpDoor door, SekishoOptions options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private static readonly Gauge Messages = Metrics.CreateGauge("sekisho_store_messages", "Messages in the store, by state.", "state");
    private static readonly Gauge QueueAge = Metrics.CreateGauge("sekisho_queue_oldest_seconds", "Age of the oldest message that waits for delivery; 0 when none waits.");
    private static readonly Gauge Free = Metrics.CreateGauge("sekisho_disk_free_bytes", "Free space on the home folder's disk.");

    /// <summary>The last look into the store; null before the first.</summary>
    public StoreCounts? Counts { get; private set; }

    /// <summary>When <see cref="Counts"/> was taken.</summary>
    public DateTimeOffset CountedAt { get; private set; }

    /// <summary>Age of the oldest letter that waits for delivery; zero when none waits.</summary>
    public TimeSpan OldestInQueue => Counts?.OldestQueuedAt is { } oldest && time.GetUtcNow() - oldest is var age && age > TimeSpan.Zero ? age : TimeSpan.Zero;

    /// <summary>Counts anew. A store that does not answer leaves the old figures, and <see cref="ProblemsAsync"/> tells.</summary>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        try
        {
            Counts = await store.CountsAsync(cancel);
            CountedAt = time.GetUtcNow();
            foreach (var state in Enum.GetValues<MessageState>())
            {
                Messages.WithLabels(state.ToString().ToLowerInvariant()).Set(Counts.ByState.GetValueOrDefault(state));
            }

            QueueAge.Set(OldestInQueue.TotalSeconds);
            Free.Set(HomeFolder.FreeMegabytes(options.Home) * 1048576.0);
        }
        catch (StoreException)
        {
        }
    }

    /// <summary>What stops the gateway from taking letters now; empty when ready. Asks the store.</summary>
    public async Task<IReadOnlyList<string>> ProblemsAsync(CancellationToken cancel)
    {
        var problems = new List<string>();
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            problems.Add("stopping");
        }

        if (!door.HasSpace)
        {
            problems.Add("disk full");
        }

        try
        {
            await store.NextDueAsync(cancel);
        }
        catch (StoreException e)
        {
            problems.Add($"store: {e.Message}");
        }

        return problems;
    }
}
