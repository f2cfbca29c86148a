using System.Globalization;
using System.Net;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Brings an address as somebody wrote it into the one form that a browser would make of it, wrappers taken off.</summary>
public static class LinkTargets
{
    private const int MaxLength = 16_384;
    private const int MaxWrappers = 5;
    private const int MaxWritten = 2_000;

    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    /// <summary>The link; null for what is no address (a fragment, a relative path, words).</summary>
    /// <param name="written">The address with entities decoded.</param>
    public static Link? Parse(string written)
    {
        if (written.Length is 0 or > MaxLength)
        {
            return null;
        }

        var plain = Refang(Clean(written), out var isDefanged);
        var via = new List<string>();
        if (Read(plain) is not { } link)
        {
            return null;
        }

        while (via.Count < MaxWrappers && Redirectors.Unwrap(link.Host, link.Target) is { } inner && Read(Clean(inner)) is { } next && next.Target != link.Target)
        {
            via.Add(link.Host);
            link = next;
        }

        return link with { Written = written.Length > MaxWritten ? written[..MaxWritten] : written, Via = via, IsDefanged = isDefanged };
    }

    /// <summary>The domain that somebody registered, roughly: the last two labels, or three under <c>co.jp</c> and its like. An IP address stands for itself.</summary>
    /// <param name="host">A host in ASCII.</param>
    public static string Registered(string host)
    {
        if (host.Length == 0 || host.Contains(':', StringComparison.Ordinal) || char.IsAsciiDigit(host[^1]))
        {
            return host;
        }

        var labels = host.Split('.');
        var count = labels.Length >= 3 && labels[^1].Length == 2 && (labels[^2].Length <= 2 || labels[^2] is "com" or "net" or "org" or "gov" or "edu" or "lg") ? 3 : 2;
        return string.Join('.', labels.TakeLast(count));
    }

