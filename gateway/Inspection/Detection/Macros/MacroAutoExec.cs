using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds macros that start by themselves when the document is opened, shown or closed, the way Emotet did.</summary>
internal sealed class MacroAutoExec : IDetector
{
    public static readonly FindingKind AutoExec = new("MACRO_AUTO_EXEC", 15,
        "A macro starts by itself when the document is opened or closed.", "文書を開く・閉じるだけで自動的に実行されるマクロがあります。", "T1059.005");

    public IEnumerable<FindingKind> Kinds => [AutoExec];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            foreach (var project in part.Vba)
            {
                foreach (var module in project.Modules)
                {
                    var starts = VbaAutoStart.Find(module.Source);
                    if (starts.Count > 0)
                    {
                        yield return AutoExec.At(part.Path, $"{module.Name}: {string.Join(", ", starts.Take(10))}");
                    }
                }
            }
        }
    }
}
