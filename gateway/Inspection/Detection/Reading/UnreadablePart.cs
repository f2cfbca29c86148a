using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Reading;

/// <summary>Finds what could not be read: broken documents and archives, containers without a reader, letters of broken structure.</summary>
internal sealed class UnreadablePart : IDetector
{
    public static readonly FindingKind Unreadable = new("UNREADABLE_PART", 100,
        "An attachment is broken or of a kind that could not be looked into.", "添付ファイルが壊れているか未対応の形式のため、中身を確認できませんでした。", "T1027");

    public static readonly FindingKind Malformed = new("MAIL_MALFORMED", 15,
        "The mail is not built by the rules.", "メールの構造が規格に合っていません。");

    public static readonly FindingKind Ambiguous = new("AMBIGUOUS_HEADER", 30,
        "A header field that must be there once is there twice.", "一つしか許されないヘッダーが重複しています。", "T1036");

    public IEnumerable<FindingKind> Kinds => [Unreadable, Malformed, Ambiguous];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var problem in context.Message.Problems)
        {
            var kind = problem.Reason switch
            {
                ReadProblemReason.Broken or ReadProblemReason.NoReader or ReadProblemReason.MissingVolume => Unreadable,
                ReadProblemReason.BrokenMail => Malformed,
                ReadProblemReason.AmbiguousHeader => Ambiguous,
                _ => null,
            };
            if (kind is not null)
            {
                yield return kind.At(problem.Place, problem.Text);
            }
        }
    }
}
