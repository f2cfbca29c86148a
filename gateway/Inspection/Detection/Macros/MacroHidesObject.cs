using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds macros that make an object by a name nobody can read out of the code, and those that fetch it from a form, as Emotet did in 2020.</summary>
internal sealed class MacroHidesObject : IDetector
{
    public static readonly FindingKind Hides = new("MACRO_HIDES_OBJECT", 60,
        "A macro that starts by itself hides which program part it uses.", "自動実行されるマクロが、利用する機能の名前を隠しています。", "T1027.010");

    public static readonly FindingKind Stored = new("MACRO_STORED_COMMAND", 100,
        "A macro that starts by itself uses a hidden function with a command kept in a form or property.", "自動実行されるマクロが、フォームやプロパティに隠した命令を使って動作します。", "T1027.009");

    public IEnumerable<FindingKind> Kinds => [Hides, Stored];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var (part, _, behaviour) in MacroCode.In(context.Message))
        {
            foreach (var action in behaviour.Actions.Where(a => a.Kind == VbaActionKind.UnknownObject && a.Reach == VbaReach.SelfStart).Take(5))
            {
                yield return (behaviour.ReadsStorage ? Stored : Hides).At(part.Path, action.ToString());
            }
        }
    }
}
