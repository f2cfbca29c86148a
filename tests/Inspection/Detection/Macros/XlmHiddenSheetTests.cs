using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class XlmHiddenSheetTests
{
    [Fact]
    public void HiddenMacroSheets_AreFound()
    {
        Assert.Equal("Macro1: hidden", Assert.Single(Letters.Ask(new XlmHiddenSheet(), "a.xls", XlmSamples.Hello(state: 1))).Evidence);
        Assert.Equal("Macro1: very hidden", Assert.Single(Letters.Ask(new XlmHiddenSheet(), "a.xls", XlmSamples.Hello(state: 2))).Evidence);
        Assert.Equal("Macro1: very hidden", Assert.Single(Letters.Ask(new XlmHiddenSheet(), "a.xlsm", XlmSamples.Package(["HALT()"], "veryHidden"))).Evidence);
    }

    [Fact]
    public void VisibleOnes_AreNot() => Assert.Empty(Letters.Codes(new XlmHiddenSheet(), "a.xls", XlmSamples.Hello()));
}
