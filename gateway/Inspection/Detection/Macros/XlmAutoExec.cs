using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds Excel 4 macros that start by themselves, whatever tricks their names play.</summary>
internal sealed class XlmAutoExec : IDetector
{
    public static readonly FindingKind AutoExec = new("XLM_AUTO_EXEC", 25,
        "An Excel 4 macro starts by itself when the workbook is opened or closed.", "ブックを開く・閉じるだけで自動的に実行される Excel 4.0 マクロがあります。", "T1059");

    public IEnumerable<FindingKind> Kinds => [AutoExec];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            if (part.Xlm is { } project && project.Names.Where(n => n.Start != XlmStart.None).Take(10).ToList() is { Count: > 0 } names)
            {
                yield return AutoExec.At(part.Path, string.Join(", ", names.Select(n => $"{n.Name} = {n.Formula}{(n.IsHidden ? " (hidden name)" : "")}")));
            }
        }
    }
}
