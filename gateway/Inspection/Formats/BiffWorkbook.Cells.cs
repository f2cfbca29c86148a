using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <content>The cells of a sheet.</content>
internal sealed partial class BiffWorkbook
{
    private List<XlmCell> Cells(long start, XlmLook? look)
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
                    if (look is not null)
                    {
                        BiffLook.Sheet(look, records.Id, records.Data);
                    }
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
            case 0x01BA when version == BiffVersion.Biff8:
                var named = new BiffText(records, encoding, isBiff8: true);
                named.Begin(0);
                codeName = named.Next() ?? "";
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
        cellsLeft--;
        if (isPlain)
        {
            cells.Add(new XlmCell(row, column, "", value));
            return;
        }

        var octets = Tail(data, 20);
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
}
