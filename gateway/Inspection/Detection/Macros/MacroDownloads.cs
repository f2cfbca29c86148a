using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds macros that fetch something from the network, by an object, a system function or a command.</summary>
internal sealed class MacroDownloads : IDetector
{
    public static readonly FindingKind Downloads = new("MACRO_DOWNLOADS", 100,
        "Opening the document makes a macro fetch a file from the network.", "文書を開くだけで、マクロがインターネットからファイルを取得します。", "T1105");

    public static readonly FindingKind Later = new("MACRO_DOWNLOADS_LATER", 40,
        "A macro fetches something from the network when somebody runs it.", "利用者がマクロを実行すると、インターネットからデータを取得します。", "T1105");

    private const int MostPerPart = 10;

    public IEnumerable<FindingKind> Kinds => [Downloads, Later];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var (part, _, behaviour) in MacroCode.In(context.Message))
        {
            foreach (var action in behaviour.Actions.Where(a => a.Kind == VbaActionKind.Downloads).Take(MostPerPart))
            {
                yield return (action.Reach == VbaReach.SelfStart ? Downloads : Later).At(part.Path, action.ToString());
            }
        }
    }
}
