using System.Buffers;
using System.Net;
using System.Text;

namespace Sekisho.Smtp;

/// <summary>Reads a reverse-path or forward-path (RFC 5321 section 4.1.2, UTF-8 by RFC 6531 section 3.3).</summary>
/// <remarks>
/// Looser than the grammar where real mail needs it: dots may stand anywhere in an unquoted local part (addresses of Japanese mobile
/// carriers), host names may contain underscores, a source route is read and dropped (RFC 5321 appendix C).
/// </remarks>
public static class MailPath
{
    private static readonly SearchValues<char> IPv6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Longest local part taken, in octets. RFC 5321 section 4.5.3.1.1 promises 64 octets; VERP senders use more.</summary>
    public const int MaxLocalPart = 255;

    /// <summary>Longest domain in octets (RFC 5321 section 4.5.3.1.2).</summary>
    public const int MaxDomain = 255;

    /// <summary>Reads a path at the start of <paramref name="text"/>.</summary>
    /// <param name="text">Begins with <c>&lt;</c>.</param>
    /// <param name="address">The address without brackets and source route; empty for <c>&lt;&gt;</c>; without <c>@</c> for <c>&lt;postmaster&gt;</c>.</param>
    /// <param name="rest">What follows the closing bracket.</param>
    /// <returns>False when it is not a path.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, out string address, out ReadOnlySpan<char> rest)
    {
        address = "";
        rest = default;
        if (text.Length < 2 || text[0] != '<')
        {
            return false;
        }

        text = text[1..];
        if (text[0] == '>')
        {
            rest = text[1..];
            return true;
        }

        if (text[0] == '@')
        {
            // Source route: "@one.example,@two.example:" - to be accepted and ignored.
            var colon = text.IndexOf(':');
            if (colon < 0 || !IsSourceRoute(text[..colon]))
            {
                return false;
            }

            text = text[(colon + 1)..];
        }

        var local = LocalPartLength(text);
        if (local == 0 || local >= text.Length || Encoding.UTF8.GetByteCount(text[..local]) > MaxLocalPart)
        {
            return false;
        }

        if (text[local] == '>')
        {
            // Only postmaster may stand without a domain (RFC 5321 section 4.1.1.3).
            if (!text[..local].Equals("postmaster", StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }

            address = text[..local].ToString();
            rest = text[(local + 1)..];
            return true;
        }

        if (text[local] != '@')
        {
            return false;
        }

        var end = text[(local + 1)..].IndexOf('>');
        if (end <= 0 || !IsDomain(text.Slice(local + 1, end)))
        {
            return false;
        }

        address = text[..(local + 1 + end)].ToString();
        rest = text[(local + 2 + end)..];
        return true;
    }

    /// <summary>True when every character is ASCII.</summary>
    public static bool IsAscii(string address) => Ascii.IsValid(address);

    /// <summary>The domain behind the last <c>@</c>, lower case; empty when there is none.</summary>
    public static string DomainOf(string address)
    {
        var at = address.LastIndexOf('@');
        return at < 0 ? "" : address[(at + 1)..].ToLowerInvariant();
    }

    /// <summary>True for a domain name, a U-label name, or an address literal (RFC 5321 section 4.1.3).</summary>
    public static bool IsDomain(ReadOnlySpan<char> domain)
    {
        if (domain.IsEmpty || Encoding.UTF8.GetByteCount(domain) > MaxDomain)
        {
            return false;
        }

        if (domain[0] == '[')
        {
            return IsAddressLiteral(domain);
        }

        var label = 0;
        var previous = '.';
        foreach (var c in domain)
        {
            // A label neither begins nor ends with a hyphen (RFC 1123 section 2.1).
            if ((c == '-' && previous == '.') || (c == '.' && previous == '-'))
            {
                return false;
            }

            previous = c;
            if (c == '.')
            {
                if (label == 0)
                {
                    return false;
                }

                label = 0;
            }
            else if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || IsUtf8(c))
            {
                if (++label > 63)
                {
                    return false;
                }
            }
            else
            {
                return false;
            }
        }

        return label > 0 && previous != '-';
    }

    private static bool IsAddressLiteral(ReadOnlySpan<char> literal)
    {
        if (literal.Length < 4 || literal[^1] != ']')
        {
            return false;
        }

        var inside = literal[1..^1];
        // .NET would take a scope behind "%", which may hold blanks and control characters.
        return inside.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase)
            ? !inside[5..].ContainsAnyExcept(IPv6Characters) && IPAddress.TryParse(inside[5..], out var v6) && v6.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            : inside.Count('.') == 3 && IPAddress.TryParse(inside, out var v4) && v4.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
    }

    private static bool IsSourceRoute(ReadOnlySpan<char> route)
    {
        foreach (var range in route.Split(','))
        {
            var hop = route[range];
            if (hop.Length < 2 || hop[0] != '@' || !IsDomain(hop[1..]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Length of the local part at the start; 0 when there is none.</summary>
    private static int LocalPartLength(ReadOnlySpan<char> text)
    {
        if (text.StartsWith('"'))
        {
            for (var i = 1; i < text.Length; i++)
            {
                if (text[i] == '"')
                {
                    return i + 1;
                }

                if (text[i] == '\\')
                {
                    i++;
                }

                if (i >= text.Length || !(text[i] is >= ' ' and <= '~' || IsUtf8(text[i])))
                {
                    return 0;
                }
            }

            return 0;
        }

        var length = 0;
        while (length < text.Length && IsAtomOrDot(text[length]))
        {
            length++;
        }

        return length;
    }

    private static bool IsUtf8(char c) => c > 127 && c != '\uFFFD' && !char.IsControl(c) && !char.IsWhiteSpace(c);

    private static bool IsAtomOrDot(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '.' or '!' or '#' or '$' or '%' or '&' or '\'' or '*' or '+' or '-' or '/' or '=' or '?' or '^' or '_' or '`' or '{' or '|' or '}' or '~'
        || IsUtf8(c);
}
