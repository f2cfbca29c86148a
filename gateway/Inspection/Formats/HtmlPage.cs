using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Looks through an HTML page or an SVG picture: links with the text that covers them, forms, script, hidden text, and data that script puts together.</summary>
internal sealed class HtmlPage
{
    private const int LongestCover = 100;
    private const int MuchHidden = 400;
    private const int LongestWait = 5;
    private const int LongestLeading = 400;

    private static readonly string[] Leading = ["location='", "location=\"", "location.href='", "location.href=\"", "location.replace(", "location.assign("];

    private readonly CarrierContents found;
    private readonly HtmlScripts scripts;
    private readonly bool isPicture;
    private readonly StringBuilder cover = new();
    private string? anchor;
    private string form = "";
    private bool asks;
    private string hiddenTag = "";
    private int hiddenDepth;
    private int hiddenLetters;
    private readonly StringBuilder hiddenText = new();

    private HtmlPage(bool isPicture, ReadBudget budget, CarrierContents found)
    {
        this.isPicture = isPicture;
        this.found = found;
        scripts = new HtmlScripts(isPicture, budget, found);
    }

    /// <summary>Looks through a page.</summary>
    /// <param name="octets">The page; its own alphabet matters little, since marks and addresses are ASCII.</param>
    /// <param name="isPicture">True for SVG.</param>
    /// <param name="budget">Books what is decoded.</param>
    /// <param name="found">Where decoded files and signs go.</param>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public static void Find(ReadOnlySpan<byte> octets, bool isPicture, ReadBudget budget, CarrierContents found)
    {
        var page = new HtmlPage(isPicture, budget, found);
        var scanner = new MarkupScanner(TextOf.Markup(octets.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? octets[3..] : octets));
        var count = 0;
        while (scanner.Next())
        {
            if ((++count & 0xFFF) == 0)
            {
                budget.Unpack(0);
            }

            page.Text(scanner.Text);
            if (scanner.Name.IsEmpty || scanner.Name[0] is '!' or '?')
            {
                continue;
            }

            if (scanner.IsEnd)
            {
                page.End(scanner.LocalName);
                continue;
            }

            page.Start(ref scanner);
        }

        page.EndAnchor();
        page.scripts.Judge();
        if (page.asks && page.scripts.Sending is { } way)
        {
            found.Note(SignKind.HtmlPasswordSent, $"sent by script ({way})");
        }

        if (page.hiddenLetters > MuchHidden)
        {
            found.Note(SignKind.HtmlHiddenText, $"{page.hiddenLetters} letters: {page.hiddenText}");
        }
    }

