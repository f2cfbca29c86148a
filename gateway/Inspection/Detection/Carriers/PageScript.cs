using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Carriers;

/// <summary>Finds pages and pictures that put a file together, ask for a password, or carry script; attached ones weigh more than the letter itself.</summary>
internal sealed class PageScript : SignDetector
{
    public static readonly FindingKind Smuggling = new("HTML_SMUGGLING", 100,
        "A page puts a file together by itself and saves it.", "HTMLの中でファイルを組み立てて保存させる仕掛けがあります(HTMLスマグリング)。", "T1027.006");

    public static readonly FindingKind Password = new("HTML_PASSWORD_FORM", 70,
        "An attached page asks for a password.", "添付のHTMLページがパスワードの入力を求めます。", "T1056.003");

    public static readonly FindingKind Sent = new("HTML_PASSWORD_SENT", 100,
        "An attached page asks for a password and sends it to a web site.", "添付のHTMLページがパスワードの入力を求め、外部のサイトへ送信します。", "T1056.003");

    public static readonly FindingKind Redirect = new("HTML_REDIRECT", 40,
        "An attached page leads on to another address at once.", "添付のHTMLページを開くと、すぐに別のサイトへ移動します。", "T1204.001");

    public static readonly FindingKind Asking = new("HTML_BODY_PASSWORD_FORM", 40,
        "The mail itself has a form that asks for a password.", "メール本文にパスワードの入力欄があります。", "T1056.003");

    public static readonly FindingKind Obfuscated = new("HTML_OBFUSCATED_SCRIPT", 50,
        "An attached page has script written not to be read.", "添付のHTMLページに難読化されたスクリプトがあります。", "T1027");

    public static readonly FindingKind Decodes = new("HTML_SCRIPT_DECODES", 60,
        "An attached page has script that decodes what it then runs or saves.", "添付のHTMLページに、隠したデータを復元して実行または保存するスクリプトがあります。", "T1140");

    public static readonly FindingKind Attached = new("HTML_SCRIPT", 15,
        "An attached page carries script.", "添付のHTMLページにスクリプトが含まれています。", "T1059.007");

    public static readonly FindingKind Body = new("HTML_BODY_SCRIPT", 10,
        "The mail itself carries script, which mail programs do not run.", "メール本文にスクリプトが含まれています(通常は実行されません)。", "T1059.007");

    public static readonly FindingKind Hidden = new("HTML_HIDDEN_TEXT", 5,
        "A page holds much text that nobody sees.", "HTMLに、画面に表示されない長い文章が含まれています。", "T1027");

    public static readonly FindingKind Picture = new("SVG_SCRIPT", 100,
        "A picture (SVG) carries script.", "画像(SVG)にスクリプトが含まれています。", "T1027.017");

    public static readonly FindingKind Page = new("SVG_WEB_PAGE", 10,
        "A picture (SVG) holds a web page.", "画像(SVG)にWebページが埋め込まれています。", "T1027.017");

    public override IEnumerable<FindingKind> Kinds => [Smuggling, Password, Sent, Redirect, Asking, Obfuscated, Decodes, Attached, Body, Hidden, Picture, Page];

    protected override FindingKind? KindOf(CarrierSign sign, MessagePart part) => sign.Kind switch
    {
        SignKind.HtmlSmuggling => Smuggling,
        SignKind.HtmlPasswordForm => IsLetter(part) ? Asking : Password,
        SignKind.HtmlPasswordSent => IsLetter(part) ? null : Sent,
        SignKind.HtmlRedirect => IsLetter(part) ? null : Redirect,
        SignKind.HtmlObfuscated => IsLetter(part) ? Body : Obfuscated,
        SignKind.HtmlDecodes => IsLetter(part) ? Body : Decodes,
        SignKind.HtmlScript => IsLetter(part) ? Body : Attached,
        SignKind.HtmlHiddenText => Hidden,
        SignKind.SvgScript => Picture,
        SignKind.SvgForeign => Page,
        _ => null,
    };

    /// <summary>True for what a mail program shows as the letter: it runs no script there.</summary>
    private static bool IsLetter(MessagePart part) => part.IsBody || part.Container?.Kind == FileKind.OutlookMessage && part.Name.EndsWith("body.html", StringComparison.Ordinal);
}
