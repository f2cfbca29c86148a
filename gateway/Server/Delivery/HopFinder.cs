using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;

namespace Sekisho.Delivery;

/// <summary>Finds the addresses of a route's hosts: the system's resolver for configured names, DNS for MX records (RFC 5321 section 5.1, RFC 7505).</summary>
/// <param name="dns">The resolver for MX look-ups.</param>
/// <param name="ownName">This gateway's name, to recognise itself among MX hosts.</param>
internal sealed class HopFinder(ILookupClient dns, string ownName)
{
    private const int SmtpPort = 25;

    /// <summary>Most addresses tried for one letter; a domain with more MX hosts is not reached better by trying them all.</summary>
    private const int MostHops = 10;

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = false };

    /// <summary>The addresses of a route in the order to try them. Never throws but for cancellation.</summary>
    public Task<HopList> FindAsync(Route route, CancellationToken cancel) =>
        route.Kind == RouteKind.Hosts ? FromSettingsAsync(route.Hosts, cancel) : FromMxAsync(route.Domain, cancel);

    private static async Task<HopList> FromSettingsAsync(IReadOnlyList<string> hosts, CancellationToken cancel)
    {
        List<NextHop> hops = [];
        string? problem = null;
        foreach (var host in hosts)
        {
            var (name, port) = Split(host);
            if (IPAddress.TryParse(name, out var literal))
            {
                hops.Add(new NextHop(name, new IPEndPoint(literal, port)));
                continue;
            }

            try
            {
                var addresses = await Dns.GetHostAddressesAsync(name, cancel).ConfigureAwait(false);
                hops.AddRange(Sorted(addresses).Select(address => new NextHop(name, new IPEndPoint(address, port))));
            }
            catch (Exception e) when (e is SocketException or ArgumentException)
            {
                // A configured name that is not found is the operator's slip, not the letter's fault: it waits.
                problem = $"451 4.4.3 next hop {name} has no address: {e.Message}";
            }
        }

        return hops.Count > 0 ? new HopList(hops) : HopList.Failed(problem ?? "451 4.3.5 route without hosts");
    }

    private async Task<HopList> FromMxAsync(string domain, CancellationToken cancel)
    {
        if (domain.StartsWith('['))
        {
            return FromLiteral(domain);
        }

        string ascii;
        try
        {
            ascii = Idn.GetAscii(domain);
        }
        catch (ArgumentException)
        {
            return HopList.Failed("550 5.1.2 not a domain name");
        }

        IDnsQueryResponse response;
        try
        {
            response = await dns.QueryAsync(ascii, QueryType.MX, QueryClass.IN, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DnsResponseException or SocketException or ArgumentException or InvalidOperationException)
        {
            return HopList.Failed($"451 4.4.3 MX look-up of {domain} failed: {e.Message}");
        }

        switch (response.Header.ResponseCode)
        {
            case DnsHeaderResponseCode.NotExistentDomain:
                return HopList.Failed($"550 5.1.2 domain {domain} does not exist");
            case DnsHeaderResponseCode.NoError:
                break;
            default:
                return HopList.Failed($"451 4.4.3 MX look-up of {domain} failed: {response.Header.ResponseCode}");
        }

        var records = response.Answers.OfType<MxRecord>().ToList();
        if (records.Count == 0)
        {
            // RFC 5321 section 5.1: the domain itself stands as its only MX.
            return await FromNamesAsync(domain, [ascii], cancel).ConfigureAwait(false);
        }

        if (records is [var only] && NameOf(only).Length == 0)
        {
            return HopList.Failed($"556 5.1.10 domain {domain} takes no mail (null MX)");
        }

        // When this gateway is in the list, only better hosts than itself may be tried, else letters go in circles.
        var own = records.Where(IsOwn).Select(static r => (int)r.Preference).DefaultIfEmpty(int.MaxValue).Min();
        var names = records.Where(r => r.Preference < own && NameOf(r).Length > 0)
            .GroupBy(static r => r.Preference)
            .OrderBy(static g => g.Key)
            .SelectMany(static g => Shuffled([.. g.Select(NameOf)]))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        return names.Count == 0
            ? HopList.Failed($"554 5.4.6 mail for {domain} loops back to {ownName}")
            : await FromNamesAsync(domain, names, cancel).ConfigureAwait(false);
    }

    private async Task<HopList> FromNamesAsync(string domain, IReadOnlyList<string> names, CancellationToken cancel)
    {
        List<NextHop> hops = [];
        var temporary = false;
        foreach (var name in names)
        {
            try
            {
                var found = await Task.WhenAll(
                    dns.QueryAsync(name, QueryType.A, QueryClass.IN, cancel),
                    dns.QueryAsync(name, QueryType.AAAA, QueryClass.IN, cancel)).ConfigureAwait(false);
                temporary |= found.Any(static r => r.Header.ResponseCode is not (DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain));
                var addresses = found.SelectMany(static r => r.Answers.OfType<AddressRecord>()).Select(static r => r.Address);
                hops.AddRange(Sorted(addresses).Select(address => new NextHop(name, new IPEndPoint(address, SmtpPort))));
            }
            catch (Exception e) when (e is DnsResponseException or SocketException or ArgumentException or InvalidOperationException)
            {
                temporary = true;
            }

            if (hops.Count >= MostHops)
            {
                break;
            }
        }

        if (hops.Count > 0)
        {
            return new HopList(hops.Count > MostHops ? hops[..MostHops] : hops);
        }

        return HopList.Failed(temporary
            ? $"451 4.4.3 address look-up of the mail hosts of {domain} failed"
            : $"550 5.4.4 no mail host of {domain} has an address");
    }

    /// <summary>An address literal (RFC 5321 section 4.1.3).</summary>
    private static HopList FromLiteral(string domain)
    {
        var inner = domain.Trim('[', ']');
        var text = inner.StartsWith("ipv6:", StringComparison.OrdinalIgnoreCase) ? inner[5..] : inner;
        return IPAddress.TryParse(text, out var address)
            ? new HopList([new NextHop(address.ToString(), new IPEndPoint(address, SmtpPort))])
            : HopList.Failed("550 5.1.2 not an address literal");
    }

    /// <summary>IPv4 first: hospital networks whose IPv6 leads nowhere are common, those without IPv4 are not.</summary>
    private static IEnumerable<IPAddress> Sorted(IEnumerable<IPAddress> addresses) =>
        addresses.Distinct().OrderBy(static a => a.AddressFamily == AddressFamily.InterNetworkV6);

    private static string[] Shuffled(string[] names)
    {
        Random.Shared.Shuffle(names);
        return names;
    }

    private static string NameOf(MxRecord record) => record.Exchange.Value.TrimEnd('.');

    private bool IsOwn(MxRecord record) => string.Equals(NameOf(record), ownName, StringComparison.OrdinalIgnoreCase);

    /// <summary><c>HOST</c>, <c>HOST:PORT</c>, <c>[IPv6]:PORT</c> or a bare IPv6 address.</summary>
    internal static (string Name, int Port) Split(string host, int otherwise = SmtpPort)
    {
        if (host.StartsWith('['))
        {
            var close = host.IndexOf(']', StringComparison.Ordinal);
            if (close > 0)
            {
                var inner = host[1..close];
                return (inner, close + 2 < host.Length && int.TryParse(host[(close + 2)..], CultureInfo.InvariantCulture, out var p) ? p : otherwise);
            }
        }

        var colon = host.LastIndexOf(':');
        return colon > 0 && host.IndexOf(':', StringComparison.Ordinal) == colon && int.TryParse(host[(colon + 1)..], CultureInfo.InvariantCulture, out var port)
            ? (host[..colon], port)
            : (host, otherwise);
    }
}
