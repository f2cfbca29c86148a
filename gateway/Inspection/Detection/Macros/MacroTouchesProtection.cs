using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds macros that write macro code, or change the settings that protect from macros.</summary>
internal sealed class MacroTouchesProtection : IDetector
{
    public static readonly FindingKind Touches = new("MACRO_TOUCHES_PROTECTION", 100,
        "Opening the document makes a macro change macro code or Office's protection.", "文書を開くだけで、マクロがOfficeの保護設定や他のマクロを書き換えます。", "T1562.001");

    public static readonly FindingKind Later = new("MACRO_TOUCHES_PROTECTION_LATER", 30,
        "A macro changes macro code or Office's protection when somebody runs it.", "利用者がマクロを実行すると、Officeの保護設定や他のマクロを書き換えます。", "T1562.001");

    public IEnumerable<FindingKind> Kinds => [Touches, Later];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var (part, _, behaviour) in MacroCode.In(context.Message))
        {
            foreach (var action in behaviour.Actions.Where(a => a.Kind == VbaActionKind.TouchesProtection).Take(5))
            {
                yield return (action.Reach == VbaReach.SelfStart ? Touches : Later).At(part.Path, action.ToString());
            }
        }
    }
}
