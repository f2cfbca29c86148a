using System.Net;

namespace Sekisho.Delivery;

/// <summary>What is known of one destination: who waits for it, how many work for it, which of its hosts are dead.</summary>
/// <param name="route">Where it is.</param>
/// <param name="most">Most workers at a time.</param>
/// <param name="time">The clock.</param>
internal sealed class Destination(Route route, int most, TimeProvider time)
{
    /// <summary>How long a host that did not answer is tried last.</summary>
    internal static readonly TimeSpan DeadFor = TimeSpan.FromSeconds(45);

    /// <summary>How long a list of addresses is used. DNS answers are cached by their own TTL besides.</summary>
    private static readonly TimeSpan HopsFor = TimeSpan.FromSeconds(30);

    /// <summary>Workers until the first letter went through: an unknown destination may be a silent one.</summary>
    private const int MostUnproven = 5;

    /// <summary>Letters that may wait for a destination that makes no progress.</summary>
    internal const int MostWaitingInVain = 50;

    /// <summary>Without an answer for this long a destination makes no progress.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<IPEndPoint, long> deadSince = [];
    private readonly Lock gate = new();
    private HopList? hops;
    private long hopsAt;
    private long progressAt = time.GetTimestamp();

    /// <summary>Where it is.</summary>
    public Route Route => route;

    /// <summary>Parts that wait for a worker. Guarded by the dispatcher's lock, as is all that can be set from outside.</summary>
    public Queue<DeliveryPart> Waiting { get; } = new();

    /// <summary>Workers under way.</summary>
    public int Workers { get; set; }

    /// <summary>True while it is in the dispatcher's queue for a free worker.</summary>
    public bool Starved { get; set; }

    /// <summary>True after a letter went through.</summary>
    public bool Proven { get; set; }

    /// <summary>True after nobody answered, until somebody does: then one worker probes and the others stay free for other destinations.</summary>
    public bool Failing { get; set; }

    /// <summary>Workers that it may have now.</summary>
    public int Limit => Failing ? 1 : Proven ? most : Math.Min(MostUnproven, most);

    /// <summary>True when nothing has come back for a while though letters wait.</summary>
    public bool Stuck => time.GetElapsedTime(progressAt) > Patience;

    /// <summary>True when it can be forgotten.</summary>
    public bool Idle => Workers == 0 && Waiting.Count == 0 && time.GetElapsedTime(progressAt) > TimeSpan.FromMinutes(10);

    /// <summary>Tells that it answered, or that nobody waited until now.</summary>
    public void Progress() => progressAt = time.GetTimestamp();

    /// <summary>The addresses to try, dead ones last.</summary>
    public async ValueTask<HopList> HopsAsync(HopFinder finder, CancellationToken cancel)
    {
        HopList? known;
        lock (gate)
        {
            known = time.GetElapsedTime(hopsAt) < HopsFor ? hops : null;
        }

        if (known is null)
        {
            known = await finder.FindAsync(route, cancel).ConfigureAwait(false);
            lock (gate)
            {
                // A failed look-up is asked again next time.
                (hops, hopsAt) = (known.Problem is null ? known : null, time.GetTimestamp());
            }
        }

        lock (gate)
        {
            return deadSince.Count == 0 || known.Hops.Count < 2 ? known : known with { Hops = [.. known.Hops.OrderBy(IsDead)] };
        }
    }

    /// <summary>Remembers that a host did not answer.</summary>
    public void MarkDead(NextHop hop)
    {
        lock (gate)
        {
            deadSince[hop.Address] = time.GetTimestamp();
        }
    }

    /// <summary>Remembers that a host answered.</summary>
    public void MarkAlive(NextHop hop)
    {
        lock (gate)
        {
            deadSince.Remove(hop.Address);
        }
    }

    private bool IsDead(NextHop hop) => deadSince.TryGetValue(hop.Address, out var since) && time.GetElapsedTime(since) < DeadFor;
}
