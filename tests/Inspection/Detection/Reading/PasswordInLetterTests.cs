using Sekisho.Inspection.Detection.Reading;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Reading;

public class PasswordInLetterTests
{
    [Fact]
    public void Archive_IsOpenedByThePasswordInTheText()
    {
        var zip = ZipWriter.Encrypted("invoice.exe", Samples.Program(), "k9-Tokyo");
        using var message = Letters.Open(LetterWriter.WithAttachments("請求書の件", "お世話になっております。\r\n解凍パスワード：「k9-Tokyo」", ("invoice.zip", zip)));

        var finding = Assert.Single(Letters.Ask(new PasswordInLetter(), message));
        Assert.Equal("ARCHIVE_PASSWORD_IN_LETTER", finding.Kind.Code);
        Assert.Equal("k******o", finding.Evidence);
        Assert.Empty(Letters.Ask(new EncryptedContent(), message));
        Assert.Contains(message.Parts, p => p.Name == "invoice.exe" && p.Kind == Sekisho.Inspection.Formats.FileKind.WindowsProgram);
    }

    [Fact]
    public void UsualPassword_IsTold()
    {
        var finding = Assert.Single(Letters.Ask(new PasswordInLetter(), "a.zip", ZipWriter.Encrypted("a.txt", new byte[100], "infected")));

        Assert.Equal("ARCHIVE_PASSWORD_USUAL", finding.Kind.Code);
    }

    [Fact]
    public void UnknownPassword_StaysShut()
    {
        using var message = Letters.OpenDocument("a.zip", ZipWriter.Encrypted("a.txt", new byte[100], "8Gh!aa-0"));

        Assert.Empty(Letters.Ask(new PasswordInLetter(), message));
        Assert.Single(Letters.Ask(new EncryptedContent(), message));
    }
}
