using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class XlmPresentTests
{
    [Fact]
    public void MacroSheet_IsFoundInEveryFormat()
    {
        Assert.Equal("Macro1 (2 formulas)", Assert.Single(Letters.Ask(new XlmPresent(), "a.xls", XlmSamples.Hello())).Evidence);
        Assert.Equal(["XLM_PRESENT"], Letters.Codes(new XlmPresent(), "a.xlsm", XlmSamples.Package(["HALT()"])));
        Assert.Equal(["XLM_PRESENT"], Letters.Codes(new XlmPresent(), "a.xlsb", XlmSamples.BinaryPackage()));
    }

    [Fact]
    public void WorkbooksWithoutOne_AreNot()
    {
        Assert.Empty(Letters.Codes(new XlmPresent(), "a.xls", XlmSamples.Plain()));
        Assert.Empty(Letters.Codes(new XlmPresent(), "a.xlsx", OoxmlWriter.Workbook()));
    }
}
