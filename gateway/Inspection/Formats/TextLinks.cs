using System.Buffers;

namespace Sekisho.Inspection.Formats;

/// <summary>Finds addresses in running text, Japanese without blanks around them included.</summary>
public static class TextLinks
{
    /// <summary>The most links taken from one text.</summary>
    public const int MaxLinks = 5_000;

    private const int MaxLength = 4_096;

    private static readonly SearchValues<string> Marks = SearchValues.Create(["://", "www.", "[://]", "[:]//", "hxxp:", "hxxps:", "[.]", ":\\\\"], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\r\n\"<>`|^\u3000\u00A0\u300C\u300D\u300E\u300F\u3010\u3011\u3001\u3002\uFF08\uFF09\uFF1C\uFF1E\u201C\u201D\u2018\u2019\u203B\uFF0C\0\u001B");

    /// <summary>The links, in order; at most <see cref="MaxLinks"/>.</summary>
    /// <param name="text">Decoded text.</param>
    public static IReadOnlyList<Link> Find(string text)
    {
        var links = new List<Link>();
        var from = 0;
        while (from < text.Length && links.Count < MaxLinks)
        {
            var at = text.AsSpan(from).IndexOfAny(Marks);
            if (at < 0)
            {
                break;
            }

            at += from;
            var start = Start(text, at, from);
            var end = End(text, start, at);
            from = Math.Max(end, at + 3);
            if (end - start > 6 && LinkTargets.Parse(text[start..end]) is { } link && (link.Host.Contains('.', StringComparison.Ordinal) || link.IsAddress) && !IsHalf(text, start, link.Host))
            {
                links.Add(link);
            }
        }

        return links;
    }

    /// <summary>"www.nod" without a scheme: no address but the end of something else, as in code.</summary>
    private static bool IsHalf(string text, int start, string host) =>
        text[start] is 'w' or 'W' && host.StartsWith("www.", StringComparison.Ordinal) && host.IndexOf('.', 4) < 0;

    /// <summary>Back over the scheme, or over the host where only a defanged dot was seen.</summary>
    private static int Start(string text, int mark, int floor)
    {
        if (text[mark] is 'w' or 'W' or 'h' or 'H' && text[mark] is not ':')
        {
            return mark;
        }

        var start = mark;
        while (start > floor && mark - start < 100 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '*' or '+' || (text[mark] == '[' && text[mark + 1] == '.' && text[start - 1] is '.' or '-' or ':' or '/')))
        {
            start--;
        }

        return start;
    }

    private static int End(string text, int start, int mark)
    {
        var span = text.AsSpan(start, Math.Min(text.Length - start, MaxLength));
        var end = span.IndexOfAny(Ends);
        end = end < 0 ? span.Length : end;
        var host = Math.Min(mark - start + 3, end);
        var slash = span[host..end].IndexOfAny('/', '?', '#');
        var hostEnd = slash < 0 ? end : host + slash;

        // "example.jpをご覧": Japanese goes on where the address ends. A host with letters of its own has a dot behind them.
        var odd = span[host..hostEnd].IndexOfAnyExceptInRange('!', '~');
        if (odd > 0 && span[(host + odd)..hostEnd].LastIndexOf('.') < 0)
        {
            end = host + odd;
        }
        else
        {
            var inPath = span[hostEnd..end].IndexOfAnyExceptInRange('!', '~');
            end = inPath < 0 ? end : hostEnd + inPath;
        }

        while (end > host && (span[end - 1] is '.' or ',' or ';' or ':' or '!' or '?' or '\'' or '*' or '_'
            || (span[end - 1] is ')' or ']' or '}' && span[..end].Count(span[end - 1]) > span[..end].Count(span[end - 1] == ')' ? '(' : span[end - 1] == ']' ? '[' : '{'))))
        {
            end--;
        }

        return start + end;
    }
}
