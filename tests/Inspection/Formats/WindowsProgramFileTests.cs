using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class WindowsProgramFileTests
{
    [Fact]
    public void AddIn_IsToldByItsExports()
    {
        using var message = Letters.OpenDocument("report.dat", Samples.Library("xlAutoOpen"));
        using var other = Letters.OpenDocument("report.dll", Samples.Library("DllMain"));

        Assert.Equal(FileKind.ExcelAddIn, message.Parts[0].Kind);
        Assert.Equal(FileKind.WindowsProgram, other.Parts[0].Kind);
        Assert.Equal(FileKind.WindowsProgram, FileTypes.Sniff(Samples.Program()));
    }

    [Fact]
    public void BrokenPrograms_AreNone()
    {
        var library = Samples.Library("xlAutoOpen");
        for (var length = 0; length < library.Length; length += 7)
        {
            WindowsProgramFile.IsExcelAddIn(new MemoryStream(library[..length]));
        }
    }
}
