using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Attachments;

/// <summary>Finds scripts that Windows runs on a double click, by their text.</summary>
internal sealed class ScriptContent : IDetector
{
    public static readonly FindingKind Script = new("SCRIPT_CONTENT", 100,
        "An attachment is a script that the computer would run.", "添付ファイルの中身がスクリプト(実行される命令)です。", "T1059");

    /// <summary>Program text in a file that opens in a reader or editor: odd, but nothing runs it.</summary>
    public static readonly FindingKind Listing = new("SCRIPT_AS_TEXT", 20,
        "A text file holds a script; it does not run by itself.", "テキストファイルの中にスクリプトが書かれています(そのままでは実行されません)。", "T1059");

    public IEnumerable<FindingKind> Kinds => [Script, Listing];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            if (part.Kind.IsScript())
            {
                var kind = FileNames.IsInertText(part.Name) ? Listing : Script;
                yield return kind.At(part.Path, $"content: {part.Kind}");
            }
        }
    }
}
