namespace Sekisho.Inspection.Formats;

/// <summary>Cells and ranges as a macro reaches them: by address, by number, by name, from another cell; and what they hold, be it the file's or what the macro wrote before.</summary>
internal sealed class VbaRanges(VbaInterpreter interpreter, VbaSurroundings surroundings)
{
    private const int MaxWritten = 10_000;

    /// <summary>Cells of one range that are gone through.</summary>
    private const int MaxEach = 10_000;

    private readonly Dictionary<(string Sheet, int Row, int Column), object?> written = [];
    private bool isAnywhere;

    /// <summary>The sheet, range or cell that a member with arguments leads to; null for one that leads elsewhere.</summary>
    /// <param name="thing">What it is a member of.</param>
    /// <param name="name">Lower case: <c>sheets</c>, <c>worksheets</c>, <c>range</c>, <c>cells</c> or <c>offset</c>.</param>
    /// <param name="a">Arguments, at least one.</param>
    public VbaThing? Reached(VbaThing thing, string name, object?[] a)
    {
        var first = interpreter.Known(a[0]);
        var second = a.Length > 1 ? interpreter.Known(a[1]) : null;
        var isWithin = thing is { Row: >= 0, Path: "range" or "cells" or "offset" };
        switch (name)
        {
            case "sheets" or "worksheets":
                return new VbaThing(name) { Sheet = VbaValues.IsText(first) ? VbaValues.Text(first) : VbaValues.Whole(first) is { } number ? surroundings.SheetAt(number) : null };
            case "offset":
                return !isWithin ? null : new VbaThing(name) { Sheet = thing.Sheet, Row = Whole(first, 0) is { } down ? Below(thing.Row, down) : -1, Column = Whole(second, 0) is { } right ? Math.Max(0, thing.Column + right) : 0, Size = thing.Size };
            case "cells":
                int? row = VbaValues.Whole(first), column = a.Length > 1 ? VbaValues.IsText(second) ? ColumnOf(VbaValues.Text(second)) : VbaValues.Whole(second) : row;
                row = a.Length > 1 ? row : 1;
                return new VbaThing(name)
                {
                    Sheet = thing.Sheet,
                    Row = row is > 0 and <= 1 << 20 && column is > 0 and <= 1 << 14 ? row.Value - 1 + (isWithin ? thing.Row : 0) : -1,
                    Column = (column ?? 1) - 1 + (isWithin ? thing.Column : 0),
                };
            default:
                // Range(Cells(1, 1), Cells(5, 1)) names two corners.
                if (a[0] is VbaThing { Row: >= 0 } from && a.Length > 1 && a[1] is VbaThing { Row: >= 0 } to && to.Row >= from.Row && to.Column >= from.Column)
                {
                    return new VbaThing(name) { Sheet = from.Sheet ?? thing.Sheet, Row = from.Row, Column = from.Column, Size = (to.Row - from.Row + 1, to.Column - from.Column + 1) };
                }

                var sheet = thing.Sheet;
                var text = VbaValues.IsText(first) ? VbaValues.Text(first) : "";
                if (TryRange(text, ref sheet, out var at, out var size) || (surroundings.Named(text) is { } named && TryRange(named, ref sheet, out at, out size)))
                {
                    return new VbaThing(name) { Sheet = sheet, Row = at.Row, Column = at.Column, Size = size };
                }

                return new VbaThing(name) { Sheet = sheet };
        }
    }

    private static int? Whole(object? value, int missing) => value is null ? missing : VbaValues.Whole(value);

    private static int Below(int row, int down) => (long)row + down is >= 0 and < 1 << 20 and var at ? (int)at : -1;

    /// <summary>What a cell or range holds; of a range with several cells all values, row by row.</summary>
    public object? Value(VbaThing range)
    {
        if (range.Size == (1, 1))
        {
            return Cell(range.Sheet, range.Row, range.Column);
        }

        if (!interpreter.Spend(CostOf(range)))
        {
            return VbaUnknown.Value;
        }

        var values = new List<object?>();
        foreach (var (row, column) in Places(range))
        {
            values.Add(Cell(range.Sheet, row, column));
        }

        return new VbaArray(values, 1);
    }

    /// <summary>The cells of a range, one by one, row by row; at most 10,000.</summary>
    public object Each(VbaThing range) => !interpreter.Spend(CostOf(range)) ? range : new VbaArray([.. Places(range).Select(p => (object?)new VbaThing("cells") { Sheet = range.Sheet, Row = p.Row, Column = p.Column })]);

    private static int CostOf(VbaThing range) => (int)Math.Min(MaxEach, (long)range.Size.Rows * range.Size.Columns) * 10;

    private static IEnumerable<(int Row, int Column)> Places(VbaThing range)
    {
        var left = MaxEach;
        for (var row = 0; row < range.Size.Rows; row++)
        {
            for (var column = 0; column < range.Size.Columns && left-- > 0; column++)
            {
                yield return (range.Row + row, range.Column + column);
            }

            if (left <= 0)
            {
                yield break;
            }
        }
    }

    private object? Cell(string? sheet, int row, int column)
    {
        if (written.TryGetValue(Key(sheet, row, column), out var value))
        {
            return value;
        }

        // Of code that only a click starts nobody knows what was typed into an empty cell before.
        return !surroundings.TryCell(sheet, row, column, out value) || (value is null && (isAnywhere || interpreter.IsSkimming)) ? VbaUnknown.Value : value;
    }

    /// <summary>Keeps what the macro writes to a cell.</summary>
    public void Set(VbaThing range, object? value)
    {
        if (range.Row < 0 || range.Size != (1, 1) || written.Count >= MaxWritten)
        {
            isAnywhere = true;
            return;
        }

        written[Key(range.Sheet, range.Row, range.Column)] = interpreter.Known(value);
    }

    private (string Sheet, int Row, int Column) Key(string? sheet, int row, int column) => ((sheet ?? surroundings.Active ?? "").ToLowerInvariant(), row, column);

    /// <summary>The number of a column's letters, from 1; null for what is none.</summary>
    private static int? ColumnOf(string letters)
    {
        string? sheet = null;
        return TryAddress(letters + "1", ref sheet, out var at) ? at.Column + 1 : null;
    }

    private static bool TryRange(string text, ref string? sheet, out (int Row, int Column) at, out (int Rows, int Columns) size)
    {
        size = (1, 1);
        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            return TryAddress(text, ref sheet, out at);
        }

        string? none = null;
        if (!TryAddress(text[..colon], ref sheet, out at) || !TryAddress(text[(colon + 1)..], ref none, out var end) || end.Row < at.Row || end.Column < at.Column)
        {
            return false;
        }

        size = (end.Row - at.Row + 1, end.Column - at.Column + 1);
        return true;
    }

    private static bool TryAddress(string text, ref string? sheet, out (int Row, int Column) at)
    {
        at = default;
        var bang = text.LastIndexOf('!');
        if (bang > 0)
        {
            sheet = text[..bang].Trim('\'');
            text = text[(bang + 1)..];
        }

        int column = 0, row = 0, i = 0;
        for (; i < text.Length && (char.IsAsciiLetter(text[i]) || text[i] == '$') && i < 5; i++)
        {
            column = text[i] == '$' ? column : (column * 26) + (text[i] | 0x20) - 'a' + 1;
        }

        for (; i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] == '$') && i < 14; i++)
        {
            row = text[i] == '$' ? row : Math.Min((row * 10) + text[i] - '0', 10_000_000);
        }

        at = (row - 1, column - 1);
        return i == text.Length && row > 0 && column > 0;
    }
}
