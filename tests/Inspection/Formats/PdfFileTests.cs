using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class PdfFileTests
{
    [Fact]
    public void EmbeddedFile_IsTakenOutByName()
    {
        var file = Assert.Single(Read(CarrierWriter.Pdf("<< /Type /Filespec /F (old.txt) /UF (a.js) /EF << /F 2 0 R /UF 2 0 R >> >>", CarrierWriter.PdfStream("/Type /EmbeddedFile", [1, 2, 3]))).Files);

        Assert.Equal("a.js", file.Name);
        Assert.Equal([1, 2, 3], file.Content);
    }

    [Fact]
    public void ObjectStream_IsLookedInto() => Assert.Contains(new CarrierSign(SignKind.Link, "https://a.test/"),
        Read(CarrierWriter.Pdf(CarrierWriter.PdfStream("/Type /ObjStm /N 1 /First 4", "9 0 << /S /URI /URI (https://a.test/) >>"u8.ToArray()))).Signs);

    [Theory]
    [InlineData("<< /S /#4a#61vaScript /JS (a\\(1\\)) >>")]
    [InlineData("<< /S /JavaScript /JS <6128 31 29> >>")]
    [InlineData("<< /S/JavaScript/JS(\\141\\0501\\051)>>")]
    [InlineData("<< /X [ << /Y << /S /JavaScript /JS (a(1)) >> >> ] >>")]
    public void Script_IsReadHoweverItIsWritten(string value) => Assert.Equal([new CarrierSign(SignKind.PdfJavaScript, "a(1)")], Read(CarrierWriter.Pdf(value)).Signs);

    [Fact]
    public void Form_TellsWhereItSends() => Assert.Contains(new CarrierSign(SignKind.PdfSubmit, "https://a.test/p"), Read(CarrierWriter.Pdf("<< /S /SubmitForm /F << /FS /URL /F (https://a.test/p) >> >>")).Signs);

    [Fact]
    public void EarlierRevision_IsSeenToo()
    {
        byte[] file = [.. CarrierWriter.Pdf("<< /S /Launch /F (calc.exe) >>"), .. CarrierWriter.Pdf("<< >>")];

        Assert.Contains(new CarrierSign(SignKind.PdfLaunch, "calc.exe"), Read(file).Signs);
    }

    [Theory]
    [InlineData("1 0 obj << /A [[[[[[[")]
    [InlineData("1 0 obj << /S /JavaScript /JS 1 0 R /Next 1 0 R >> endobj")]
    [InlineData("1 0 obj << /Length 99999 >> stream\nabc")]
    public void BrokenFile_Ends(string text) => Read(Encoding.ASCII.GetBytes("%PDF-1.4\n" + text));

    [Theory]
    [InlineData("1 0 obj << /A (never closed\n")]
    [InlineData("1 0 obj << /A <6162\n")]
    [InlineData("1 0 obj << /Length 3 >> stream\nabc\n")]
    public void BrokenObject_HidesNothingBehindIt(string broken) => Assert.Contains(new CarrierSign(SignKind.PdfLaunch, "calc.exe"),
        Read([.. Encoding.ASCII.GetBytes("%PDF-1.4\n" + broken), .. CarrierWriter.Pdf("<< /S /Launch /F (calc.exe) >>")]).Signs);

    [Fact]
    public void TooDeepObject_HidesNothingBehindIt() => Assert.Contains(new CarrierSign(SignKind.PdfLaunch, "calc.exe"),
        Read([.. Encoding.ASCII.GetBytes("%PDF-1.4\n1 0 obj " + new string('[', 500) + "\n"), .. CarrierWriter.Pdf("<< /S /Launch /F (calc.exe) >>")]).Signs);

    [Fact]
    public void DeepNesting_Ends() => _ = Read(Encoding.ASCII.GetBytes("%PDF-1.4\n1 0 obj " + string.Concat(Enumerable.Repeat("<</A[", 100_000))));

    private static CarrierContents Read(byte[] pdf)
    {
        var found = new CarrierContents();
        PdfFile.Find(pdf, new ReadBudget(TimeProvider.System, TimeSpan.FromMinutes(1), 1 << 30), found);
        return found;
    }
}
