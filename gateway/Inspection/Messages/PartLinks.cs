using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>Joins every link of a part: of its text or HTML, of what readers noticed, of macros and command lines.</summary>
internal sealed class PartLinks
{
    private const int MaxLinks = 1_000;

    private readonly List<Link> links = [];
    private readonly HashSet<(string Target, string? Text, LinkPlace Place)> told = [];
    private readonly HashSet<string> targets = new(StringComparer.Ordinal);

    private PartLinks()
    {
    }

    private bool IsFull => links.Count >= MaxLinks;

    /// <summary>The links, each once, at most 1,000.</summary>
    public static IReadOnlyList<Link> Of(MessagePart part)
    {
        var own = PartText.LinksOf(part);
        var isScript = part.Kind.IsScript() && !part.IsSealed;
        if (own.Count == 0 && part.Signs.Count == 0 && part.Vba.Count == 0 && part.Texts.Count == 0 && part.Xlm is null && !isScript)
        {
            return [];
        }

        var all = new PartLinks();
        foreach (var link in own)
        {
            all.Add(link);
        }

        foreach (var sign in part.Signs)
        {
            all.Sign(sign);
        }

        if (isScript)
        {
            all.Code(part.Text);
        }

        foreach (var module in part.Vba.SelectMany(p => p.Modules))
        {
            all.Code(module.Code);
        }

        foreach (var text in part.Texts)
        {
            all.Code(text.Text);
        }

        if (part.Xlm is { } macros)
        {
            all.Sheets(macros);
        }

        return all.links;
    }

    private void Sign(CarrierSign sign)
    {
        switch (sign.Kind)
        {
            case SignKind.Link:
                // A link is noted with the words that cover it in brackets, where there are any.
                var end = sign.Evidence.IndexOf(" (", StringComparison.Ordinal);
                Target(end < 0 ? sign.Evidence : sign.Evidence[..end], LinkPlace.Document, end < 0 ? null : sign.Evidence[(end + 2)..].TrimEnd(')'));
                break;
            case SignKind.RemoteTemplate or SignKind.SharedTemplate or SignKind.RemoteObject or SignKind.ExternalLink or SignKind.WebQuery:
                Target(sign.Evidence, LinkPlace.Loaded);
                break;
            case SignKind.ExternalBody:
                Target(sign.Evidence, LinkPlace.ExternalBody);
                break;
            case SignKind.PdfSubmit:
                Target(sign.Evidence, LinkPlace.Form);
                break;
            case SignKind.CommandLink:
                Target(sign.Evidence, LinkPlace.Command);
                break;
            case SignKind.ShortcutCommand or SignKind.DdeCommand or SignKind.DdeLink or SignKind.SheetMacro or SignKind.PdfLaunch or SignKind.HtmlScript or SignKind.SvgScript:
                Code(sign.Evidence);
                break;
        }
    }

    private void Sheets(XlmProject macros)
    {
        // What following the macros made of them comes first: there addresses are whole.
        foreach (var action in macros.Actions)
        {
            foreach (var argument in action.Arguments)
            {
                Code(argument);
            }
        }

        foreach (var sheet in macros.MacroSheets)
        {
            foreach (var cell in sheet.Cells)
            {
                Code(cell.Formula);
                Code(cell.Value as string);
                if (IsFull)
                {
                    return;
                }
            }
        }

        foreach (var name in macros.Names)
        {
            Code(name.Formula);
        }
    }

    private void Code(string? text)
    {
        if (text is { Length: > 6 } && !IsFull)
        {
            foreach (var link in CommandLinks.Find(text))
            {
                New(link with { Place = LinkPlace.Command });
            }
        }
    }

    private void Target(string written, LinkPlace place, string? text = null)
    {
        if (!IsFull && LinkTargets.Parse(written) is { } link)
        {
            New(link with { Place = place, Text = text });
        }
    }

    /// <summary>Takes a link that is not there yet in whatever place.</summary>
    private void New(Link link)
    {
        if (!targets.Contains(link.Target))
        {
            Add(link);
        }
    }

    private void Add(Link link)
    {
        // What stands in the page itself, and other parts of the letter, lead nowhere.
        if (link.Host.Length == 0 && (link.Target.StartsWith("data:", StringComparison.Ordinal) || link.Target.StartsWith("cid:", StringComparison.Ordinal)))
        {
            return;
        }

        if (!IsFull && told.Add((link.Target, link.Text, link.Place)))
        {
            links.Add(link);
            targets.Add(link.Target);
        }
    }
}
