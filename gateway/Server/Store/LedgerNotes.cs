using Sekisho.Inspection.Senders;

namespace Sekisho.Store;

/// <summary>What some letters add to one row of the ledger.</summary>
internal sealed class LedgerNote
{
    /// <summary>The first day.</summary>
    public int First { get; set; } = int.MaxValue;

    /// <summary>The last day in; 0 for none.</summary>
    public int LastIn { get; set; }

    /// <summary>The last day out; 0 for none.</summary>
    public int LastOut { get; set; }

    /// <summary>Letters in.</summary>
    public long In { get; set; }

    /// <summary>Letters out.</summary>
    public long Out { get; set; }

    /// <summary>Ways they came; null for none.</summary>
    public List<KeptRoute>? Routes { get; set; }
}

/// <summary>Sums up letters by the rows that they change.</summary>
internal static class LedgerNotes
{
    /// <summary>The rows and what is added to each, sorted, so that two gateways change them in the same order and none waits for the other in a circle.</summary>
    public static SortedDictionary<long, LedgerNote> Of(IEnumerable<Exchange> exchanges, LedgerHash hash)
    {
        var notes = new SortedDictionary<long, LedgerNote>();
        foreach (var exchange in exchanges)
        {
            var day = LedgerRow.DayOf(exchange.Day);
            var route = exchange.Route is { } way ? new KeptRoute(way.Network, way.Proof, hash.Signer(way.Signer), day, day, 1) : null;
            var domains = new HashSet<long>();
            foreach (var outside in exchange.Outside)
            {
                var address = hash.Address(outside);
                Add(address, route);
                if (domains.Add(hash.Domain(outside[(outside.LastIndexOf('@') + 1)..])))
                {
                    Add(hash.Domain(outside[(outside.LastIndexOf('@') + 1)..]), route);
                }

                foreach (var inside in exchange.Inside)
                {
                    Add(hash.Pair(address, outside, inside), null);
                }
            }

            void Add(long row, KeptRoute? seen)
            {
                if (!notes.TryGetValue(row, out var note))
                {
                    notes.Add(row, note = new LedgerNote());
                }

                note.First = Math.Min(note.First, day);
                if (exchange.IsOutbound)
                {
                    note.LastOut = Math.Max(note.LastOut, day);
                    note.Out++;
                }
                else
                {
                    note.LastIn = Math.Max(note.LastIn, day);
                    note.In++;
                }

                if (seen is not null)
                {
                    note.Routes = [.. KeptRoute.Add(note.Routes ?? [], [seen])];
                }
            }
        }

        return notes;
    }
}
