using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class XlmAutoExecTests
{
    [Theory]
    [InlineData("\u0001")]
    [InlineData("\u0001222")]
    [InlineData("\u0002")]
    [InlineData("\u000A")]
    [InlineData("auto_OPEN")]
    [InlineData("Auto_Open12")]
    [InlineData("Au\u0000to_\u200BOpen")]
    [InlineData("Ａuto_Open")]
    [InlineData("\u0410uto_\u041Epen")]
    public void NameThatStartsByItself_IsFoundBehindItsTricks(string name) =>
        Assert.Contains("'Macro1'!$A$1", Assert.Single(Letters.Ask(new XlmAutoExec(), "a.xls", XlmSamples.Hello(name))).Evidence, StringComparison.Ordinal);

    [Theory]
    [InlineData("Automatic")]
    [InlineData("MyAuto_Open")]
    [InlineData("\u0006")]
    public void OtherNames_AreNot(string name) => Assert.Empty(Letters.Codes(new XlmAutoExec(), "a.xls", XlmSamples.Hello(name)));
}
