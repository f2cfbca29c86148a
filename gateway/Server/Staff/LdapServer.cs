using System.Net;

namespace Sekisho.Staff;

/// <summary>Where a directory listens, of a URL <c>ldap://HOST:PORT</c> or <c>ldaps://HOST:PORT</c> (RFC 4516, without base and filter).</summary>
/// <param name="Host">A name, or an address without brackets.</param>
/// <param name="Port">389 for <c>ldap</c> and 636 for <c>ldaps</c> where none is given.</param>
/// <param name="Tls">True for <c>ldaps</c>.</param>
internal sealed record LdapServer(string Host, int Port, bool Tls)
{
    /// <summary>True for this machine.</summary>
    public bool IsLoopback => Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Reads a URL; null where it is none.</summary>
    public static LdapServer? TryParse(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("ldap" or "ldaps") || uri.IdnHost.Length == 0
            || uri.UserInfo.Length > 0 || uri.PathAndQuery is not ("" or "/") || uri.Fragment.Length > 0)
        {
            return null;
        }

        var tls = uri.Scheme == "ldaps";
        var port = uri.IsDefaultPort || uri.Port <= 0 ? (tls ? 636 : 389) : uri.Port;
        return new LdapServer(uri.IdnHost, port, tls);
    }

    /// <inheritdoc />
    public override string ToString() => $"{(Tls ? "ldaps" : "ldap")}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
}
