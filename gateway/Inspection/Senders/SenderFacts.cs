namespace Sekisho.Inspection.Senders;

/// <summary>What is known about who sent the letter, looked up before detection so that detectors need no network.</summary>
public sealed record SenderFacts
{
    /// <summary>Nothing is known: no look-up was made.</summary>
    public static readonly SenderFacts Unknown = new();

    /// <summary>Authentication results by method (<c>spf</c>, <c>dkim</c>, <c>dmarc</c>, <c>arc</c>; RFC 8601 section 2.7); empty while none is checked.</summary>
    public IReadOnlyDictionary<string, string> Authentication { get; init; } = new Dictionary<string, string>();
}
