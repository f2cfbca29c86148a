using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>A value that cannot be known without running the macro.</summary>
internal sealed class VbaUnknown
{
    public static readonly VbaUnknown Value = new();

    /// <summary>Stands in a text for a piece that is not known.</summary>
    public const char Mark = '\uFFFF';

    /// <summary>True for a text with such a piece.</summary>
    public static bool IsIn(string text) => text.AsSpan().Contains(Mark);
}

/// <summary>An array of one dimension.</summary>
internal sealed class VbaArray(List<object?> items, int lower = 0)
{
    public const int MaxItems = 70_000;

    public readonly List<object?> Items = items;
    public readonly int Lower = lower;
}

/// <summary>An object of the host or of Windows, known by the way that leads to it: <c>thisdocument.textbox1.tag</c>.</summary>
/// <param name="path">Lower case.</param>
internal sealed class VbaThing(string path)
{
    public readonly string Path = path;

    /// <summary>The name it was made by, such as <c>wscript.shell</c>; null for what is no COM object.</summary>
    public string? Class { get; init; }

    /// <summary>True for an object made by a name that could not be worked out.</summary>
    public bool IsUnresolved { get; init; }

    /// <summary>The module that it is an instance of.</summary>
    public VbaModuleCode? Module { get; init; }

    /// <summary>What was assigned to its members.</summary>
    public Dictionary<string, object?> Members { get; } = new(StringComparer.Ordinal);

    /// <summary>Name of the sheet a range stands on; null for the active one or no range.</summary>
    public string? Sheet { get; init; }

    /// <summary>Row of a cell, from 0; -1 for no cell.</summary>
    public int Row { get; init; } = -1;

    /// <summary>Column of a cell, from 0.</summary>
    public int Column { get; init; } = -1;

    /// <summary>Rows and columns of a range, 1 for a cell.</summary>
    public (int Rows, int Columns) Size { get; init; } = (1, 1);
}

/// <summary>A long text put together: kept in pieces until somebody reads it, so that building one piece by piece costs no more than its length.</summary>
internal sealed class VbaJoined(object left, object right, int length)
{
    private object? left = left;
    private object? right = right;
    private string? text;

    public readonly int Length = length;

    /// <summary>True once the pieces are one text.</summary>
    public bool IsFlat => text is not null;

    public override string ToString()
    {
        if (text is null)
        {
            var pieces = new Stack<object>();
            var rest = new char[Length];
            var at = Length;
            pieces.Push(left!);
            pieces.Push(right!);
            while (pieces.TryPop(out var piece))
            {
                if (piece is VbaJoined { text: null } joined)
                {
                    pieces.Push(joined.left!);
                    pieces.Push(joined.right!);
                    continue;
                }

                var flat = piece as string ?? ((VbaJoined)piece).text!;
                at -= flat.Length;
                flat.CopyTo(0, rest, at, flat.Length);
            }

            text = new string(rest);
            left = right = null;
        }

        return text;
    }
}

/// <summary>What VBA's operators and conversions make of values (MS-VBAL sections 5.5 and 5.6.9), as far as they can be known.</summary>
internal static class VbaValues
{
    /// <summary>Characters of one text at most; longer ones are cut.</summary>
    public const int MaxText = 1 << 20;

    private const int Short = 200;

    public static bool IsUnknown(object? value) => value is VbaUnknown or VbaThing;

    public static bool IsText(object? value) => value is string or VbaJoined;

