using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class MacroRunsProgramTests
{
    [Fact]
    public void SelfStartThatRuns_IsToldWithItsWay()
    {
        var findings = Letters.Ask(new MacroRunsProgram(), "a.doc", Samples.OldDocument("Private Sub Document_Open()\r\nHx1 \"cmd\"\r\nEnd Sub\r\nSub Hx1(p)\r\nShell p & Chr(46) & \"exe /c dir\"\r\nEnd Sub"));

        var finding = Assert.Single(findings);
        Assert.Equal(MacroRunsProgram.Runs, finding.Kind);
        Assert.Equal("Document_Open -> Hx1 -> Shell \"cmd.exe /c dir\"", finding.Evidence);
    }

    [Fact]
    public void ButtonThatRuns_IsLess() =>
        Assert.Equal(["MACRO_RUNS_PROGRAM_LATER"], Letters.Codes(new MacroRunsProgram(), "a.doc", Samples.OldDocument("Private Sub Button1_Click()\r\nShell \"cmd /c dir\"\r\nEnd Sub")));

    [Theory]
    [InlineData("Shell \"calc.exe\"")]
    [InlineData("Shell \"notepad.exe C:\\readme.txt\", 1")]
    [InlineData("Shell \"explorer.exe C:\\Shared\\Shifts\", vbNormalFocus")]
    [InlineData("Shell \"C:\\Windows\\explorer.exe \" & ThisWorkbook.Path")]
    [InlineData("ThisWorkbook.FollowHyperlink \"https://intranet.example/help\"")]
    public void HarmlessProgram_IsOnlyOpened(string statement) =>
        Assert.Equal(["MACRO_OPENS_PROGRAM"], Letters.Codes(new MacroRunsProgram(), "a.doc", Samples.OldDocument($"Sub AutoOpen()\r\n{statement}\r\nEnd Sub")));

    [Theory]
    [InlineData("Shell \"explorer.exe https://a.example/x\"")]
    [InlineData("Shell \"explorer.exe C:\\Temp\\a.exe\"")]
    [InlineData("Shell \"calc.exe & cmd\"")]
    [InlineData("Shell Environ(\"TEMP\") & \"\\notepad.exe\"")]
    public void ProgramThatOnlyLooksHarmless_IsNot(string statement) =>
        Assert.Equal(["MACRO_RUNS_PROGRAM"], Letters.Codes(new MacroRunsProgram(), "a.doc", Samples.OldDocument($"Sub AutoOpen()\r\n{statement}\r\nEnd Sub")));

    [Fact]
    public void WordsInTextAndComments_AreNot() =>
        Assert.Empty(Letters.Codes(new MacroRunsProgram(), "a.doc", Samples.OldDocument("Sub AutoOpen()\r\n' Shell \"cmd\"\r\nMsgBox \"Shell cmd /c\"\r\nEnd Sub")));
}
