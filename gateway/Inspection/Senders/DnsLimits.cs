namespace Sekisho.Inspection.Senders;

/// <summary>Bounds of <see cref="NetworkDns"/>.</summary>
public sealed record DnsLimits
{
    /// <summary>How long one question may take in all, waiting for its turn included.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one datagram's answer is waited for. It is sent three times; where the server has not answered anything that way lately, TCP is tried with the time that is left.</summary>
    public TimeSpan Datagram { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>The longest an answer is kept, whatever its TTL says.</summary>
    public TimeSpan LongestKept { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest "there is none" is kept (RFC 2308 section 5 takes it from the SOA record).</summary>
    public TimeSpan LongestNegative { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long silence is kept, so that a dead domain does not cost every letter the whole time (RFC 2308 section 7.1).</summary>
    public TimeSpan SilenceKept { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Memory for kept answers, in octets, roughly.</summary>
    public long CacheSize { get; init; } = 32L << 20;

    /// <summary>Questions on their way at once.</summary>
    public int InFlight { get; init; } = 2000;

    /// <summary>Of those, about one registered domain.</summary>
    public int InFlightPerDomain { get; init; } = 10;

    /// <summary>Records taken of one answer.</summary>
    public int Records { get; init; } = 100;

    /// <summary>The longest text of one TXT record, its strings joined, in octets; an answer with a longer one counts as none.</summary>
    public int TextLength { get; init; } = 16 << 10;
}
