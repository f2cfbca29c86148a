using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Attachments;

/// <summary>Finds programs by what they are, whatever they are called: PE, ELF, Mach-O, MSI, Java, shortcuts, compiled help.</summary>
internal sealed class ExecutableContent : IDetector
{
    public static readonly FindingKind Program = new("EXECUTABLE_CONTENT", 100,
        "An attachment is a program, or a shortcut that starts one.", "添付ファイルの中身が実行プログラム(またはそれを起動するショートカット)です。", "T1204.002");

    public IEnumerable<FindingKind> Kinds => [Program];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            if (part.Kind.IsProgram())
            {
                yield return Program.At(part.Path, $"content: {part.Kind}");
            }
        }
    }
}
