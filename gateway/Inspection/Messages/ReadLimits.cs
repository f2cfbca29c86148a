namespace Sekisho.Inspection.Messages;

/// <summary>How far a letter is opened. Past a limit the rest is a finding (could not look), never silently skipped.</summary>
public sealed record ReadLimits
{
    /// <summary>Time for one letter, opening and detection together. Default: 30 seconds.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Containers within containers: MIME, archives, enclosed letters together. Default: 12.</summary>
    public int MaxDepth { get; init; } = 12;

    /// <summary>Parts in all. Default: 10,000.</summary>
    public int MaxParts { get; init; } = 10_000;

    /// <summary>Octets unpacked in all, beyond the letter's own. Default: 1 GiB.</summary>
    public long MaxUnpacked { get; init; } = 1L << 30;

    /// <summary>Octets of one part held in memory; larger ones are read through a bounded view. Default: 16 MiB.</summary>
    public int MaxPartInMemory { get; init; } = 16 << 20;
}
