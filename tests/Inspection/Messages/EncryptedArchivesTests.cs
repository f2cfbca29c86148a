using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Messages;

/// <summary>RAR 4, RAR 5 and 7z with a password, names hidden or not: opened by the letter's own word, told where it has none.</summary>
public class EncryptedArchivesTests
{
    private const string Password = "Uketsuke-9304";

    private static readonly byte[] Document = Samples.OldDocument(Samples.AutoOpenSource);

    public static TheoryData<string, bool> All => new()
    {
        { "7z", false }, { "7z", true }, { "rar4", false }, { "rar4", true }, { "rar5", false }, { "rar5", true },
    };

    private static byte[] Archive(string kind, bool hidesNames) => kind switch
    {
        "7z" => SealedSevenZipWriter.Encrypted("a.doc", Document, Password, hidesNames),
        "rar4" => RarWriter.Encrypted4("a.doc", Document, Password, hidesNames),
        _ => RarWriter.Encrypted5("a.doc", Document, Password, hidesNames),
    };

    [Theory]
    [MemberData(nameof(All))]
    public void Password_Opens(string kind, bool hidesNames)
    {
        using var message = Letters.Open(LetterWriter.WithAttachments("見積書", $"解凍パスワードは {Password} です。", ("a." + kind[..2], Archive(kind, hidesNames))));

        Assert.Empty(message.Problems);
        var found = Assert.Single(message.Parts, p => p.Name == "a.doc");
        Assert.Equal(Document, found.ReadUpTo(1 << 20));
        Assert.NotEmpty(found.Vba);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void NoPassword_IsTold(string kind, bool hidesNames)
    {
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "y", ("a." + kind[..2], Archive(kind, hidesNames))));

        Assert.Contains(message.Problems, p => p.Reason == ReadProblemReason.EncryptedArchive);
        Assert.DoesNotContain(message.Parts, p => p.Vba.Count > 0);
    }
}
