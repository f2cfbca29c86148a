using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;
using Xunit;

namespace Sekisho.Inspection.Tests.Formats;

public class WorkbookCellsTests
{
    public static TheoryData<string, byte[]> Workbooks => new() { { "list.xls", CellSamples.Excel97() }, { "list.xlsm", CellSamples.Xml() }, { "list.xlsb", CellSamples.Binary() } };

    private static InboundMessage Open(string name, byte[] octets) => MessageReader.ReadDocument(name, new MemoryStream(octets), new ReadLimits(), TimeProvider.System, CancellationToken.None);

    [Theory]
    [MemberData(nameof(Workbooks))]
    public void CellsOfWorksheets_AreReadForTheirMacro(string name, byte[] octets)
    {
        using var message = Open(name, octets);

        var cells = Assert.Single(message.Parts, p => p.Cells is not null).Cells!;
        Assert.False(cells.IsDamaged);
        Assert.Equal(1, cells.Active);
        Assert.Equal([("Store", "Sheet2"), ("Form", "Sheet1")], cells.Sheets.Select(s => (s.Name, s.CodeName)));
        Assert.Equal(["D3 start /b reg", "F7 svr32 /s "], cells.Sheets[0].Cells.Select(c => $"{XlmText.Cell(c.Row, c.Column)} {c.Value}"));
        Assert.Equal(["A1 22", "A10 ..\\list", "A11 7", "A12 .ocx", "B5 cmd /c "], cells.Sheets[1].Cells.Select(c => $"{XlmText.Cell(c.Row, c.Column)} {c.Value}").Order(StringComparer.Ordinal));
        Assert.Equal("Form!$A$1", Assert.Single(cells.Names).Formula.Replace("'", "", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Workbooks))]
    public void CommandInCells_IsFollowed(string name, byte[] octets)
    {
        using var message = Open(name, octets);

        Assert.Equal($"Workbook_Open -> Shell \"{CellSamples.Command}\"", Assert.Single(Assert.Single(MacroCode.In(message)).Behaviour.Actions).ToString());
    }

    [Fact]
    public void CodeThatNamesNoCell_ReadsNone()
    {
        const string Source = "Sub Auto_Open()\r\nMsgBox \"x\"\r\nEnd Sub";
        foreach (var (name, octets) in new[] { ("list.xls", CellSamples.Excel97(Source)), ("list.xlsm", CellSamples.Xml(Source)), ("list.xlsb", CellSamples.Binary(Source)) })
        {
            using var message = Open(name, octets);
            Assert.All(message.Parts, p => Assert.Null(p.Cells));
        }
    }

    [Fact]
    public void MoreCellsThanTheBound_AreCut_AndThatIsKnown()
    {
        var book = new XlmWorkbookWriter();
        book.AddSheet("Sheet1", isMacro: false);
        for (var i = 0; i <= WorkbookCells.MaxCells; i++)
        {
            book.Packed(0, i % 60_000, i / 60_000, i);
        }

        var file = new CompoundFileWriter().Add("Workbook", book.ToStream());
        new VbaProjectWriter().Add("ThisWorkbook", CellSamples.Source).AddTo(file, "_VBA_PROJECT_CUR");
        using var message = Open("list.xls", file.ToArray());

        var cells = Assert.Single(message.Parts, p => p.Cells is not null).Cells!;
        Assert.True(cells.IsDamaged);
        Assert.Equal(WorkbookCells.MaxCells, Assert.Single(cells.Sheets).Cells.Count);
    }
}
