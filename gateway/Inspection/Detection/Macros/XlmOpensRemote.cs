using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds Excel 4 macros that open a workbook from the internet, which brings its own macros.</summary>
internal sealed class XlmOpensRemote : IDetector
{
    public static readonly FindingKind Opens = new("XLM_OPENS_REMOTE", 100,
        "An Excel 4 macro opens a file on the internet.", "Excel 4.0 マクロがインターネット上のファイルを開きます。", "T1105");

    public static readonly FindingKind Later = new("XLM_OPENS_REMOTE_LATER", 40,
        "An Excel 4 macro can open a file on the internet, but nothing was seen to lead there by itself.", "Excel 4.0 マクロにインターネット上のファイルを開く処理が含まれています(自動では実行されません)。", "T1105");

    private const int MaxFindings = 20;

    public IEnumerable<FindingKind> Kinds => [Opens, Later];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            if (part.Xlm is not { } project)
            {
                continue;
            }

            foreach (var action in project.Actions.Where(a => a.Function == "OPEN" && a.Arguments.Count > 0 && IsOutside(a.Arguments[0].Trim('"'))).Take(MaxFindings))
            {
                yield return (action.IsAutomatic || project.IsCut ? Opens : Later).At(part.Path, action.ToString());
            }
        }
    }

    private static bool IsOutside(string file) => RemoteTargets.IsWeb(file) || RemoteTargets.IsInternetShare(file);
}
