namespace Sekisho.Inspection.Policy;

/// <summary>The numbers and lists the judge works with. This is the only place that knows a threshold.</summary>
public sealed record PolicyOptions
{
    /// <summary>A score from here on quarantines. 1 to 10,000. Default: 100.</summary>
    public int QuarantineAt { get; init; } = 100;

    /// <summary>A score from here on is refused with 550 5.7.1; null (the default) never refuses for content.</summary>
    public int? RejectAt { get; init; }

    /// <summary>Weights that replace a finding kind's own, by code. 0 to 10,000 each.</summary>
    public Dictionary<string, int> Weights { get; init; } = [];

    /// <summary>Codes that are found, stored and shown but score nothing: how a new detector is tried out.</summary>
    public HashSet<string> ObserveOnly { get; init; } = [];
}
