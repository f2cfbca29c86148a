using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Reading;

/// <summary>Finds what cannot be looked into without a password: archives (the way Emotet passed scanners in 2020), documents, encrypted mail.</summary>
internal sealed class EncryptedContent : IDetector
{
    public static readonly FindingKind Archive = new("ENCRYPTED_ARCHIVE", 100,
        "An archive asks for a password and could not be looked into.", "パスワード付きの圧縮ファイルのため、中身を確認できませんでした。", "T1027.013");

    public static readonly FindingKind Document = new("ENCRYPTED_DOCUMENT", 100,
        "A document asks for a password and could not be looked into.", "パスワード付きの文書のため、中身を確認できませんでした。", "T1027.013");

    public static readonly FindingKind Mail = new("ENCRYPTED_MAIL", 100,
        "A part of the mail is encrypted and could not be looked into.", "暗号化されたメール(S/MIME・OpenPGP)のため、中身を確認できませんでした。", "T1027.013");

    public IEnumerable<FindingKind> Kinds => [Archive, Document, Mail];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var problem in context.Message.Problems)
        {
            var kind = problem.Reason switch
            {
                ReadProblemReason.EncryptedArchive => Archive,
                ReadProblemReason.EncryptedDocument => Document,
                ReadProblemReason.EncryptedMail => Mail,
                _ => null,
            };
            if (kind is not null)
            {
                yield return kind.At(problem.Place, problem.Text);
            }
        }
    }
}
