using Sekisho.Inspection.Detection.Attachments;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Attachments;

public class ExecutableNameTests
{
    [Theory]
    [InlineData("a.exe")]
    [InlineData("a.LNK")]
    [InlineData("a.js ")]
    [InlineData("写真.scr")]
    public void ExecutableName_IsFound(string name) => Assert.Equal(["EXECUTABLE_NAME"], Letters.Codes(new ExecutableName(), name, [0, 1, 2]));

    [Fact]
    public void NameInAnEncryptedArchive_IsFound() =>
        Assert.Equal("a.zip/x.exe", Assert.Single(Letters.Ask(new ExecutableName(), "a.zip", ZipWriter.Encrypted("x.exe", [1], "p"))).Place);

    [Theory]
    [InlineData("attachment; filename=a.exe (x)")]
    [InlineData("attachment; filename='a.bat'")]
    [InlineData("attachment, filename=\"a.bat\"")]
    [InlineData("attachment; filename; filename=\"a.bat\"")]
    [InlineData("attachment\nContent-Disposition: attachment; filename=\"a.bat\"")]
    public void NameThatOnlySomeProgramsRead_IsFound(string disposition)
    {
        using var message = Letters.Text($"From: a@b.test\nContent-Type: application/octet-stream\nContent-Disposition: {disposition}\n\ncls");

        Assert.NotEmpty(Letters.Ask(new ExecutableName(), message));
    }

    [Theory]
    [InlineData("a.docx")]
    [InlineData("letter from example.com")]
    public void OtherNames_AreNot(string name) => Assert.Empty(Letters.Codes(new ExecutableName(), name, "text"u8.ToArray()));
}