    private void Text(ReadOnlySpan<char> text)
    {
        scripts.Hold(text);
        if (anchor is not null && cover.Length < LongestCover)
        {
            cover.Append(text[..Math.Min(text.Length, LongestCover - cover.Length)]);
        }

        if (hiddenDepth > 0)
        {
            // Newsletters fill their preview with invisible blanks; letters count, entities do not.
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] == '&' && text[i..Math.Min(text.Length, i + 12)].IndexOf(';') is > 0 and var end)
                {
                    i += end;
                }
                else if (char.IsLetterOrDigit(text[i]))
                {
                    hiddenLetters++;
                }
            }

            if (hiddenText.Length < LongestCover)
            {
                hiddenText.Append(text.Trim()[..Math.Min(text.Trim().Length, LongestCover - hiddenText.Length)]).Append(' ');
            }
        }
    }

    private void End(ReadOnlySpan<char> name)
    {
        if (name.Equals("a", StringComparison.OrdinalIgnoreCase))
        {
            EndAnchor();
        }
        else if (name.Equals("form", StringComparison.OrdinalIgnoreCase))
        {
            form = "";
        }

        if (hiddenDepth > 0 && name.Equals(hiddenTag, StringComparison.OrdinalIgnoreCase))
        {
            hiddenDepth--;
        }
    }

    private void EndAnchor()
    {
        if (anchor is not null)
        {
            var text = ShellLink.Squeeze(System.Net.WebUtility.HtmlDecode(cover.ToString())).Trim();
            found.Note(SignKind.Link, text.Length == 0 || text == anchor ? anchor : $"{anchor} ({text})");
            anchor = null;
        }

        cover.Clear();
    }

    private void Start(ref MarkupScanner scanner)
    {
        Hidden(scanner);
        Handlers(scanner.Attributes);
        switch (scanner.LocalName.ToString().ToLowerInvariant())
        {
            case "script":
                var source = scanner.Attribute("src") ?? scanner.Attribute("href");
                var isData = scanner.Attribute("type") is { } type && (type.Contains("json", StringComparison.OrdinalIgnoreCase) || type.Contains("template", StringComparison.OrdinalIgnoreCase));
                var isEmpty = scanner.Attributes.EndsWith("/", StringComparison.Ordinal) && isPicture;
                var text = isEmpty ? [] : scanner.RawText("script");
                if (source is not null && !Data(source, isSaved: false))
                {
                    scripts.Outside(source);
                }

                if (!isData)
                {
                    scripts.Add(text);
                    Leads(text);
                }
                else
                {
                    scripts.Hold(text);
                }

                break;
            case "style":
                scanner.RawText("style");
                break;
            case "a" or "area" when scanner.Attribute("href") is { } target:
                EndAnchor();
                Address(target, scanner.Attribute("download") is not null, isAnchor: true);
                break;
            case "form":
                form = scanner.Attribute("action")?.Trim() ?? "";
                break;
            case "input" when "password".Equals(scanner.Attribute("type")?.Trim(), StringComparison.OrdinalIgnoreCase):
                asks = true;
                found.Note(SignKind.HtmlPasswordForm, form.Length == 0 ? "sent by script or to the page itself" : "sent to " + form);
                if (IsElsewhere(form))
                {
                    found.Note(SignKind.HtmlPasswordSent, "sent to " + form);
                }

                break;
            case "meta" when "refresh".Equals(scanner.Attribute("http-equiv"), StringComparison.OrdinalIgnoreCase) && scanner.Attribute("content") is { } refresh:
                var at = refresh.IndexOf("url", StringComparison.OrdinalIgnoreCase);
                if (at >= 0)
                {
                    var next = refresh[(at + 3)..].TrimStart(' ', '=', '\'', '"').TrimEnd('\'', '"', ' ');
                    Address(next, isSaved: false, isAnchor: false);
                    var wait = refresh.AsSpan(0, at).Trim(" ;,\t\r\n");
                    if (IsElsewhere(next) && (wait.IsEmpty || (double.TryParse(wait, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= LongestWait)))
                    {
                        found.Note(SignKind.HtmlRedirect, next);
                    }
                }

                break;
            case "iframe" or "frame" or "embed" or "object" or "image" or "img" or "use" or "base" or "link" or "source" or "video" or "audio":
                foreach (var attribute in (ReadOnlySpan<string>)["src", "data", "href"])
                {
                    if (scanner.Attribute(attribute) is { Length: > 0 } address)
                    {
                        var isShown = scanner.LocalName.EndsWith("frame", StringComparison.OrdinalIgnoreCase) || scanner.LocalName is "embed" or "object" or "base";
                        if (!Data(address, isSaved: false) && isShown)
                        {
                            Address(address, isSaved: false, isAnchor: false);
                        }
                    }
                }

                if (scanner.Attribute("srcdoc") is { Length: > 0 } inner)
                {
                    found.Take("srcdoc.html", Encoding.UTF8.GetBytes(inner));
                }

                break;
            case "foreignobject" when isPicture:
                found.Note(SignKind.SvgForeign, "foreignObject");
                break;
        }
    }

    /// <summary>True for an address that an attached page cannot share: it has no host of its own.</summary>
    private static bool IsElsewhere(string address) =>
        address.StartsWith("http:", StringComparison.OrdinalIgnoreCase) || address.StartsWith("https:", StringComparison.OrdinalIgnoreCase)
        || address.StartsWith("//", StringComparison.Ordinal) || address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase);

    /// <summary>A script that does nothing but go elsewhere.</summary>
    private void Leads(ReadOnlySpan<char> script)
    {
        script = script.Trim();
        if (isPicture || script.IsEmpty || script.Length > LongestLeading)
        {
            return;
        }

        var plain = string.Concat(script.ToString().Where(c => !char.IsWhiteSpace(c)));
        if (Leading.Any(word => plain.Contains(word, StringComparison.OrdinalIgnoreCase)) && plain.Contains("//", StringComparison.Ordinal) && !plain.Contains("function", StringComparison.OrdinalIgnoreCase))
        {
            found.Note(SignKind.HtmlRedirect, plain);
        }
    }

    private void Address(string target, bool isSaved, bool isAnchor)
    {
        target = target.Trim();
        if (Data(target, isSaved))
        {
            return;
        }

        if (target.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase) || target.StartsWith("vbscript:", StringComparison.OrdinalIgnoreCase))
        {
            // "javascript:void(0)" is how old pages write a link that does nothing.
            if (target.Length > 30 || target.Contains("eval", StringComparison.Ordinal) || target.Contains("atob", StringComparison.Ordinal))
            {
                scripts.Add(target);
            }
        }
        else if (target.Length > 0 && target[0] != '#')
        {
            if (isAnchor)
            {
                anchor = target;
            }
            else
            {
                found.Note(SignKind.Link, target);
            }
        }
    }

    /// <summary>A data URL (RFC 2397): decoded unless it is a picture. False for another address.</summary>
    private bool Data(string address, bool isSaved)
    {
        if (!address.AsSpan().TrimStart().StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        scripts.DataUrl(address.Trim(), isSaved);
        return true;
    }

    private void Handlers(ReadOnlySpan<char> attributes)
    {
        if (attributes.Length < 128 && attributes.IndexOf("on", StringComparison.OrdinalIgnoreCase) < 0)
        {
            return;
        }

        while (MarkupScanner.NextAttribute(ref attributes, out var name, out var value))
        {
            if (name.Length > 3 && name.StartsWith("on", StringComparison.OrdinalIgnoreCase) && char.IsAsciiLetter(name[2]) && value.Length > 0)
            {
                scripts.Add(System.Net.WebUtility.HtmlDecode(value.ToString()));
            }
            else
            {
                scripts.Hold(value); // data-x="TVqQ…"
            }
        }
    }

    private void Hidden(scoped in MarkupScanner scanner)
    {
        if (hiddenDepth > 0)
        {
            if (scanner.LocalName.Equals(hiddenTag, StringComparison.OrdinalIgnoreCase))
            {
                hiddenDepth++;
            }

            return;
        }

        if (scanner.Attributes.IndexOf("style", StringComparison.OrdinalIgnoreCase) < 0 || scanner.Attribute("style") is not { } style)
        {
            return;
        }

        var plain = style.Replace(" ", "", StringComparison.Ordinal);
        if ((plain.Contains("display:none", StringComparison.OrdinalIgnoreCase) || plain.Contains("visibility:hidden", StringComparison.OrdinalIgnoreCase)
                || plain.Contains("font-size:0", StringComparison.OrdinalIgnoreCase) || plain.Contains("font-size:1px", StringComparison.OrdinalIgnoreCase))
            && scanner.LocalName is not ("br" or "img" or "input" or "hr" or "meta" or "link"))
        {
            (hiddenTag, hiddenDepth) = (scanner.LocalName.ToString(), 1);
        }
    }
}
