using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class MacroWritesProgramTests
{
    [Fact]
    public void ScriptWrittenAndRun_IsBoth() =>
        Assert.Equal(["MACRO_WRITES_PROGRAM", "MACRO_WRITES_AND_RUNS"], Letters.Codes(new MacroWritesProgram(), "a.doc", Samples.OldDocument("Sub AutoOpen()\r\np = Environ(\"TEMP\") & \"\\a.vbs\"\r\nOpen p For Output As #1\r\nPrint #1, \"x\"\r\nClose #1\r\nShell \"wscript \" & p\r\nEnd Sub")));

    [Fact]
    public void FileRunByItsName_IsFound_WhateverItsEnding() =>
        Assert.Equal(["MACRO_WRITES_AND_RUNS"], Letters.Codes(new MacroWritesProgram(), "a.doc", Samples.OldDocument("Sub AutoOpen()\r\nSet s = CreateObject(\"ADODB.Stream\")\r\ns.SaveToFile \"C:\\Users\\Public\\a.tmp\", 2\r\nShell \"regsvr32 C:\\Users\\Public\\a.tmp\"\r\nEnd Sub")));

    [Fact]
    public void ReportWritten_IsNot() =>
        Assert.Empty(Letters.Codes(new MacroWritesProgram(), "a.doc", Samples.OldDocument("Sub AutoOpen()\r\nOpen ThisWorkbook.Path & \"\\log.csv\" For Append As #1\r\nPrint #1, Now\r\nClose #1\r\nShell \"notepad.exe C:\\log.csv\"\r\nEnd Sub")));

    [Fact]
    public void ScriptWrittenByAButton_IsLess() =>
        Assert.Equal(["MACRO_WRITES_PROGRAM_LATER"], Letters.Codes(new MacroWritesProgram(), "a.doc", Samples.OldDocument("Sub Export_Click()\r\nOpen \"C:\\a.bat\" For Output As #1\r\nEnd Sub")));
}
