using Sekisho.Inspection.Detection;

namespace Sekisho.Inspection.Policy;

/// <summary>What shall happen to a letter.</summary>
public enum Disposition
{
    /// <summary>Send it on to the next hop.</summary>
    Deliver,

    /// <summary>Wait: something that may clear it is still to come (such as the password mail).</summary>
    Hold,

    /// <summary>Keep it for an admin to release or discard.</summary>
    Quarantine,

    /// <summary>Refuse it in the SMTP dialogue with 550 5.7.1.</summary>
    Reject,
}

/// <summary>The judge's word on a letter, with every finding that led to it.</summary>
/// <param name="Disposition">What shall happen.</param>
/// <param name="Score">The sum of the findings' weights under the policy in force, observed findings counting zero.</param>
/// <param name="Findings">All findings, heaviest first, observed ones included.</param>
public sealed record Verdict(Disposition Disposition, int Score, IReadOnlyList<Finding> Findings)
{
    /// <summary>Codes among <see cref="Findings"/> that the policy only observes: shown, never counted.</summary>
    public IReadOnlySet<string> Observed { get; init; } = new HashSet<string>();
}
