namespace Sekisho.Inspection.Detection.Reading;

/// <summary>Finds what was opened by a password: one that the same letter gives (PPAP, and Emotet's way past scanners), or one that everybody uses.</summary>
internal sealed class PasswordInLetter : IDetector
{
    public static readonly FindingKind InLetter = new("ARCHIVE_PASSWORD_IN_LETTER", 30,
        "An attachment asks for a password that the same mail gives; it was opened with it.", "同じメールに書かれたパスワードで開ける添付ファイルです(そのパスワードで中身を確認しました)。", "T1027.013");

    public static readonly FindingKind Usual = new("ARCHIVE_PASSWORD_USUAL", 30,
        "An attachment asks for a password that everybody uses; it was opened with it.", "よく使われるパスワードで開ける添付ファイルです(そのパスワードで中身を確認しました)。", "T1027.013");

    public IEnumerable<FindingKind> Kinds => [InLetter, Usual];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            if (part.Password is { } password)
            {
                yield return (password.IsFromLetter ? InLetter : Usual).At(part.Path, password.Masked);
            }
        }
    }
}
