using System.Globalization;
using System.Net;
using Sekisho.Options;

namespace Sekisho.Delivery;

/// <summary>One address of one host that may take the letter.</summary>
/// <param name="Name">The host's name as configured or as the MX record says: the name a certificate must carry. For an address literal the address.</param>
/// <param name="Address">Address and port to connect to.</param>
internal sealed record NextHop(string Name, IPEndPoint Address)
{
    /// <summary>The form of Received fields and of Postfix's log: <c>mail.hospital.example[192.0.2.1]:25</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}[{Address.Address}]:{Address.Port}");
}

/// <summary>Where the hosts of a destination are found.</summary>
internal enum RouteKind
{
    /// <summary>The folder on this machine.</summary>
    Maildir,

    /// <summary>Hosts named in the settings.</summary>
    Hosts,

    /// <summary>The domain's MX records, or the address literal.</summary>
    Mx,
}

/// <summary>Where letters for a domain go.</summary>
/// <param name="Key">Equal for domains that share connections, queue and fate.</param>
/// <param name="Kind">Where the hosts are found.</param>
/// <param name="Domain">The recipient domain, lower case, without the final dot; empty unless <paramref name="Kind"/> is Mx.</param>
/// <param name="Hosts">Configured hosts in order; empty unless <paramref name="Kind"/> is Hosts.</param>
/// <param name="Tls">How to speak to them.</param>
internal sealed record Route(string Key, RouteKind Kind, string Domain, IReadOnlyList<string> Hosts, TlsPolicy Tls);

/// <summary>The addresses to try, or why there are none.</summary>
/// <param name="Hops">In the order to try them; empty when <paramref name="Problem"/> is set.</param>
/// <param name="Problem">One line with code and enhanced code (RFC 3463); 5yz is permanent, 4yz temporary.</param>
internal sealed record HopList(IReadOnlyList<NextHop> Hops, string? Problem = null)
{
    /// <summary>No addresses, and why.</summary>
    public static HopList Failed(string problem) => new([], problem);
}
