using System.Text;
using System.Xml;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class XlmLookTests
{
    [Fact]
    public void CommandKeyedByFormats_IsWorkedOut()
    {
        using var message = Letters.OpenDocument("a.xls", XlmSamples.KeyedByFormat());

        // Row height 33 is "!", 17.5 points, colour 12 - 7, ground 46 - 7, the font's name.
        Assert.Equal("EXEC(\"!17.5539calc.exe\") at M!A1", message.Parts[0].Xlm!.Actions.Single().ToString());
    }

    [Theory]
    [InlineData(7, "0.0\"x\"")]
    [InlineData(8, 3d)]
    [InlineData(13, 1d)]
    [InlineData(14, false)]
    [InlineData(15, true)]
    [InlineData(16, 20.5)]
    [InlineData(17, 41.25)]
    [InlineData(18, "Impact")]
    [InlineData(19, 23d)]
    [InlineData(20, true)]
    [InlineData(21, false)]
    [InlineData(22, true)]
    [InlineData(23, true)]
    [InlineData(24, 3d)]
    [InlineData(33, true)]
    [InlineData(38, 6d)]
    [InlineData(39, 0d)]
    [InlineData(50, 1d)]
    [InlineData(99, null)]
    public void StyleSheet_AnswersAsExcelDoes(int question, object? expected)
    {
        const string Xml = "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"0.0&quot;x&quot;\"/></numFmts><fonts><font><sz val=\"11\"/><name val=\"Calibri\"/></font>"
            + "<font><b/><i val=\"0\"/><strike/><u/><sz val=\"23\"/><color rgb=\"FFFF0000\"/><name val=\"Impact\"/></font></fonts>"
            + "<fills><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"solid\"><fgColor indexed=\"13\"/><bgColor indexed=\"64\"/></patternFill></fill></fills>"
            + "<cellStyleXfs><xf fontId=\"0\"/></cellStyleXfs><cellXfs><xf fontId=\"0\"/><xf numFmtId=\"170\" fontId=\"1\" fillId=\"1\"><alignment horizontal=\"center\" vertical=\"top\" wrapText=\"1\"/><protection locked=\"0\" hidden=\"1\"/></xf></cellXfs></styleSheet>";
        using var reader = XmlReader.Create(new StringReader(Xml));
        var look = new XlmLook { Styles = XlmStyleSheet.Read(reader) };
        look.Cell(4, 2, 1);
        look.Row(4, 41.25);
        look.Columns(1, 3, 20.5);

        Assert.Equal(expected, look.Answer(question, 4, 2));
        Assert.Equal("Calibri", look.Answer(18, 0, 0));
    }

    [Fact]
    public void PackageWithFormats_GivesThemToTheMacro()
    {
        using var file = new MemoryStream(XlmSamples.Package(["EXEC(GET.CELL(18,B1)&GET.CELL(17,B1)&GET.CELL(5,B1))", "HALT()"]));
        using var changed = new MemoryStream();
        file.CopyTo(changed);
        using (var zip = new System.IO.Compression.ZipArchive(changed, System.IO.Compression.ZipArchiveMode.Update, leaveOpen: true))
        {
            Change(zip, "xl/_rels/workbook.xml.rels", t => t.Replace("</Relationships>", "<Relationship Id=\"rId9\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>", StringComparison.Ordinal));
            Change(zip, "xl/macrosheets/sheet1.xml", t => t.Replace("<row r=\"1\">", "<row r=\"1\" ht=\"77\" customHeight=\"1\"><c r=\"B1\" s=\"1\" t=\"str\"><v>!</v></c>", StringComparison.Ordinal));
            using var styles = new StreamWriter(zip.CreateEntry("xl/styles.xml").Open());
            styles.Write("<styleSheet><fonts><font><name val=\"a\"/></font><font><name val=\"calc\"/></font></fonts><cellXfs><xf fontId=\"0\"/><xf fontId=\"1\"/></cellXfs></styleSheet>");
        }

        using var message = Letters.OpenDocument("a.xlsm", changed.ToArray());
        Assert.Equal("EXEC(\"calc77!\") at Macro1!A1", message.Parts[0].Xlm!.Actions.Single().ToString());
    }

    [Theory]
    [InlineData("IF(GET.WORKSPACE(19),SET.VALUE(C1,\"calc\"),SET.VALUE(C1,\"no\"))", "EXEC(C1&\".exe\")", "HALT()")]
    [InlineData("IF(NOT(GET.WINDOW(7)),GOTO(A3),CLOSE(FALSE))", "CLOSE(FALSE)", "EXEC(\"calc.exe\")", "HALT()")]
    [InlineData("SET.NAME(\"k\",IF(GET.WORKSPACE(42),4,9))", "SET.NAME(\"m\",GET.WORKSPACE(19)*3)", "EXEC(\"cal\"&CHAR(m+96)&\".exe\")", "HALT()")]
    [InlineData("EXEC(CHAR(DAY(NOW())+79)&\"alc.exe\")", "HALT()")]
    [InlineData("IF(DAY(TODAY())>3,CLOSE(FALSE),)", "EXEC(\"calc.exe\")", "HALT()")]
    [InlineData("IF(ISNUMBER(SEARCH(\"Windows\",GET.WORKSPACE(1))),EXEC(\"calc.exe\"),CLOSE(TRUE))", "HALT()")]
    public void ChecksOfTheComputer_DoNotHideTheCommand(params string[] formulas)
    {
        using var message = Letters.OpenDocument("a.xlsm", XlmSamples.Package(formulas));

        // By the key of the day every printable letter is an answer; the first one is told.
        Assert.Contains(message.Parts[0].Xlm!.Actions, a => a.Function == "EXEC" && a.Arguments[0].EndsWith("alc.exe\"", StringComparison.Ordinal) && !a.Arguments[0].Contains('{', StringComparison.Ordinal));
    }

    [Fact]
    public void BrokenStyleSheet_ThrowsNothingElse()
    {
        using var reader = XmlReader.Create(new StringReader("<styleSheet><fonts><font><sz val=\"1e999\"/></fonts>"));
        Assert.Throws<XmlException>(() => XlmStyleSheet.Read(reader));
    }

    private static void Change(System.IO.Compression.ZipArchive zip, string name, Func<string, string> change)
    {
        var entry = zip.GetEntry(name)!;
        string text;
        using (var reader = new StreamReader(entry.Open(), Encoding.UTF8))
        {
            text = reader.ReadToEnd();
        }

        entry.Delete();
        using var writer = new StreamWriter(zip.CreateEntry(name).Open());
        writer.Write(change(text));
    }
}
