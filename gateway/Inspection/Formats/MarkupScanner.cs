using System.Net;

namespace Sekisho.Inspection.Formats;

/// <summary>Walks through XML or HTML tag by tag, forgiving everything, in one pass.</summary>
internal ref struct MarkupScanner(ReadOnlySpan<char> markup)
{
    private ReadOnlySpan<char> rest = markup;
    private bool quotesLost;

    /// <summary>Text before the tag, not decoded.</summary>
    public ReadOnlySpan<char> Text { get; private set; }

    /// <summary>The tag's name as written, prefix included; empty at the end of the file. <c>!--</c> for a comment, <c>![CDATA[</c> for such a section.</summary>
    public ReadOnlySpan<char> Name { get; private set; }

    /// <summary>The name without its namespace prefix.</summary>
    public readonly ReadOnlySpan<char> LocalName => Name[(Name.LastIndexOf(':') + 1)..];

    /// <summary>True for an end tag.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>Everything between the name and the end of the tag.</summary>
    public ReadOnlySpan<char> Attributes { get; private set; }

    /// <summary>What follows the tag.</summary>
    public readonly ReadOnlySpan<char> Rest => rest;

    /// <summary>Goes to the next tag, or to the text behind the last one.</summary>
    public bool Next()
    {
        Text = [];
        Name = [];
        Attributes = [];
        IsEnd = false;
        var at = 0;
        while (true)
        {
            var found = rest[at..].IndexOf('<');
            if (found < 0 || at + found + 1 >= rest.Length)
            {
                Text = rest;
                rest = [];
                return Text.Length > 0;
            }

            at += found;
            if (char.IsAsciiLetter(rest[at + 1]) || rest[at + 1] is '/' or '!' or '?' or '_')
            {
                break;
            }

            at++;
        }

        Text = rest[..at];
        rest = rest[at..];
        if (rest.StartsWith("<!--", StringComparison.Ordinal))
        {
            Name = "!--";
            Attributes = UpTo(4, "-->");
            return true;
        }

        if (rest.StartsWith("<![CDATA[", StringComparison.Ordinal))
        {
            Name = "![CDATA[";
            Attributes = UpTo(9, "]]>");
            return true;
        }

        var close = Close();
        var tag = rest[1..close];
        rest = rest[Math.Min(rest.Length, close + 1)..];
        if (tag.StartsWith("/", StringComparison.Ordinal))
        {
            IsEnd = true;
            tag = tag[1..];
        }

        var length = tag.IndexOfAny(" \t\r\n\f/");
        Name = length < 0 ? tag : tag[..length];
        Attributes = length < 0 ? [] : tag[length..];
        return true;
    }

    /// <summary>Skips text up to and without an end tag, as script and style ask for, and gives it.</summary>
    public ReadOnlySpan<char> RawText(string element)
    {
        var from = 0;
        while (true)
        {
            var at = rest[from..].IndexOf("</", StringComparison.Ordinal);
            if (at < 0)
            {
                var all = rest;
                rest = [];
                return all;
            }

            from += at;
            if (rest[(from + 2)..].StartsWith(element, StringComparison.OrdinalIgnoreCase))
            {
                var text = rest[..from];
                rest = rest[from..];
                return text;
            }

            from += 2;
        }
    }

    /// <summary>The value of an attribute, entities decoded, by its name without prefix, letter case aside; null where there is none.</summary>
    public readonly string? Attribute(string name)
    {
        var attributes = Attributes;
        while (NextAttribute(ref attributes, out var key, out var value))
        {
            if (key[(key.LastIndexOf(':') + 1)..].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value.Contains('&') ? WebUtility.HtmlDecode(value.ToString()) : value.ToString();
            }
        }

        return null;
    }

    /// <summary>Takes the next attribute off.</summary>
    public static bool NextAttribute(ref ReadOnlySpan<char> attributes, out ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        attributes = attributes.TrimStart(" \t\r\n\f/");
        value = [];
        var length = attributes.IndexOfAny(" \t\r\n\f=/");
        name = length < 0 ? attributes : length == 0 ? attributes[..1] : attributes[..length];
        if (name.IsEmpty)
        {
            return false;
        }

        attributes = attributes[name.Length..].TrimStart();
        if (attributes.IsEmpty || attributes[0] != '=')
        {
            return true;
        }

        attributes = attributes[1..].TrimStart();
        if (attributes.Length > 0 && attributes[0] is '"' or '\'')
        {
            var end = attributes[1..].IndexOf(attributes[0]);
            value = end < 0 ? attributes[1..] : attributes.Slice(1, end);
            attributes = end < 0 ? [] : attributes[(end + 2)..];
            return true;
        }

        var blank = attributes.IndexOfAny(" \t\r\n\f");
        value = blank < 0 ? attributes : attributes[..blank];
        attributes = attributes[value.Length..];
        return true;
    }

    private ReadOnlySpan<char> UpTo(int from, string mark)
    {
        var end = rest[from..].IndexOf(mark, StringComparison.Ordinal);
        var inside = end < 0 ? rest[from..] : rest.Slice(from, end);
        rest = end < 0 ? [] : rest[(from + end + mark.Length)..];
        return inside;
    }

    /// <summary>Where the tag ends. A quote that is never closed stops quotes from counting, else every further tag would search to the end again.</summary>
    private int Close()
    {
        var at = 1;
        while (at < rest.Length)
        {
            var found = rest[at..].IndexOfAny('>', '"', '\'');
            if (found < 0)
            {
                return rest.Length;
            }

            at += found;
            if (rest[at] == '>')
            {
                return at;
            }

            if (!quotesLost && IsValueQuote(at))
            {
                var end = rest[(at + 1)..].IndexOf(rest[at]);
                if (end < 0)
                {
                    quotesLost = true;
                }
                else
                {
                    at += end + 1;
                }
            }

            at++;
        }

        return rest.Length;
    }

    private readonly bool IsValueQuote(int at)
    {
        do
        {
            at--;
        }
        while (at > 0 && char.IsWhiteSpace(rest[at]));
        return at > 0 && rest[at] == '=';
    }
}
