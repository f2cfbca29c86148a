using System.Globalization;
using System.Net;
using System.Text;

namespace Sekisho.Inspection.Senders;

/// <summary>Macros in SPF domain-specs and explanations (RFC 7208 section 7).</summary>
internal static class SpfMacro
{
    private const string Letters = "slodiphcrtv";
    private const string ExplanationOnly = "crt";
    private const string Delimiters = ".-+,/_=";

    /// <summary>True for a well-formed domain-spec: a macro-string that ends in a macro or in a top label (section 12).</summary>
    public static bool IsDomainSpec(string text)
    {
        if (text.Length == 0 || !IsMacroString(text))
        {
            return false;
        }

        if (text[^1] == '}' || text.EndsWith("%%", StringComparison.Ordinal) || text.EndsWith("%_", StringComparison.Ordinal) || text.EndsWith("%-", StringComparison.Ordinal))
        {
            return text[^1] == '}';
        }

        var spec = text[^1] == '.' ? text[..^1] : text;
        var dot = spec.LastIndexOf('.');
        var label = spec[(dot + 1)..];
        return dot >= 0 && label.Length > 0 && label.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-') && label[0] != '-' && label[^1] != '-' && !label.All(char.IsAsciiDigit);
    }

    /// <summary>True where every percent sign begins a macro, and nothing but visible characters stands beside (section 7.1).</summary>
    public static bool IsMacroString(string text) => Expand(text, null, static (_, _) => "", isExplanation: false) is not null;

    /// <summary>Replaces macros.</summary>
    /// <param name="text">A macro-string.</param>
    /// <param name="check">Whose values; null only checks the syntax.</param>
    /// <param name="validated">Gives the value of <c>p</c>.</param>
    /// <param name="isExplanation">True allows <c>c</c>, <c>r</c> and <c>t</c>, and blanks.</param>
    /// <returns>Null where the syntax is wrong.</returns>
    public static string? Expand(string text, SpfCheck? check, Func<SpfCheck, char, string> validated, bool isExplanation)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c != '%')
            {
                if (c is < '!' or > '~' && !(isExplanation && c == ' '))
                {
                    return null;
                }

                result.Append(c);
                continue;
            }

            if (++i >= text.Length)
            {
                return null;
            }

            switch (text[i])
            {
                case '%':
                    result.Append('%');
                    break;
                case '_':
                    result.Append(' ');
                    break;
                case '-':
                    result.Append("%20");
                    break;
                case '{':
                    var end = text.IndexOf('}', i);
                    if (end < 0 || !Macro(text.AsSpan(i + 1, end - i - 1), check, validated, isExplanation, result))
                    {
                        return null;
                    }

                    i = end;
                    break;
                default:
                    return null;
            }
        }

        return result.ToString();
    }

    private static bool Macro(ReadOnlySpan<char> body, SpfCheck? check, Func<SpfCheck, char, string> validated, bool isExplanation, StringBuilder result)
    {
        if (body.Length == 0 || !char.IsAsciiLetter(body[0]))
        {
            return false;
        }

        var letter = char.ToLowerInvariant(body[0]);
        if (!Letters.Contains(letter, StringComparison.Ordinal) || (check is not null && !isExplanation && ExplanationOnly.Contains(letter, StringComparison.Ordinal))
            || (check is null && !isExplanation && ExplanationOnly.Contains(letter, StringComparison.Ordinal)))
        {
            return false;
        }

        var rest = body[1..];
        var digits = 0;
        while (digits < rest.Length && char.IsAsciiDigit(rest[digits]))
        {
            digits++;
        }

        var keep = int.MaxValue;
        if (digits > 0 && (!int.TryParse(rest[..Math.Min(digits, 9)], NumberStyles.None, CultureInfo.InvariantCulture, out keep) || keep == 0))
        {
            return false; // section 7.3: the number must not be zero
        }

        rest = rest[digits..];
        var reverse = rest.Length > 0 && rest[0] is 'r' or 'R';
        rest = reverse ? rest[1..] : rest;
        foreach (var delimiter in rest)
        {
            if (!Delimiters.Contains(delimiter, StringComparison.Ordinal))
            {
                return false;
            }
        }

        if (check is null)
        {
            return true;
        }

        var value = ValueOf(letter, check, validated);
        if (digits > 0 || reverse || rest.Length > 0)
        {
            var parts = value.Split(rest.Length == 0 ? ['.'] : rest.ToArray());
            if (reverse)
            {
                Array.Reverse(parts);
            }

            value = string.Join('.', parts.TakeLast(keep));
        }

        // Upper-case letters mean URL-escaped (section 7.3, RFC 3986 section 2.3 unreserved characters stay).
        result.Append(char.IsAsciiLetterUpper(body[0]) ? Uri.EscapeDataString(value) : value);
        return true;
    }

    private static string ValueOf(char letter, SpfCheck check, Func<SpfCheck, char, string> validated) => letter switch
    {
        's' => check.Sender,
        'l' => check.LocalPart,
        'o' => check.SenderDomain,
        'd' => check.Domain,
        'i' => Dotted(check.Client),
        'v' => Spf.IsV4(check.Client) ? "in-addr" : "ip6",
        'h' => check.Helo,
        'c' => check.Client.ToString(),
        'r' => check.Receiver,
        't' => check.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        _ => validated(check, letter),
    };

    /// <summary>IPv4 as usual, IPv6 as 32 nibbles with dots (section 7.3).</summary>
    private static string Dotted(IPAddress address) => Spf.IsV4(address)
        ? address.ToString()
        : string.Join('.', Convert.ToHexString(address.GetAddressBytes()).ToCharArray());
}
