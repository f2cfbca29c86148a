using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds macro modules that the editor does not show.</summary>
internal sealed class VbaHiddenModule : IDetector
{
    public static readonly FindingKind Hidden = new("VBA_HIDDEN_MODULE", 70,
        "A macro module is hidden from the editor.", "編集画面に表示されない隠しマクロがあります。", "T1564");

    public IEnumerable<FindingKind> Kinds => [Hidden];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            foreach (var module in part.Vba.SelectMany(p => p.Modules).Where(m => m.Hiding != VbaHiding.None))
            {
                yield return Hidden.At(part.Path, $"{module.Name}: {(module.Hiding == VbaHiding.NotInDirectory ? "not in the project's directory" : "not in the project's list")}");
            }
        }
    }
}
