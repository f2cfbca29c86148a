using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads the sheets, names and formulas of Excel 2, 3 and 4 files (BIFF2 to BIFF4), which are a bare stream of records; the workbooks of Excel 4 hold several sheets.</summary>
/// <remarks>Excel still opens these files, macro sheets too. Their records are those of MS-XLS with other numbers and widths.</remarks>
internal sealed class BiffOldWorkbook
{
    private const int MacroSheet = 0x0040;

    private readonly BiffRecords records;
    private readonly List<(string Name, bool IsMacro, List<XlmCell> Cells)> sheets = [];
    private readonly List<(string Name, bool IsHidden, byte[] Tokens, int Sheet)> names = [];
    private readonly List<(int Sheet, int Cell, byte[] Tokens)> formulas = [];
    private readonly Dictionary<(int Sheet, int Row, int Column), byte[]> arrays = [];
    private BiffVersion version;
    private Encoding encoding = Encoding.Latin1;
    private string nextName = "";
    private int cellsLeft = XlmProject.MaxCells;
    private int textLeft = XlmProject.MaxText;
    private bool isDamaged;

    private BiffOldWorkbook(Stream stream, ReadBudget budget) => records = new BiffRecords(stream, budget);

    /// <summary>True for the number of a first record (BOF) of these versions.</summary>
    public static bool IsBegin(int id) => id is 0x0009 or 0x0209 or 0x0409;

    /// <summary>The file's macros, not yet followed; null where it has no macro sheet or is encrypted (a FilePass record).</summary>
    /// <param name="stream">The file, decrypted.</param>
    /// <param name="budget">The letter's time.</param>
    public static XlmProject? Read(Stream stream, ReadBudget budget)
    {
        var book = new BiffOldWorkbook(stream, budget);
        return book.Records() && book.sheets.Exists(s => s.IsMacro) ? book.Project() : null;
    }

    private bool Records()
    {
        while (records.Next())
        {
            if (records.Id == 0x002F)
            {
                return false;
            }

            try
            {
                Record(records.Data);
            }
            catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException)
            {
                isDamaged = true; // A record that breaks off; the next one may be whole.
            }

            if (cellsLeft <= 0 || textLeft <= 0)
            {
                isDamaged = true;
                break;
            }
        }

