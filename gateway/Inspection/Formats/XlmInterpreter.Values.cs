using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <content>Values, operators, and the functions that macros put their text together with.</content>
internal sealed partial class XlmInterpreter
{
    private const int MaxString = 32_767;

    /// <summary>The value of a cell where a reference stands for it.</summary>
    private object? Value(object? value, Spot spot)
    {
        if (value is not Area area)
        {
            return value;
        }

        // Of an area the cell in the formula's own row or column is meant; else its first.
        var row = !area.IsOne && area.Column == area.LastColumn && spot.Row >= area.Row && spot.Row <= area.LastRow ? spot.Row : area.Row;
        var column = !area.IsOne && area.Row == area.LastRow && spot.Column >= area.Column && spot.Column <= area.LastColumn ? spot.Column : area.Column;
        return CellValue(new Spot(area.Sheet, row, column));
    }

    private object? CellValue(Spot spot)
    {
        operations++;
        if (!cells.TryGetValue(spot, out var slot))
        {
            return null;
        }

        // The file's value is taken, unless it says nothing: forged files leave it out.
        if (slot.Formula is null || slot.IsFresh || slot.Value is string { Length: > 0 } or double and not 0d || Parsed(slot) is not { } formula)
        {
            return slot.Value is Area other ? new Unknown(project.Sheets[other.Sheet].Address(other.Row, other.Column)) : slot.Value is string text && slot.Formula is not null && !slot.IsFresh && text.StartsWith('#') ? new XlmError(text) : slot.Value;
        }

        var outer = (isPure, slot.Value);
        (isPure, slot.IsFresh, slot.Value) = (true, true, new Unknown("circle"));
        var value = Value(Evaluate(formula, spot), spot);
        isPure = outer.isPure;
        (slot.IsFresh, slot.Value) = (false, outer.Value);
        return value;
    }

