using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Carriers;

/// <summary>Finds what a PDF starts, sends or carries.</summary>
internal sealed class PdfAction : SignDetector
{
    public static readonly FindingKind Launch = new("PDF_LAUNCH", 100,
        "A PDF starts a program or opens a file.", "PDFがプログラムの起動やファイルを開く操作を行います。", "T1204.002");

    public static readonly FindingKind Open = new("PDF_OPEN_SCRIPT", 40,
        "A PDF runs JavaScript when it is opened.", "PDFを開くとJavaScriptが自動的に実行されます。", "T1059.007");

    public static readonly FindingKind Acting = new("PDF_OPEN_SCRIPT_ACTS", 100,
        "A PDF runs JavaScript when it is opened that fetches, saves, sends or attacks.", "PDFを開くと、外部への接続・ファイルの保存・送信などを行うJavaScriptが自動的に実行されます。", "T1059.007");

    public static readonly FindingKind Script = new("PDF_JAVASCRIPT", 10,
        "A PDF contains JavaScript.", "PDFにJavaScriptが含まれています。", "T1059.007");

    public static readonly FindingKind Attached = new("PDF_EMBEDDED_FILE", 15,
        "A PDF carries another file.", "PDFに別のファイルが添付されています。", "T1027.009");

    public static readonly FindingKind Submit = new("PDF_SUBMIT_FORM", 10,
        "A PDF form sends what is filled in to an address.", "PDFフォームの入力内容が外部へ送信されます。", "T1056.003");

    public static readonly FindingKind Encrypted = new("PDF_ENCRYPTED", 20,
        "A PDF is encrypted, so its scripts and files cannot be read.", "PDFが暗号化されており、中のスクリプトや添付を確認できません。", "T1027.013");

    public override IEnumerable<FindingKind> Kinds => [Launch, Open, Acting, Script, Attached, Submit, Encrypted];

    protected override FindingKind? KindOf(CarrierSign sign, MessagePart part) => sign.Kind switch
    {
        SignKind.PdfLaunch => Launch,
        SignKind.PdfOpenScript => Open,
        SignKind.PdfActingScript => Acting,
        SignKind.PdfJavaScript => Script,
        SignKind.PdfEmbeddedFile => Attached,
        SignKind.PdfSubmit => Submit,
        SignKind.PdfEncrypted => Encrypted,
        _ => null,
    };
}
