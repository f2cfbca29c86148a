using System.Net;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Reports;

/// <summary>How well a network is known.</summary>
public enum SourceStanding
{
    /// <summary>Nothing it sent was authenticated for our domain, and it is not listed: forged, or a service that nobody told us of.</summary>
    Unknown,

    /// <summary>Some of what it sent was not authenticated for our domain.</summary>
    Partly,

    /// <summary>One of our own networks or forwarders, by the settings; some of what it sent was not authenticated for our domain.</summary>
    Listed,

    /// <summary>All of it was authenticated for our domain.</summary>
    Aligned,
}

/// <summary>What a network sent in our name.</summary>
/// <param name="Network">Its addresses: a /24 of IPv4, a /48 of IPv6.</param>
/// <param name="Standing">How well it is known.</param>
/// <param name="Letters">How many letters.</param>
/// <param name="Aligned">How many of them DKIM or SPF stood for.</param>
/// <param name="Refused">How many were quarantined or rejected.</param>
/// <param name="HeaderFrom">The author's domains, most letters first.</param>
/// <param name="EnvelopeFrom">The envelope's domains, most letters first.</param>
/// <param name="Organisations">Who reports it, most letters first.</param>
/// <param name="Clients">How many addresses.</param>
/// <param name="First">The first moment the reports are about.</param>
/// <param name="Last">The last.</param>
public sealed record SourceNetwork(
    IPNetwork Network, SourceStanding Standing, long Letters, long Aligned, long Refused, IReadOnlyList<string> HeaderFrom, IReadOnlyList<string> EnvelopeFrom,
    IReadOnlyList<string> Organisations, int Clients, DateTimeOffset First, DateTimeOffset Last);

/// <summary>Adds reports up by network: who sends in our name, the unknown ones first.</summary>
internal static class ReportSummary
{
    /// <summary>The networks, least known first, of equals the one with most unauthenticated letters.</summary>
    /// <param name="sources">What reports say.</param>
    /// <param name="options">The settings, which tell our own networks and forwarders.</param>
    public static IReadOnlyList<SourceNetwork> Of(IEnumerable<ReportedSource> sources, SekishoOptions options)
    {
        IPNetwork[] listed = [.. options.Smtp.TrustedNetworks.Concat(options.Senders.Forwarders.Where(static f => f.Contains('/', StringComparison.Ordinal))).Select(IPNetwork.Parse)];
        return [.. sources.GroupBy(static s => NetworkOf(s.Client)).Select(group =>
        {
            var letters = group.Sum(static s => s.Letters);
            var aligned = group.Where(static s => s.DkimAligned || s.SpfAligned).Sum(static s => s.Letters);
            var standing = aligned == letters ? SourceStanding.Aligned
                : group.All(s => Array.Exists(listed, n => n.Contains(s.Client))) ? SourceStanding.Listed
                : aligned == 0 ? SourceStanding.Unknown : SourceStanding.Partly;
            return new SourceNetwork(
                group.Key, standing, letters, aligned, group.Where(static s => s.Disposition is "quarantine" or "reject").Sum(static s => s.Letters),
                Most(group, static s => s.HeaderFrom), Most(group, static s => s.EnvelopeFrom), Most(group, static s => s.Organisation),
                group.Select(static s => s.Client).Distinct().Count(), group.Min(static s => s.First), group.Max(static s => s.Last));
        }).OrderBy(static n => n.Standing).ThenByDescending(static n => n.Letters - n.Aligned).ThenByDescending(static n => n.Letters).ThenBy(static n => n.Network.ToString(), StringComparer.Ordinal)];
    }

    private static IReadOnlyList<string> Most(IEnumerable<ReportedSource> sources, Func<ReportedSource, string> name) =>
        [.. sources.GroupBy(name, StringComparer.Ordinal).Where(static g => g.Key.Length > 0).OrderByDescending(static g => g.Sum(static s => s.Letters)).ThenBy(static g => g.Key, StringComparer.Ordinal).Select(static g => g.Key)];

    private static IPNetwork NetworkOf(IPAddress client)
    {
        var octets = client.GetAddressBytes();
        var kept = octets.Length == 4 ? 3 : 6;
        octets.AsSpan(kept).Clear();
        return new IPNetwork(new IPAddress(octets), kept * 8);
    }
}
