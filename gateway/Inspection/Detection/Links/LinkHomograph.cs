using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Links;

/// <summary>Finds links to sites whose name is made of foreign letters so that it reads like another's.</summary>
internal sealed class LinkHomograph : IDetector
{
    public static readonly FindingKind Homograph = new("LINK_HOMOGRAPH", 40,
        "A link leads to a site whose name imitates another with foreign letters.", "別の文字体系の似た文字を使って、他のサイト名に見せかけたリンクがあります。", "T1583.001");

    private const int MostPerPart = 10;

    public IEnumerable<FindingKind> Kinds => [Homograph];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            var told = new HashSet<string>(StringComparer.Ordinal);
            foreach (var link in part.Links)
            {
                if (told.Count < MostPerPart && Homographs.Imitated(link.ShownHost) is { } read && told.Add(link.Host))
                {
                    yield return Homograph.At(part.Path, $"{link.Host} = {link.ShownHost}, reads {read}");
                }
            }
        }
    }
}
