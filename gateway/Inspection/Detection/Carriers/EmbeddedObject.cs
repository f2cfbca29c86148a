using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Carriers;

/// <summary>Finds objects inside documents that start something or attack the program that shows them.</summary>
internal sealed class EmbeddedObject : SignDetector
{
    public static readonly FindingKind Exploit = new("EQUATION_EXPLOIT", 100,
        "A document attacks the old Equation Editor.", "旧数式エディターの脆弱性を突く文書です。", "T1203");

    public static readonly FindingKind Equation = new("EQUATION_OBJECT", 5,
        "A document holds a formula of the old Equation Editor.", "旧数式エディターの数式が含まれています。", "T1203");

    public static readonly FindingKind Risky = new("RISKY_OBJECT", 60,
        "A document embeds an object of a kind that attacks use.", "攻撃に使われる種類のオブジェクトが文書に埋め込まれています。", "T1203");

    public static readonly FindingKind Moniker = new("SCRIPT_MONIKER", 100,
        "A document embeds an object that makes Office run a script from elsewhere.", "外部のスクリプトを実行させるオブジェクト(スクリプトモニカー)が文書に埋め込まれています。", "T1203");

    public static readonly FindingKind Package = new("EMBEDDED_PACKAGE", 30,
        "A file is embedded in a document, to be opened by a double click.", "文書の中にファイルが埋め込まれています(ダブルクリックで開く形式)。", "T1204.002");

    public static readonly FindingKind Control = new("ACTIVEX_CONTROL", 10,
        "A document holds an ActiveX control.", "文書にActiveXコントロールが含まれています。", "T1559.001");

    public static readonly FindingKind Ribbon = new("RIBBON_ONLOAD", 30,
        "A document runs a macro when its ribbon is loaded.", "文書のリボンが読み込まれるとマクロが実行されます。", "T1137");

    public override IEnumerable<FindingKind> Kinds => [Exploit, Equation, Risky, Moniker, Package, Control, Ribbon];

    protected override FindingKind? KindOf(CarrierSign sign, MessagePart part) => sign.Kind switch
    {
        SignKind.EquationExploit => Exploit,
        SignKind.EquationObject => Equation,
        SignKind.RiskyObject => sign.Evidence.StartsWith(CompoundSigns.ScriptMoniker, StringComparison.Ordinal) ? Moniker : Risky,
        SignKind.OlePackage => Package,
        SignKind.ActiveXControl => Control,
        SignKind.CustomUiLoad => Ribbon,
        _ => null,
    };
}
