namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds documents that carry a VBA project, wherever in the file it hides.</summary>
internal sealed class MacroPresent : IDetector
{
    public static readonly FindingKind Present = new("MACRO_PRESENT", 15,
        "A document carries a program (macro).", "文書にマクロ(プログラム)が含まれています。", "T1204.002");

    public IEnumerable<FindingKind> Kinds => [Present];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            foreach (var project in part.Vba)
            {
                var lost = project.IsDamaged || project.Modules.Any(m => m.IsDamaged) ? ", not all of it readable" : "";
                yield return Present.At(part.Path, $"{project.Storage}: {project.Modules.Count} modules{lost}");
            }
        }
    }
}
