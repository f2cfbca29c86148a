namespace Sekisho.Inspection.Policy;

/// <summary>The numbers and lists the judge works with. This is the only place that knows a threshold.</summary>
public sealed record PolicyOptions
{
    /// <summary>Where to start from: Watch, Standard or Strict. What is set below changes it. Default: Standard.</summary>
    public PolicyPreset Preset { get; init; } = PolicyPreset.Standard;

    /// <summary>A score from here on quarantines, 1 to 10,000; null takes the preset's (100, Strict 80). Default: null.</summary>
    public int? QuarantineAt { get; init; }

    /// <summary>A score from here on is refused with 550 5.7.1; null (the default) never refuses for content.</summary>
    public int? RejectAt { get; init; }

    /// <summary>Weights that replace a finding kind's own, by code. 0 to 10,000 each.</summary>
    public Dictionary<string, int> Weights { get; init; } = [];

    /// <summary>Codes that are found, stored and shown but score nothing: how a new detector is tried out.</summary>
    public HashSet<string> ObserveOnly { get; init; } = [];

    /// <summary>How long a letter waits whose only fault is an attachment that asks for a password: the password mail may come before or after it. 0 to 24 hours; 0 quarantines at once. Default: 30 minutes.</summary>
    public TimeSpan HoldForPassword { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Envelope senders whose encrypted attachments go on unopened, <c>kensa@lab.example</c> or <c>@lab.example</c> for a whole domain: partners that give passwords by telephone. Nothing in them is inspected, and MAIL FROM can be forged: name only partners whose mail a border in front checks by SPF. Default: none.</summary>
    public HashSet<string> PassEncryptedFrom { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is different for single recipient domains. A letter to several domains is judged by each, and the strictest holds. Default: none.</summary>
    public List<PolicyOverride> Overrides { get; init; } = [];
}

/// <summary>What is different for the recipients of one domain.</summary>
public sealed record PolicyOverride
{
    /// <summary>The recipient domain; <c>.hospital.example</c> for all its sub-domains.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Another preset; null keeps the general one.</summary>
    public PolicyPreset? Preset { get; init; }

    /// <summary>Another threshold, 1 to 10,000; null keeps the general one, or the preset's where one is given here.</summary>
    public int? QuarantineAt { get; init; }

    /// <summary>Weights that go before the general ones, by code.</summary>
    public Dictionary<string, int> Weights { get; init; } = [];

    /// <summary>Codes that score nothing for these recipients, beside the general ones.</summary>
    public HashSet<string> ObserveOnly { get; init; } = [];
}
