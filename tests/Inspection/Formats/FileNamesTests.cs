using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class FileNamesTests
{
    [Theory]
    [InlineData("a.exe", "exe")]
    [InlineData("a.exe. . ", "exe")]
    [InlineData("a.exe\u200B", "exe")]
    [InlineData("a.exe::$DATA", "exe")]
    [InlineData("dir.d/a", "")]
    [InlineData("dir\\b.JS", "JS")]
    [InlineData("a", "")]
    [InlineData("", "")]
    public void Extension_IsWhatWindowsSees(string name, string extension) => Assert.Equal(extension, FileNames.Extension(name));

    [Theory]
    [InlineData("a.EXE", true)]
    [InlineData("請求書.lnk", true)]
    [InlineData("a.docx", false)]
    [InlineData("exe", false)]
    public void Executable_IsToldByName(string name, bool executable) => Assert.Equal(executable, FileNames.IsExecutable(name));

    [Fact]
    public void InnerExtension_IsTheOneBefore()
    {
        Assert.Equal("pdf", FileNames.InnerExtension("invoice.pdf          .exe"));
        Assert.Equal("", FileNames.InnerExtension("invoice.exe"));
    }

    [Fact]
    public void OldWordNames_MayBeManyThings()
    {
        Assert.Contains(FileKind.Rtf, FileNames.Promised("a.doc")!);
        Assert.DoesNotContain(FileKind.WordOpenXmlMacro, FileNames.Promised("a.docx")!);
        Assert.Null(FileNames.Promised("a.xyz"));
    }
}
