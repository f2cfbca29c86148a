using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Links;

/// <summary>Finds links whose visible text is another site's address than the one they lead to.</summary>
/// <remarks>Newsletters that count clicks do the same, so this says little alone.</remarks>
internal sealed class LinkDisguised : IDetector
{
    public static readonly FindingKind Disguised = new("LINK_DISGUISED", 20,
        "A link shows one site and leads to another.", "表示されているサイトとは別のサイトへ導くリンクがあります。", "T1566.002");

    public IEnumerable<FindingKind> Kinds => [Disguised];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            foreach (var link in part.Links)
            {
                if (link.Host.Length == 0)
                {
                    continue;
                }

                if (link.Place is LinkPlace.Anchor or LinkPlace.Document && Shown(link.Text) is { } shown && !Same(shown.Host, link.Host) && !link.Via.Any(v => Same(v, shown.Host)))
                {
                    yield return Disguised.At(part.Path, $"{shown.Host} → {link.ShownHost}");
                    break;
                }

                // What stands before "@" is no host, but is read as one.
                if (link.UserInfo is { } user && user.Split(':')[0] is { } name && name.Contains('.', StringComparison.Ordinal) && !name.Contains('@', StringComparison.Ordinal)
                    && LinkTargets.Parse("http://" + name) is { } believed && !Same(believed.Host, link.Host))
                {
                    yield return Disguised.At(part.Path, $"{believed.Host}@ → {link.ShownHost}");
                    break;
                }
            }
        }
    }

    private static bool Same(string one, string other) => LinkTargets.Registered(one) == LinkTargets.Registered(other);

    /// <summary>The address that the whole visible text is; null for words, even where an address stands among them.</summary>
    private static Link? Shown(string? text)
    {
        if (text is null || text.Length is < 4 or > 300 || text.AsSpan().ContainsAny(" \n@"))
        {
            return null;
        }

        if (!text.Contains("//", StringComparison.Ordinal))
        {
            // "www.bank.example" and "bank.co.jp/login", not "report.pdf" or "3.5".
            var end = text.AsSpan().IndexOfAny("/?#");
            var host = end < 0 ? text : text[..end];
            if (!host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) && !IsKnownEnding(host))
            {
                return null;
            }

            text = "http://" + text;
        }

        return LinkTargets.Parse(text) is { IsDefanged: false } link && link.Host.Contains('.', StringComparison.Ordinal) && char.IsAsciiLetter(link.Host[^1]) ? link : null;
    }

    private static bool IsKnownEnding(string host) =>
        host.EndsWith(".jp", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".com", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".net", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".org", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".go", StringComparison.OrdinalIgnoreCase);
}
