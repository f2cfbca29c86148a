using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Carriers;

/// <summary>Finds documents that fetch a template, an object or data from elsewhere when they are opened.</summary>
internal sealed class RemoteContent : SignDetector
{
    public static readonly FindingKind Template = new("DOCUMENT_REMOTE_TEMPLATE", 100,
        "A document fetches its template from the web when it is opened.", "文書を開くと、外部のWebサイトからテンプレートを読み込みます。", "T1221");

    public static readonly FindingKind Shared = new("DOCUMENT_SHARED_TEMPLATE", 20,
        "A document fetches its template from a file share.", "文書がファイル共有上のテンプレートを参照しています。", "T1221");

    public static readonly FindingKind Object = new("DOCUMENT_REMOTE_OBJECT", 100,
        "A document fetches an object or frame from elsewhere when it is opened.", "文書を開くと、外部からオブジェクトやフレームを読み込みます。", "T1221");

    public static readonly FindingKind Share = new("DOCUMENT_SHARED_OBJECT", 20,
        "A document refers to an object on a file share.", "文書がファイル共有上のオブジェクトを参照しています。", "T1187");

    public static readonly FindingKind Leak = new("DOCUMENT_INTERNET_SHARE", 100,
        "A document reaches for a file share on the internet when it is opened, which gives away the user's password hash.",
        "文書を開くと、インターネット上のファイル共有に接続します(利用者のパスワード情報が漏れるおそれがあります)。", "T1187");

    public static readonly FindingKind Workbook = new("DOCUMENT_EXTERNAL_LINK", 5,
        "A workbook takes values from another file elsewhere.", "ブックが外部の別ファイルの値を参照しています。", "T1221");

    public static readonly FindingKind Query = new("WEB_QUERY", 60,
        "A web query makes Excel fetch an address when it is opened.", "Webクエリーファイルです。開くとExcelが外部のアドレスに接続します。", "T1221");

    public override IEnumerable<FindingKind> Kinds => [Template, Shared, Object, Share, Leak, Workbook, Query];

    protected override FindingKind? KindOf(CarrierSign sign, MessagePart part) => sign.Kind switch
    {
        SignKind.RemoteTemplate => Template,
        SignKind.SharedTemplate => RemoteTargets.IsInternetShare(sign.Evidence) ? Leak : Shared,
        SignKind.RemoteObject => RemoteTargets.IsWeb(sign.Evidence) ? Object : RemoteTargets.IsInternetShare(sign.Evidence) ? Leak : Share,
        SignKind.ExternalLink => Workbook,
        SignKind.WebQuery => Query,
        _ => null,
    };
}
