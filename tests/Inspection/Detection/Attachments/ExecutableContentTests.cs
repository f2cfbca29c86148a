using Sekisho.Inspection.Detection.Attachments;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Attachments;

public class ExecutableContentTests
{
    [Theory]
    [InlineData("a.exe")]
    [InlineData("photo.jpg")]
    [InlineData("")]
    public void Program_IsFoundUnderAnyName(string name) => Assert.Equal(["EXECUTABLE_CONTENT"], Letters.Codes(new ExecutableContent(), name, Samples.Program()));

    [Fact]
    public void ProgramInAnArchive_IsFound() =>
        Assert.Equal("a.zip/b.txt", Assert.Single(Letters.Ask(new ExecutableContent(), "a.zip", ZipWriter.Plain(("b.txt", Samples.Program())))).Place);

    [Fact]
    public void JavaArchive_IsFound() =>
        Assert.Contains("EXECUTABLE_CONTENT", Letters.Codes(new ExecutableContent(), "a.zip", ZipWriter.Plain(("META-INF/MANIFEST.MF", "Main-Class: A"u8.ToArray()), ("A.class", [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 52]))));

    [Fact]
    public void Papers_AreNot() => Assert.Empty(Letters.Codes(new ExecutableContent(), "a.exe", "just text"u8.ToArray()));
}
