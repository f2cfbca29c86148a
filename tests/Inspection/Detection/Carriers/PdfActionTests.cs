using Sekisho.Inspection.Detection.Carriers;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Carriers;

public class PdfActionTests
{
    [Fact]
    public void Launch_IsFoundWithItsCommand() => Assert.Equal("cmd.exe /c calc", Assert.Single(Letters.Ask(new PdfAction(), "a.pdf",
        CarrierWriter.Pdf("<< /Type /Catalog /OpenAction 2 0 R >>", "<< /S /L#61unch /Win << /F (cmd.exe) /P (/c calc) >> >>"))).Evidence);

    [Fact]
    public void ScriptAtOpening_IsFound() => Assert.Equal(["PDF_OPEN_SCRIPT", "PDF_JAVASCRIPT"], Letters.Codes(new PdfAction(), "a.pdf",
        CarrierWriter.Pdf("<< /Type /Catalog /OpenAction 2 0 R >>", "<< /S /JavaScript /JS 3 0 R >>", CarrierWriter.PdfStream("", "app.alert(1)"u8.ToArray()))));

    [Fact]
    public void FormScript_IsNotOneAtOpening() => Assert.Equal(["PDF_JAVASCRIPT"], Letters.Codes(new PdfAction(), "a.pdf",
        CarrierWriter.Pdf("<< /Type /Catalog >>", "<< /FT /Tx /AA << /K << /S /JavaScript /JS (AFDate_Keystroke\\(\\)) >> >> >>")));

    [Fact]
    public void EncryptedFile_IsNoted() => Assert.Equal(["PDF_ENCRYPTED"], Letters.Codes(new PdfAction(), "a.pdf", "%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer << /Encrypt 2 0 R >>"u8.ToArray()));

    [Fact]
    public void OrdinaryFile_IsNot() => Assert.Empty(Letters.Codes(new PdfAction(), "a.pdf", CarrierWriter.Pdf("<< /Type /Catalog /OpenAction [3 0 R /Fit] >>", "<< /S /URI /URI (https://hospital.test) >>")));
}
