using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes Excel 97-2003 workbooks (MS-XLS) with Excel 4 macro sheets for tests: sheets, shared strings, formulas and names, nothing else.</summary>
public sealed class XlmWorkbookWriter
{
    private readonly List<Sheet> sheets = [];
    private readonly List<byte[]> names = [];
    private readonly List<string> strings = [];
    private readonly MemoryStream formats = new();
    private int fontCount;

    /// <summary>Index of the sheet that is shown when the workbook is opened.</summary>
    public int Active { get; set; }

    /// <summary>Adds a sheet.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isMacro">True for a macro sheet.</param>
    /// <param name="state">0 visible, 1 hidden, 2 very hidden.</param>
    /// <returns>Its index from 0.</returns>
    public int AddSheet(string name, bool isMacro, int state = 0)
    {
        sheets.Add(new Sheet(name, isMacro, state, new MemoryStream()));
        return sheets.Count - 1;
    }

    /// <summary>A cell with a text, which goes to the shared strings.</summary>
    public XlmWorkbookWriter Text(int sheet, int row, int column, string text)
    {
        var at = strings.IndexOf(text);
        if (at < 0)
        {
            at = strings.Count;
            strings.Add(text);
        }

        Record(sheets[sheet].Cells, 0x00FD, w => { Place(w, row, column); w.Write(at); });
        return this;
    }

    /// <summary>A cell with a number, in a NUMBER record.</summary>
    public XlmWorkbookWriter Number(int sheet, int row, int column, double value)
    {
        Record(sheets[sheet].Cells, 0x0203, w => { Place(w, row, column); w.Write(value); });
        return this;
    }

    /// <summary>A cell with a whole number, packed in an RK record.</summary>
    public XlmWorkbookWriter Packed(int sheet, int row, int column, int value)
    {
        Record(sheets[sheet].Cells, 0x027E, w => { Place(w, row, column); w.Write((value << 2) | 2); });
        return this;
    }

    /// <summary>A cell with a formula that gave a text when it was saved: the text follows in a record of its own.</summary>
    public XlmWorkbookWriter Result(int sheet, int row, int column, XlmFormulaWriter formula, string text)
    {
        Record(sheets[sheet].Cells, 0x0006, w =>
        {
            Place(w, row, column);
            w.Write((ushort)0);
            w.Write(0);
            w.Write((ushort)0xFFFF);
            w.Write((ushort)0);
            w.Write(0);
            var tokens = formula.ToArray();
            w.Write((ushort)tokens.Length);
            w.Write(tokens);
        });
        Record(sheets[sheet].Cells, 0x0207, w => Unicode(w, text));
        return this;
    }

    /// <summary>The name by which VBA code calls a sheet.</summary>
    public XlmWorkbookWriter CodeName(int sheet, string name)
    {
        Record(sheets[sheet].Cells, 0x01BA, w => Unicode(w, name));
        return this;
    }

    private static void Unicode(BinaryWriter w, string text)
    {
        w.Write((ushort)text.Length);
        w.Write((byte)1);
        w.Write(Encoding.Unicode.GetBytes(text));
    }

    /// <summary>A cell with a formula whose cached value is 0.</summary>
    public XlmWorkbookWriter Formula(int sheet, int row, int column, XlmFormulaWriter formula)
    {
        Record(sheets[sheet].Cells, 0x0006, w =>
        {
            Place(w, row, column);
            w.Write(0d);
            w.Write((ushort)0);
            w.Write(0);
            var tokens = formula.ToArray();
            w.Write((ushort)tokens.Length);
            w.Write(tokens);
        });
        return this;
    }

    /// <summary>The shared formula of a range in one column.</summary>
    public XlmWorkbookWriter SharedFormula(int sheet, int firstRow, int lastRow, int column, XlmFormulaWriter formula)
    {
        Record(sheets[sheet].Cells, 0x04BC, w =>
        {
            w.Write((ushort)firstRow);
            w.Write((ushort)lastRow);
            w.Write((byte)column);
            w.Write((byte)column);
            w.Write((ushort)0);
            var tokens = formula.ToArray();
            w.Write((ushort)tokens.Length);
            w.Write(tokens);
        });
        return this;
    }

    /// <summary>A defined name for a cell.</summary>
    /// <param name="name">Its name; a built-in one begins with its code, 1 for Auto_Open.</param>
    /// <param name="sheet">The cell's sheet.</param>
    /// <param name="row">The cell's row.</param>
    /// <param name="column">The cell's column.</param>
    /// <param name="isHidden">True where no list shows it.</param>
    public XlmWorkbookWriter Name(string name, int sheet, int row, int column, bool isHidden = false)
    {
        using var octets = new MemoryStream();
        Record(octets, 0x0018, w =>
        {
            var tokens = new XlmFormulaWriter().Cell(sheet, row, column).ToArray();
            w.Write((ushort)((isHidden ? 1 : 0) | (name[0] < ' ' ? 0x20 : 0)));
            w.Write((byte)0);
            w.Write((byte)name.Length);
            w.Write((ushort)tokens.Length);
            w.Write((ushort)0);
            w.Write((ushort)0);
            w.Write(0);
            w.Write((byte)1);
            w.Write(Encoding.Unicode.GetBytes(name));
            w.Write(tokens);
        });
        names.Add(octets.ToArray());
        return this;
    }

