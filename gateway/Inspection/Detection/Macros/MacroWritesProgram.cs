using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds macros that write a program or script to the disk, above all when they start one too.</summary>
internal sealed class MacroWritesProgram : IDetector
{
    public static readonly FindingKind Writes = new("MACRO_WRITES_PROGRAM", 70,
        "Opening the document makes a macro write a program or script to the disk.", "文書を開くだけで、マクロがプログラムやスクリプトのファイルを作成します。", "T1105");

    public static readonly FindingKind Later = new("MACRO_WRITES_PROGRAM_LATER", 30,
        "A macro writes a program or script to the disk when somebody runs it.", "利用者がマクロを実行すると、プログラムやスクリプトのファイルを作成します。", "T1105");

    public static readonly FindingKind AndRuns = new("MACRO_WRITES_AND_RUNS", 60,
        "A macro writes a file and starts a program.", "マクロがファイルを書き出し、プログラムを起動します。", "T1204.002");

    public IEnumerable<FindingKind> Kinds => [Writes, Later, AndRuns];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var (part, _, behaviour) in MacroCode.In(context.Message))
        {
            foreach (var written in behaviour.Actions.Where(a => a.Kind == VbaActionKind.WritesProgram).Take(5))
            {
                yield return (written.Reach == VbaReach.SelfStart ? Writes : Later).At(part.Path, written.ToString());
            }

            // One of the same start that writes what may be a program, or a file by the name that is run.
            foreach (var run in behaviour.Actions.Where(a => a.Kind == VbaActionKind.RunsProgram))
            {
                if (behaviour.Actions.FirstOrDefault(a => a.Reach == run.Reach && (a.Kind == VbaActionKind.WritesProgram || (a.Kind == VbaActionKind.WritesFile && IsNamed(a.What, run.What)))) is { } file)
                {
                    yield return AndRuns.At(part.Path, $"{file.What}; {run}");
                    break;
                }
            }
        }
    }

    /// <summary>True where the file's name in quotes stands in the command.</summary>
    private static bool IsNamed(string written, string run)
    {
        var open = written.IndexOf('"', StringComparison.Ordinal);
        var close = written.LastIndexOf('"');
        return close - open > 4 && run.Contains(written[(open + 1)..close], StringComparison.OrdinalIgnoreCase);
    }
}
