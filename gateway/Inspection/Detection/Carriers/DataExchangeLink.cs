using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Carriers;

/// <summary>Finds documents and sheets that make Office start another program (DDE), and macro functions in text sheets.</summary>
internal sealed class DataExchangeLink : SignDetector
{
    public static readonly FindingKind Command = new("DDE_COMMAND", 100,
        "A document makes Office start a command (DDE).", "文書を開くとコマンドを実行させる仕掛け(DDE)があります。", "T1559.002");

    public static readonly FindingKind Link = new("DDE_LINK", 20,
        "A document takes data from another program (DDE).", "文書が別のプログラムからデータを取得します(DDE)。", "T1559.002");

    public static readonly FindingKind Macro = new("SHEET_MACRO", 100,
        "A sheet in text form carries macro functions.", "テキスト形式のシート(SLK)にマクロ関数が含まれています。", "T1059");

    public override IEnumerable<FindingKind> Kinds => [Command, Link, Macro];

    protected override FindingKind? KindOf(CarrierSign sign, MessagePart part) => sign.Kind switch
    {
        SignKind.DdeCommand => Command,
        SignKind.DdeLink => Link,
        SignKind.SheetMacro => Macro,
        _ => null,
    };
}
