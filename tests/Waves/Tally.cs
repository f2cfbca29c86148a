using Sekisho.Inspection.Policy;

namespace Sekisho.Waves;

/// <summary>Counts of one row of a table.</summary>
internal sealed class Tally
{
    private readonly Dictionary<string, int> codes = new(StringComparer.Ordinal);

    public int All { get; private set; }

    public int Quarantined { get; private set; }

    public int Held { get; private set; }

    /// <summary>Quarantined for what is in them alone.</summary>
    public int ByContent { get; private set; }

    /// <summary>Quarantined by YARA rules alone.</summary>
    public int ByYara { get; private set; }

    public int Rejected { get; private set; }

    /// <summary>Quarantined or held, of a hundred.</summary>
    public double NotDelivered => 100.0 * (Quarantined + Held) / Math.Max(1, All);

    /// <summary>Counts one letter.</summary>
    public void Add(Outcome outcome)
    {
        lock (codes)
        {
            All++;
            Quarantined += outcome.Standard.Disposition == Disposition.Quarantine ? 1 : 0;
            Held += outcome.Standard.Disposition == Disposition.Hold ? 1 : 0;
            Rejected += outcome.Standard.Disposition == Disposition.Reject ? 1 : 0;
            ByContent += outcome.Content.Disposition == Disposition.Quarantine ? 1 : 0;
            ByYara += outcome.Yara.Disposition == Disposition.Quarantine ? 1 : 0;
            foreach (var code in outcome.Standard.Findings.Select(f => f.Kind.Code).Distinct(StringComparer.Ordinal))
            {
                codes[code] = codes.GetValueOrDefault(code) + 1;
            }
        }
    }

    /// <summary>The codes that were found, most frequent first.</summary>
    public string Codes(int most) => string.Join(' ', codes.OrderByDescending(p => p.Value).ThenBy(p => p.Key, StringComparer.Ordinal).Take(most).Select(p => $"{p.Key}:{p.Value}"));

    public override string ToString() => FormattableString.Invariant($"{All,6} {Percent(Quarantined),7} {Percent(Held),6} | {Percent(ByContent),9} {Percent(ByYara),7}");

    private string Percent(int count) => FormattableString.Invariant($"{100.0 * count / Math.Max(1, All):0.##}%");
}
