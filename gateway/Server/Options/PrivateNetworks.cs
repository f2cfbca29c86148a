using System.Net;

namespace Sekisho.Options;

/// <summary>Tells networks that nobody on the internet has: private, of one link, or this machine (RFC 1918, 4193, 3927, 4291, 6890).</summary>
public static class PrivateNetworks
{
    private static readonly IPNetwork[] All =
    [
        .. new[] { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10" }.Select(static n => IPNetwork.Parse(n)),
    ];

    /// <summary>True where all of a network is private.</summary>
    public static bool Hold(IPNetwork network) => Array.Exists(All, n => network.PrefixLength >= n.PrefixLength && n.Contains(network.BaseAddress));
}
