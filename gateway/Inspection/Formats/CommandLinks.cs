using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Finds the addresses in command lines and scripts, those in base64 (PowerShell's <c>-EncodedCommand</c> and its like) included.</summary>
internal static class CommandLinks
{
    private const int ShortestCode = 40;
    private const int LongestCode = 1 << 20;
    private const int MaxDepth = 3;

    /// <summary>The links, in order.</summary>
    /// <param name="text">A command line, a macro, a script.</param>
    public static IReadOnlyList<Link> Find(string text)
    {
        var links = new List<Link>(TextLinks.Find(Plain(text)));
        foreach (var inner in Encoded(text, 0))
        {
            if (links.Count >= TextLinks.MaxLinks)
            {
                break;
            }

            links.AddRange(TextLinks.Find(Plain(inner)));
        }

        return links;
    }

    /// <summary>In code an address ends at either quote, and slashes may be escaped.</summary>
    private static string Plain(string text) => text.Replace(@"\/", "/", StringComparison.Ordinal).Replace('\'', '"');

    /// <summary>Notes them as signs.</summary>
    public static void Note(CarrierContents found, string text)
    {
        foreach (var link in Find(text))
        {
            found.Note(SignKind.CommandLink, link.Written);
        }
    }

    /// <summary>The texts that runs of base64 stand for, and those within these; each is shorter than what it stands in.</summary>
    private static IEnumerable<string> Encoded(string text, int depth)
    {
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '+' or '/' or '='))
            {
                continue;
            }

            if (at - start is >= ShortestCode and <= LongestCode && Decoded(text.AsSpan(start, at - start)) is { } inner)
            {
                yield return inner;
                if (depth < MaxDepth)
                {
                    foreach (var deeper in Encoded(inner, depth + 1))
                    {
                        yield return deeper;
                    }
                }
            }

            start = at + 1;
        }
    }

    /// <summary>Text in UTF-16, as PowerShell wants it, or in UTF-8; null for what is no text.</summary>
    private static string? Decoded(ReadOnlySpan<char> code)
    {
        code = code.TrimEnd('=');
        code = code[..(code.Length - (code.Length % 4 == 1 ? 1 : 0))];
        var octets = new byte[code.Length];
        Span<char> padded = new char[(code.Length + 3) & ~3];
        padded.Fill('=');
        code.CopyTo(padded);
        if (!Convert.TryFromBase64Chars(padded, octets, out var length))
        {
            return null;
        }

        var plain = octets.AsSpan(0, length);
        var zeros = plain.Count((byte)0);
        var text = zeros * 3 > length ? Encoding.Unicode.GetString(plain[..(length & ~1)]) : Encoding.UTF8.GetString(plain);
        var odd = 0;
        foreach (var c in text)
        {
            odd += c is '\uFFFD' || (char.IsControl(c) && c is not ('\r' or '\n' or '\t')) ? 1 : 0;
        }

        return odd * 20 > text.Length ? null : text;
    }
}
