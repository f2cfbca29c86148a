using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Attachments;

/// <summary>Finds names that are shown otherwise than they are read: invisible characters, NUL, look-alike dots, blanks that push the extension out of sight, several names in one header.</summary>
internal sealed class NameLies : IDetector
{
    public static readonly FindingKind Lies = new("NAME_LIES", 30,
        "A file name is written so that it shows as another one.", "ファイル名が別の名前に見えるように書かれています。", "T1036.008");

    public IEnumerable<FindingKind> Kinds => [Lies];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            if (part.Name.Length == 0 && part.MoreNames.Count == 0)
            {
                continue;
            }

            foreach (var name in part.Names)
            {
                // Text turned around is DOUBLE_EXTENSION's.
                if ((NameTricks.Find(name) & ~NameTrick.TurnedAround) is not NameTrick.None and var trick)
                {
                    yield return Lies.At(part.Path, $"{trick}: {name}");
                    break;
                }
            }

            if (Differing(part.Names) is { } names)
            {
                yield return Lies.At(part.Path, $"{NameTrick.SeveralNames}: {names}");
            }
        }
    }

    /// <summary>Names that end differently, one of them in something that runs or is a paper; null where they agree.</summary>
    private static string? Differing(IEnumerable<string> names)
    {
        string? first = null;
        foreach (var name in names)
        {
            var extension = FileNames.Extension(name);
            if (extension.Length == 0 || !(FileNames.IsExecutableExtension(extension) || FileNames.Promised(name) is not null))
            {
                continue;
            }

            first ??= name;
            if (!FileNames.Extension(first).Equals(extension, StringComparison.OrdinalIgnoreCase))
            {
                return $"{first} / {name}";
            }
        }

        return null;
    }
}
