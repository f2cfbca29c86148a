using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Reading;

/// <summary>Finds what was opened by a password: one that the same letter gives (PPAP, and Emotet's way past scanners), or one that everybody uses.</summary>
internal sealed class PasswordInLetter : IDetector
{
    public static readonly FindingKind InLetter = new("ARCHIVE_PASSWORD_IN_LETTER", 30,
        "An attachment asks for a password that the same mail gives; it was opened with it.", "同じメールに書かれたパスワードで開ける添付ファイルです(そのパスワードで中身を確認しました)。", "T1027.013");

    public static readonly FindingKind Usual = new("ARCHIVE_PASSWORD_USUAL", 30,
        "An attachment asks for a password that everybody uses; it was opened with it.", "よく使われるパスワードで開ける添付ファイルです(そのパスワードで中身を確認しました)。", "T1027.013");

    public static readonly FindingKind Given = new("ARCHIVE_PASSWORD_GIVEN", 10,
        "An attachment asks for a password that came apart from it; it was opened with it.", "別便で届いた、または担当者が入力したパスワードで開いた添付ファイルです(中身は確認済みです)。", "T1027.013");

    public IEnumerable<FindingKind> Kinds => [InLetter, Usual, Given];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            if (part.Password is { } password)
            {
                var kind = password.From switch { PasswordSource.Letter => InLetter, PasswordSource.Given => Given, _ => Usual };
                yield return kind.At(part.Path, password.Masked);
            }
        }
    }
}