        isDamaged |= records.IsCut;
        return true;
    }

    private void Record(ReadOnlySpan<byte> data)
    {
        switch (records.Id)
        {
            case 0x0009 or 0x0209 or 0x0409 when sheets.Count < XlmProject.MaxSheets:
                Begin(BinaryPrimitives.ReadUInt16LittleEndian(data[2..]));
                break;
            case 0x0042:
                encoding = BiffText.CodePage(BinaryPrimitives.ReadUInt16LittleEndian(data));
                break;
            case 0x008F: // The head of a sheet within an Excel 4 workbook: its length, its name.
                nextName = encoding.GetString(data.Slice(5, data[4]));
                break;
            case 0x0018 or 0x0218 when names.Count < XlmProject.MaxNames:
                Name(data);
                break;
            case 0x0006 or 0x0206 or 0x0406:
                Formula(data);
                break;
            case 0x0021 or 0x0221 when arrays.Count < XlmProject.MaxNames:
                arrays.TryAdd((sheets.Count - 1, BinaryPrimitives.ReadUInt16LittleEndian(data), data[4]), Tokens(data, version == BiffVersion.Biff2 ? 7 : 8, out _));
                break;
            case 0x0007 or 0x0207 when sheets.Count > 0 && sheets[^1].Cells is [.., { Formula: not null }] cells:
                cells[^1] = cells[^1] with { Value = Text(data, 0) };
                break;
            case 0x0002:
                Add(data, (double)BinaryPrimitives.ReadUInt16LittleEndian(data[7..]));
                break;
            case 0x0003:
                Add(data, BinaryPrimitives.ReadDoubleLittleEndian(data[7..]));
                break;
            case 0x0203:
                Add(data, BinaryPrimitives.ReadDoubleLittleEndian(data[6..]));
                break;
            case 0x027E:
                Add(data, XlmText.Packed(BinaryPrimitives.ReadUInt32LittleEndian(data[6..])));
                break;
            case 0x0004 or 0x0204:
                Add(data, Text(data, records.Id == 0x0004 ? 7 : 6));
                break;
            case 0x0005 or 0x0205:
                var value = data[(records.Id == 0x0005 ? 7 : 6)..];
                Add(data, value[1] != 0 ? XlmText.Error(value[0]) : value[0] != 0);
                break;
        }
    }

    private void Begin(int kind)
    {
        version = records.Id switch { 0x0009 => BiffVersion.Biff2, 0x0209 => BiffVersion.Biff3, _ => BiffVersion.Biff4 };
        if (kind == 0x0100)
        {
            return; // A workbook of Excel 4; its sheets come behind their heads.
        }

        var name = nextName.Length > 0 ? nextName : kind == MacroSheet ? "Macro1" : "Sheet1";
        sheets.Add((name, kind == MacroSheet, []));
        nextName = "";
    }

    /// <summary>A defined name: in Excel 2 with lengths of one octet and no mark for built-in ones.</summary>
    private void Name(ReadOnlySpan<byte> data)
    {
        var old = version == BiffVersion.Biff2;
        var at = old ? 5 : 6;
        var flags = old ? data[0] : BinaryPrimitives.ReadUInt16LittleEndian(data);
        var size = old ? data[4] : BinaryPrimitives.ReadUInt16LittleEndian(data[4..]);
        var name = encoding.GetString(data.Slice(at, data[3]));
        at += data[3];
        if (!old && (flags & 0x20) != 0 && name is [< ' ', ..])
        {
            name = XlmText.BuiltIn(name[0]) + name[1..];
        }

        names.Add((name, !old && (flags & 1) != 0, data.Slice(at, Math.Min(size, data.Length - at)).ToArray(), Math.Max(0, sheets.Count - 1)));
    }

    /// <summary>A formula cell: its cached value, unless a text that follows as a record of its own, and its tokens.</summary>
    private void Formula(ReadOnlySpan<byte> data)
    {
        if (sheets.Count == 0)
        {
            return;
        }

        var result = data.Slice(version == BiffVersion.Biff2 ? 7 : 6, 8);
        object? value = BinaryPrimitives.ReadUInt16LittleEndian(result[6..]) != 0xFFFF ? BinaryPrimitives.ReadDoubleLittleEndian(result)
            : result[0] switch { 1 => result[2] != 0, 2 => XlmText.Error(result[2]), _ => null };
        formulas.Add((sheets.Count - 1, sheets[^1].Cells.Count, Tokens(data, 16, out var isWhole)));
        isDamaged |= !isWhole;
        Add(data, value);
        sheets[^1].Cells[^1] = sheets[^1].Cells[^1] with { Formula = "#REF!" }; // Taken apart once all names are known.
    }

    private XlmProject Project()
    {
        foreach (var (sheet, index, octets) in formulas)
        {
            var cells = sheets[sheet].Cells;
            var cell = cells[index];
            var tokens = XlmTokens.SharedAt(octets, [], version) is { } master && arrays.TryGetValue((sheet, master.Row, master.Column), out var array) ? array : octets;
            var text = NewTokens().ToText(tokens, cell.Row, cell.Column);
            textLeft -= text?.Length ?? 0;
            isDamaged |= text is null || textLeft <= 0;
            cells[index] = cell with { Formula = textLeft > 0 ? text ?? "#REF!" : "#REF!" };
        }

        return new XlmProject(
            [.. sheets.Select(s => new XlmSheet(s.Name, XlmVisibility.Visible, s.IsMacro, s.Cells))],
            [.. names.Select(n => new XlmName(n.Name, n.IsHidden, XlmText.StartOf(n.Name), Placed(NewTokens().ToText(n.Tokens, 0, 0) ?? "", n.Sheet)))],
            isDamaged);
    }

    /// <summary>What a name stands for lies on its own sheet, which these formulas do not say.</summary>
    private string Placed(string formula, int sheet) =>
        sheet < sheets.Count && XlmExpression.Parse(formula) is XlmReference { Sheet: null } ? XlmText.Sheet(sheets[sheet].Name) + "!" + formula : formula;

    private XlmTokens? tokens;

    private XlmTokens NewTokens() => tokens ??= new XlmTokens(version, encoding, static _ => null, NameOf, (_, index) => NameOf(index));

    private string NameOf(int index) => index > 0 && index <= names.Count ? names[index - 1].Name : "#NAME?";

    private void Add(ReadOnlySpan<byte> data, object? value)
    {
        if (sheets.Count > 0)
        {
            cellsLeft--;
            sheets[^1].Cells.Add(new XlmCell(BinaryPrimitives.ReadUInt16LittleEndian(data), BinaryPrimitives.ReadUInt16LittleEndian(data[2..]) & 0xFF, null, value));
        }
    }

    /// <summary>A string behind its length: of one octet in Excel 2, of two later.</summary>
    private string Text(ReadOnlySpan<byte> data, int at)
    {
        var length = version == BiffVersion.Biff2 ? data[at] : BinaryPrimitives.ReadUInt16LittleEndian(data[at..]);
        at += version == BiffVersion.Biff2 ? 1 : 2;
        textLeft -= length;
        return encoding.GetString(data.Slice(at, Math.Min(length, data.Length - at)));
    }

    private byte[] Tokens(ReadOnlySpan<byte> data, int at, out bool isWhole)
    {
        var size = version == BiffVersion.Biff2 ? data[at] : BinaryPrimitives.ReadUInt16LittleEndian(data[at..]);
        at += version == BiffVersion.Biff2 ? 1 : 2;
        isWhole = size <= data.Length - at;
        return data.Slice(at, Math.Min(size, data.Length - at)).ToArray();
    }
}
