using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds Excel 4 macros that hide what they are: a start by an odd or hidden name, code put together while it runs, a false error message to cover the start.</summary>
internal sealed class XlmDisguise : IDetector
{
    public static readonly FindingKind Start = new("XLM_AUTO_DISGUISED", 60,
        "The name that starts an Excel 4 macro is disguised.", "Excel 4.0 マクロを自動実行させる名前が偽装されています。", "T1564");

    public static readonly FindingKind Obfuscated = new("XLM_OBFUSCATED", 60,
        "An Excel 4 macro puts its code together while it runs.", "Excel 4.0 マクロが、実行中に命令を組み立てて内容を隠しています。", "T1027.010");

    public static readonly FindingKind Decoy = new("XLM_DECOY_MESSAGE", 50,
        "An Excel 4 macro that starts by itself shows a false error message.", "自動実行される Excel 4.0 マクロが、偽のエラーメッセージを表示します。", "T1036");

    private static readonly string[] PlainNames = ["Auto_Open", "Auto_Close", "Auto_Activate", "Auto_Deactivate"];

    private static readonly string[] DecoyWords = ["cannot be opened", "is corrupt", "repaired by", "enable content", "enable editing", "コンテンツの有効化", "編集を有効", "破損して"];

    private const int ManyPieces = 8;

    public IEnumerable<FindingKind> Kinds => [Start, Obfuscated, Decoy];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            if (part.Xlm is not { } project)
            {
                continue;
            }

            var starts = project.Names.Where(n => n.Start != XlmStart.None).ToList();
            if (starts.Find(n => n.IsHidden || !PlainNames.Contains(n.Name, StringComparer.OrdinalIgnoreCase)) is { } odd)
            {
                yield return Start.At(part.Path, $"{odd.Name} = {odd.Formula}{(odd.IsHidden ? " (hidden name)" : "")}");
            }

            if (First(project, IsObfuscated) is { } built)
            {
                yield return Obfuscated.At(part.Path, built);
            }

            if (starts.Count > 0 && First(project, IsDecoy) is { } decoy)
            {
                yield return Decoy.At(part.Path, decoy);
            }
        }
    }

    private static string? First(XlmProject project, Func<string, bool> isWanted)
    {
        foreach (var sheet in project.MacroSheets)
        {
            foreach (var cell in sheet.Cells)
            {
                if (cell.Formula is { } formula && isWanted(formula))
                {
                    return $"{formula} at {sheet.Address(cell.Row, cell.Column)}";
                }
            }
        }

        return null;
    }

    private static bool IsDecoy(string formula) => XlmCalls.Find(formula, f => f is "ALERT" or "MESSAGE") && Array.Exists(DecoyWords, w => formula.Contains(w, StringComparison.OrdinalIgnoreCase));

    /// <summary>Characters by sums, a formula as text, or a formula written that is glued of many pieces.</summary>
    private static bool IsObfuscated(string formula) =>
        HasComputedCharacter(formula) || HasFormulaAsText(formula)
        || (XlmCalls.Find(formula, f => f is "FORMULA" or "FORMULA.FILL" or "FORMULA.ARRAY" or "EXEC" or "CALL" or "REGISTER") && formula.Count(c => c == '&') >= ManyPieces);

    private static bool HasComputedCharacter(string formula)
    {
        for (var at = formula.IndexOf("CHAR(", StringComparison.OrdinalIgnoreCase); at >= 0; at = formula.IndexOf("CHAR(", at + 5, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + 5;
            while (end < formula.Length && char.IsAsciiDigit(formula[end]))
            {
                end++;
            }

            if (end < formula.Length && formula[end] != ')' && (at == 0 || !char.IsAsciiLetterOrDigit(formula[at - 1])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasFormulaAsText(string formula)
    {
        var at = formula.IndexOf("\"=", StringComparison.Ordinal);
        return at >= 0 && at + 2 < formula.Length && char.IsAsciiLetter(formula[at + 2]) && formula.AsSpan(at).Contains('(');
    }
}
