using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads the sheets, names and formulas of an Excel 5 to 2003 workbook stream (MS-XLS) that has Excel 4 macro sheets; of any other it reads the globals only.</summary>
internal sealed class BiffWorkbook
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
    private bool isDamaged;

    private BiffWorkbook(Stream stream, ReadBudget budget)
    {
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
                    case 0x00FC:
                        stringsAt = here;
                        break;
                    default:
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
        var looks = sheets.Select(_ => formats.NewSheet()).ToList();
        var seen = new HashSet<long>();
        foreach (var i in Enumerable.Range(0, sheets.Count).OrderBy(i => sheets[i].IsMacro ? 0 : 1))
        {
            // Two sheets at one place would be read for ever again.
            cells[i] = seen.Add(sheets[i].Position) ? Cells(sheets[i].Position, looks[i]) : [];
        }

        isDamaged |= records.IsCut;
        return new XlmProject(
            [.. sheets.Select((s, i) => new XlmSheet(s.Name, s.Visibility, s.IsMacro, cells[i]) { Look = looks[i] })],
            [.. names.Select(n => new XlmName(n.Name, n.IsHidden, n.Start, tokens.ToText(n.Tokens, 0, 0) ?? ""))],
            isDamaged);
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

    private List<XlmCell> Cells(long start, XlmLook look)
    {
        var cells = new List<XlmCell>();
        var shared = new Dictionary<(int, int), byte[]>();
        var followers = new List<(int Index, (int, int) Master)>();
        records.Seek(start);
        if (!records.Next() || records.Id != 0x0809)
        {
            isDamaged = true;
            return cells;
        }

        var depth = 1;
        while (depth > 0 && records.Next())
        {
            if (records.Id == 0x0809)
            {
                depth++; // A chart within the sheet.
            }
            else if (records.Id == 0x000A)
            {
                depth--;
            }
            else if (depth == 1)
            {
                if (cellsLeft <= 0)
                {
                    isDamaged = true;
                    break;
                }

                try
                {
                    Cell(cells, shared, followers);
                    BiffLook.Sheet(look, records.Id, records.Data);
                }
                catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException)
                {
                    isDamaged = true;
                }
            }
        }

        foreach (var (index, master) in followers)
        {
            var cell = cells[index];
            var text = shared.TryGetValue(master, out var octets) ? tokens.ToText(octets, cell.Row, cell.Column) : null;
            textLeft -= text?.Length ?? 0;
            isDamaged |= text is null || textLeft < 0;
            cells[index] = cell with { Formula = textLeft > 0 ? text ?? "#REF!" : "#REF!" };
        }

        return cells;
    }

    private void Cell(List<XlmCell> cells, Dictionary<(int, int), byte[]> shared, List<(int Index, (int, int) Master)> followers)
    {
        var data = records.Data;
        switch (records.Id)
        {
            case 0x0006 or 0x0206 or 0x0406:
                Formula(cells, followers, data);
                break;
            case 0x0207 when cells.Count > 0 && cells[^1].Formula is not null:
                var text = new BiffText(records, encoding, version == BiffVersion.Biff8);
                text.Begin(0);
                cells[^1] = cells[^1] with { Value = Take(text.Next()) };
                break;
            case 0x04BC when shared.Count < XlmProject.MaxNames:
                shared.TryAdd((BinaryPrimitives.ReadUInt16LittleEndian(data), data[4]), Tail(data, 8));
                // The record follows the first cell that uses it, wherever that stands in the range.
                if (followers.Count > 0)
                {
                    shared.TryAdd(followers[^1].Master, Tail(data, 8));
                }

                break;
            case 0x0221 when shared.Count < XlmProject.MaxNames:
                shared.TryAdd((BinaryPrimitives.ReadUInt16LittleEndian(data), data[4]), Tail(data, 12));
                break;
            case 0x00FD:
                var index = BinaryPrimitives.ReadUInt32LittleEndian(data[6..]);
                Add(cells, data, index < strings.Count ? strings[(int)index] : null);
                break;
            case 0x0204 or 0x00D6:
                var (row, column) = Place(data);
                var label = new BiffText(records, encoding, version == BiffVersion.Biff8);
                label.Begin(6);
                var read = Take(label.Next());
                cellsLeft--;
                cells.Add(new XlmCell(row, column, null, read));
                break;
            case 0x0203:
                Add(cells, data, BinaryPrimitives.ReadDoubleLittleEndian(data[6..]));
                break;
            case 0x027E or 0x007E:
                Add(cells, data, XlmText.Packed(BinaryPrimitives.ReadUInt32LittleEndian(data[6..])));
                break;
            case 0x00BD:
                var (manyRow, first) = Place(data);
                for (var at = 4; at + 6 <= data.Length - 2; at += 6)
                {
                    cellsLeft--;
                    cells.Add(new XlmCell(manyRow, first++, null, XlmText.Packed(BinaryPrimitives.ReadUInt32LittleEndian(data[(at + 2)..]))));
                }

                break;
            case 0x0205:
                Add(cells, data, data[7] != 0 ? XlmText.Error(data[6]) : data[6] != 0);
                break;
        }
    }

    /// <summary>A formula cell (MS-XLS section 2.4.127): its cached value, unless a text that follows as a record of its own, and its tokens.</summary>
    private void Formula(List<XlmCell> cells, List<(int Index, (int, int) Master)> followers, ReadOnlySpan<byte> data)
    {
        var (row, column) = Place(data);
        object? value = BinaryPrimitives.ReadUInt16LittleEndian(data[12..]) != 0xFFFF ? BinaryPrimitives.ReadDoubleLittleEndian(data[6..])
            : data[6] switch { 1 => data[8] != 0, 2 => XlmText.Error(data[8]), _ => null };
        var octets = Tail(data, 20);
        cellsLeft--;
        if (XlmTokens.SharedAt(octets, [], version) is { } master)
        {
            followers.Add((cells.Count, master));
            cells.Add(new XlmCell(row, column, "#REF!", value));
            return;
        }

        var text = tokens.ToText(octets, row, column);
        isDamaged |= text is null;
        textLeft -= text?.Length ?? 0;
        cells.Add(new XlmCell(row, column, textLeft > 0 ? text ?? "#REF!" : "#REF!", value));
    }

    private string? Take(string? text)
    {
        textLeft -= text?.Length ?? 0;
        return textLeft > 0 ? text : null;
    }

    private void Add(List<XlmCell> cells, ReadOnlySpan<byte> data, object? value)
    {
        var (row, column) = Place(data);
        cellsLeft--;
        cells.Add(new XlmCell(row, column, null, value));
    }

    private static (int Row, int Column) Place(ReadOnlySpan<byte> data) => (BinaryPrimitives.ReadUInt16LittleEndian(data), BinaryPrimitives.ReadUInt16LittleEndian(data[2..]));

    /// <summary>Tokens behind their length, as far as they are there.</summary>
    private static byte[] Tail(ReadOnlySpan<byte> data, int at)
    {
        int size = BinaryPrimitives.ReadUInt16LittleEndian(data[at..]);
        return data.Slice(at + 2, Math.Min(size, data.Length - at - 2)).ToArray();
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
