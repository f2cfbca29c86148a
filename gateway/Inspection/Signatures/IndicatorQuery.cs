using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Signatures;

/// <summary>Asks a set for a value of whatever kind, as a person types it.</summary>
public static class IndicatorQuery
{
    /// <summary>What a value is by its looks: a hash, an address, a host, a URL; a subject where it is nothing else.</summary>
    public static IndicatorKind Guess(string value) => PlainList.Guess(PlainList.Clean(value, out _)) is { } kind && !value.Trim().Contains(' ', StringComparison.Ordinal) ? kind : IndicatorKind.Subject;

    /// <summary>Every indicator that a letter with this value would meet, each once.</summary>
    /// <param name="set">The indicators.</param>
    /// <param name="value">Defanged or not.</param>
    /// <param name="now">The time to judge expiry by.</param>
    public static IReadOnlyList<Indicator> Find(this IndicatorSet set, string value, DateTimeOffset now)
    {
        var clean = PlainList.Clean(value, out _);
        var found = Guess(value) switch
        {
            IndicatorKind.Md5 => [set.FindHash(IndicatorKind.Md5, Convert.FromHexString(clean), now)],
            IndicatorKind.Sha1 => [set.FindHash(IndicatorKind.Sha1, Convert.FromHexString(clean), now)],
            IndicatorKind.Sha256 => [set.FindHash(IndicatorKind.Sha256, Convert.FromHexString(clean), now), set.FindHash(IndicatorKind.MacroSha256, Convert.FromHexString(clean), now)],
            IndicatorKind.Url when LinkTargets.Parse(clean) is { } link => [set.FindUrl(link.Target, now), .. OfHost(set, link, now)],
            IndicatorKind.Domain when IndicatorKey.Domain(clean) is { } domain => [set.FindDomain(domain, now)],
            IndicatorKind.Address => [set.FindAddress(clean, now), IndicatorKey.Address(clean) is { } address ? set.FindDomain(address[(address.LastIndexOf('@') + 1)..], now) : null],
            IndicatorKind.Ip when IndicatorKey.Ip(clean) is { } ip => [set.FindIp(ip, now), set.FindIpPort(ip, 0, now)],
            IndicatorKind.IpPort when IndicatorKey.IpPort(clean) is { } text && text.LastIndexOf(':') is var colon =>
                [set.FindIpPort(text[..colon].Trim('[', ']'), int.Parse(text.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture), now), set.FindIp(text[..colon].Trim('[', ']'), now)],
            IndicatorKind.Subject => [set.FindSubject(value, now)],
            _ => (Indicator?[])[],
        };
        return [.. found.OfType<Indicator>().Distinct()];
    }

    private static Indicator?[] OfHost(IndicatorSet set, Link link, DateTimeOffset now) =>
        link.IsAddress ? [set.FindIpPort(link.Host, IndicatorKey.Port(link.Target), now), set.FindIp(link.Host, now)] : [set.FindDomain(link.Host, now)];
}
