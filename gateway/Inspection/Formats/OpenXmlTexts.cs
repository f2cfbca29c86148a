using System.Net;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Takes the texts out of a package's property parts and Word's document variables (ECMA-376 part 1 sections 15.2.12, 22.2, 22.3, 17.15.1.31).</summary>
/// <remarks>By hand: these parts are small and simple, and a broken one shall give what it has.</remarks>
internal static class OpenXmlTexts
{
    private const int MaxPart = 2 << 20;

    /// <summary>True for the parts that hold such texts.</summary>
    public static bool IsWanted(string member) => member.StartsWith("docProps/", StringComparison.OrdinalIgnoreCase) && member.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)
        || member.Equals("word/settings.xml", StringComparison.OrdinalIgnoreCase);

    /// <summary>True for the parts whose words a reader sees first: Word's text, Excel's strings, sheets and drawings, a presentation's slides.</summary>
    public static bool IsShown(string member) => member.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)
        && (member.Equals("word/document.xml", StringComparison.OrdinalIgnoreCase) || member.Equals("xl/sharedStrings.xml", StringComparison.OrdinalIgnoreCase)
            || member.StartsWith("xl/drawings/drawing", StringComparison.OrdinalIgnoreCase) || member.StartsWith("xl/worksheets/sheet", StringComparison.OrdinalIgnoreCase)
            || member.StartsWith("ppt/slides/slide", StringComparison.OrdinalIgnoreCase));

    /// <summary>The words of such a part: what stands in <c>w:t</c>, <c>a:t</c> and <c>t</c> elements, with a line end after a paragraph, a cell or an item.</summary>
    /// <param name="part">The member's beginning; at most 2 MiB are looked at.</param>
    /// <returns>Empty where there are none.</returns>
    public static string ShownIn(ReadOnlySpan<byte> part)
    {
        part = part[..Math.Min(part.Length, MaxPart)];
        var isWide = part.Length > 1 && part[0] == 0xFF && part[1] == 0xFE;
        var from = isWide ? 0 : FirstText(part);
        if (from < 0)
        {
            return "";
        }

        part = part[(isWide ? 0 : from)..];
        var xml = (isWide ? Encoding.Unicode.GetString(part) : Encoding.UTF8.GetString(part)).AsSpan();
        var text = new StringBuilder();
        while (xml.IndexOf('<') is var open and >= 0 && xml[open..].IndexOf('>') is var length and >= 0)
        {
            var tag = xml.Slice(open + 1, length - 1);
            xml = xml[(open + length + 1)..];
            if (tag.IsEmpty)
            {
                continue;
            }

            if (tag[0] == '/')
            {
                var ended = LocalName(tag[1..]);
                if (ended is "p" or "si" or "is" && text.Length > 0 && text[^1] != '\n')
                {
                    text.Append('\n');
                }
            }
            else if (LocalName(tag) is "t" && tag[^1] != '/')
            {
                var end = xml.IndexOf('<');
                var words = end < 0 ? xml : xml[..end];
                if (words.Contains('&'))
                {
                    text.Append(WebUtility.HtmlDecode(words.ToString()));
                }
                else
                {
                    text.Append(words);
                }
            }
        }

        return text.ToString();
    }

    /// <summary>Where the first <c>t</c> element begins; -1 without one, as in most sheets.</summary>
    private static int FirstText(ReadOnlySpan<byte> part)
    {
        for (var at = 1; at < part.Length - 1; at++)
        {
            var next = part[at..^1].IndexOf((byte)'t');
            if (next < 0)
            {
                break;
            }

            at += next;
            if (part[at - 1] is (byte)'<' or (byte)':' && part[at + 1] is (byte)'>' or (byte)' ' or (byte)'\t' or (byte)'/' && part[..at].LastIndexOf((byte)'<') is var open and >= 0)
            {
                return open;
            }
        }

        return -1;
    }

    /// <summary>The texts of one part.</summary>
    /// <param name="part">The member's octets, at most 2 MiB are looked at.</param>
    public static List<DocumentText> Find(ReadOnlySpan<byte> part)
    {
        part = part[..Math.Min(part.Length, MaxPart)];
        var xml = part.Length > 1 && part[0] == 0xFF && part[1] == 0xFE ? Encoding.Unicode.GetString(part) : Encoding.UTF8.GetString(part);
        var texts = new List<DocumentText>();
        var at = 0;
        string? named = null;
        while (texts.Count < DocumentText.MaxTexts && xml.IndexOf('<', at) is var open and >= 0)
        {
            var close = xml.IndexOf('>', open);
            if (close < 0)
            {
                break;
            }

            var tag = xml.AsSpan(open + 1, close - open - 1);
            var name = LocalName(tag);
            at = close + 1;
            if (name is "docVar")
            {
                Add(texts, DocumentTextKind.Variable, Attribute(tag, "name") ?? "", Attribute(tag, "val") ?? "");
                continue;
            }

            if (name is "property")
            {
                named = Attribute(tag, "name");
                continue;
            }

            // An element with text and nothing else in it.
            var next = xml.IndexOf('<', at);
            if (next > at && next + 1 < xml.Length && xml[next + 1] == '/' && !tag.IsEmpty && tag[0] is not ('/' or '?' or '!') && !tag.EndsWith("/"))
            {
                var isCustom = named is not null;
                Add(texts, DocumentTextKind.Property, isCustom ? named! : name.ToString(), xml[at..next]);
                named = null;
            }
        }

        return texts;
    }

    private static void Add(List<DocumentText> texts, DocumentTextKind kind, string name, string text)
    {
        text = WebUtility.HtmlDecode(text).Trim();
        if (text.Length > 0)
        {
            texts.Add(new DocumentText(kind, WebUtility.HtmlDecode(name), text.Length > DocumentText.MaxLength ? text[..DocumentText.MaxLength] : text));
        }
    }

    private static ReadOnlySpan<char> LocalName(ReadOnlySpan<char> tag)
    {
        var end = tag.IndexOfAny(' ', '/', '\t');
        var name = end < 0 ? tag : tag[..end];
        return name[(name.IndexOf(':') + 1)..];
    }

    private static string? Attribute(ReadOnlySpan<char> tag, string name)
    {
        var at = 0;
        while (tag[at..].IndexOf(name) is var found and >= 0)
        {
            at += found;
            var rest = tag[(at + name.Length)..].TrimStart();
            if (at > 0 && tag[at - 1] is ' ' or ':' or '\n' or '\t' && rest.StartsWith("="))
            {
                rest = rest[1..].TrimStart();
                if (rest.Length > 0 && rest[0] is '"' or '\'')
                {
                    var end = rest[1..].IndexOf(rest[0]);
                    return end < 0 ? rest[1..].ToString() : rest.Slice(1, end).ToString();
                }
            }

            at += name.Length;
        }

        return null;
    }
}