    /// <summary>As text; a piece that is not known is <see cref="VbaUnknown.Mark"/>.</summary>
    public static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        VbaJoined joined => joined.ToString(),
        double number => Text(number),
        bool truth => truth ? "True" : "False",
        VbaArray array => Bytes(array),
        _ => "\uFFFF",
    };

    private static string Text(double number) =>
        number == Math.Floor(number) && Math.Abs(number) < 1e15 ? ((long)number).ToString(CultureInfo.InvariantCulture) : number.ToString("G15", CultureInfo.InvariantCulture);

    /// <summary>An array of octets as one text.</summary>
    public static string Bytes(VbaArray array)
    {
        var text = new StringBuilder(array.Items.Count);
        foreach (var item in array.Items)
        {
            text.Append(item is double and >= 0 and < 256 ? (char)(double)item : VbaUnknown.Mark);
        }

        return text.ToString();
    }

    /// <summary>The two texts in a row.</summary>
    public static object Join(object? left, object? right)
    {
        var a = left as VbaJoined ?? (object)Text(left);
        var b = right as VbaJoined ?? (object)Text(right);
        var first = a is VbaJoined x ? x.Length : ((string)a).Length;
        var second = b is VbaJoined y ? y.Length : ((string)b).Length;
        return first == 0 ? b : second == 0 ? a
            : first + second > MaxText ? a
            : first + second < Short ? string.Concat(a.ToString(), b.ToString()) : new VbaJoined(a, b, first + second);
    }

    /// <summary>As a number; null where it is not known or none.</summary>
    public static double? Number(object? value)
    {
        switch (value)
        {
            case double number:
                return number;
            case null:
                return 0;
            case bool truth:
                return truth ? -1 : 0;
            case string or VbaJoined:
                var text = Text(value).AsSpan().Trim();
                return text.Length is > 0 and < 40 && double.TryParse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var parsed) ? parsed
                    : text.Length > 2 && text[0] == '&' && text[1] is 'H' or 'h' && text.Length < 12 && long.TryParse(text[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hex) ? hex : null;
            default:
                return null;
        }
    }

    /// <summary>As a whole number; null where it is not known or too large.</summary>
    public static int? Whole(object? value) => Number(value) is { } number && Math.Abs(number) < int.MaxValue ? (int)Math.Round(number, MidpointRounding.ToEven) : null;

    /// <summary>As a condition; null where it is not known.</summary>
    public static bool? Truth(object? value) => value switch
    {
        bool truth => truth,
        string or VbaJoined when Text(value) is var text => text.Equals("true", StringComparison.OrdinalIgnoreCase) ? true : text.Equals("false", StringComparison.OrdinalIgnoreCase) ? false : Number(value) is { } number ? number != 0 : null,
        _ => Number(value) is { } number ? number != 0 : null,
    };

    /// <summary>An operator's result.</summary>
    public static object? Operate(string op, object? left, object? right)
    {
        switch (op)
        {
            case "&":
                return Join(left, right);
            case "+" when IsText(left) && (IsText(right) || IsUnknown(right)):
            case "+" when IsText(right) && IsUnknown(left):
                return Join(left, right);
            case "+" when (IsText(left) && Number(left) is null) || (IsText(right) && Number(right) is null):
                return Join(left, right);
            case "=" or "<>" or "<" or ">" or "<=" or ">=":
                return Compare(op, left, right);
            case "like" or "is":
                return VbaUnknown.Value;
        }

        if (Number(left) is not { } a || Number(right) is not { } b)
        {
            return VbaUnknown.Value;
        }

        double? result = op switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => b == 0 ? null : a / b,
            "\\" => Round(b) == 0 ? null : Math.Truncate(Round(a) / Round(b)),
            "mod" => Round(b) == 0 ? null : Round(a) % Round(b),
            "^" => Math.Pow(a, b),
            _ when Math.Abs(a) < 1e18 && Math.Abs(b) < 1e18 => Bits(op, (long)Round(a), (long)Round(b)),
            _ => null,
        };
        if (result is not { } value || !double.IsFinite(value))
        {
            return VbaUnknown.Value;
        }

        return left is bool && right is bool && op is "and" or "or" or "xor" or "eqv" or "imp" ? value != 0 : value;
    }

    private static double Round(double value) => Math.Round(value, MidpointRounding.ToEven);

    private static double? Bits(string op, long a, long b) => op switch
    {
        "and" => a & b,
        "or" => a | b,
        "xor" => a ^ b,
        "eqv" => ~(a ^ b),
        "imp" => ~a | b,
        _ => null,
    };

    private static object Compare(string op, object? left, object? right)
    {
        if (IsUnknown(left) || IsUnknown(right) || left is VbaArray || right is VbaArray)
        {
            return VbaUnknown.Value;
        }

        int order;
        if ((IsText(left) || left is null) && (IsText(right) || right is null) && !(left is null && right is null))
        {
            var a = Text(left);
            var b = Text(right);
            if (VbaUnknown.IsIn(a) || VbaUnknown.IsIn(b))
            {
                return VbaUnknown.Value;
            }

            order = string.CompareOrdinal(a, b);
        }
        else if (Number(left) is { } x && Number(right) is { } y)
        {
            order = x.CompareTo(y);
        }
        else
        {
            return VbaUnknown.Value;
        }

        return op switch
        {
            "=" => order == 0,
            "<>" => order != 0,
            "<" => order < 0,
            ">" => order > 0,
            "<=" => order <= 0,
            _ => order >= 0,
        };
    }
}
