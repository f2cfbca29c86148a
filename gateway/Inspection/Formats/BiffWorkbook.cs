using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads the sheets, names and formulas of an Excel 5 to 2003 workbook stream (MS-XLS) that has Excel 4 macro sheets; of any other it reads the globals only.</summary>
internal sealed partial class BiffWorkbook
{
    private const int MacroSheet = 0x0040;

    private readonly BiffRecords records;
    private readonly List<(string Name, XlmVisibility Visibility, bool IsMacro, long Position)> sheets = [];
    private readonly List<(string Name, bool IsHidden, XlmStart Start, byte[] Tokens)> names = [];
    private readonly List<(int Book, int First)> references = [];
    private readonly List<(bool IsOwn, List<string> Names)> books = [];
    private readonly List<string> strings = [];
    private BiffVersion version = BiffVersion.Biff8;
    private Encoding encoding = Encoding.Latin1;
    private BiffLook formats = new(isBiff8: true);
    private XlmTokens tokens;
    private long stringsAt = -1;
    private int cellsLeft = XlmProject.MaxCells;
    private int textLeft = XlmProject.MaxText;
    private int active;
    private string codeName = "";
    private bool isDamaged;

    /// <summary>True where only values are asked for: formulas and formats are passed over.</summary>
    private readonly bool isPlain;

    private BiffWorkbook(Stream stream, ReadBudget budget, bool isPlain = false)
    {
        this.isPlain = isPlain;
        (cellsLeft, textLeft) = isPlain ? (WorkbookCells.MaxCells, WorkbookCells.MaxText) : (cellsLeft, textLeft);
        records = new BiffRecords(stream, budget);
        tokens = NewTokens();
    }

    /// <summary>The workbook's macros, not yet followed; null where it has no macro sheet or is encrypted (a FilePass record).</summary>
    /// <param name="stream">The workbook stream, decrypted.</param>
    /// <param name="budget">The letter's time.</param>
    public static XlmProject? Read(Stream stream, ReadBudget budget)
    {
        var book = new BiffWorkbook(stream, budget);
        return book.Globals() && book.HasMacros() ? book.Project() : null;
    }

    /// <summary>The workbook's sheets with their cells' values, whatever kind of sheets they are; null where it is encrypted or of Excel 4 and older.</summary>
    /// <param name="stream">The workbook stream, decrypted.</param>
    /// <param name="budget">The letter's time.</param>
    public static XlmProject? ReadCells(Stream stream, ReadBudget budget)
    {
        var book = new BiffWorkbook(stream, budget, isPlain: true);
        return book.Globals() ? book.Project() : null;
    }

    private XlmTokens NewTokens() => new(version, encoding, SheetOf, NameOf, ExternalOf);

    private bool Globals()
    {
        if (!records.Next() || records.Id != 0x0809 || records.Data.Length < 4)
        {
            return false; // Excel 4 and older have other records: BiffOldWorkbook.
        }

        version = BinaryPrimitives.ReadUInt16LittleEndian(records.Data) == 0x0500 ? BiffVersion.Biff5 : BiffVersion.Biff8;
        formats = new BiffLook(version == BiffVersion.Biff8);
        var position = 4L + records.Data.Length;
        while (records.Next())
        {
            var data = records.Data;
            var here = position;
            position += 4 + data.Length;
            try
            {
                switch (records.Id)
                {
                    case 0x000A:
                        return true;
                    case 0x002F when sheets.Count == 0:
                        return false; // Further down it encrypts nothing.
                    case 0x0042 when data.Length >= 2:
                        encoding = BiffText.CodePage(BinaryPrimitives.ReadUInt16LittleEndian(data));
                        break;
                    case 0x0085 when sheets.Count < XlmProject.MaxSheets:
                        var name = version == BiffVersion.Biff8 ? ShortText(data, 6) : encoding.GetString(data.Slice(7, data[6]));
                        var state = data[4] & 3;
                        sheets.Add((name, state == 0 ? XlmVisibility.Visible : state == 1 ? XlmVisibility.Hidden : XlmVisibility.VeryHidden, data[5] == 1, BinaryPrimitives.ReadUInt32LittleEndian(data)));
                        break;
                    case 0x0018 when names.Count < XlmProject.MaxNames:
                        Name(data);
                        break;
                    case 0x0017 when version == BiffVersion.Biff8:
                        for (var i = 0; i < BinaryPrimitives.ReadUInt16LittleEndian(data) && 8 + (i * 6) <= data.Length; i++)
                        {
                            references.Add((BinaryPrimitives.ReadUInt16LittleEndian(data[(2 + (i * 6))..]), BinaryPrimitives.ReadInt16LittleEndian(data[(4 + (i * 6))..])));
                        }

                        break;
                    case 0x01AE when data.Length >= 4:
                        books.Add((BinaryPrimitives.ReadUInt16LittleEndian(data[2..]) == 0x0401, []));
                        break;
                    case 0x0023 when data.Length > 8 && books.Count > 0 && books[^1].Names.Count < XlmProject.MaxNames:
                        books[^1].Names.Add(version == BiffVersion.Biff8 ? ShortText(data, 6) : encoding.GetString(data.Slice(7, data[6])));
                        break;
                    case 0x003D when data.Length >= 12:
                        active = BinaryPrimitives.ReadUInt16LittleEndian(data[10..]);
                        break;
                    case 0x00FC:
                        stringsAt = here;
                        break;
                    default:
                        if (isPlain)
                        {
                            break;
                        }

                        formats.Global(records.Id, data, encoding);
                        break;
                }
            }
            catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException)
            {
                isDamaged = true; // A record that breaks off; the next one may be whole.
            }
        }

