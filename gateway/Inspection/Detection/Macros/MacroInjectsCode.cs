using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds macros that put machine code into memory: functions that no office work needs, called, not only declared.</summary>
internal sealed class MacroInjectsCode : IDetector
{
    public static readonly FindingKind Injects = new("MACRO_INJECTS_CODE", 100,
        "Opening the document makes a macro put machine code into memory.", "文書を開くだけで、マクロがメモリーに機械語のプログラムを送り込みます。", "T1055");

    public static readonly FindingKind Later = new("MACRO_INJECTS_CODE_LATER", 60,
        "A macro puts machine code into memory when somebody runs it.", "利用者がマクロを実行すると、メモリーに機械語のプログラムを送り込みます。", "T1055");

    public IEnumerable<FindingKind> Kinds => [Injects, Later];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var (part, _, behaviour) in MacroCode.In(context.Message))
        {
            foreach (var action in behaviour.Actions.Where(a => a.Kind == VbaActionKind.InjectsCode).Take(5))
            {
                yield return (action.Reach == VbaReach.SelfStart ? Injects : Later).At(part.Path, action.ToString());
            }
        }
    }
}
