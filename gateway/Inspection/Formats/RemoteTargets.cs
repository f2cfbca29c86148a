using System.Net;

namespace Sekisho.Inspection.Formats;

/// <summary>Tells addresses that lead out of the computer from those that stay on it.</summary>
internal static class RemoteTargets
{
    private static readonly string[] Schemes = ["http:", "https:", "ftp:", "mhtml:", "mk:", "its:", "ms-its:", "script:", "scriptlet:", "ldap:", "webdav:", "search-ms:", "ms-msdt:", "ms-officecmd:", "x-usc:"];

    /// <summary>True for what is fetched from the web or handed to a protocol handler.</summary>
    public static bool IsWeb(string target)
    {
        var text = target.AsSpan().Trim();
        foreach (var scheme in Schemes)
        {
            if (text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for web addresses and for file shares (<c>\\server\share</c>, <c>file://server/share</c>).</summary>
    public static bool IsRemote(string target)
    {
        if (IsWeb(target))
        {
            return true;
        }

        var text = target.AsSpan().Trim();
        if (text.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            text = text[5..];
            var path = text.TrimStart("/\\");
            var slashes = text.Length - path.Length;
            // "file:///C:/x" and "file:/x" are local; "file://server/x", "file://///server/x" and "file:///\\server\x" are not.
            return slashes >= 2 && path.Length > 0 && !(path.Length > 1 && path[1] is ':' or '|') && slashes != 3 && !path.StartsWith("localhost", StringComparison.OrdinalIgnoreCase);
        }

        return text.Length > 2 && text[0] is '\\' or '/' && text[1] == text[0] && char.IsLetterOrDigit(text[2]);
    }

    /// <summary>True for a file share whose host is a public address, or a name that the internet resolves; false for names and addresses of a network's own (RFC 1918, RFC 4193, RFC 6762).</summary>
    /// <param name="target">An address as it stands in a document.</param>
    public static bool IsInternetShare(string target)
    {
        var text = target.AsSpan().Trim();
        if (text.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            text = text[5..];
        }
        else if (text.Length < 2 || text[0] is not ('\\' or '/') || text[1] != text[0])
        {
            return false;
        }

        text = text.TrimStart("/\\");
        var end = text.IndexOfAny("/\\");
        text = end < 0 ? text : text[..end];

        // "host@SSL@443" is WebDAV, by which a share is reached through the web.
        var at = text.IndexOf('@');
        var name = (at < 0 ? text : text[..at]).TrimEnd('.').ToString();
        if (name.StartsWith('[') && name.EndsWith(']'))
        {
            name = name[1..^1];
        }

        if (LinkTargets.Parse("http://" + (name.Contains(':', StringComparison.Ordinal) ? $"[{name}]" : name)) is { IsAddress: true } link && IPAddress.TryParse(link.Host, out var address))
        {
            return IsPublic(address);
        }

        var dot = name.LastIndexOf('.');
        return dot > 0 && name.Length > dot + 2 && name.AsSpan(dot + 1).IndexOfAnyExceptInRange('\0', '~') < 0 && char.IsAsciiLetter(name[dot + 1])
            && name[(dot + 1)..].ToUpperInvariant() is not ("LOCAL" or "LAN" or "LOCALDOMAIN" or "INTERNAL" or "INTRA" or "INTRANET" or "CORP" or "HOME" or "PRIVATE" or "TEST" or "AD");
    }

    private static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.GetAddressBytes().Length == 16)
        {
            return !(IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal || address.IsIPv6SiteLocal || address.Equals(IPAddress.IPv6Any));
        }

        var octets = address.GetAddressBytes();
        return octets[0] is not (0 or 10 or 127) && !(octets[0] == 172 && octets[1] is >= 16 and <= 31) && !(octets[0] == 192 && octets[1] == 168)
            && !(octets[0] == 169 && octets[1] == 254) && !(octets[0] == 100 && octets[1] is >= 64 and <= 127);
    }
}
