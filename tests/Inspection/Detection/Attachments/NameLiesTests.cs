using Sekisho.Inspection.Detection.Attachments;

namespace Sekisho.Inspection.Tests.Detection.Attachments;

public class NameLiesTests
{
    [Theory]
    [InlineData("a.exe\0.pdf")]
    [InlineData("請求書．exe")]
    [InlineData("invoice.pdf                    .js")]
    public void LyingName_IsFound(string name) => Assert.Equal(["NAME_LIES"], Letters.Codes(new NameLies(), name, [1]));

    [Fact]
    public void NamesThatDiffer_AreFound()
    {
        using var message = Letters.Text("From: a@b.test\nContent-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.exe\n\nx");

        Assert.Contains("a.exe / a.pdf", Assert.Single(Letters.Ask(new NameLies(), message)).Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("資料（１）.pdf")]
    [InlineData("report 2026.pdf")]
    [InlineData("")]
    public void HonestName_IsNot(string name) => Assert.Empty(Letters.Codes(new NameLies(), name, [1]));
}
