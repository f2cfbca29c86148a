namespace Sekisho.Inspection.Formats;

/// <summary>What ended a <see cref="ReadBudget"/>.</summary>
internal enum BudgetEnd
{
    /// <summary>There is still some left.</summary>
    None,

    /// <summary>The time is up.</summary>
    Time,

    /// <summary>Too many octets were unpacked.</summary>
    Unpacked,
}

/// <summary>How long one letter may still be read and how many octets it may still unpack to. Spent, it throws <see cref="InvalidDataException"/> and says why in <see cref="End"/>.</summary>
internal sealed class ReadBudget(TimeProvider time, TimeSpan longest, long unpacked)
{
    private readonly long start = time.GetTimestamp();
    private long left = unpacked;

    /// <summary>Why reading had to end; <see cref="BudgetEnd.None"/> while it has not.</summary>
    public BudgetEnd End { get; private set; }

    /// <summary>True, and noted in <see cref="End"/>, once the time is up. Cheap enough for every buffer, not for every octet.</summary>
    public bool IsSpent
    {
        get
        {
            if (End == BudgetEnd.None && time.GetElapsedTime(start) > longest)
            {
                End = BudgetEnd.Time;
            }

            return End != BudgetEnd.None;
        }
    }

    /// <summary>The time that is left, zero or more.</summary>
    public TimeSpan Left => time.GetElapsedTime(start) is var spent && spent < longest ? longest - spent : TimeSpan.Zero;

    /// <summary>A budget for trying something out: the same time, octets of its own.</summary>
    /// <param name="octets">How many octets may be unpacked.</param>
    public ReadBudget Trial(long octets) => new(time, Left, octets);

    /// <summary>Books octets that came out of a container.</summary>
    /// <param name="octets">0 or more.</param>
    /// <exception cref="InvalidDataException">Time or octets are spent.</exception>
    public void Unpack(long octets)
    {
        left -= octets;
        if (left < 0 && End == BudgetEnd.None)
        {
            End = BudgetEnd.Unpacked;
        }

        if (IsSpent)
        {
            throw new InvalidDataException(End == BudgetEnd.Time ? "The time for this letter is up." : "The letter unpacks to too many octets.");
        }
    }
}
