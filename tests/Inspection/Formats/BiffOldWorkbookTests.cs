using Sekisho.Inspection.Detection.Macros;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class BiffOldWorkbookTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void MacroSheet_IsReadAndFollowed(int version)
    {
        using var message = Letters.OpenDocument("a.xls", OldWorkbookWriter.Macro(version));
        var part = Assert.Single(message.Parts);
        var project = part.Xlm!;

        Assert.Equal(FileKind.ExcelRaw, part.Kind);
        Assert.Equal(["EXEC(\"calc\"&C1)", "HALT()", null], project.Sheets.Single().Cells.Select(c => c.Formula));
        Assert.Equal(["Auto_Open='Macro1'!$A$1"], project.Names.Select(n => $"{n.Name}={n.Formula}"));
        Assert.Equal("EXEC(\"calc.exe\") at Macro1!A1", project.Actions.Single().ToString());
        Assert.True(project.Actions.Single().IsAutomatic);
        Assert.False(project.IsDamaged);
        Assert.Equal(["XLM_RUNS_PROGRAM"], Letters.Ask(new XlmRunsProgram(), message).Select(f => f.Kind.Code));
    }

    [Fact]
    public void BoundWorkbook_GivesItsSheetsNames()
    {
        var project = Read(OldWorkbookWriter.Bound())!;

        Assert.Equal(["Figures False", "Hidden True"], project.Sheets.Select(s => $"{s.Name} {s.IsMacro}"));
        Assert.Equal("'Hidden'!$A$1", project.Names.Single().Formula);
        Assert.Equal("EXEC(\"calc.exe\") at Hidden!A1", project.Actions.Single().ToString());
    }

    [Fact]
    public void NewerStreamWithoutItsFile_IsReadToo()
    {
        var file = CompoundFile.Open(new MemoryStream(XlmSamples.Emotet()));
        using var message = Letters.OpenDocument("a.xls", file.Read(file.Find("Workbook")!, 1 << 20));

        Assert.Equal(FileKind.ExcelRaw, message.Parts.Single().Kind);
        Assert.Contains(message.Parts.Single().Xlm!.Actions, a => a.Function == "EXEC");
    }

    [Fact]
    public void OldSheetWithinACompoundFile_IsRead() =>
        Assert.NotNull(XlmProject.Find(CompoundFile.Open(new MemoryStream(new CompoundFileWriter().Add("Book", OldWorkbookWriter.Macro(4)).ToArray())), Budget()));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void BrokenOffAnywhere_NeverThrows(int version)
    {
        var whole = OldWorkbookWriter.Macro(version);
        for (var length = 0; length < whole.Length; length++)
        {
            Read(whole[..length]);
        }
    }

    [Theory]
    [InlineData("docs/exceldatareader/TestData/as3xls_BIFF2.xls")]
    [InlineData("docs/exceldatareader/TestData/as3xls_BIFF4.xls")]
    [InlineData("docs/exceldatareader/TestData/Test_git_issue_466_biff3.xls")]
    [InlineData("docs/poi/spreadsheet/testEXCEL_4.xls")]
    [InlineData("docs/sheetjs/crlf/CRLFR9_4.XLS")]
    [InlineData("docs/sheetjs/crlf/CRLFX5_3.XLS")]
    public void PublicFiles_AreReadWithoutProblem(string name)
    {
        if (Repository.Corpus is not { } corpus)
        {
            return;
        }

        using var message = Letters.OpenDocument("a.xls", File.ReadAllBytes(Path.Combine(corpus, name)));
        Assert.Equal(FileKind.ExcelRaw, message.Parts.Single().Kind);
        Assert.Null(message.Parts.Single().Xlm);
        Assert.Empty(message.Problems);
    }

    private static XlmProject? Read(byte[] file) => XlmProject.Find(new MemoryStream(file), Budget());

    private static ReadBudget Budget() => new(TimeProvider.System, TimeSpan.FromSeconds(10), 1 << 30);
}
