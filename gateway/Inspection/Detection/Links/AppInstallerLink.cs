namespace Sekisho.Inspection.Detection.Links;

/// <summary>Finds links that make Windows install a program by App Installer (<c>ms-appinstaller:</c>, <c>.appinstaller</c>), as Emotet's did in November 2021.</summary>
internal sealed class AppInstallerLink : IDetector
{
    public static readonly FindingKind Installer = new("APP_INSTALLER_LINK", 100,
        "A link makes Windows install a program.", "クリックするとプログラムをインストールさせるリンクがあります。", "T1218");

    public IEnumerable<FindingKind> Kinds => [Installer];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            foreach (var link in part.Links)
            {
                if (link.Target.StartsWith("ms-appinstaller:", StringComparison.OrdinalIgnoreCase) || IsManifest(link.Target))
                {
                    yield return Installer.At(part.Path, link.Target);
                    break;
                }
            }
        }
    }

    private static bool IsManifest(string target)
    {
        var end = target.AsSpan().IndexOfAny('?', '#');
        return (end < 0 ? target : target.AsSpan(0, end)).EndsWith(".appinstaller", StringComparison.OrdinalIgnoreCase);
    }
}
