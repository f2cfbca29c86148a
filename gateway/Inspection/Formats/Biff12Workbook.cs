using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads the sheets and names of an Excel binary workbook (MS-XLSB) out of its parts.</summary>
/// <param name="book">The workbook part.</param>
/// <param name="shared">The shared strings part; null where there is none.</param>
/// <param name="sheet">The sheet part that a relationship leads to, and whether it is a macro sheet.</param>
/// <param name="isPlain">True where only values are asked for: formulas are passed over.</param>
internal sealed class Biff12Workbook(byte[] book, byte[]? shared, Func<string, (byte[]? Content, bool IsMacro)> sheet, bool isPlain = false)
{
    private readonly List<(string Name, XlmVisibility Visibility, string Relation)> sheets = [];
    private readonly List<(string Name, bool IsHidden, byte[] Tokens)> names = [];
    private readonly List<int> references = [];
    private readonly List<string> strings = [];
    private int cellsLeft = isPlain ? WorkbookCells.MaxCells : XlmProject.MaxCells;
    private int textLeft = isPlain ? WorkbookCells.MaxText : XlmProject.MaxText;
    private int active;
    private string codeName = "";
    private bool isDamaged;

    /// <summary>Sheets, names and cells. Records that break off are left out.</summary>
    public XlmProject Project()
    {
        Each(book, Global);
        if (shared is not null)
        {
            Each(shared, (id, data) =>
            {
                if (id == 19 && textLeft > 0)
                {
                    var text = Text(data, 1, out _);
                    textLeft -= text.Length + 8;
                    strings.Add(text);
                }
            });
        }

        var tokens = new XlmTokens(BiffVersion.Biff12, Encoding.Latin1, SheetOf, NameOf, (_, index) => NameOf(index));
        var parts = sheets.Select(s => sheet(s.Relation)).ToList();
        var cells = new IReadOnlyList<XlmCell>[sheets.Count];
        var codeNames = new string[sheets.Count];
        foreach (var i in Enumerable.Range(0, sheets.Count).OrderBy(i => parts[i].IsMacro ? 0 : 1))
        {
            cells[i] = parts[i].Content is { } content ? Cells(content, tokens) : [];
            (codeNames[i], codeName) = (codeName, "");
        }

        return new XlmProject(
            [.. sheets.Select((s, i) => new XlmSheet(s.Name, s.Visibility, parts[i].IsMacro, cells[i]) { CodeName = codeNames[i] })],
            [.. names.Select(n => new XlmName(n.Name, n.IsHidden, XlmText.StartOf(n.Name), tokens.ToText(n.Tokens, 0, 0) ?? ""))],
            isDamaged) { Active = active };
    }

    private delegate void Taker(int id, ReadOnlySpan<byte> data);

