using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Emotet;

/// <summary>Finds links of the shape that Emotet's hacked sites gave: a folder of the site's machinery (WordPress, cgi-bin), then one folder with a random name, and no file.</summary>
/// <remarks>Of 1,734 download addresses of 2022, 1,339 end in a slash behind 1 to 20 letters and digits, and 529 begin with one of these folders.</remarks>
internal sealed class EmotetLinkShape : IDetector
{
    public static readonly FindingKind Shape = new("EMOTET_LINK_SHAPE", 60,
        "A link leads into the machinery of a web site, as links to malware on hacked sites do.", "改ざんされたサイトに置かれたウイルスへのリンクによくある形のリンクです。", "T1584.004");

    /// <summary>WordPress's own program: it has no folder that anybody is sent to.</summary>
    public static readonly FindingKind Program = new("LINK_INTO_SITE_PROGRAM", 100,
        "A link leads to a random folder inside a web site's own program, where only an intruder puts something.", "Webサイトのプログラム領域に作られた不審なフォルダーへのリンクです(サイト改ざんの典型)。", "T1584.004");

    private static readonly HashSet<string> Machinery = new(StringComparer.OrdinalIgnoreCase)
    {
        "wp-admin", "wp-content", "wp-includes", "wp-snapshots", "cgi-bin", "aspnet_client", "administrator", "assets", "css", "images", "img", "js", "fonts", "vendor", "tmp", "backup", "old", "sys-cache", "ALFA_DATA",
    };

    /// <summary>Folders of WordPress's own that look like random names.</summary>
    private static readonly HashSet<string> OwnFolders = new(StringComparer.Ordinal) { "ID3", "IXR", "PHPMailer", "Requests", "SimplePie", "Text", "Diff", "Engine", "Renderer", "Cache", "Content", "Decode", "HTML", "HTTP", "Net", "Parse", "XML", "l10n", "html-api" };

    public IEnumerable<FindingKind> Kinds => [Shape, Program];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            foreach (var link in part.Links)
            {
                if (link.Place is LinkPlace.Text or LinkPlace.Anchor or LinkPlace.Refresh && IsShaped(link.Target))
                {
                    yield return (IsProgram(link.Target) ? Program : Shape).At(part.Path, link.Target);
                    break;
                }
            }
        }
    }

    internal static bool IsShaped(string target)
    {
        var scheme = target.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || !target.StartsWith("http", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var path = target.AsSpan(scheme + 3);
        var begin = path.IndexOf('/');
        var end = path.IndexOfAny('?', '#');
        if (begin < 0 || (end >= 0 && end < begin))
        {
            return false;
        }

        var segments = (end < 0 ? path[begin..] : path[begin..end]).ToString().Split('/', StringSplitOptions.RemoveEmptyEntries);
        var isFolder = (end < 0 ? path[^1] : path[end - 1]) == '/';
        return isFolder && segments.Length is >= 2 and <= 6 && Machinery.Contains(segments[0])
            && (IsRandom(segments[^1]) || (IsProgram(target) && segments[^1].Any(char.IsAsciiLetterUpper))) && !OwnFolders.Contains(segments[^1]);
    }

    private static bool IsProgram(string target) => target.Contains("/wp-admin/", StringComparison.OrdinalIgnoreCase) || target.Contains("/wp-includes/", StringComparison.OrdinalIgnoreCase);

    /// <summary>A name no person gives a folder: letters and digits with a digit or a change of case inside, or without a vowel.</summary>
    private static bool IsRandom(string segment)
    {
        if (segment.Length is < 2 or > 30 || !segment.All(char.IsAsciiLetterOrDigit) || segment.All(char.IsAsciiDigit))
        {
            return false;
        }

        var digits = segment.Count(char.IsAsciiDigit);
        var inner = segment.Skip(1).Count(char.IsAsciiLetterUpper);
        var lower = segment.Count(char.IsAsciiLetterLower);
        return digits > 0 || (inner > 0 && lower > 0) || (segment.Length >= 4 && !segment.AsSpan().ContainsAny(segment.Length == 4 ? "aeiouyAEIOUY" : "aeiouAEIOU"));
    }
}
