using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class BiffWorkbookTests
{
    [Fact]
    public void SheetsNamesAndFormulas_AreReadAsText()
    {
        var project = Read(XlmSamples.Emotet())!;

        Assert.Equal(["Sheet Visible False", "Vv1 Hidden False", "Vv2 Hidden False", "Vv3 Hidden False", "EWDFFEFAD Hidden True"], project.Sheets.Select(s => $"{s.Name} {s.Visibility} {s.IsMacro}"));
        Assert.Equal(["Auto_Open='EWDFFEFAD'!$F$3", "HRHRE1='EWDFFEFAD'!$F$12", "HRHRE2='EWDFFEFAD'!$F$13"], project.Names.Select(n => $"{n.Name}={n.Formula}"));
        Assert.StartsWith("FORMULA('Vv1'!", project.MacroSheets.Single().Cells[0].Formula, StringComparison.Ordinal);
        Assert.False(project.IsDamaged);
        Assert.False(project.IsCut);
    }

    [Fact]
    public void SharedFormulas_AreReadForEachCell()
    {
        var book = new XlmWorkbookWriter();
        var macro = book.AddSheet("M", isMacro: true);
        book.Formula(macro, 0, 1, new XlmFormulaWriter().Shared(0, 1)).SharedFormula(macro, 0, 1, 1, new XlmFormulaWriter().Distance(0, -1).Text("!").Operator(0x08))
            .Formula(macro, 1, 1, new XlmFormulaWriter().Shared(0, 1));

        Assert.Equal(["A1&\"!\"", "A2&\"!\""], Read(book.ToArray())!.Sheets[0].Cells.Select(c => c.Formula));
    }

    [Fact]
    public void StringsAcrossRecords_AreReadWhole()
    {
        var book = new XlmWorkbookWriter();
        var macro = book.AddSheet("M", isMacro: true);
        for (var i = 0; i < 10; i++)
        {
            book.Text(macro, i, 0, new string((char)('あ' + i), 3000) + i);
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => new string((char)('あ' + i), 3000) + i), Read(book.ToArray())!.Sheets[0].Cells.Select(c => (string)c.Value!));
    }

    [Fact]
    public void WorkbookWithoutMacroSheet_HasNone() => Assert.Null(Read(XlmSamples.Plain()));

    [Fact]
    public void EveryWorkbookOfTheFile_IsRead()
    {
        var quiet = CompoundFile.Open(new MemoryStream(XlmSamples.Hello()));
        var loud = CompoundFile.Open(new MemoryStream(XlmSamples.Emotet()));
        var file = new CompoundFileWriter().Add("Workbook", quiet.Read(quiet.Find("Workbook")!, 1 << 20)).Add("Book", OldWorkbookWriter.Macro(4))
            .Add("Store/Deep/Workbook", loud.Read(loud.Find("Workbook")!, 1 << 20)).ToArray();
        var project = Read(file)!;

        Assert.Equal(["Macro1", "Macro1", "EWDFFEFAD"], project.MacroSheets.Select(s => s.Name));
        Assert.Contains(project.Actions, a => a.Place == "Macro1!A1" && a.Function == "EXEC");
        Assert.Contains(project.Actions, a => a.Place.StartsWith("EWDFFEFAD!", StringComparison.Ordinal) && a.Function == "EXEC");
    }

    private static XlmProject? Read(byte[] workbook) => XlmProject.Find(CompoundFile.Open(new MemoryStream(workbook)), new ReadBudget(TimeProvider.System, TimeSpan.FromSeconds(10), 1 << 30));
}
