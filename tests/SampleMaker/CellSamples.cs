using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Workbooks without a macro sheet whose VBA code puts its command together from the cells of worksheets.</summary>
public static class CellSamples
{
    /// <summary>The command that the macro comes to; harmless, to an address that leads nowhere.</summary>
    public const string Command = "cmd /c start /b regsvr32 /s ..\\list7.ocx 22";

    /// <summary>The macro: a cell of the shown sheet, one of another by number, one by the sheet's code name, one by a defined name, and a range gone through.</summary>
    public const string Source = """
        Sub Workbook_Open()
            Dim s, c
            s = Range("B5").Value & Sheets("Store").Cells(3, 4) & Sheet2.Range("F6").Offset(1, 0)
            For Each c In Worksheets(2).Range("A10:A12")
                s = s & c.Value
            Next
            Sheets("Store").Range("Z1") = s
            Shell Sheets("Store").Cells(1, "Z") & " " & Range("tail"), vbHide
        End Sub
        """;

    /// <summary>An Excel 97-2003 workbook: shared strings, a formula's text, packed and plain numbers.</summary>
    /// <param name="source">The code of its <c>ThisWorkbook</c>.</param>
    public static byte[] Excel97(string source = Source)
    {
        var book = new XlmWorkbookWriter { Active = 1 };
        var store = book.AddSheet("Store", isMacro: false, 1);
        var shown = book.AddSheet("Form", isMacro: false);
        book.CodeName(store, "Sheet2").CodeName(shown, "Sheet1")
            .Text(shown, 4, 1, "cmd /c ").Text(store, 2, 3, "start /b reg").Result(store, 6, 5, new XlmFormulaWriter().Text("svr").Text("32 /s ").Operator(0x08), "svr32 /s ")
            .Text(shown, 9, 0, "..\\list").Packed(shown, 10, 0, 7).Text(shown, 11, 0, ".ocx").Number(shown, 0, 0, 22).Name("tail", shown, 0, 0);
        var file = new CompoundFileWriter().Add("Workbook", book.ToStream());
        new VbaProjectWriter().Add("ThisWorkbook", source).AddTo(file, "_VBA_PROJECT_CUR");
        return file.ToArray();
    }

    /// <summary>The same as an Office Open XML workbook.</summary>
    /// <param name="source">The code of its <c>ThisWorkbook</c>.</param>
    public static byte[] Xml(string source = Source)
    {
        const string Main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
        return Package("xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml", source,
            Text($"<workbook {Main} xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><bookViews><workbookView activeTab=\"1\"/></bookViews>"
                + "<sheets><sheet name=\"Store\" sheetId=\"1\" state=\"hidden\" r:id=\"rId1\"/><sheet name=\"Form\" sheetId=\"2\" r:id=\"rId2\"/></sheets><definedNames><definedName name=\"tail\">Form!$A$1</definedName></definedNames></workbook>"),
            Text($"<worksheet {Main}><sheetPr codeName=\"Sheet2\"/><sheetData><row r=\"3\"><c r=\"D3\" t=\"s\"><v>1</v></c></row><row r=\"7\"><c r=\"F7\" t=\"str\"><f>\"svr\"&amp;\"32 /s \"</f><v>svr32 /s </v></c></row></sheetData></worksheet>"),
            Text($"<worksheet {Main}><sheetPr codeName=\"Sheet1\"/><sheetData><row r=\"1\"><c r=\"A1\"><v>22</v></c></row><row r=\"5\"><c r=\"B5\" t=\"s\"><v>0</v></c></row>"
                + "<row r=\"10\"><c r=\"A10\" t=\"inlineStr\"><is><t>..\\list</t></is></c></row><row r=\"11\"><c r=\"A11\"><v>7</v></c></row><row r=\"12\"><c r=\"A12\" t=\"s\"><v>2</v></c></row></sheetData></worksheet>"),
            Text($"<sst {Main}><si><t xml:space=\"preserve\">cmd /c </t></si><si><r><t>start /b</t></r><r><t xml:space=\"preserve\"> reg</t></r></si><si><t>.ocx</t></si></sst>"));
    }

