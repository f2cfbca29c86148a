using Sekisho.Inspection.Detection;

namespace Sekisho;

/// <summary>Kinds of finding that no detector makes but the gateway itself, and with them all there are.</summary>
internal static class GatewayKinds
{
    /// <summary>A letter over which the process has died more than once is not opened again.</summary>
    public static readonly FindingKind Deadly = new(
        "INSPECTION_CRASHED", 10_000,
        "Inspecting this message has stopped the gateway more than once; it was not opened again.",
        "このメールの検査中にゲートウェイが2回以上停止したため、開かずにメール隔離しました。");

    /// <summary>The password of an attachment did not come while the letter was held for it.</summary>
    public static readonly FindingKind PasswordNeverCame = new(
        "PASSWORD_NEVER_CAME", 1,
        "The password of an attachment did not come in time.",
        "添付ファイルのパスワードが時間内に届きませんでした。", "T1027.013");

    /// <summary>Every kind there is, the detectors' included.</summary>
    public static IEnumerable<FindingKind> All => Detectors.Kinds.Append(Deadly).Append(PasswordNeverCame);
}
