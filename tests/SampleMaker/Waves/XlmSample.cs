using System.Text;

namespace Sekisho.SampleMaker.Waves;

/// <summary>A workbook with Excel 4 macros before it is written: what it does, and how that is scattered.</summary>
/// <param name="Formulas">The formulas that are carried out, one a row. <c>HRHRE1</c> and so on name the cells of the first ones.</param>
public sealed record XlmSample(IReadOnlyList<string> Formulas)
{
    /// <summary>Makes sheet names and places.</summary>
    public int Seed { get; init; }

    /// <summary>True for Office Open XML with the formulas as they are; false for Excel 97-2003 with a builder of scattered pieces.</summary>
    public bool IsPackage { get; init; }

    /// <summary>Characters in a scattered piece, at most.</summary>
    public int Piece { get; init; } = 1;

    /// <summary>What the workbook says to its reader.</summary>
    public string Shown { get; init; } = "";

    /// <summary>The workbook's octets.</summary>
    public byte[] Write() => IsPackage ? Package() : Scattered();

    private byte[] Scattered()
    {
        var c = new Chance(Seed);
        var book = new XlmWorkbookWriter();
        var front = book.AddSheet("Sheet", isMacro: false);
        foreach (var (line, i) in Shown.Split('\r', StringSplitOptions.RemoveEmptyEntries).Select((l, i) => (l, i)))
        {
            book.Text(front, 4 + i, 2, line);
        }

        var prefix = c.Pick("Vv", "Ss", "Bb", "Gg") + c.Pick("", c.Letters(2));
        var stores = Enumerable.Range(1, 3).Select(i => book.AddSheet(prefix + i, isMacro: false, c.Number(1, 2))).ToArray();
        var macro = book.AddSheet(c.Letters(7).ToUpperInvariant(), isMacro: true, c.Number(1, 2));
        var pieces = Formulas.Select(f => Cut(c, f)).ToList();
        var places = new Dictionary<string, (int Sheet, int Row, int Column)>(StringComparer.Ordinal);
        var taken = new HashSet<(int, int, int)>();
        foreach (var piece in pieces.SelectMany(p => p).Distinct(StringComparer.Ordinal))
        {
            (int, int, int) place;
            do
            {
                place = (c.Pick(stores), c.Number(2, 60), c.Number(1, 25));
            }
            while (!taken.Add(place));

            places[piece] = place;
            book.Text(place.Item1, place.Item2, place.Item3, piece);
        }

        const int First = 2, Built = 20, Column = 5;
        for (var i = 0; i < pieces.Count; i++)
        {
            var formula = new XlmFormulaWriter();
            for (var at = 0; at < pieces[i].Count; at++)
            {
                var (sheet, row, column) = places[pieces[i][at]];
                formula.Cell(sheet, row, column);
                if (at > 0)
                {
                    formula.Operator(0x08);
                }
            }

            book.Formula(macro, First + i, Column, formula.Cell(Built + i, Column).Call(2, XlmSamples.Formula));
        }

        book.Name("\u0001", macro, First, Column);
        for (var i = 0; i < pieces.Count; i++)
        {
            book.Name("HRHRE" + (i + 1), macro, Built + i, Column);
        }

        return book.ToArray();
    }

    private List<string> Cut(Chance c, string formula)
    {
        var pieces = new List<string>();
        for (var at = 0; at < formula.Length;)
        {
            var length = Math.Min(c.Number(1, Piece), formula.Length - at);
            pieces.Add(formula.Substring(at, length));
            at += length;
        }

        return pieces;
    }

    private byte[] Package()
    {
        const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        var c = new Chance(Seed);
        var names = c.Shuffle(["OO", "BB", "FF", c.Letters(3).ToUpperInvariant()]);
        var row = c.Number(20, 30);
        var cells = new StringBuilder();
        foreach (var formula in Formulas)
        {
            cells.Append($"<row r=\"{row}\"><c r=\"J{row}\"><f>{Escape(formula)}</f></c></row>");
            row += c.Number(2, 12);
        }

        return ZipWriter.Plain(
            ("[Content_Types].xml", Xml("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.ms-excel.sheet.macroEnabled.main+xml\"/>"
                + "<Override PartName=\"/xl/macrosheets/sheet1.xml\" ContentType=\"application/vnd.ms-excel.macrosheet+xml\"/></Types>")),
            ("_rels/.rels", Xml($"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{Relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>")),
            ("xl/workbook.xml", Xml($"<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{Relations}\"><sheets><sheet name=\"Protect\" sheetId=\"1\" r:id=\"rId2\"/>"
                + $"<sheet name=\"{names[0]}\" sheetId=\"2\" state=\"hidden\" r:id=\"rId1\"/></sheets><definedNames><definedName name=\"_xlnm.Auto_Open\" hidden=\"1\">{names[0]}!$J$1</definedName></definedNames></workbook>")),
            ("xl/_rels/workbook.xml.rels", Xml("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet\" Target=\"macrosheets/sheet1.xml\"/>"
                + $"<Relationship Id=\"rId2\" Type=\"{Relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>")),
            ("xl/macrosheets/sheet1.xml", Xml($"<xm:macrosheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:xm=\"http://schemas.microsoft.com/office/excel/2006/main\"><sheetData>{cells}</sheetData></xm:macrosheet>")),
            ("xl/worksheets/sheet1.xml", Xml($"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"3\"><c r=\"B3\" t=\"inlineStr\"><is><t>{Escape(Shown)}</t></is></c></row></sheetData></worksheet>")));
    }

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);

    private static byte[] Xml(string text) => Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text);
}
