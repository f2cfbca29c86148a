using Sekisho.Inspection.Detection.Attachments;

namespace Sekisho.Inspection.Tests.Detection.Attachments;

public class DoubleExtensionTests
{
    [Theory]
    [InlineData("invoice.pdf.exe")]
    [InlineData("invoice.pdf                    .js")]
    [InlineData("invoice_\u202Ecod.exe")]
    public void DisguisedName_IsFound(string name) => Assert.Equal(["DOUBLE_EXTENSION"], Letters.Codes(new DoubleExtension(), name, [1]));

    [Theory]
    [InlineData("invoice.exe")]
    [InlineData("backup.tar.gz")]
    [InlineData("report.2026.pdf")]
    public void HonestName_IsNot(string name) => Assert.Empty(Letters.Codes(new DoubleExtension(), name, [1]));
}
