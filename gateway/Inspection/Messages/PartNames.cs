using System.Globalization;
using System.Text;
using MimeKit;
using MimeKit.Utils;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>Reads the file names of a MIME part every way a program may: both fields, repeated parameters, RFC 2231 pieces, RFC 2047 words, raw octets.</summary>
internal static class PartNames
{
    private const int MaxNames = 8;
    private const int MaxValue = 16 << 10;

    /// <summary>The names that differ from those already known; usually none, and then cheaply.</summary>
    /// <param name="part">The part.</param>
    /// <param name="known">The name taken first.</param>
    /// <param name="other">A second one already seen, or null.</param>
    public static IReadOnlyList<string> Others(MimeEntity part, string known, string? other)
    {
        List<string>? found = null;
        foreach (var header in part.Headers)
        {
            var field = header.Field.AsSpan().Trim();
            if ((field.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) || field.Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase))
                && header.RawValue is { Length: <= MaxValue } raw && (raw.AsSpan().IndexOf("name"u8) >= 0 || raw.AsSpan().IndexOf("NAME"u8) >= 0 || raw.AsSpan().IndexOf("Name"u8) >= 0))
            {
                foreach (var name in Read(MimeAlternatives.Unfold(Encoding.Latin1.GetString(raw).Replace('\0', '\u0001'))))
                {
                    var plain = name.Replace('\u0001', '\0');
                    if (plain.Length > 0 && plain != known && plain != other && found?.Contains(plain) != true && (found ??= []).Count < MaxNames)
                    {
                        found.Add(plain);
                    }
                }
            }
        }

        return found ?? (IReadOnlyList<string>)[];
    }

    /// <summary>All names in one field's value, given as Latin-1.</summary>
    public static IEnumerable<string> Read(string value)
    {
        var pieces = new SortedDictionary<int, (string Value, bool IsEncoded)>[2];
        foreach (var (attribute, given, isQuoted) in Parameters(value))
        {
            var which = attribute.StartsWith("filename", StringComparison.OrdinalIgnoreCase) ? 0 : attribute.StartsWith("name", StringComparison.OrdinalIgnoreCase) ? 1 : -1;
            if (which < 0)
            {
                continue;
            }

            var rest = attribute[(which == 0 ? 8 : 4)..];
            if (rest.Length == 0)
            {
                var name = Words(given);
                yield return name;

                // Marks that are none to RFC 2045 and quotation marks or a comment to some program.
                var bare = name.Trim('\'', '"', '`', ' ');
                if (bare != name)
                {
                    yield return bare;
                }

                if (bare.IndexOf('(', StringComparison.Ordinal) is > 0 and var comment && !isQuoted)
                {
                    yield return bare[..comment].TrimEnd();
                }
            }
            else if (rest == "*")
            {
                yield return Extended(given);
            }
            else if (rest[0] == '*' && int.TryParse(rest.AsSpan(1).TrimEnd('*'), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                (pieces[which] ??= [])[number] = (given, rest[^1] == '*');
            }
        }

        foreach (var list in pieces)
        {
            if (list is not null)
            {
                var isEncoded = list.Values.Any(p => p.IsEncoded);
                var joined = string.Concat(list.Values.Select(p => p.IsEncoded || !isEncoded ? p.Value : Uri.EscapeDataString(p.Value)));
                yield return isEncoded ? Extended(joined) : Words(joined);
            }
        }
    }

    /// <summary>The parameters as they stand: quotes honoured, closed or not. The first may stand behind another mark than a semicolon.</summary>
    private static IEnumerable<(string Attribute, string Value, bool IsQuoted)> Parameters(string value)
    {
        var at = value.AsSpan().IndexOfAny(';', '=') is >= 0 and var mark && value[mark] == '=' ? -1 : value.IndexOf(';', StringComparison.Ordinal);
        for (var count = 0; (at >= 0 || count == 0) && at < value.Length && count < 50; count++)
        {
            at++;
            var equals = value.IndexOf('=', at);
            if (equals < 0)
            {
                break;
            }

            var semicolon = value.IndexOf(';', at);
            if (semicolon >= 0 && semicolon < equals)
            {
                at = semicolon;
                continue;
            }

            var attribute = value[at..equals].Trim();
            attribute = attribute[(attribute.AsSpan().LastIndexOfAny(" \t,:") + 1)..];
            var start = equals + 1;
            while (start < value.Length && value[start] is ' ' or '\t')
            {
                start++;
            }

            if (start < value.Length && value[start] == '"')
            {
                var text = new StringBuilder();
                for (start++; start < value.Length && value[start] != '"'; start++)
                {
                    // A backslash before a letter is a path of Windows, not an escape.
                    if (value[start] == '\\' && start + 1 < value.Length && value[start + 1] is '"' or '\\')
                    {
                        start++;
                    }

                    text.Append(value[start]);
                }

                at = value.IndexOf(';', Math.Min(start, value.Length));
                yield return (attribute, text.ToString(), true);
            }
            else
            {
                at = value.IndexOf(';', start);
                yield return (attribute, (at < 0 ? value[start..] : value[start..at]).Trim(), false);
            }
        }
    }

    /// <summary>RFC 2047 words where RFC 2231 wants none, and raw octets in whatever character set.</summary>
    private static string Words(string latin)
    {
        var octets = Encoding.Latin1.GetBytes(latin);
        return latin.Contains("=?", StringComparison.Ordinal) ? Rfc2047.DecodeText(octets) : JapaneseText.Decode(octets, null, out _);
    }

    /// <summary>RFC 2231 section 4: character set, language, percent-encoded octets; the first two may be missing.</summary>
    private static string Extended(string value)
    {
        var first = value.IndexOf('\'', StringComparison.Ordinal);
        var second = first < 0 ? -1 : value.IndexOf('\'', first + 1);
        var charset = second < 0 ? null : value[..first];
        var text = second < 0 ? value : value[(second + 1)..];
        var octets = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                octets.Add(octet);
                i += 2;
            }
            else
            {
                octets.Add((byte)text[i]);
            }
        }

        return JapaneseText.Decode([.. octets], charset, out _);
    }
}