    /// <summary>A font, and a cell format that uses it; both count from 0.</summary>
    /// <param name="font">The font's name.</param>
    /// <param name="points">Its size.</param>
    /// <param name="color">Its colour in the palette, from 8.</param>
    /// <param name="ground">The colour of the cell's ground, from 8.</param>
    public XlmWorkbookWriter Format(string font, double points, int color, int ground)
    {
        Record(formats, 0x0031, w =>
        {
            w.Write((ushort)(points * 20));
            w.Write((ushort)0);
            w.Write((ushort)color);
            w.Write((ushort)700);
            w.Write(new byte[6]);
            w.Write((byte)font.Length);
            w.Write((byte)1);
            w.Write(Encoding.Unicode.GetBytes(font));
        });
        var number = fontCount++;
        Record(formats, 0x00E0, w =>
        {
            w.Write((ushort)(number > 3 ? number + 1 : number));
            w.Write((ushort)0);
            w.Write((ushort)1);
            w.Write((byte)0x13);
            w.Write(new byte[7]);
            w.Write(1 << 26);
            w.Write((ushort)ground);
        });
        return this;
    }

    /// <summary>An empty cell with a format.</summary>
    public XlmWorkbookWriter Blank(int sheet, int row, int column, int format)
    {
        Record(sheets[sheet].Cells, 0x0201, w => { w.Write((ushort)row); w.Write((ushort)column); w.Write((ushort)format); });
        return this;
    }

    /// <summary>A row's height.</summary>
    public XlmWorkbookWriter Height(int sheet, int row, double points)
    {
        Record(sheets[sheet].Cells, 0x0208, w => { w.Write((ushort)row); w.Write(0); w.Write((ushort)(points * 20)); w.Write(new byte[8]); });
        return this;
    }

    /// <summary>The workbook stream alone.</summary>
    public byte[] ToStream()
    {
        var length = Globals([.. sheets.Select(_ => 0)]).Length;
        var parts = sheets.Select(SheetOctets).ToList();
        var positions = new List<int>();
        foreach (var part in parts)
        {
            positions.Add(length);
            length += part.Length;
        }

        return [.. Globals(positions), .. parts.SelectMany(p => p)];
    }

    /// <summary>The whole file.</summary>
    public byte[] ToArray() => new CompoundFileWriter().Add("Workbook", ToStream()).ToArray();

    private static void Record(Stream into, int id, Action<BinaryWriter> write)
    {
        using var body = new MemoryStream();
        using var writer = new BinaryWriter(body);
        write(writer);
        writer.Flush();
        using var output = new BinaryWriter(into, Encoding.Latin1, leaveOpen: true);
        output.Write((ushort)id);
        output.Write((ushort)body.Length);
        output.Write(body.ToArray());
    }

    private static void Place(BinaryWriter w, int row, int column)
    {
        w.Write((ushort)row);
        w.Write((ushort)column);
        w.Write((ushort)15);
    }

    private static void Begin(Stream into, int kind) => Record(into, 0x0809, w =>
    {
        w.Write((ushort)0x0600);
        w.Write((ushort)kind);
        w.Write(new byte[12]);
    });

    private static byte[] SheetOctets(Sheet sheet)
    {
        using var octets = new MemoryStream();
        Begin(octets, sheet.IsMacro ? 0x40 : 0x10);
        octets.Write(sheet.Cells.ToArray());
        Record(octets, 0x000A, static _ => { });
        return octets.ToArray();
    }

    private byte[] Globals(IReadOnlyList<int> positions)
    {
        using var octets = new MemoryStream();
        Begin(octets, 0x05);
        Record(octets, 0x0042, w => w.Write((ushort)1200));
        Record(octets, 0x003D, w => { w.Write(new byte[10]); w.Write((ushort)Active); w.Write(new byte[6]); });
        octets.Write(formats.ToArray());
        for (var i = 0; i < sheets.Count; i++)
        {
            var (sheet, position) = (sheets[i], positions[i]);
            Record(octets, 0x0085, w =>
            {
                w.Write(position);
                w.Write((byte)sheet.State);
                w.Write((byte)(sheet.IsMacro ? 1 : 0));
                w.Write((byte)sheet.Name.Length);
                w.Write((byte)1);
                w.Write(Encoding.Unicode.GetBytes(sheet.Name));
            });
        }

        Record(octets, 0x01AE, w => { w.Write((ushort)sheets.Count); w.Write((ushort)0x0401); });
        Record(octets, 0x0017, w =>
        {
            w.Write((ushort)sheets.Count);
            for (var i = 0; i < sheets.Count; i++)
            {
                w.Write((ushort)0);
                w.Write((ushort)i);
                w.Write((ushort)i);
            }
        });
        foreach (var name in names)
        {
            octets.Write(name);
        }

        SharedStrings(octets);
        Record(octets, 0x000A, static _ => { });
        return octets.ToArray();
    }

    /// <summary>Shared strings, cut in the middle of a string into a CONTINUE record whenever one is full, as Excel does.</summary>
    private void SharedStrings(Stream into)
    {
        var (id, body) = (0x00FC, new MemoryStream());
        void Flush()
        {
            var octets = body.ToArray();
            Record(into, id, w => w.Write(octets));
            (id, body) = (0x003C, new MemoryStream());
        }

        body.Write(BitConverter.GetBytes(strings.Count));
        body.Write(BitConverter.GetBytes(strings.Count));
        foreach (var text in strings)
        {
            if (body.Length > 8000)
            {
                Flush();
            }

            body.Write(BitConverter.GetBytes((ushort)text.Length));
            body.WriteByte(1);
            foreach (var c in text)
            {
                if (body.Length > 8220)
                {
                    Flush();
                    body.WriteByte(1);
                }

                body.Write(BitConverter.GetBytes(c));
            }
        }

        Flush();
    }

    private sealed record Sheet(string Name, bool IsMacro, int State, MemoryStream Cells);
}
