using Sekisho.Inspection.Formats;
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

    public static readonly FindingKind ExternalProgram = new("MIME_EXTERNAL_PROGRAM", 100,
        "A part of this mail is a program that would be fetched from elsewhere.", "メールの一部として、外部から実行プログラムが取得される形式です。", "T1105");

    public IEnumerable<FindingKind> Kinds => [Ambiguous, Partial, External, ExternalProgram];

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

        foreach (var part in context.Message.Parts)
        {
            foreach (var sign in part.Signs)
            {
                if (sign.Kind == SignKind.ExternalBody && NamesProgram(sign.Evidence))
                {
                    yield return ExternalProgram.At(part.Path, sign.Evidence);
                }
            }
        }
    }

    /// <summary>True where the address of an external body ends in the name of a program or script.</summary>
    private static bool NamesProgram(string address)
    {
        var end = address.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? address : address[..end];
        var host = path.IndexOf("://", StringComparison.Ordinal);
        var slash = path.LastIndexOf('/');

        // "http://host.com" has a host, and no name.
        return slash > host + 2 && FileNames.IsExecutable(Uri.UnescapeDataString(path[(slash + 1)..]));
    }
}
