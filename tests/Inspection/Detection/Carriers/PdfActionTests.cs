using Sekisho.Inspection.Detection.Carriers;
using Sekisho.Inspection.Messages;
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

    [Theory]
    [InlineData("/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (this.exportDataObject\\(1\\)) >>] >> >>")]
    [InlineData("/Names << /JavaScript 2 0 R >>")]
    [InlineData("/AA << /WC 4 0 R >>")]
    [InlineData("/AA << /WS 4 0 R >>")]
    [InlineData("/AA << /DP 4 0 R >>")]
    [InlineData("/AcroForm << /XFA 5 0 R >>")]
    [InlineData("/AcroForm << /XFA [(template) 5 0 R (end) 1 0 R] >>")]
    public void ScriptThatNobodyStarts_IsFound(string catalogue) => Assert.Equal(["PDF_JAVASCRIPT", "PDF_OPEN_SCRIPT", "PDF_OPEN_SCRIPT_ACTS"], Letters.Codes(new PdfAction(), "a.pdf",
        CarrierWriter.Pdf($"<< /Type /Catalog {catalogue} >>", "<< /Kids [2 0 R 3 0 R] >>", "<< /Names [(a) 4 0 R] >>", "<< /S /JavaScript /JS (this.exportDataObject\\(1\\)) >>",
            CarrierWriter.PdfStream("", "<template><event activity=\"initialize\"><script>this.exportDataObject(1)</script></event></template>"u8.ToArray()))).Distinct().Order());

    [Theory]
    [InlineData("FlateDecode")]
    [InlineData("NobodyKnows")]
    public void ScriptThatCannotBeDecoded_IsTold(string filter)
    {
        using var message = Letters.OpenDocument("a.pdf", CarrierWriter.Pdf("<< /Type /Catalog /OpenAction 2 0 R >>", "<< /S /JavaScript /JS 3 0 R >>", $"<< /Filter /{filter} /Length 40 >>\nstream\n{new string('g', 40)}\nendstream"));

        Assert.Contains(message.Problems, p => p.Reason == ReadProblemReason.Broken);
        Assert.Contains("PDF_OPEN_SCRIPT", Letters.Ask(new PdfAction(), message).Select(f => f.Kind.Code));
    }

    [Fact]
    public void FormScript_IsNotOneAtOpening() => Assert.Equal(["PDF_JAVASCRIPT"], Letters.Codes(new PdfAction(), "a.pdf",
        CarrierWriter.Pdf("<< /Type /Catalog >>", "<< /FT /Tx /AA << /K << /S /JavaScript /JS (AFDate_Keystroke\\(\\)) >> >> >>")));

    [Fact]
    public void EncryptedFile_IsNoted() => Assert.Equal(["PDF_ENCRYPTED"], Letters.Codes(new PdfAction(), "a.pdf", "%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer << /Encrypt 2 0 R >>"u8.ToArray()));

    [Fact]
    public void OrdinaryFile_IsNot() => Assert.Empty(Letters.Codes(new PdfAction(), "a.pdf", CarrierWriter.Pdf("<< /Type /Catalog /OpenAction [3 0 R /Fit] >>", "<< /S /URI /URI (https://hospital.test) >>")));
}
