using Sekisho.Inspection.Senders;

namespace Sekisho.Store;

/// <summary>One row of the correspondence ledger: an address, a domain, or an address with one of the hospital's.</summary>
/// <param name="First">The first day of a letter, counted from 1970 (UTC).</param>
/// <param name="LastIn">The last day of one that came in; 0 for never.</param>
/// <param name="LastOut">The last day of one that went out; 0 for never.</param>
/// <param name="In">Letters that came in.</param>
/// <param name="Out">Letters that went out.</param>
/// <param name="Routes">The usual ways they came, the last seen first; none for a pair.</param>
public sealed record LedgerRow(int First, int LastIn, int LastOut, long In, long Out, IReadOnlyList<KeptRoute> Routes)
{
    /// <summary>As inspection knows it.</summary>
    public Contact Contact => new(
        DayOf(First), LastIn == 0 ? null : DayOf(LastIn), LastOut == 0 ? null : DayOf(LastOut), (int)Math.Min(In, int.MaxValue), (int)Math.Min(Out, int.MaxValue));

    /// <summary>The day's date.</summary>
    public static DateOnly DayOf(int day) => DateOnly.FromDayNumber(day + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber);

    /// <summary>The date's day.</summary>
    public static int DayOf(DateOnly date) => date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
}
