using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Detection.Reading;

namespace Sekisho.Inspection.Policy;

/// <summary>The judge: makes a verdict of findings. The only place that knows a threshold.</summary>
/// <param name="options">The numbers in force; checked by whoever reads them.</param>
public sealed class MessagePolicy(PolicyOptions options)
{
    /// <summary>What the password mail can clear.</summary>
    private static readonly HashSet<string> AwaitsPassword = new(StringComparer.Ordinal) { EncryptedContent.Archive.Code, EncryptedContent.Document.Code };

    /// <summary>Judges a letter. A code counts once, at its weight, however often it was found: ten macros are not ten times as bad.</summary>
    /// <remarks>A letter that would go on but for an attachment that asks for a password is held (<see cref="PolicyOptions.HoldForPassword"/>).</remarks>
    /// <param name="findings">What the detectors saw.</param>
    /// <param name="sender">The envelope sender, for <see cref="PolicyOptions.PassEncryptedFrom"/>.</param>
    public Verdict Judge(IReadOnlyList<Finding> findings, string sender = "")
    {
        if (findings.Count == 0)
        {
            return new Verdict(DispositionOf(0), 0, []);
        }

        var score = 0;
        var awaiting = 0;
        var passes = Passes(sender);
        var counted = new HashSet<string>(StringComparer.Ordinal);
        var observed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var finding in findings)
        {
            var code = finding.Kind.Code;
            if (options.ObserveOnly.Contains(code) || (passes && AwaitsPassword.Contains(code)))
            {
                observed.Add(code);
            }
            else if (counted.Add(code))
            {
                score += WeightOf(finding.Kind);
                awaiting += AwaitsPassword.Contains(code) ? WeightOf(finding.Kind) : 0;
            }
        }

        var disposition = DispositionOf(score);
        if (awaiting > 0 && disposition != Disposition.Deliver && options.HoldForPassword > TimeSpan.Zero && DispositionOf(score - awaiting) == Disposition.Deliver)
        {
            disposition = Disposition.Hold;
        }

        return new Verdict(disposition, score, [.. findings.OrderByDescending(f => observed.Contains(f.Kind.Code) ? 0 : WeightOf(f.Kind))]) { Observed = observed };
    }

    private bool Passes(string sender) =>
        options.PassEncryptedFrom.Count > 0 && sender.LastIndexOf('@') is var at and >= 0
        && (options.PassEncryptedFrom.Contains(sender) || options.PassEncryptedFrom.Contains(sender[at..]));

    private int WeightOf(FindingKind kind) => options.Weights.TryGetValue(kind.Code, out var weight) ? weight : kind.Weight;

    private Disposition DispositionOf(int score) =>
        options.RejectAt is { } reject && score >= reject ? Disposition.Reject
        : score >= options.QuarantineAt ? Disposition.Quarantine : Disposition.Deliver;
}
