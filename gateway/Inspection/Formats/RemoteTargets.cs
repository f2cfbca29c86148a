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
}
