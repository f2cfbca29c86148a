using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds Excel 4 macro sheets that are hidden, above all so deeply that only a program can show them.</summary>
internal sealed class XlmHiddenSheet : IDetector
{
    public static readonly FindingKind Hidden = new("XLM_HIDDEN_SHEET", 40,
        "An Excel 4 macro sheet is hidden from the user.", "Excel 4.0 マクロシートが利用者から見えないように隠されています。", "T1564");

    public IEnumerable<FindingKind> Kinds => [Hidden];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            foreach (var sheet in part.Xlm?.MacroSheets.Where(s => s.Visibility != XlmVisibility.Visible).Take(10) ?? [])
            {
                yield return Hidden.At(part.Path, $"{sheet.Name}: {(sheet.Visibility == XlmVisibility.VeryHidden ? "very hidden" : "hidden")}");
            }
        }
    }
}
