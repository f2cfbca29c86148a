using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Excel's functions of text and numbers, as far as macros hide their words with them. Values are <see cref="double"/>, <see cref="string"/>, <see cref="bool"/> or null.</summary>
internal static class XlmTextFunctions
{
    private const int MaxString = 32_767;

    private static readonly XlmError NoValue = new("#VALUE!");

    private static readonly Dictionary<string, Func<object?[], object?>> All = new(StringComparer.Ordinal)
    {
        ["CHAR"] = a => Whole(a, 0) is > 0 and < 256 and var code ? Windows(code) : NoValue,
        ["UNICHAR"] = a => Whole(a, 0) is > 0 and < 0xD800 and var code ? ((char)code).ToString() : NoValue,
        ["CODE"] = a => Text(a, 0) is { Length: > 0 } text ? (double)WindowsCode(text[0]) : NoValue,
        ["UNICODE"] = a => Text(a, 0) is { Length: > 0 } text ? (double)text[0] : NoValue,
        ["MID"] = a => Middle(Text(a, 0), Whole(a, 1) - 1, Whole(a, 2)),
        ["MIDB"] = a => Middle(Text(a, 0), Whole(a, 1) - 1, Whole(a, 2)),
        ["LEFT"] = a => Middle(Text(a, 0), 0, a.Length > 1 ? Whole(a, 1) : 1),
        ["RIGHT"] = a => Text(a, 0) is var text && (a.Length > 1 ? Whole(a, 1) : 1) is var count && count >= 0 ? text[Math.Max(0, text.Length - count)..] : NoValue,
        ["LEN"] = a => (double)Text(a, 0).Length,
        ["UPPER"] = a => Text(a, 0).ToUpperInvariant(),
        ["LOWER"] = a => Text(a, 0).ToLowerInvariant(),
        ["PROPER"] = a => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(Text(a, 0).ToLowerInvariant()),
        ["TRIM"] = a => string.Join(' ', Text(a, 0).Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        ["CLEAN"] = a => string.Concat(Text(a, 0).Where(c => c >= ' ')),
        ["T"] = a => a.ElementAtOrDefault(0) as string ?? "",
        ["N"] = a => a.ElementAtOrDefault(0) is string ? 0d : Number(a, 0),
        ["REPT"] = a => Repeat(Text(a, 0), Whole(a, 1)),
        ["SUBSTITUTE"] = a => Substitute(Text(a, 0), Text(a, 1), Text(a, 2), a.Length > 3 ? Whole(a, 3) : 0),
        ["REPLACE"] = a => Replace(Text(a, 0), Whole(a, 1) - 1, Whole(a, 2), Text(a, 3)),
        ["EXACT"] = a => string.Equals(Text(a, 0), Text(a, 1), StringComparison.Ordinal),
        ["FIND"] = a => Search(Text(a, 0), Text(a, 1), a.Length > 2 ? Whole(a, 2) : 1, StringComparison.Ordinal),
        ["SEARCH"] = a => Search(Text(a, 0), Text(a, 1), a.Length > 2 ? Whole(a, 2) : 1, StringComparison.OrdinalIgnoreCase),
        ["VALUE"] = a => double.TryParse(Text(a, 0).Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : NoValue,
        ["TEXT"] = a => a.ElementAtOrDefault(0) is string text ? text : Text(a, 1) is var format && format.All(c => c is '0' or '#') && format.Length > 0
            ? Math.Round(Number(a, 0)).ToString(new string('0', Math.Min(format.Count(c => c == '0'), 30)), CultureInfo.InvariantCulture) is { Length: > 0 } rounded ? rounded : "0" : Text(a, 0),
        ["FIXED"] = a => Math.Round(Number(a, 0), Math.Clamp(a.Length > 1 ? Whole(a, 1) : 2, 0, 15)).ToString(CultureInfo.InvariantCulture),
        ["ADDRESS"] = a => XlmText.Cell(Whole(a, 0) - 1, Whole(a, 1) - 1),
        ["INT"] = a => Math.Floor(Number(a, 0)),
        ["TRUNC"] = a => Math.Truncate(Number(a, 0)),
        ["ABS"] = a => Math.Abs(Number(a, 0)),
        ["SIGN"] = a => double.IsNaN(Number(a, 0)) ? NoValue : (double)Math.Sign(Number(a, 0)),
        ["SQRT"] = a => Finite(Math.Sqrt(Number(a, 0))),
        ["EXP"] = a => Finite(Math.Exp(Number(a, 0))),
        ["LN"] = a => Finite(Math.Log(Number(a, 0))),
        ["LOG10"] = a => Finite(Math.Log10(Number(a, 0))),
        ["SIN"] = a => Finite(Math.Sin(Number(a, 0))),
        ["COS"] = a => Finite(Math.Cos(Number(a, 0))),
        ["TAN"] = a => Finite(Math.Tan(Number(a, 0))),
        ["PI"] = _ => Math.PI,
        ["POWER"] = a => Finite(Math.Pow(Number(a, 0), Number(a, 1))),
        ["MOD"] = a => Number(a, 1) is var by && Number(a, 0) is var number ? Finite(number - (by * Math.Floor(number / by))) : NoValue,
        ["QUOTIENT"] = a => Finite(Math.Truncate(Number(a, 0) / Number(a, 1))),
        ["ROUND"] = a => Round(a, x => Math.Round(x, MidpointRounding.AwayFromZero)),
        ["ROUNDUP"] = a => Round(a, x => x < 0 ? Math.Floor(x) : Math.Ceiling(x)),
        ["ROUNDDOWN"] = a => Round(a, Math.Truncate),
        ["BITXOR"] = a => (double)(Bits(a, 0) ^ Bits(a, 1)),
        ["BITAND"] = a => (double)(Bits(a, 0) & Bits(a, 1)),
        ["BITOR"] = a => (double)(Bits(a, 0) | Bits(a, 1)),
        ["HEX2DEC"] = a => long.TryParse(Text(a, 0), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number) ? (double)number : NoValue,
        ["DEC2HEX"] = a => Bits(a, 0).ToString("X", CultureInfo.InvariantCulture),
        ["NOT"] = a => a.ElementAtOrDefault(0) switch { bool truth => !truth, null => true, _ => Number(a, 0) == 0 },
        ["TRUE"] = _ => true,
        ["FALSE"] = _ => false,
        ["ISERROR"] = a => a.ElementAtOrDefault(0) is XlmError,
        ["ISERR"] = a => a.ElementAtOrDefault(0) is XlmError { Text: not "#N/A" },
        ["ISNA"] = a => a.ElementAtOrDefault(0) is XlmError { Text: "#N/A" },
        ["IFERROR"] = a => a.ElementAtOrDefault(0) is XlmError ? a.ElementAtOrDefault(1) : a.ElementAtOrDefault(0),
        ["ISNUMBER"] = a => a.ElementAtOrDefault(0) is double,
        ["ISTEXT"] = a => a.ElementAtOrDefault(0) is string,
        ["ISBLANK"] = a => a.ElementAtOrDefault(0) is null,
        ["TYPE"] = a => a.ElementAtOrDefault(0) switch { string => 2d, bool => 4d, XlmError => 16d, _ => 1d },
        ["NA"] = _ => new XlmError("#N/A"),
    };

    /// <summary>True for a function that is worked out here.</summary>
    public static bool IsKnown(string name) => All.ContainsKey(name);

    /// <summary>Works it out; an error constant where the arguments do not fit.</summary>
    public static object? Call(string name, object?[] arguments)
    {
        try
        {
            var value = All[name](arguments);
            return value is double number && !double.IsFinite(number) ? NoValue : value;
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            return NoValue;
        }
    }

    private static object Finite(double number) => double.IsFinite(number) ? number : new XlmError("#NUM!");

    private static string Text(object?[] arguments, int index) => arguments.ElementAtOrDefault(index) switch
    {
        string text => text,
        double number => XlmText.Number(number),
        bool truth => truth ? "TRUE" : "FALSE",
        _ => "",
    };

    private static double Number(object?[] arguments, int index) => arguments.ElementAtOrDefault(index) switch
    {
        double number => number,
        bool truth => truth ? 1 : 0,
        string text => double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN,
        _ => 0,
    };

    private static int Whole(object?[] arguments, int index) =>
        Number(arguments, index) is var number && double.IsNaN(number) ? throw new ArgumentException("Not a number.") : (int)Math.Clamp(Math.Floor(number), -(1 << 30), 1 << 30);

    private static long Bits(object?[] arguments, int index) =>
        Number(arguments, index) is var number && double.IsNaN(number) ? throw new ArgumentException("Not a number.") : (long)Math.Clamp(number, -(1L << 48), 1L << 48);

    private static object Round(object?[] arguments, Func<double, double> how)
    {
        var power = Math.Pow(10, Math.Clamp(arguments.Length > 1 ? Whole(arguments, 1) : 0, -15, 15));
        return Finite(how(Number(arguments, 0) * power) / power);
    }

    private static object Middle(string text, int start, int count) =>
        start < 0 || count < 0 ? NoValue : start >= text.Length ? "" : text.Substring(start, Math.Min(count, text.Length - start));

    private static object Repeat(string text, int count)
    {
        if (count < 0 || (long)count * text.Length > MaxString)
        {
            return NoValue;
        }

        return new StringBuilder(count * text.Length).Insert(0, text, count).ToString();
    }

    private static object Replace(string text, int start, int count, string with) =>
        start < 0 || count < 0 ? NoValue : string.Concat(text.AsSpan(0, Math.Min(start, text.Length)), with, text.AsSpan((int)Math.Min((long)start + count, text.Length)));

    private static string Substitute(string text, string old, string with, int which)
    {
        if (old.Length == 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var at = 0;
        for (var found = 1; text.IndexOf(old, at, StringComparison.Ordinal) is >= 0 and var next && result.Length <= MaxString; found++)
        {
            result.Append(text, at, next - at).Append(which <= 0 || found == which ? with : old);
            at = next + old.Length;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private static object Search(string what, string text, int start, StringComparison how) =>
        start < 1 || start > text.Length + 1 ? NoValue : text.IndexOf(what, start - 1, how) is >= 0 and var found ? found + 1d : NoValue;

    /// <summary>Characters of Windows code page 1252, which CHAR counts in.</summary>
    private static string Windows(int code) => code is >= 0x80 and < 0xA0 ? Encoding.GetEncoding(1252).GetString([(byte)code]) : ((char)code).ToString();

    private static int WindowsCode(char c) => c < 0x80 || (c >= 0xA0 && c < 0x100) ? c : Encoding.GetEncoding(1252).GetBytes([c])[0];
}
