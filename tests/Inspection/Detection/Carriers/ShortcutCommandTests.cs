using Sekisho.Inspection.Detection.Carriers;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Carriers;

public class ShortcutCommandTests
{
    [Fact]
    public void Command_IsFoundAndBlanksAreCounted() =>
        Assert.Equal("powershell.exe -command a [120 blanks] hidden", Assert.Single(Letters.Ask(new ShortcutCommand(), "a.lnk", CarrierWriter.Shortcut("powershell.exe", "-command a" + new string(' ', 120) + "hidden"))).Evidence);

    [Fact]
    public void AppendedData_IsFoundAndOpened()
    {
        using var message = Letters.OpenDocument("a.lnk", CarrierWriter.Shortcut(@"C:\a.txt", "", "@echo off\r\nexit\r\n"u8.ToArray()));

        Assert.Equal(["LNK_APPENDED_DATA"], Letters.Ask(new ShortcutCommand(), message).Select(f => f.Kind.Code));
        Assert.Equal(Sekisho.Inspection.Formats.FileKind.BatchFile, message.Parts[1].Kind);
    }

    [Theory]
    [InlineData(@"C:\papers\plan.docx")]
    [InlineData(@"%ProgramFiles%\Viewer\viewer.exe")]
    public void LinkToADocumentOrProgram_IsNot(string target) => Assert.Empty(Letters.Codes(new ShortcutCommand(), "a.lnk", CarrierWriter.Shortcut(target, "")));
}