    private static string Clean(string text)
    {
        // Browsers drop tabs and line ends anywhere and control characters at both ends (WHATWG URL, "basic URL parser").
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c > ' ' || (c == ' ' && clean.Length > 0))
            {
                clean.Append(c);
            }
        }

        return TextNormal.Of(clean.ToString().TrimEnd());
    }

    /// <summary>Undoes what keeps an address from being clicked by accident: <c>hxxp</c>, <c>[.]</c>, <c>(dot)</c> and their like.</summary>
    internal static string Refang(string text, out bool isDefanged)
    {
        isDefanged = false;
        if (text.StartsWith("httpp", StringComparison.OrdinalIgnoreCase))
        {
            // A slip of lists, too: "httpp://", "httpps://".
            text = "http" + text[5..];
            isDefanged = true;
        }
        else if (text.StartsWith("hxxp", StringComparison.OrdinalIgnoreCase) || text.StartsWith("h**p", StringComparison.OrdinalIgnoreCase) || text.StartsWith("h++p", StringComparison.OrdinalIgnoreCase))
        {
            text = "http" + text[4..];
            isDefanged = true;
        }

        if (text.AsSpan().ContainsAny('[', '(', '{'))
        {
            var plain = text.Replace("[.]", ".", StringComparison.Ordinal).Replace("(.)", ".", StringComparison.Ordinal).Replace("{.}", ".", StringComparison.Ordinal)
                .Replace("[dot]", ".", StringComparison.OrdinalIgnoreCase).Replace("(dot)", ".", StringComparison.OrdinalIgnoreCase).Replace("[@]", "@", StringComparison.Ordinal).Replace("[at]", "@", StringComparison.OrdinalIgnoreCase)
                .Replace("[:]", ":", StringComparison.Ordinal).Replace("[://]", "://", StringComparison.Ordinal).Replace("[/]", "/", StringComparison.Ordinal);
            isDefanged |= plain.Length != text.Length;
            text = plain;
        }

        return text;
    }

    private static Link? Read(string text)
    {
        if (text.StartsWith("www.", StringComparison.OrdinalIgnoreCase))
        {
            text = "http://" + text;
        }
        else if (text.StartsWith("//", StringComparison.Ordinal) || text.StartsWith("\\\\", StringComparison.Ordinal))
        {
            text = (text[0] == '/' ? "http:" : "file:") + text;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon is < 2 or > 20 || !char.IsAsciiLetter(text[0]))
        {
            return null;
        }

        var scheme = text[..colon].ToLowerInvariant();
        if (scheme.AsSpan().IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789+-.") >= 0)
        {
            return null;
        }

        var rest = text[(colon + 1)..];
        if (scheme is not ("http" or "https" or "ftp" or "ftps" or "file" or "smb" or "ws" or "wss" or "search-ms" or "ms-word" or "ms-excel" or "ms-powerpoint"))
        {
            return scheme is "mailto" or "tel" or "data" or "javascript" or "vbscript" or "cid" or "ms-msdt" or "ms-officecmd" or "ms-appinstaller" || rest.StartsWith("//", StringComparison.Ordinal)
                ? Other(scheme, rest) : null;
        }

        if (scheme.StartsWith("ms-", StringComparison.Ordinal) || scheme == "search-ms")
        {
            return Other(scheme, rest);
        }

        // Browsers take any number of slashes, and backslashes for slashes.
        var authority = rest.TrimStart('/', '\\');
        if (scheme == "file" && authority.Length > 1 && authority[1] is ':' or '|')
        {
            return new Link("file:///" + authority, "", text);
        }

        var end = authority.AsSpan().IndexOfAny("/\\?#");
        var path = end < 0 ? "" : authority[end..];
        authority = end < 0 ? authority : authority[..end];
        if (scheme == "file" && authority.IndexOf('@', StringComparison.Ordinal) is > 0 and var door && (authority.AsSpan(door).StartsWith("@SSL", StringComparison.OrdinalIgnoreCase) || authority.AsSpan(door + 1).IndexOfAnyExceptInRange('0', '9') < 0))
        {
            authority = authority[..door]; // Windows: a share that is reached through the web, "host@SSL@443".
        }

        var at = authority.LastIndexOf('@');
        var user = at < 0 ? null : Percent(authority[..at], everything: true);
        var (host, port) = Split(authority[(at + 1)..]);
        var ascii = Ascii(host);
        if (ascii.Length == 0 || ascii.AsSpan().ContainsAny(" <>\""))
        {
            return null;
        }

        var isAddress = TryAddress(ascii, out var address);
        ascii = isAddress ? address : ascii;
        var mark = port.Length > 0 && port != (scheme == "https" ? "443" : "80") ? ":" + port : "";
        path = path.Replace('\\', '/');
        path = path.Length == 0 || path[0] != '/' ? "/" + path : path;
        var target = $"{scheme}://{(ascii.Contains(':', StringComparison.Ordinal) ? $"[{ascii}]" : ascii)}{mark}{Percent(path, everything: false)}";
        return new Link(target, ascii, text) { ShownHost = Shown(ascii), UserInfo = user, IsAddress = isAddress };
    }

    private static Link Other(string scheme, string rest) => new($"{scheme}:{(rest.Length > MaxWritten ? rest[..MaxWritten] : rest)}", "", rest);

    private static (string Host, string Port) Split(string authority)
    {
        if (authority.StartsWith('['))
        {
            var close = authority.IndexOf(']', StringComparison.Ordinal);
            return close < 0 ? (authority, "") : (authority[1..close], close + 2 <= authority.Length && authority[close + 1] == ':' ? authority[(close + 2)..] : "");
        }

        var colon = authority.LastIndexOf(':');
        return colon < 0 ? (authority, "") : (authority[..colon], authority[(colon + 1)..].TrimStart('0'));
    }

    /// <summary>A host in A-labels and lower case; as it is where it cannot be brought into them.</summary>
    internal static string Ascii(string host)
    {
        host = TextNormal.Of(Percent(host, everything: true)).Replace('\u3002', '.').TrimEnd('.').ToLowerInvariant();
        if (System.Text.Ascii.IsValid(host))
        {
            return host;
        }

        try
        {
            return Idn.GetAscii(host).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return host;
        }
    }

    /// <summary>A host in A-labels as it is shown to people.</summary>
    internal static string Shown(string ascii)
    {
        // Label by label: one that is broken must not hide what the others say.
        return ascii.Contains("xn--", StringComparison.Ordinal) ? string.Join('.', ascii.Split('.').Select(Label)) : ascii;

        static string Label(string label)
        {
            try
            {
                return label.StartsWith("xn--", StringComparison.Ordinal) ? Idn.GetUnicode(label) : label;
            }
            catch (ArgumentException)
            {
                return label;
            }
        }
    }

    /// <summary>An IPv4 address in any form that programs take (decimal, octal, hexadecimal, one to four numbers), or an IPv6 address.</summary>
    private static bool TryAddress(string host, out string address)
    {
        address = host;
        if (host.Contains(':', StringComparison.Ordinal))
        {
            var isSix = IPAddress.TryParse(host, out var six);
            address = isSix ? six!.ToString() : host;
            return isSix;
        }

        var pieces = host.Split('.');
        if (pieces.Length > 4 || !char.IsAsciiDigit(host[0]))
        {
            return false;
        }

        ulong whole = 0;
        for (var i = 0; i < pieces.Length; i++)
        {
            if (!TryNumber(pieces[i], out var number))
            {
                return false;
            }

            var isLast = i == pieces.Length - 1;
            if (!isLast && number > 255)
            {
                return false;
            }

            whole |= isLast ? number : number << (8 * (3 - i));
        }

        if (whole > uint.MaxValue)
        {
            return false;
        }

        address = string.Create(CultureInfo.InvariantCulture, $"{whole >> 24}.{(whole >> 16) & 255}.{(whole >> 8) & 255}.{whole & 255}");
        return true;
    }

    private static bool TryNumber(string piece, out ulong number)
    {
        number = 0;
        if (piece.Length is 0 or > 20)
        {
            return false;
        }

        if (piece.StartsWith("0x", StringComparison.Ordinal))
        {
            return ulong.TryParse(piece.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
        }

        if (piece[0] != '0' || piece.Length == 1)
        {
            return ulong.TryParse(piece, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        }

        foreach (var c in piece)
        {
            if (c is < '0' or > '7')
            {
                return false;
            }

            number = (number * 8) + (ulong)(c - '0');
        }

        return true;
    }

    /// <summary>Undoes percent-encoding: of everything, or only of the characters that need none (RFC 3986 section 6.2.2.2).</summary>
    internal static string Percent(string text, bool everything)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var octets = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i] == '%' && i + 2 < octets.Length && byte.TryParse(octets.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
                && (everything || char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~'))
            {
                octets[length++] = value;
                i += 2;
            }
            else
            {
                octets[length++] = octets[i];
            }
        }

        return Encoding.UTF8.GetString(octets, 0, length);
    }
}
