using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Reading;

/// <summary>Finds letters that could not be looked at to their end: too deep, too many parts, too large, too slow.</summary>
internal sealed class LimitReached : IDetector
{
    public static readonly FindingKind Limit = new("LIMIT_REACHED", 100,
        "The mail is too deep, too large or too slow to be looked at to its end.", "階層・サイズ・時間の上限を超えたため、最後まで確認できませんでした。", "T1499");

    public IEnumerable<FindingKind> Kinds => [Limit];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var problem in context.Message.Problems)
        {
            if (problem.Reason is ReadProblemReason.TooDeep or ReadProblemReason.TooMany or ReadProblemReason.TooLarge or ReadProblemReason.TimeUp)
            {
                yield return Limit.At(problem.Place, problem.Text);
            }
        }
    }
}
