using System.Net;
using System.Text;

namespace Sekisho.Inspection.Messages;

/// <content>The words of a page.</content>
internal static partial class PasswordCandidates
{
    private static readonly string[] Inline =
    [
        "b", "i", "u", "s", "span", "strong", "em", "font", "a", "code", "tt", "small", "big", "mark", "o:p", "wbr", "sup", "sub", "ins", "del", "strike", "kbd", "samp", "var", "abbr", "bdo", "bdi", "nobr", "label", "q", "cite",
    ];

    /// <summary>Attributes whose texts a reader sees, or has shown under the pointer.</summary>
    private static readonly string[] Shown = ["alt", "title", "value", "placeholder"];

    /// <summary>The words of an HTML text, with the texts of its pictures, fields and hints; blocks become lines.</summary>
    internal static string Plain(string html)
    {
        var plain = new StringBuilder(html.Length);
        for (var at = 0; at < html.Length;)
        {
            if (html[at] != '<')
            {
                var next = html.IndexOf('<', at);
                next = next < 0 ? html.Length : next;
                plain.Append(html, at, next - at);
                at = next;
                continue;
            }

            if (html.AsSpan(at).StartsWith("<!--", StringComparison.Ordinal))
            {
                var close = html.IndexOf("-->", at + 4, StringComparison.Ordinal);
                at = close < 0 ? html.Length : close + 3;
                continue;
            }

            var end = TagEnd(html, at);
            var tag = html.AsSpan(at, end - at);
            if (tag.StartsWith("<style", StringComparison.OrdinalIgnoreCase) || tag.StartsWith("<script", StringComparison.OrdinalIgnoreCase))
            {
                var close = html.IndexOf("</s", end, StringComparison.OrdinalIgnoreCase);
                end = close < 0 ? html.Length : close;
            }
            else if (!Attributes(tag, plain) && !IsInline(tag))
            {
                plain.Append('\n');
            }

            at = end;
        }

        return WebUtility.HtmlDecode(plain.ToString());
    }

    /// <summary>Behind the end of a tag: a bracket in quotation marks is none, unless the marks are never closed.</summary>
    private static int TagEnd(string html, int at)
    {
        var first = html.IndexOf('>', at);
        if (first < 0)
        {
            return html.Length;
        }

        var quote = '\0';
        for (var i = at; i < Math.Min(html.Length, at + 4096); i++)
        {
            var c = html[i];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c == '>')
            {
                return i + 1;
            }
            else if (c is '"' or '\'' && html[i - 1] is '=' or ' ')
            {
                quote = c;
            }
        }

        return first + 1;
    }

    /// <summary>Writes the texts of shown attributes, each on a line of its own; false where there is none.</summary>
    private static bool Attributes(ReadOnlySpan<char> tag, StringBuilder into)
    {
        var found = false;
        foreach (var name in Shown)
        {
            for (var from = 0; tag[from..].IndexOf(name, StringComparison.OrdinalIgnoreCase) is >= 0 and var at; from += at + name.Length)
            {
                var start = from + at;
                var rest = tag[(start + name.Length)..].TrimStart();
                if (start == 0 || !(char.IsWhiteSpace(tag[start - 1]) || tag[start - 1] is '"' or '\'') || rest.IsEmpty || rest[0] != '=')
                {
                    continue;
                }

                rest = rest[1..].TrimStart();
                var quote = rest.IsEmpty ? -1 : rest[0] is '"' or '\'' ? rest[1..].IndexOf(rest[0]) : -1;
                var bare = rest.IndexOfAny(" \t\r\n>");
                var value = (quote >= 0 ? rest[1..(quote + 1)] : bare < 0 ? rest : rest[..bare]).Trim("\"'/ ");
                if (!value.IsEmpty)
                {
                    into.Append('\n').Append(value).Append('\n');
                    found = true;
                }

                break;
            }
        }

        return found;
    }

    private static bool IsInline(ReadOnlySpan<char> tag)
    {
        tag = tag.Trim("</> ");
        var end = tag.IndexOfAny(' ', '\t', '\n');
        var name = end < 0 ? tag : tag[..end];
        foreach (var inline in Inline)
        {
            if (name.Equals(inline, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
