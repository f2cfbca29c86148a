namespace Sekisho.Inspection.Signatures;

/// <summary>What became of one feed.</summary>
/// <param name="File">Its path or name.</param>
/// <param name="Format">Which kind of feed it is, such as <c>URLhaus CSV</c>.</param>
/// <param name="Taken">Values that were taken as indicators.</param>
/// <param name="LeftOut">Values left out on purpose: revoked, not meant for detection, hacked sites' hosts.</param>
/// <param name="Unusable">Values that are not what they are said to be.</param>
/// <param name="Problems">The first 20 of the unusable, each with its line and column.</param>
public sealed record FeedReport(string File, string Format, int Taken, int LeftOut, int Unusable, IReadOnlyList<string> Problems);

/// <summary>How much of a feed is read before it is refused.</summary>
public sealed record FeedLimits
{
    /// <summary>Octets, unpacked. Default: 512 MiB.</summary>
    public long MaxOctets { get; init; } = 512L << 20;

    /// <summary>Octets of a feed in JSON, which is held in memory as a whole. Default: 256 MiB.</summary>
    public long MaxJson { get; init; } = 256L << 20;

    /// <summary>Values. Default: 5,000,000.</summary>
    public int MaxValues { get; init; } = 5_000_000;

    /// <summary>Time for one feed. Default: 2 minutes.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(2);
}
