namespace Sekisho.Delivery;

/// <summary>Says when a letter that could not be delivered is tried again, and when it is given up (RFC 5321 section 4.5.4.1).</summary>
internal sealed class RetrySchedule
{
    private static readonly TimeSpan[] Default =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1),
    ];

    /// <summary>After this long the sender who asked for it (NOTIFY=DELAY) is told that his letter waits.</summary>
    internal static readonly TimeSpan DelayNoticeAfter = TimeSpan.FromHours(4);

    private readonly TimeSpan[] waits;
    private readonly TimeSpan giveUpAfter;

    /// <summary>Reads the settings.</summary>
    /// <param name="waits">Waits between attempts; the last one repeats. Empty takes 1, 5, 10, 30 minutes, then each hour.</param>
    /// <param name="giveUpAfter">How long a letter is tried.</param>
    public RetrySchedule(IReadOnlyList<TimeSpan> waits, TimeSpan giveUpAfter)
    {
        this.waits = waits.Count == 0 ? Default : [.. waits];
        this.giveUpAfter = giveUpAfter;
    }

    /// <summary>When to try again; null when the letter's time is up.</summary>
    /// <param name="attempts">Attempts made, the present one included: 1 or more.</param>
    /// <param name="receivedAt">When the letter came in.</param>
    /// <param name="now">The time.</param>
    /// <param name="fromQuarantine">True when its time did not run while it lay in quarantine: then the waits made so far count instead of the clock.</param>
    public DateTimeOffset? Next(int attempts, DateTimeOffset receivedAt, DateTimeOffset now, bool fromQuarantine)
    {
        var wait = waits[Math.Min(attempts, waits.Length) - 1];
        if (fromQuarantine)
        {
            return Waited(attempts - 1) >= giveUpAfter ? null : now + Jittered(wait);
        }

        var end = receivedAt + giveUpAfter;
        if (now >= end)
        {
            return null;
        }

        // The last attempt falls on the end, not an hour behind it.
        var next = now + Jittered(wait);
        return next > end ? end : next;
    }

    /// <summary>All waits before attempt <paramref name="attempts"/> + 1, added up.</summary>
    private TimeSpan Waited(int attempts)
    {
        var sum = TimeSpan.Zero;
        for (var i = 0; i < attempts && i < waits.Length; i++)
        {
            sum += waits[i];
        }

        return sum + (waits[^1] * Math.Max(0, attempts - waits.Length));
    }

    /// <summary>Up to a tenth more for waits above a minute, so that letters deferred together do not come again together.</summary>
    private static TimeSpan Jittered(TimeSpan wait) => wait > TimeSpan.FromMinutes(1) ? wait * (1 + (Random.Shared.NextDouble() / 10)) : wait;
}
