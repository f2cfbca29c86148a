using Sekisho.Inspection.Detection;

namespace Sekisho.Inspection.Policy;

/// <summary>The judge: makes a verdict of findings. The only place that knows a threshold.</summary>
/// <param name="options">The numbers in force; checked by whoever reads them.</param>
public sealed class MessagePolicy(PolicyOptions options)
{
    /// <summary>Judges a letter. A code counts once, at its weight, however often it was found: ten macros are not ten times as bad.</summary>
    /// <param name="findings">What the detectors saw.</param>
    public Verdict Judge(IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            return new Verdict(DispositionOf(0), 0, []);
        }

        var score = 0;
        var counted = new HashSet<string>(StringComparer.Ordinal);
        var observed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var finding in findings)
        {
            var code = finding.Kind.Code;
            if (options.ObserveOnly.Contains(code))
            {
                observed.Add(code);
            }
            else if (counted.Add(code))
            {
                score += WeightOf(finding.Kind);
            }
        }

        return new Verdict(DispositionOf(score), score, [.. findings.OrderByDescending(f => observed.Contains(f.Kind.Code) ? 0 : WeightOf(f.Kind))]) { Observed = observed };
    }

    private int WeightOf(FindingKind kind) => options.Weights.TryGetValue(kind.Code, out var weight) ? weight : kind.Weight;

    private Disposition DispositionOf(int score) =>
        options.RejectAt is { } reject && score >= reject ? Disposition.Reject
        : score >= options.QuarantineAt ? Disposition.Quarantine : Disposition.Deliver;
}
