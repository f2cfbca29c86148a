using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds Excel 4 macros that start programs or call system functions, with the arguments as the macro would give them.</summary>
internal sealed class XlmRunsProgram : IDetector
{
    public static readonly FindingKind Runs = new("XLM_RUNS_PROGRAM", 100,
        "An Excel 4 macro starts a program or calls the operating system.", "Excel 4.0 マクロが外部プログラムの起動、またはシステム機能の呼び出しを行います。", "T1059");

    public static readonly FindingKind Later = new("XLM_RUNS_PROGRAM_LATER", 50,
        "An Excel 4 macro can start a program or call the operating system, but nothing was seen to lead there by itself.", "Excel 4.0 マクロに外部プログラムの起動やシステム機能の呼び出しが含まれています(自動では実行されません)。", "T1059");

    private const int MaxFindings = 20;

    public IEnumerable<FindingKind> Kinds => [Runs, Later];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            if (part.Xlm is not { } project)
            {
                continue;
            }

            var actions = project.Actions.Where(a => IsProgram(a.Function) || (a.Function == "SEND.KEYS" && a.Arguments.Count > 0 && VbaCommand.IsTyped(a.Arguments[0]))).ToList();
            foreach (var action in actions.Take(MaxFindings))
            {
                yield return (action.IsAutomatic || project.IsCut ? Runs : Later).At(part.Path, action.ToString());
            }

            // What following did not reach is still there. Where it lost its way, or code is written while it runs, nobody knows what leads there.
            if (actions.Count == 0 && Written(project) is { } written)
            {
                yield return (project.IsCut || project.IsDamaged ? Runs : Later).At(part.Path, written);
            }
        }
    }

    private static bool IsProgram(string function) => function is "EXEC" or "CALL" or "REGISTER" or "REGISTER.ID" or "EXECUTE" or "INITIATE" or "VBA.INSERT.FILE";

    private static string? Written(XlmProject project)
    {
        foreach (var sheet in project.MacroSheets)
        {
            foreach (var cell in sheet.Cells)
            {
                if (cell.Formula is { } formula && XlmCalls.Find(formula, IsProgram))
                {
                    return $"{formula} at {sheet.Address(cell.Row, cell.Column)}";
                }
            }
        }

        return null;
    }
}
