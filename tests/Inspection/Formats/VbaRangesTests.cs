using Sekisho.Inspection.Formats;
using Xunit;

namespace Sekisho.Inspection.Tests.Formats;

public class VbaRangesTests
{
    private static readonly XlmProject Workbook = new(
        [
            new XlmSheet("Data", XlmVisibility.Hidden, false, [new XlmCell(0, 0, null, "a"), new XlmCell(1, 0, null, "b"), new XlmCell(0, 1, null, "c"), new XlmCell(1, 1, null, 4d)]) { CodeName = "Tabelle1" },
            new XlmSheet("Shown", XlmVisibility.Visible, false, [new XlmCell(0, 0, null, "z")]) { CodeName = "Tabelle2" },
        ],
        [new XlmName("here", false, XlmStart.None, "Data!$B$1")],
        false) { Active = 1 };

    private static string Command(string code, XlmProject? workbook = null, string module = "ThisWorkbook") =>
        VbaBehaviour.Of(new VbaProject("VBA", 1252, [new VbaModule(module, $"Sub Workbook_Open()\r\n{code}\r\nEnd Sub", false)], false), new VbaSurroundings([], workbook ?? Workbook)).Actions.Last().ToString();

    [Theory]
    [InlineData("Range(\"A1\")", "z")]
    [InlineData("ActiveSheet.Cells(1, 1).Value2", "z")]
    [InlineData("ActiveWorkbook.Sheets(\"data\").Range(\"$A$2\")", "b")]
    [InlineData("Sheets(1).Cells(2, \"B\")", "4")]
    [InlineData("Tabelle1.Cells(1, 2).Text", "c")]
    [InlineData("Range(\"here\").Value", "c")]
    [InlineData("Range(\"Data!B2\")", "4")]
    [InlineData("Range(\"'Data'!A1\").Offset(1, 0).Value", "b")]
    [InlineData("Tabelle1.Range(\"A2:B2\").Cells(1, 2)", "4")]
    [InlineData("Sheets(\"Data\").Cells(2)", "c")]
    [InlineData("Range(\"A1\") & Range(\"C9\") & Sheets(1).Range(\"A1\")", "za")]
    public void Cell_IsReached(string expression, string value) => Assert.Equal($"Workbook_Open -> Shell \"cmd {value}\"", Command($"Shell \"cmd \" & {expression}"));

    [Fact]
    public void BareRangeInASheetsModule_IsThatSheets() => Assert.EndsWith("\"cmd a\"", Command("Shell \"cmd \" & Range(\"A1\") & Me.Cells(9, 9)", module: "Tabelle1"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Sheets(\"Data\").Range(\"A1:B2\")")]
    [InlineData("Sheets(\"Data\").Range(Sheets(\"Data\").Cells(1, 1), Sheets(\"Data\").Cells(2, 2))")]
    [InlineData("Sheets(\"Data\").Range(\"A1:B2\").Value")]
    public void Range_IsGoneThrough(string range) => Assert.EndsWith("\"cmd acb4\"", Command($"For Each c In {range}\r\ns = s & c\r\nNext\r\nShell \"cmd \" & s"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Range(\"F1\").Value = \"w\"")]
    [InlineData("Range(\"F1\") = \"w\"")]
    [InlineData("Cells(1, 6) = \"w\"")]
    [InlineData("ActiveSheet.Cells(1, 6).Formula = \"w\"")]
    [InlineData("Set r = Range(\"F1\")\r\nr.Value = \"w\"")]
    public void WrittenCell_IsReadBack(string statement) => Assert.EndsWith("\"cmd w\"", Command($"{statement}\r\nShell \"cmd \" & Sheets(\"Shown\").Range(\"F1\").Value"), StringComparison.Ordinal);

    [Fact]
    public void LoopUntilAnEmptyCell_Ends() =>
        Assert.EndsWith("\"cmd ab\"", Command("r = 1\r\nDo While Sheets(1).Cells(r, 1).Value <> \"\"\r\ns = s & Sheets(1).Cells(r, 1)\r\nr = r + 1\r\nLoop\r\nShell \"cmd \" & s"), StringComparison.Ordinal);

    [Fact]
    public void EmptyCell_IsUnknown_WhereNotAllWasRead() => Assert.DoesNotContain("\"cmd \"", Command("Shell \"cmd \" & Range(\"C9\")", Workbook with { IsDamaged = true }), StringComparison.Ordinal);

    [Fact]
    public void EmptyCellAsACondition_HidesNothing() => Assert.EndsWith("Shell \"cmd\"", Command("If Range(\"C9\") = \"\" Then Exit Sub\r\nShell \"cmd\""), StringComparison.Ordinal);

    [Theory]
    [InlineData("Do\r\nx = Range(\"A1:XFD1048576\").Value\r\nLoop")]
    [InlineData("Do\r\nFor Each c In Range(\"A1:XFD1048576\")\r\nExit For\r\nNext\r\nLoop")]
    [InlineData("For i = 1 To 999999\r\nRange(\"A\" & i) = String(9999, \"x\")\r\nNext")]
    public void EndlessReading_Ends(string code) => Assert.EndsWith("Shell \"cmd\"", Command($"{code}\r\nShell \"cmd\""), StringComparison.Ordinal);
}
