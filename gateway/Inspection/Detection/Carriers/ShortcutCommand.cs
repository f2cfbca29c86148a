using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Carriers;

/// <summary>Finds what a Windows shortcut starts, and what hangs on behind it.</summary>
internal sealed class ShortcutCommand : SignDetector
{
    public static readonly FindingKind Command = new("LNK_RUNS_COMMAND", 60,
        "A shortcut runs a command.", "ショートカットがコマンドを実行します。", "T1204.002");

    public static readonly FindingKind Appended = new("LNK_APPENDED_DATA", 60,
        "Data is hidden behind the end of a shortcut.", "ショートカットの末尾にデータが隠されています。", "T1027.009");

    public override IEnumerable<FindingKind> Kinds => [Command, Appended];

    protected override FindingKind? KindOf(CarrierSign sign, MessagePart part) => sign.Kind switch
    {
        SignKind.ShortcutCommand when DataExchange.NamesInterpreter(sign.Evidence) || sign.Evidence.Contains(" blanks] ", StringComparison.Ordinal) => Command,
        SignKind.ShortcutAppended => Appended,
        _ => null,
    };
}
