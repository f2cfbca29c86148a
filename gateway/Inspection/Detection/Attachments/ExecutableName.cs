using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Attachments;

/// <summary>Finds files that a double click runs, by their names, also where the content is encrypted.</summary>
internal sealed class ExecutableName : IDetector
{
    public static readonly FindingKind Name = new("EXECUTABLE_NAME", 100,
        "An attachment has the name of a program or script.", "添付ファイルの拡張子が実行プログラムまたはスクリプトのものです。", "T1204.002");

    public IEnumerable<FindingKind> Kinds => [Name];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            if ((part.Name.Length == 0 && part.MoreNames.Count == 0) || (part.Container is { } container && container.Kind.IsPackage()))
            {
                continue; // Inside an Office package a name is not what is double-clicked; content is.
            }

            foreach (var name in part.Names)
            {
                if (FileNames.IsExecutable(name) && !IsAddress(name, part.Kind))
                {
                    yield return Name.At(part.Path, name);
                    break;
                }
            }
        }
    }

    /// <summary>".com" ends web addresses too, which some programs make the name of an enclosed letter or text.</summary>
    private static bool IsAddress(string name, FileKind kind) =>
        kind is FileKind.Text or FileKind.Html or FileKind.Mail && FileNames.Extension(name).Equals("com", StringComparison.OrdinalIgnoreCase);
}