        return sheets.Count > 0;
    }

    /// <summary>What a sheet is stands in its own first record too; either will do for Excel's loader.</summary>
    private bool HasMacros()
    {
        var any = false;
        for (var i = 0; i < sheets.Count; i++)
        {
            if (!sheets[i].IsMacro)
            {
                records.Seek(sheets[i].Position);
                if (records.Next() && records.Id == 0x0809 && records.Data.Length >= 4 && BinaryPrimitives.ReadUInt16LittleEndian(records.Data[2..]) == MacroSheet)
                {
                    sheets[i] = sheets[i] with { IsMacro = true };
                }
            }

            any |= sheets[i].IsMacro;
        }

        return any;
    }

    private XlmProject Project()
    {
        tokens = NewTokens();
        if (stringsAt >= 0)
        {
            Strings();
        }

        var cells = new IReadOnlyList<XlmCell>[sheets.Count];
        var looks = sheets.Select(_ => isPlain ? null : formats.NewSheet()).ToList();
        var codeNames = new string[sheets.Count];
        var seen = new HashSet<long>();
        foreach (var i in Enumerable.Range(0, sheets.Count).OrderBy(i => sheets[i].IsMacro ? 0 : 1))
        {
            // Two sheets at one place would be read for ever again.
            cells[i] = seen.Add(sheets[i].Position) ? Cells(sheets[i].Position, looks[i]) : [];
            (codeNames[i], codeName) = (codeName, "");
        }

        isDamaged |= records.IsCut;
        return new XlmProject(
            [.. sheets.Select((s, i) => new XlmSheet(s.Name, s.Visibility, s.IsMacro, cells[i]) { Look = looks[i], CodeName = codeNames[i] })],
            [.. names.Select(n => new XlmName(n.Name, n.IsHidden, n.Start, tokens.ToText(n.Tokens, 0, 0) ?? ""))],
            isDamaged) { Active = active };
    }

    /// <summary>A defined name (MS-XLS section 2.4.150). A built-in one has a code for its first character, and Excel does not mind what follows it.</summary>
    private void Name(ReadOnlySpan<byte> data)
    {
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(data);
        int characters = data[3];
        int size = BinaryPrimitives.ReadUInt16LittleEndian(data[4..]);
        var at = 14;
        string name;
        if (version == BiffVersion.Biff8)
        {
            var wide = (data[at++] & 1) != 0;
            var octets = wide ? characters * 2 : characters;
            name = (wide ? Encoding.Unicode : Encoding.Latin1).GetString(data.Slice(at, octets));
            at += octets;
        }
        else
        {
            name = encoding.GetString(data.Slice(at, characters));
            at += characters;
        }

        var start = XlmText.StartOf(name);
        if ((flags & 0x20) != 0 && name.TrimStart('\0') is { Length: > 0 } built && (built[0] < ' ' || name.Length == 1))
        {
            var code = name.Length == 1 ? name[0] : built[0];
            name = XlmText.BuiltIn(code) + built[1..];
            start = XlmText.StartOf(name);
        }

        var rest = data.Length - at;
        names.Add((name, (flags & 1) != 0, start, data.Slice(at, Math.Min(size, rest)).ToArray()));
    }

    private void Strings()
    {
        records.Seek(stringsAt);
        if (!records.Next() || records.Data.Length < 8)
        {
            return;
        }

        var text = new BiffText(records, encoding, isBiff8: true);
        text.Begin(8);
        while (textLeft > 0 && text.Next() is { } each)
        {
            textLeft -= each.Length + 8;
            strings.Add(each);
        }

        isDamaged |= textLeft <= 0;
    }

    private static string ShortText(ReadOnlySpan<byte> data, int at)
    {
        var wide = (data[at + 1] & 1) != 0;
        return (wide ? Encoding.Unicode : Encoding.Latin1).GetString(data.Slice(at + 2, wide ? data[at] * 2 : data[at]));
    }

    private string? SheetOf(int index)
    {
        if (version == BiffVersion.Biff8)
        {
            if (index >= references.Count || (references[index].Book < books.Count && !books[references[index].Book].IsOwn))
            {
                return null;
            }

            index = references[index].First;
        }

        return index >= 0 && index < sheets.Count ? sheets[index].Name : null;
    }

    private string NameOf(int index) => index > 0 && index <= names.Count ? names[index - 1].Name : "#NAME?";

    private string ExternalOf(int reference, int index)
    {
        if (version == BiffVersion.Biff8 && reference < references.Count && references[reference].Book < books.Count)
        {
            var book = books[references[reference].Book];
            return book.IsOwn ? NameOf(index) : index > 0 && index <= book.Names.Count ? book.Names[index - 1] : "#NAME?";
        }

        return NameOf(index);
    }
}
