using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Reading;

/// <summary>Finds letters that programs read differently, and such as do not hold all that they bring.</summary>
/// <remarks>The other readings are opened too: what is in them, other detectors find.</remarks>
internal sealed class MimeAmbiguous : IDetector
{
    public static readonly FindingKind Ambiguous = new("MIME_AMBIGUOUS", 20,
        "Mail programs may read the structure of this mail differently; it was inspected in every way.", "メールの構造が複数の読み方をされる可能性があります(すべての読み方で検査しました)。", "T1027");

    public static readonly FindingKind Partial = new("MIME_PARTIAL", 100,
        "This is one piece of a mail that comes in several; a piece cannot be inspected alone.", "分割されたメールの一部であり、単独では検査できません。", "T1027");

    public static readonly FindingKind External = new("MIME_EXTERNAL_BODY", 50,
        "A part of this mail is not in it but would be fetched from elsewhere.", "メールの一部が本文に含まれず、外部から取得される形式です。", "T1105");

    public IEnumerable<FindingKind> Kinds => [Ambiguous, Partial, External];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var problem in context.Message.Problems)
        {
            var kind = problem.Reason switch
            {
                ReadProblemReason.AmbiguousMime => Ambiguous,
                ReadProblemReason.PartialMail => Partial,
                ReadProblemReason.ExternalBody => External,
                _ => null,
            };
            if (kind is not null)
            {
                yield return kind.At(problem.Place, problem.Text);
            }
        }
    }
}