    private static bool Truth(object? value) => value switch
    {
        bool truth => truth,
        double number => number != 0,
        string text => text.Equals("TRUE", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        double number => XlmText.Number(number),
        bool truth => truth ? "TRUE" : "FALSE",
        Unknown { Guess: { } guess } => Text(guess),
        Unknown unknown => $"{{{unknown.Label}}}",
        _ => value.ToString() ?? "",
    };

    private static double? ToNumber(object? value) => value switch
    {
        null => 0,
        double number => number,
        bool truth => truth ? 1 : 0,
        string text when double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static object? Number(object? value, Func<double, double> change) =>
        value is Unknown { Guess: { } guess } unknown ? unknown with { Guess = Number(guess, change) }
        : value is Unknown or XlmError ? value : ToNumber(value) is { } number && change(number) is var result && double.IsFinite(result) ? result : new XlmError("#VALUE!");

    private string Cut(string text)
    {
        operations += text.Length / 32; // Long texts cost more, so that many of them cannot fill the memory.
        return text.Length > MaxString ? text[..MaxString] : text;
    }

    private object? Join(string sign, object? left, object? right)
    {
        if (sign == "&")
        {
            return left is XlmError ? left : right is XlmError ? right : Cut(Text(left) + Text(right));
        }

        if ((left is Unknown { Guess: not null } || right is Unknown { Guess: not null }) && left is not (Unknown { Guess: null } or XlmError) && right is not (Unknown { Guess: null } or XlmError))
        {
            return new Unknown((left as Unknown ?? (Unknown)right!).Label, Join(sign, left is Unknown a1 ? a1.Guess : left, right is Unknown b1 ? b1.Guess : right));
        }

        if (left is Unknown or XlmError)
        {
            return left;
        }

        if (right is Unknown or XlmError)
        {
            return right;
        }

        if (sign is "=" or "<>" or "<" or ">" or "<=" or ">=")
        {
            left ??= right is string ? "" : 0d;
            right ??= left is string ? "" : 0d;
            var order = left is string a && right is string b ? string.Compare(a, b, StringComparison.OrdinalIgnoreCase)
                : Rank(left) != Rank(right) ? Rank(left).CompareTo(Rank(right)) : (ToNumber(left) ?? 0).CompareTo(ToNumber(right) ?? 0);
            return sign switch { "=" => order == 0, "<>" => order != 0, "<" => order < 0, ">" => order > 0, "<=" => order <= 0, _ => order >= 0 };
        }

        if (ToNumber(left) is not { } x || ToNumber(right) is not { } y)
        {
            return new XlmError("#VALUE!");
        }

        var result = sign switch { "+" => x + y, "-" => x - y, "*" => x * y, "/" => x / y, _ => Math.Pow(x, y) };
        return double.IsFinite(result) ? result : new XlmError("#DIV/0!");

        static int Rank(object value) => value switch { double => 0, string => 1, _ => 2 };
    }

    private IEnumerable<object?> Each(IEnumerable<object?> arguments, Spot spot)
    {
        foreach (var argument in arguments)
        {
            if (argument is not Area { IsOne: false } area)
            {
                yield return Value(argument, spot);
                continue;
            }

            for (var row = area.Row; row <= area.LastRow && !IsOver; row++)
            {
                for (var column = area.Column; column <= area.LastColumn && !IsOver; column++)
                {
                    yield return CellValue(new Spot(area.Sheet, row, column));
                }
            }
        }
    }

    private object? Function(XlmCall call, IReadOnlyList<object?> given, Spot spot)
    {
        switch (call.Name)
        {
            case "EXEC" or "CALL" or "REGISTER" or "REGISTER.ID" or "EXECUTE" or "INITIATE" or "POKE" or "FOPEN" or "FWRITE" or "FWRITELN" or "FILE.DELETE" or "OPEN" or "SAVE.AS" or "SAVE.COPY.AS" or "SEND.KEYS" or "VBA.INSERT.FILE":
                var values = given.Select(v => Value(v, spot)).ToList();
                // A library's function goes by another name after REGISTER, and CALL takes its number.
                Act(call.Name, call.Name == "CALL" && values.Count > 0 && values[0] is Unknown number && registered.TryGetValue(number.Label, out var known) ? [.. known, .. values.Skip(1)] : values, spot);
                if (call.Name is "REGISTER" && values.Count > 2)
                {
                    var label = $"REGISTER {Text(values[1])}";
                    registered[label] = [Text(values[0]), Text(values[1]), Text(values[2])];
                    if (values.Count > 3 && values[3] is string { Length: > 0 } alias)
                    {
                        registered[alias] = registered[label];
                    }

                    return new Unknown(label);
                }

                return new Unknown(call.Name);
            case "INDIRECT" or "TEXTREF":
                return Value(given.ElementAtOrDefault(0), spot) is string place ? Named(place, spot) ?? new XlmError("#REF!") : given.ElementAtOrDefault(0);
            case "EVALUATE":
                return Value(given.ElementAtOrDefault(0), spot) is string formula && XlmExpression.Parse(formula.StartsWith('=') ? formula[1..] : formula) is { } parsed ? Evaluate(parsed, spot) : new XlmError("#VALUE!");
            case "OFFSET" or "ABSREF":
                return Move(call.Name, given, spot);
            case "INDEX" when given.ElementAtOrDefault(0) is Area area:
                var indexRow = (int)Math.Clamp((ToNumber(Value(given.ElementAtOrDefault(1), spot)) ?? 1) - 1, 0, 1 << 20);
                var indexColumn = (int)Math.Clamp((ToNumber(Value(given.ElementAtOrDefault(2), spot)) ?? 1) - 1, 0, 1 << 14);
                (indexRow, indexColumn) = area.Row == area.LastRow && given.Count < 3 ? (0, indexRow) : (indexRow, indexColumn);
                return new Area(area.Sheet, area.Row + indexRow, area.Column + indexColumn, area.Row + indexRow, area.Column + indexColumn);
            case "CHOOSE":
                return given.ElementAtOrDefault((int)Math.Clamp(ToNumber(Value(given.ElementAtOrDefault(0), spot)) ?? 0, 0, 1000));
            case "ACTIVE.CELL" or "SELECTION":
                return new Area(active.Sheet, active.Row, active.Column, active.Row, active.Column);
            case "ROW" or "COLUMN":
                var where = given.ElementAtOrDefault(0) is Area here ? here.First : spot;
                return (double)(call.Name == "ROW" ? where.Row + 1 : where.Column + 1);
            case "ROWS" or "COLUMNS" when given.ElementAtOrDefault(0) is Area sized:
                return (double)(call.Name == "ROWS" ? sized.LastRow - sized.Row + 1 : sized.LastColumn - sized.Column + 1);
            case "CONCATENATE" or "CONCAT":
                return Gather(Each(given, spot), static values => string.Concat(values.Select(Text)));
            case "SUM" or "MAX" or "MIN" or "AVERAGE" or "PRODUCT" or "COUNTA" or "COUNT":
                return Gather(Each(given, spot), values => Total(call.Name, values));
            case "AND" or "OR":
                return Gather(Each(given, spot), values => call.Name == "AND" ? values.All(Truth) : values.Any(Truth));
            case "GET.CELL" or "GET.WORKSPACE" or "GET.WINDOW" or "GET.DOCUMENT" or "NOW" or "TODAY" or "DAY":
                return Surroundings(call.Name, given, spot);
            case "GET.FORMULA" when given.ElementAtOrDefault(0) is Area source && cells.TryGetValue(source.First, out var slot) && slot.Formula is { } held:
                return "=" + held;
        }

        if (registered.TryGetValue(call.Name, out var target))
        {
            Act("CALL", [.. target, .. given.Select(v => Value(v, spot))], spot);
            return new Unknown("CALL");
        }

        var plain = given.Select(v => Value(v, spot)).ToList();
        if (XlmTextFunctions.IsKnown(call.Name))
        {
            if (plain.Exists(v => v is Unknown) && plain.TrueForAll(v => v is not Unknown { Guess: null } and not XlmError))
            {
                var likely = XlmTextFunctions.Call(call.Name, [.. plain.Select(v => v is Unknown known1 ? known1.Guess : v)]);
                return new Unknown(call.Name, likely);
            }

            return plain.Find(v => v is Unknown) ?? plain.Find(v => v is XlmError && call.Name is not ("ISERROR" or "ISERR" or "ISNA" or "IFERROR" or "TYPE" or "ISNUMBER" or "ISTEXT" or "ISBLANK"))
                ?? (XlmTextFunctions.Call(call.Name, [.. plain]) is string text ? Cut(text) : XlmTextFunctions.Call(call.Name, [.. plain]));
        }

        // A macro by its name or cell.
        if (names.TryGetValue(call.Name, out var macro) && call.Target is { } named && macro is not null)
        {
            return Invoke(Evaluate(named, spot), given);
        }

        return new Unknown(plain.Count is 1 && plain[0] is double argument ? $"{call.Name}({XlmText.Number(argument)})" : call.Name);
    }

    /// <summary>All values worked out together, unless one is unknown or an error; at most 100,000.</summary>
    private static object? Gather(IEnumerable<object?> values, Func<List<object?>, object?> together)
    {
        var all = values.Take(100_000).ToList();
        return all.Find(v => v is XlmError) ?? together(all);
    }

    private static object? Total(string name, List<object?> values)
    {
        if (name == "COUNTA")
        {
            return (double)values.Count(v => v is not null);
        }

        if (values.Find(v => v is Unknown) is { } unknown)
        {
            return unknown;
        }

        var numbers = values.Where(v => v is double or bool).Select(v => ToNumber(v)!.Value).ToList();
        return name switch
        {
            "COUNT" => numbers.Count,
            "SUM" => numbers.Sum(),
            "PRODUCT" => numbers.Aggregate(1d, (a, b) => a * b),
            _ when numbers.Count == 0 => 0d,
            "MAX" => numbers.Max(),
            "MIN" => numbers.Min(),
            _ => numbers.Average(),
        };
    }

    private object? Move(string name, IReadOnlyList<object?> given, Spot spot)
    {
        var from = name == "OFFSET" ? given.ElementAtOrDefault(0) as Area : given.ElementAtOrDefault(1) as Area;
        if (from is null)
        {
            return new XlmError("#REF!");
        }

        int rows, columns;
        if (name == "OFFSET")
        {
            (rows, columns) = (Whole(1), Whole(2));
        }
        else if (Value(given[0], spot) is string text && XlmAddress.Parse(text) is { } corner)
        {
            (rows, columns) = (corner.Row, corner.Column);
        }
        else
        {
            return new XlmError("#REF!");
        }

        var (row, column) = (from.Row + rows, from.Column + columns);
        return row < 0 || column < 0 ? new XlmError("#REF!")
            : new Area(from.Sheet, row, column,
                row + (name == "OFFSET" && given.Count > 3 && given[3] is not null ? Math.Max(0, Whole(3) - 1) : from.LastRow - from.Row),
                column + (name == "OFFSET" && given.Count > 4 && given[4] is not null ? Math.Max(0, Whole(4) - 1) : from.LastColumn - from.Column));

        int Whole(int index) => (int)Math.Clamp(ToNumber(Value(given.ElementAtOrDefault(index), spot)) ?? 0, -(1 << 20), 1 << 20);
    }
}
