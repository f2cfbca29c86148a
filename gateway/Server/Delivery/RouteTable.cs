using System.Collections.Frozen;
using Sekisho.Options;

namespace Sekisho.Delivery;

/// <summary>Answers where letters for a domain go: the exact route, the nearest sub-domain route, <c>*</c>, MX, the local Maildir.</summary>
internal sealed class RouteTable
{
    private static readonly Route Local = new("maildir", RouteKind.Maildir, "", [], TlsPolicy.None);

    private readonly FrozenDictionary<string, Route> routes;
    private readonly bool useMx;
    private readonly string ownDomain;
    private readonly Func<IEnumerable<string>> relayDomains;
    private readonly Func<OutboundOptions?> outbound;
    private Way? wayOutside;

    /// <summary>Reads the settings. Of two routes for the same domain the first one counts.</summary>
    /// <param name="options">The ordinary routes.</param>
    /// <param name="hostName">This gateway's name.</param>
    /// <param name="outbound">Gives what says where letters that leave the house go, as it stands now; null for nothing.</param>
    /// <param name="relayDomains">Gives the hospital's domains as they stand now: what goes to them does not leave the house. Null for none.</param>
    public RouteTable(DeliveryOptions options, string hostName, Func<OutboundOptions?>? outbound = null, Func<IEnumerable<string>>? relayDomains = null)
    {
        this.relayDomains = relayDomains ?? (static () => []);
        this.outbound = outbound ?? (static () => null);
        var table = new Dictionary<string, Route>(StringComparer.OrdinalIgnoreCase);
        foreach (var route in options.Routes)
        {
            var key = $"{string.Join(',', route.Hosts)}/{route.Tls}";
            table.TryAdd(route.Domain.TrimEnd('.'), new Route(key, RouteKind.Hosts, "", [.. route.Hosts], route.Tls));
        }

        routes = table.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        useMx = options.UseMx;
        ownDomain = hostName;
    }

    /// <summary>The route for a recipient of a letter that leaves the house: as every letter's for our own domains; for all others the domain's own route, the hosts for outbound mail, or MX. Never <c>*</c>, which leads into the house, nor the local Maildir.</summary>
    public Route Outside(string address)
    {
        var domain = DomainOf(address, ownDomain);
        return DomainList.Holds(relayDomains(), domain) ? For(address) : Named(domain) ?? WayOutside() ?? Mx(domain);
    }

    /// <summary>The route for a recipient. An address without a domain (<c>postmaster</c>, RFC 5321 section 4.1.1.3) is for this host.</summary>
    public Route For(string address)
    {
        var domain = DomainOf(address, ownDomain);
        return Named(domain) ?? routes.GetValueOrDefault("*") ?? (useMx ? Mx(domain) : Local);
    }

    /// <summary>Where the settings of this moment lead; letters under way to another host are finished there.</summary>
    private Route? WayOutside()
    {
        var now = outbound();
        if (wayOutside is not { } way || !ReferenceEquals(way.Of, now))
        {
            wayOutside = way = new Way(now, now is { Hosts.Count: > 0 } ? new Route($"{string.Join(',', now.Hosts)}/{now.Tls}", RouteKind.Hosts, "", [.. now.Hosts], now.Tls) : null);
        }

        return way.Route;
    }

    private Route? Named(string domain)
    {
        if (routes.TryGetValue(domain, out var route))
        {
            return route;
        }

        // The longest suffix wins: ".ward.hospital.example" before ".hospital.example".
        for (var dot = domain.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = domain.IndexOf('.', dot + 1))
        {
            if (dot > 0 && routes.TryGetValue(domain[dot..], out route))
            {
                return route;
            }
        }

        return null;
    }

    private static Route Mx(string domain) => new("mx:" + domain, RouteKind.Mx, domain, [], TlsPolicy.Opportunistic);

    /// <summary>What stands behind the last @, lower case, without the final dot; <paramref name="otherwise"/> when there is none.</summary>
    internal static string DomainOf(string address, string otherwise)
    {
        var at = address.LastIndexOf('@');
        var domain = at < 0 ? otherwise : address[(at + 1)..];
        return domain.TrimEnd('.').ToLowerInvariant();
    }

    private sealed record Way(OutboundOptions? Of, Route? Route);
}
