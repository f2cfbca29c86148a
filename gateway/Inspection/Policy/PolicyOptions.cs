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

    /// <summary>How long a letter waits whose only fault is an attachment that asks for a password: the password mail may come before or after it. 0 to 24 hours; 0 quarantines at once. Default: 30 minutes.</summary>
    public TimeSpan HoldForPassword { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Envelope senders whose encrypted attachments go on unopened, <c>kensa@lab.example</c> or <c>@lab.example</c> for a whole domain: partners that give passwords by telephone. Nothing in them is inspected. Default: none.</summary>
    public HashSet<string> PassEncryptedFrom { get; init; } = new(StringComparer.OrdinalIgnoreCase);
}
