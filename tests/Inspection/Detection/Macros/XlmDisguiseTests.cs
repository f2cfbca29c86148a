using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class XlmDisguiseTests
{
    [Fact]
    public void HiddenOrLongerName_IsADisguise()
    {
        Assert.Contains("XLM_AUTO_DISGUISED", Letters.Codes(new XlmDisguise(), "a.xls", XlmSamples.Hello("Auto_Open222")));
        Assert.Empty(Letters.Codes(new XlmDisguise(), "a.xls", XlmSamples.Hello()));
    }

    [Theory]
    [InlineData("FORMULA(\"=EXEC(A1)\",A4)", "XLM_OBFUSCATED")]
    [InlineData("CHAR(ROUND(61.2,0))", "XLM_OBFUSCATED")]
    [InlineData("FORMULA(B1&B2&B3&B4&B5&B6&B7&B8&B9,A4)", "XLM_OBFUSCATED")]
    [InlineData("FORMULA(CHAR(10)&B2,A4)", null)]
    [InlineData("ALERT(\"Please check the totals\")", null)]
    public void CodePutTogether_IsFound(string formula, string? code) =>
        Assert.Equal(code is null ? [] : [code], Letters.Codes(new XlmDisguise(), "a.xlsm", XlmSamples.Package([formula, "HALT()"])));

    [Fact]
    public void FalseError_IsFound() =>
        Assert.Equal(["XLM_DECOY_MESSAGE"], Letters.Codes(new XlmDisguise(), "a.xlsm", XlmSamples.Package(["ALERT(\"The workbook cannot be opened because it's corrupt.\")", "HALT()"])));
}