    /// <summary>Records: type in one or two octets, length in one to four, seven bits each (MS-XLSB section 2.1.4).</summary>
    private void Each(byte[] part, Taker take)
    {
        var at = 0;
        while (at < part.Length)
        {
            int id = part[at++];
            if ((id & 0x80) != 0 && at < part.Length)
            {
                id = (id & 0x7F) | ((part[at++] & 0x7F) << 7);
            }

            var length = 0;
            for (var i = 0; i < 4 && at < part.Length; i++)
            {
                length |= (part[at] & 0x7F) << (7 * i);
                if ((part[at++] & 0x80) == 0)
                {
                    break;
                }
            }

            isDamaged |= length > part.Length - at;
            length = Math.Min(length, part.Length - at);
            try
            {
                take(id, part.AsSpan(at, length));
            }
            catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException)
            {
                isDamaged = true;
            }

            at += length;
        }
    }

    private void Global(int id, ReadOnlySpan<byte> data)
    {
        if (id == 156 && sheets.Count < XlmProject.MaxSheets)
        {
            var state = BinaryPrimitives.ReadUInt32LittleEndian(data) & 3;
            var relation = Text(data, 8, out var at);
            sheets.Add((Text(data, at, out _), state == 0 ? XlmVisibility.Visible : state == 1 ? XlmVisibility.Hidden : XlmVisibility.VeryHidden, relation));
        }
        else if (id == 158 && data.Length >= 28)
        {
            active = BinaryPrimitives.ReadInt32LittleEndian(data[24..]);
        }
        else if (id == 39 && names.Count < XlmProject.MaxNames)
        {
            var name = Text(data, 9, out var at);
            var isBuiltIn = (BinaryPrimitives.ReadUInt32LittleEndian(data) & 0x20) != 0;
            name = name.StartsWith("_xlnm.", StringComparison.OrdinalIgnoreCase) ? name[6..] : isBuiltIn && name is [< ' ', ..] ? XlmText.BuiltIn(name[0]) + name[1..] : name;
            names.Add((name, (data[0] & 1) != 0, Tokens(data, at, out _)));
        }
        else if (id == 362)
        {
            var count = BinaryPrimitives.ReadUInt32LittleEndian(data);
            for (var i = 0; i < count && 16 + (i * 12) <= data.Length; i++)
            {
                references.Add(BinaryPrimitives.ReadInt32LittleEndian(data[(8 + (i * 12))..]));
            }
        }
    }

    private List<XlmCell> Cells(byte[] part, XlmTokens tokens)
    {
        var cells = new List<XlmCell>();
        var masters = new Dictionary<(int, int), byte[]>();
        var followers = new List<(int Index, (int, int) Master)>();
        var row = 0;
        Each(part, (id, data) =>
        {
            if (id == 0)
            {
                row = BinaryPrimitives.ReadInt32LittleEndian(data);
                return;
            }

            if (id == 147)
            {
                codeName = Text(data, 19, out _); // BrtWsProp, section 2.4.822.
                return;
            }

            if (id is 426 or 427)
            {
                masters.TryAdd((BinaryPrimitives.ReadInt32LittleEndian(data), BinaryPrimitives.ReadInt32LittleEndian(data[8..])), Tokens(data, id == 426 ? 17 : 16, out _));
                return;
            }

            if (id is < 2 or > 11 || row is < 0 or > 0xFFFFF)
            {
                return;
            }

            if (--cellsLeft < 0)
            {
                isDamaged = true;
                return;
            }

            var column = BinaryPrimitives.ReadInt32LittleEndian(data) & 0x3FFF;
            var at = 8;
            object? value = id switch
            {
                2 => XlmText.Packed(BinaryPrimitives.ReadUInt32LittleEndian(data[8..])),
                3 or 11 => XlmText.Error(data[at++]),
                4 or 10 => data[at++] != 0,
                5 or 9 => BinaryPrimitives.ReadDoubleLittleEndian(data[8..]),
                7 => BinaryPrimitives.ReadUInt32LittleEndian(data[8..]) is var index && index < strings.Count ? strings[(int)index] : null,
                _ => Text(data, 8, out at),
            };
            at += id == 9 ? 8 : 0;
            if (id < 8 || isPlain)
            {
                cells.Add(new XlmCell(row, column, id < 8 ? null : "", value));
                return;
            }

            var octets = Tokens(data, at + 2, out var extra);
            if (XlmTokens.SharedAt(octets, data[Math.Min(data.Length, extra + 4)..], BiffVersion.Biff12) is { } master)
            {
                followers.Add((cells.Count, master));
            }

            var text = octets is [0x01, ..] ? "#REF!" : tokens.ToText(octets, row, column);
            textLeft -= text?.Length ?? 0;
            isDamaged |= text is null || textLeft < 0;
            cells.Add(new XlmCell(row, column, textLeft > 0 ? text ?? "#REF!" : "#REF!", value));
        });

        foreach (var (index, master) in followers)
        {
            var text = masters.TryGetValue(master, out var octets) ? tokens.ToText(octets, cells[index].Row, cells[index].Column) : null;
            textLeft -= text?.Length ?? 0;
            isDamaged |= text is null || textLeft < 0;
            cells[index] = cells[index] with { Formula = textLeft > 0 ? text ?? "#REF!" : "#REF!" };
        }

        return cells;
    }

    /// <summary>Tokens behind their length of four octets.</summary>
    private static byte[] Tokens(ReadOnlySpan<byte> data, int at, out int next)
    {
        var size = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(data[at..]), (uint)(data.Length - at - 4));
        next = at + 4 + size;
        return data.Slice(at + 4, size).ToArray();
    }

    /// <summary>A string behind its length of four octets; all ones mean none.</summary>
    private static string Text(ReadOnlySpan<byte> data, int at, out int next)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(data[at..]);
        length = length == uint.MaxValue ? 0 : length;
        next = at + 4 + checked((int)length * 2);
        return Encoding.Unicode.GetString(data[(at + 4)..next]);
    }

    private string? SheetOf(int index) => index < references.Count && references[index] is >= 0 and var first && first < sheets.Count ? sheets[first].Name : null;

    private string NameOf(int index) => index > 0 && index <= names.Count ? names[index - 1].Name : "#NAME?";
}