    /// <summary>The same as a binary workbook (MS-XLSB).</summary>
    /// <param name="source">The code of its <c>ThisWorkbook</c>.</param>
    public static byte[] Binary(string source = Source)
    {
        byte[] Cell(int id, int column, Action<BinaryWriter> value) => Record(id, w => { w.Write(column); w.Write(0); value(w); });
        byte[] Row(int row) => Record(0, w => w.Write(row));
        byte[] Sheet(string codeName) => Record(147, w => { w.Write(new byte[19]); Wide(w, codeName); });
        byte[] book =
        [
            .. Record(158, w => { w.Write(new byte[24]); w.Write(1); w.Write((byte)0); }),
            .. Record(156, w => { w.Write(1); w.Write(1); Wide(w, "rId1"); Wide(w, "Store"); }),
            .. Record(156, w => { w.Write(0); w.Write(2); Wide(w, "rId2"); Wide(w, "Form"); }),
            .. Record(362, w => { w.Write(1); w.Write(0); w.Write(1); w.Write(1); }),
            .. Record(39, w => { w.Write(0); w.Write((byte)0); w.Write(-1); Wide(w, "tail"); Tokens(w, new XlmFormulaWriter(isBinaryWorkbook: true).Cell(0, 0, 0)); }),
        ];
        byte[] store =
        [
            .. Sheet("Sheet2"), .. Row(2), .. Cell(7, 3, w => w.Write(1)),
            .. Row(6), .. Cell(8, 5, w => { Wide(w, "svr32 /s "); w.Write((ushort)0); Tokens(w, new XlmFormulaWriter(isBinaryWorkbook: true).Text("svr32 /s ")); }),
        ];
        byte[] form =
        [
            .. Sheet("Sheet1"), .. Row(0), .. Cell(5, 0, w => w.Write(22d)), .. Row(4), .. Cell(7, 1, w => w.Write(0)),
            .. Row(9), .. Cell(6, 0, w => Wide(w, "..\\list")), .. Row(10), .. Cell(2, 0, w => w.Write((7 << 2) | 2)), .. Row(11), .. Cell(7, 0, w => w.Write(2)),
        ];
        byte[] strings = [.. new[] { "cmd /c ", "start /b reg", ".ocx" }.SelectMany(t => Record(19, w => { w.Write((byte)0); Wide(w, t); }))];
        return Package("bin", "application/vnd.ms-excel.sheet.binary.macroEnabled.main", source, book, store, form, strings);
    }

    private static byte[] Package(string extension, string type, string source, byte[] book, byte[] first, byte[] second, byte[] strings)
    {
        const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        return ZipWriter.Plain(
            ("[Content_Types].xml", Text($"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/xl/workbook.{extension}\" ContentType=\"{type}\"/><Override PartName=\"/xl/vbaProject.bin\" ContentType=\"application/vnd.ms-office.vbaProject\"/></Types>")),
            ("_rels/.rels", Text($"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{Office}/officeDocument\" Target=\"xl/workbook.{extension}\"/></Relationships>")),
            ($"xl/workbook.{extension}", book),
            ($"xl/_rels/workbook.{extension}.rels", Text("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                + $"<Relationship Id=\"rId1\" Type=\"{Office}/worksheet\" Target=\"worksheets/sheet1.{extension}\"/><Relationship Id=\"rId2\" Type=\"{Office}/worksheet\" Target=\"worksheets/sheet2.{extension}\"/>"
                + $"<Relationship Id=\"rId3\" Type=\"{Office}/sharedStrings\" Target=\"sharedStrings.{extension}\"/><Relationship Id=\"rId4\" Type=\"http://schemas.microsoft.com/office/2006/relationships/vbaProject\" Target=\"vbaProject.bin\"/></Relationships>")),
            ($"xl/worksheets/sheet1.{extension}", first),
            ($"xl/worksheets/sheet2.{extension}", second),
            ($"xl/sharedStrings.{extension}", strings),
            ("xl/vbaProject.bin", new VbaProjectWriter().Add("ThisWorkbook", source).ToArray()));
    }

    private static byte[] Text(string xml) => Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml);

    private static byte[] Record(int id, Action<BinaryWriter> write)
    {
        using var body = new MemoryStream();
        using var writer = new BinaryWriter(body);
        write(writer);
        writer.Flush();
        var length = (int)body.Length;
        byte[] head = id < 0x80 ? [(byte)id] : [(byte)((id & 0x7F) | 0x80), (byte)(id >> 7)];
        return [.. head, (byte)((length & 0x7F) | 0x80), (byte)(length >> 7), .. body.ToArray()];
    }

    private static void Wide(BinaryWriter w, string text)
    {
        w.Write(text.Length);
        w.Write(Encoding.Unicode.GetBytes(text));
    }

    private static void Tokens(BinaryWriter w, XlmFormulaWriter formula)
    {
        var tokens = formula.ToArray();
        w.Write(tokens.Length);
        w.Write(tokens);
        w.Write(0);
    }
}
