using System.Text;
using MimeKit.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>What a reader of HTML sees, and where its links lead.</summary>
internal sealed class HtmlText
{
    private const int MaxCover = 500;

    private readonly StringBuilder shown = new();
    private readonly List<Link> links = [];
    private string? anchor;
    private int anchorStart;
    private int silent;
    private bool isPreformatted;
    private string? baseAddress;

    private HtmlText()
    {
    }

    /// <summary>The visible text, with a line end where a block ends.</summary>
    public string Text => shown.ToString();

    /// <summary>The links in order, at most <see cref="TextLinks.MaxLinks"/>.</summary>
    public IReadOnlyList<Link> Links => links;

    /// <summary>Reads a page or a fragment of one.</summary>
    /// <param name="html">Decoded text.</param>
    public static HtmlText Read(string html)
    {
        var result = new HtmlText();
        using var reader = new StringReader(html);
        var tokenizer = new HtmlTokenizer(reader) { DecodeCharacterReferences = true };
        while (tokenizer.ReadNextToken(out var token))
        {
            switch (token.Kind)
            {
                case HtmlTokenKind.Tag:
                    result.Tag((HtmlTagToken)token);
                    break;
                case HtmlTokenKind.Data or HtmlTokenKind.CData when result.silent == 0:
                    result.Words(((HtmlDataToken)token).Data);
                    break;
            }
        }

        result.EndAnchor();
        return result;
    }

    private void Tag(HtmlTagToken tag)
    {
        switch (tag.Id)
        {
            case HtmlTagId.A or HtmlTagId.Area:
                EndAnchor();
                if (!tag.IsEndTag && Attribute(tag, "href") is { Length: > 0 } target)
                {
                    anchor = target;
                    anchorStart = shown.Length;
                    if (tag.Id == HtmlTagId.Area)
                    {
                        shown.Append(Attribute(tag, "alt"));
                        EndAnchor();
                    }
                }

                break;
            case HtmlTagId.Form when !tag.IsEndTag:
                Add(Attribute(tag, "action"), LinkPlace.Form, null);
                break;
            case HtmlTagId.Button or HtmlTagId.Input when !tag.IsEndTag:
                Add(Attribute(tag, "formaction"), LinkPlace.Form, Attribute(tag, "value"));
                break;
            case HtmlTagId.Image when !tag.IsEndTag:
                Add(Attribute(tag, "src"), LinkPlace.Resource, null);
                shown.Append(Attribute(tag, "alt"));
                break;
            case HtmlTagId.Base when !tag.IsEndTag:
                baseAddress ??= Attribute(tag, "href");
                break;
            case HtmlTagId.Meta when !tag.IsEndTag:
                if (Attribute(tag, "content") is { } content && content.IndexOf("url", StringComparison.OrdinalIgnoreCase) is >= 0 and var at
                    && Attribute(tag, "http-equiv")?.Trim().Equals("refresh", StringComparison.OrdinalIgnoreCase) == true)
                {
                    Add(content[(at + 3)..].TrimStart(' ', '=').Trim('\'', '"', ' '), LinkPlace.Refresh, null);
                }

                break;
            case HtmlTagId.Script or HtmlTagId.Style or HtmlTagId.Head or HtmlTagId.Title or HtmlTagId.NoScript or HtmlTagId.Object:
                if (tag.Id is HtmlTagId.Script or HtmlTagId.Object && !tag.IsEndTag)
                {
                    Add(Attribute(tag, "src") ?? Attribute(tag, "data"), LinkPlace.Resource, null);
                }

                if (tag.Id is HtmlTagId.Script or HtmlTagId.Style && !tag.IsEmptyElement)
                {
                    silent = tag.IsEndTag ? 0 : 1;
                }

                break;
            case HtmlTagId.Pre or HtmlTagId.Listing or HtmlTagId.PlainText:
                isPreformatted = !tag.IsEndTag;
                break;
            default:
                if (!tag.IsEndTag && tag.Id is HtmlTagId.IFrame or HtmlTagId.Frame or HtmlTagId.Embed or HtmlTagId.Video or HtmlTagId.Audio or HtmlTagId.Source)
                {
                    Add(Attribute(tag, "src"), LinkPlace.Resource, null);
                }

                break;
        }

        if (tag.Id is HtmlTagId.Br or HtmlTagId.P or HtmlTagId.Div or HtmlTagId.TR or HtmlTagId.LI or HtmlTagId.H1 or HtmlTagId.H2 or HtmlTagId.H3 or HtmlTagId.H4 or HtmlTagId.Table or HtmlTagId.BlockQuote or HtmlTagId.HR or HtmlTagId.Title or HtmlTagId.Pre
            && shown.Length > 0 && (tag.Id == HtmlTagId.Br || shown[^1] != '\n'))
        {
            shown.Append('\n');
        }
    }

    /// <summary>Blanks and line ends run together, as a browser shows them; preformatted text keeps its lines, and with them its quotation marks.</summary>
    private void Words(string data)
    {
        foreach (var c in data)
        {
            if (isPreformatted && c is ('\n' or '\r'))
            {
                shown.Append(c == '\n' ? "\n" : "");
            }
            else if (c is ' ' or '\t' or '\r' or '\n')
            {
                if (shown.Length > 0 && shown[^1] is not (' ' or '\n'))
                {
                    shown.Append(' ');
                }
            }
            else
            {
                shown.Append(c);
            }
        }
    }

    private void EndAnchor()
    {
        if (anchor is null)
        {
            return;
        }

        Add(anchor, LinkPlace.Anchor, shown.ToString(anchorStart, Math.Min(shown.Length - anchorStart, MaxCover)).Trim());
        anchor = null;
    }

    private void Add(string? written, LinkPlace place, string? text)
    {
        if (string.IsNullOrWhiteSpace(written) || links.Count >= TextLinks.MaxLinks)
        {
            return;
        }

        var link = LinkTargets.Parse(written);
        if (link is null && baseAddress is not null && written[0] is not ('#' or '?'))
        {
            link = LinkTargets.Parse(baseAddress.TrimEnd('/') + "/" + written.TrimStart('/'));
        }

        if (link is not null)
        {
            links.Add(link with { Place = place, Text = text });
        }
    }

    private static string? Attribute(HtmlTagToken tag, string name)
    {
        foreach (var attribute in tag.Attributes)
        {
            if (attribute.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return attribute.Value;
            }
        }

        return null;
    }
}
