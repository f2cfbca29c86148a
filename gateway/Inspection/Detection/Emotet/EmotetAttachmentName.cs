using System.Text.RegularExpressions;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Emotet;

/// <summary>Finds attachment names as Emotet's mailer makes them, and password archives named like the one document in them.</summary>
/// <remarks>The shapes are those of 77 campaign notes of 2021 and 2022; scanners and accounting programs make similar ones, so they weigh little.</remarks>
internal sealed partial class EmotetAttachmentName : IDetector
{
    public static readonly FindingKind Shape = new("EMOTET_ATTACHMENT_NAME", 20,
        "An attachment is named as Emotet named its own.", "Emotetが使った添付ファイル名と同じ形の名前です。", "T1036");

    public static readonly FindingKind Shared = new("ARCHIVE_NAMED_AS_MEMBER", 10,
        "A password archive holds one document of the same name.", "パスワード付き圧縮ファイルの中身が、同じ名前の文書1つだけです。", "T1027.013");

    public IEnumerable<FindingKind> Kinds => [Shape, Shared];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            if (part.IsBody || part.Name.Length is 0 or > 100)
            {
                continue;
            }

            if (part.Container is null or { Kind: FileKind.Zip } && Names().IsMatch(part.Name))
            {
                yield return Shape.At(part.Path, part.Name);
            }

            if (part.Kind == FileKind.Zip && part.Password is not null && context.Message.Parts.Where(p => p.Container == part).Take(2).ToList() is [{ } only]
                && Path.GetFileNameWithoutExtension(only.Name).Equals(Path.GetFileNameWithoutExtension(part.Name), StringComparison.OrdinalIgnoreCase))
            {
                yield return Shared.At(part.Path, only.Name);
            }
        }
    }

    // In turn: "Mes_G697449.doc", "DOC_010001817115732.xlsm", "INV 2022-06-15_1046, USA.xls", "Report - 2022-06-14_1146.lnk", "Form - Jun 06, 2022.lnk",
    // "10682236691132898, UK.lnk", "57_01042022.zip", "message_0906.zip", "untitled-0422.xls", "INVOICE 589 03_23.doc".
    [GeneratedRegex(
        @"^(Mes_[A-Z]?\d{4,8}|(DOC|REP|INV|FILE|SCAN|INF|PO|LIST|ARC|Mail|message|MSG|Electronic form|details)[_ ]\d{6,20}|[A-Za-z ]{2,20}[ _-]+\d{4}-\d{2}-\d{2}_\d{4}(, [A-Za-z]{2,12})?"
        + @"|[A-Za-z ]{2,20} - [A-Z][a-z]{2} \d{2}, \d{4}|\d{12,20}(, [A-Za-z]{2,12})?|\d{1,4}_\d{8}|(message|untitled|form|documents?)[-_]\d{4}|INVOICE \d{1,6} \d{2}_\d{2})\.(doc|docm|xls|xlsm|xlsb|zip|lnk|one|xll)$",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Names();
}
