using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds workbooks with an Excel 4 macro sheet: nobody has needed one since 1995, and attackers came back to them.</summary>
internal sealed class XlmPresent : IDetector
{
    public static readonly FindingKind Present = new("XLM_PRESENT", 30,
        "A workbook carries an old-style program (Excel 4 macro sheet).", "旧形式のマクロ(Excel 4.0 マクロシート)が含まれています。", "T1059");

    public IEnumerable<FindingKind> Kinds => [Present];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            if (part.Xlm is { } project)
            {
                var sheets = project.MacroSheets.Select(s => $"{s.Name} ({s.Cells.Count(c => c.Formula is not null)} formulas)").Take(10);
                yield return Present.At(part.Path, string.Join(", ", sheets) + (project.IsDamaged ? ", not all of it readable" : "") + (project.IsCut ? ", too long to follow to its end" : ""));
            }
        }
    }
}
