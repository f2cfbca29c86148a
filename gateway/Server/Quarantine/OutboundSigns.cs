using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Policy;
using Sekisho.Store;

namespace Sekisho.Quarantine;

/// <summary>Keeps in mind at a second look what was seen of a letter's company when it was to leave the house: looked at alone, one letter of a burst is a letter like any other.</summary>
internal static class OutboundSigns
{
    private static readonly Dictionary<string, FindingKind> OfCompany =
        GatewayKinds.All.Where(static k => k.Code is "OUTBOUND_BURST" or "OUTBOUND_CAMPAIGN").ToDictionary(static k => k.Code, StringComparer.Ordinal);

    /// <summary>The verdict with the findings of the first look that a second one cannot make; with one that counted, the letter stays quarantined.</summary>
    /// <param name="verdict">The second look's.</param>
    /// <param name="kept">What was found at first.</param>
    public static Verdict Keep(Verdict verdict, IReadOnlyList<KeptFinding> kept)
    {
        var lost = kept.Where(k => !k.Observed && OfCompany.ContainsKey(k.Code) && !verdict.Findings.Any(f => f.Kind.Code == k.Code)).ToList();
        return lost.Count == 0 ? verdict : verdict with
        {
            Disposition = Disposition.Quarantine,
            Score = verdict.Score + lost.Sum(static k => k.Weight),
            Findings = [.. lost.Select(static k => OfCompany[k.Code].At(k.Place, k.Evidence)), .. verdict.Findings],
        };
    }
}
