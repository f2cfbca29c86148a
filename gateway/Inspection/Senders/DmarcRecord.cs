namespace Sekisho.Inspection.Senders;

/// <summary>What a domain asks to be done with letters in its name that fail (RFC 9989 section 4.7, the tags p, sp and np).</summary>
public enum DmarcPolicy
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>They are suspicious.</summary>
    Quarantine,

    /// <summary>They are not the domain's.</summary>
    Reject,
}

/// <summary>A DMARC policy record (RFC 9989 sections 4.7 and 4.8). Unknown tags, <c>pct</c> of RFC 7489 among them, are ignored; a wrong value stands for the default.</summary>
internal sealed record DmarcRecord
{
    /// <summary>The policy for the domain itself; null where it is missing or wrong.</summary>
    public DmarcPolicy? Policy { get; init; }

    /// <summary>The policy for domains below that exist; null where it is not given or wrong.</summary>
    public DmarcPolicy? Below { get; init; }

    /// <summary>The policy for domains below that do not exist.</summary>
    public DmarcPolicy? Missing { get; init; }

    /// <summary>The tag <c>psd</c>: <c>y</c>, <c>n</c> or <c>u</c>.</summary>
    public char Suffix { get; init; } = 'u';

    public bool IsTesting { get; init; }

    public bool IsStrictDkim { get; init; }

    public bool IsStrictSpf { get; init; }

    /// <summary>The tag <c>rua</c> as it is written; empty where it is not given.</summary>
    public string Reports { get; init; } = "";

    /// <summary>True where a policy tag is missing or wrong and no report address makes up for it (section 4.10.1): the record asks for nothing.</summary>
    public bool IsUnusable { get; init; }

    /// <summary>Reads a record; null for text that is none: the version must come first and be <c>DMARC1</c> exactly.</summary>
    public static DmarcRecord? Parse(string text)
    {
        var tags = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var isFirst = true;
        foreach (var piece in text.Split(';', 64))
        {
            var equals = piece.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? "" : piece[..equals].Trim(' ', '\t');
            var value = equals < 0 ? "" : piece[(equals + 1)..].Trim(' ', '\t');
            if (isFirst && (!name.Equals("v", StringComparison.OrdinalIgnoreCase) || value != "DMARC1" || piece[0] is ' ' or '\t'))
            {
                return null;
            }

            isFirst = false;
            tags.TryAdd(name, value);
        }

        var policy = PolicyOf(tags, "p", out var wrongPolicy);
        var below = PolicyOf(tags, "sp", out var wrongBelow);
        var missing = PolicyOf(tags, "np", out var wrongMissing);
        var isWrong = policy is null || wrongPolicy || wrongBelow || wrongMissing;
        var reports = tags.TryGetValue("rua", out var addresses) && addresses.Split(',').Any(static a => Uri.TryCreate(a.Trim(), UriKind.Absolute, out _));
        return new DmarcRecord
        {
            // Section 4.10.1: with somewhere to report to, the record counts as p=none.
            Policy = isWrong ? DmarcPolicy.None : policy,
            Below = isWrong ? null : below,
            Missing = isWrong ? null : missing,
            IsUnusable = isWrong && !reports,
            Reports = addresses ?? "",
            Suffix = tags.GetValueOrDefault("psd")?.ToLowerInvariant() switch { "y" => 'y', "n" => 'n', _ => 'u' },
            IsTesting = "y".Equals(tags.GetValueOrDefault("t"), StringComparison.OrdinalIgnoreCase),
            IsStrictDkim = "s".Equals(tags.GetValueOrDefault("adkim"), StringComparison.OrdinalIgnoreCase),
            IsStrictSpf = "s".Equals(tags.GetValueOrDefault("aspf"), StringComparison.OrdinalIgnoreCase),
        };
    }

    private static DmarcPolicy? PolicyOf(Dictionary<string, string> tags, string name, out bool isWrong)
    {
        isWrong = false;
        if (!tags.TryGetValue(name, out var value))
        {
            return null;
        }

        switch (value.ToLowerInvariant())
        {
            case "none":
                return DmarcPolicy.None;
            case "quarantine":
                return DmarcPolicy.Quarantine;
            case "reject":
                return DmarcPolicy.Reject;
            default:
                isWrong = true;
                return null;
        }
    }
}
