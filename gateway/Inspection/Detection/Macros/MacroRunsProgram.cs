using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds macros that start a program or a command, with the way from the start to it.</summary>
internal sealed class MacroRunsProgram : IDetector
{
    public static readonly FindingKind Runs = new("MACRO_RUNS_PROGRAM", 100,
        "Opening the document makes a macro start a program.", "文書を開くだけで、マクロが外部プログラムを起動します。", "T1204.002");

    public static readonly FindingKind Later = new("MACRO_RUNS_PROGRAM_LATER", 40,
        "A macro starts a program when somebody runs it.", "利用者がマクロを実行すると、外部プログラムを起動します。", "T1059.005");

    public static readonly FindingKind Opens = new("MACRO_OPENS_PROGRAM", 20,
        "A macro opens a folder, a page or a harmless program.", "マクロがフォルダー・Webページ・無害なプログラムを開きます。", "T1204.002");

    private const int MostPerPart = 10;

    public IEnumerable<FindingKind> Kinds => [Runs, Later, Opens];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var (part, _, behaviour) in MacroCode.In(context.Message))
        {
            foreach (var action in behaviour.Actions.Where(a => a.Kind is VbaActionKind.RunsProgram or VbaActionKind.OpensProgram).Take(MostPerPart))
            {
                var kind = action.Kind == VbaActionKind.OpensProgram ? Opens : action.Reach == VbaReach.SelfStart ? Runs : Later;
                yield return kind.At(part.Path, action.ToString());
            }
        }
    }
}
