using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Carriers;

/// <summary>Finds RTF written to mislead scanners or to load an object without a click.</summary>
internal sealed class RtfTricks : SignDetector
{
    public static readonly FindingKind Obfuscated = new("RTF_OBFUSCATED", 60,
        "An RTF document is written so that scanners lose their way.", "検査を逃れるように書かれたRTF文書です。", "T1027");

    public static readonly FindingKind SelfUpdate = new("RTF_OBJECT_UPDATE", 60,
        "An RTF document loads an embedded object without a click.", "RTF文書が、クリックなしで埋め込みオブジェクトを読み込みます。", "T1203");

    public static readonly FindingKind Loaded = new("RTF_OBJECT_LOADED", 100,
        "An RTF document loads a file that is embedded in it without a click.", "RTF文書が、埋め込まれたファイルをクリックなしで読み込みます。", "T1203");

    public override IEnumerable<FindingKind> Kinds => [Obfuscated, SelfUpdate, Loaded];

    protected override FindingKind? KindOf(CarrierSign sign, MessagePart part) => sign.Kind switch
    {
        SignKind.RtfObfuscated => Obfuscated,
        SignKind.RtfSelfUpdate => SelfUpdate,
        SignKind.RtfObjectLoaded => Loaded,
        _ => null,
    };
}
