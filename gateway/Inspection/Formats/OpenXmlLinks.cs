using System.Globalization;
using System.Net;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Finds what covers the links of a Word document or an Excel sheet: a hyperlink's words, a cell's text (ECMA-376 part 1 sections 17.16.22, 18.3.1.47).</summary>
internal static class OpenXmlLinks
{
    private const int MaxLinks = 100;
    private const int MaxText = 300;
    private const int MaxStrings = 20_000;

    /// <summary>Notes each link with the words that cover it in brackets.</summary>
    /// <param name="part">The document, or a sheet.</param>
    /// <param name="relations">Its relationships, which tell where links lead.</param>
    /// <param name="strings">The workbook's shared strings; empty without them.</param>
    /// <param name="found">Where the links go.</param>
    public static void Find(ReadOnlySpan<byte> part, ReadOnlySpan<byte> relations, ReadOnlySpan<byte> strings, CarrierContents found)
    {
        if (part.IndexOf("yperlink"u8) < 0 || relations.IndexOf("TargetMode"u8) < 0)
        {
            return;
        }

        var targets = Targets(relations);
        if (targets.Count == 0)
        {
            return;
        }

        var xml = TextOf.Markup(part);
        var scanner = new MarkupScanner(xml);
        var words = new StringBuilder();
        string? target = null;
        List<string>? shared = null;
        for (var count = 0; count < MaxLinks && scanner.Next();)
        {
            if (target is not null && scanner.IsEnd && scanner.LocalName is "t" && words.Length < MaxText)
            {
                words.Append(WebUtility.HtmlDecode(scanner.Text.ToString()));
            }

            if (scanner.LocalName is not "hyperlink")
            {
                continue;
            }

            if (target is not null)
            {
                Note(target, words.ToString(), found);
                target = null;
            }

            if (!scanner.IsEnd && scanner.Attribute("id") is { } id && targets.TryGetValue(id, out var leadsTo))
            {
                count++;
                words.Clear();
                if (scanner.Attribute("ref") is { } cell)
                {
                    Note(leadsTo, Cell(xml, cell, strings, ref shared) ?? scanner.Attribute("display") ?? "", found);
                }
                else
                {
                    target = leadsTo;
                }
            }
        }
    }

    private static void Note(string target, string words, CarrierContents found)
    {
        words = words.Trim();
        if (words.Length > 0 && words != target && RemoteTargets.IsWeb(target))
        {
            found.Note(SignKind.Link, $"{target} ({(words.Length > MaxText ? words[..MaxText] : words)})");
        }
    }

    private static Dictionary<string, string> Targets(ReadOnlySpan<byte> relations)
    {
        var targets = new Dictionary<string, string>(StringComparer.Ordinal);
        var scanner = new MarkupScanner(TextOf.Markup(relations));
        while (scanner.Next() && targets.Count < 10 * MaxLinks)
        {
            if (scanner.LocalName is "Relationship" && !scanner.IsEnd && "External".Equals(scanner.Attribute("TargetMode"), StringComparison.OrdinalIgnoreCase)
                && scanner.Attribute("Id") is { } id && scanner.Attribute("Target") is { } target)
            {
                targets.TryAdd(id, target.Trim());
            }
        }

        return targets;
    }

    /// <summary>The text of the first cell of a range; null where it is a number, or not to be found.</summary>
    private static string? Cell(string sheet, string range, ReadOnlySpan<byte> strings, ref List<string>? shared)
    {
        var colon = range.IndexOf(':', StringComparison.Ordinal);
        var at = sheet.IndexOf($" r=\"{(colon < 0 ? range : range[..colon])}\"", StringComparison.Ordinal);
        var start = at < 0 ? -1 : sheet.LastIndexOf('<', at);
        if (start < 0)
        {
            return null;
        }

        var scanner = new MarkupScanner(sheet.AsSpan(start));
        if (!scanner.Next() || scanner.LocalName is not "c")
        {
            return null;
        }

        var type = scanner.Attribute("t");
        while (scanner.Next() && scanner.LocalName is not "c")
        {
            if (scanner.IsEnd && scanner.LocalName is "v" or "t")
            {
                var value = WebUtility.HtmlDecode(scanner.Text.ToString());
                if (type != "s")
                {
                    return type is "str" or "inlineStr" ? value : null;
                }

                shared ??= Strings(strings);
                return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < shared.Count ? shared[index] : null;
            }
        }

        return null;
    }

    private static List<string> Strings(ReadOnlySpan<byte> part)
    {
        var strings = new List<string>();
        var scanner = new MarkupScanner(TextOf.Markup(part));
        var words = new StringBuilder();
        while (strings.Count < MaxStrings && scanner.Next())
        {
            if (!scanner.IsEnd)
            {
                continue;
            }

            if (scanner.LocalName is "t" && words.Length < MaxText)
            {
                words.Append(WebUtility.HtmlDecode(scanner.Text.ToString()));
            }
            else if (scanner.LocalName is "si")
            {
                strings.Add(words.ToString());
                words.Clear();
            }
        }

        return strings;
    }
}
