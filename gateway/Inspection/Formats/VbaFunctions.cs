using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>VBA's own functions (MS-VBAL section 6.1.2) that depend on nothing but their arguments.</summary>
internal static class VbaFunctions
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "asc", "ascb", "ascw", "chr", "chrb", "chrw", "mid", "midb", "left", "leftb", "right", "rightb", "len", "lenb", "lcase", "ucase", "trim", "ltrim", "rtrim", "replace", "split", "join", "strreverse",
        "instr", "instrrev", "string", "space", "val", "cint", "clng", "clnglng", "clngptr", "cdbl", "csng", "ccur", "cbyte", "cdec", "cstr", "cvar", "cbool", "hex", "oct", "int", "fix", "abs", "sgn", "sqr", "sin", "cos", "tan", "atn",
        "log", "exp", "rnd", "round", "array", "ubound", "lbound", "iif", "choose", "switch", "environ", "strconv", "typename", "isarray", "isnumeric", "isempty", "isnull", "isobject", "ismissing", "filter", "format",
        "now", "date", "time", "timer", "dir", "freefile", "curdir", "msgbox", "inputbox", "vartype", "rgb", "lof", "loc", "eof", "cdate", "dateserial", "dateadd", "datediff", "year", "month", "day", "hour", "minute", "second", "weekday",
        "filelen", "fileexists", "getattr", "isdate", "strcomp", "nz", "doevents", "varptr", "strptr", "objptr", "command", "strdup", "getsetting", "getallsettings", "imestatus", "monthname", "weekdayname", "formatnumber", "formatdatetime", "error",
    };

    public static bool Has(string name) => Names.Contains(name);

    /// <summary>A function's value.</summary>
    /// <param name="name">Lower case, one that <see cref="Has"/> knows.</param>
    /// <param name="a">Its arguments; null where left out.</param>
    public static object? Call(string name, object?[] a)
    {
        object? First() => a.Length > 0 ? a[0] : null;
        switch (name)
        {
            case "array":
                return new VbaArray([.. a]);
            case "chr" or "chrw" or "chrb":
                return VbaValues.Whole(First()) is { } code && a.Length > 0 ? ((char)(code & 0xFFFF)).ToString() : "\uFFFF";
            case "asc" or "ascw" or "ascb":
                return VbaValues.IsUnknown(First()) || VbaValues.Text(First()) is not { Length: > 0 } of || of[0] == VbaUnknown.Mark ? VbaUnknown.Value : (double)of[0];
            case "mid" or "midb":
                return Mid(First(), At(a, 1), At(a, 2));
            case "left" or "leftb":
                return Part(First(), At(a, 1), fromRight: false);
            case "right" or "rightb":
                return Part(First(), At(a, 1), fromRight: true);
            case "len" or "lenb":
                return First() is VbaUnknown or VbaThing || VbaValues.Text(First()) is var counted && VbaUnknown.IsIn(counted) ? VbaUnknown.Value : (double)counted.Length;
            case "lcase":
                return VbaValues.Text(First()).ToLowerInvariant();
            case "ucase":
                return VbaValues.Text(First()).ToUpperInvariant();
            case "trim":
                return VbaValues.Text(First()).Trim(' ');
            case "ltrim":
                return VbaValues.Text(First()).TrimStart(' ');
            case "rtrim":
                return VbaValues.Text(First()).TrimEnd(' ');
            case "replace":
                return Replace(a);
            case "split":
                return Split(a);
            case "join":
                return First() is VbaArray joined ? Shortened(string.Join(a.Length > 1 ? VbaValues.Text(a[1]) : " ", joined.Items.Select(VbaValues.Text))) : VbaUnknown.Value;
            case "filter":
                return First() is VbaArray all && a.Length > 1 && VbaValues.Text(a[1]) is var wanted && (a.Length < 3 || VbaValues.Truth(a[2]) is not null)
                    ? new VbaArray([.. all.Items.Where(i => VbaValues.Text(i).Contains(wanted, StringComparison.Ordinal) == (a.Length < 3 || VbaValues.Truth(a[2]) == true))]) : VbaUnknown.Value;
            case "strreverse":
                var letters = VbaValues.Text(First()).ToCharArray();
                Array.Reverse(letters);
                return new string(letters);
            case "instr" or "instrrev":
                return Find(name, a);
            case "strcomp":
                return VbaValues.IsUnknown(First()) || a.Length < 2 || VbaValues.IsUnknown(a[1]) ? VbaUnknown.Value : (double)Math.Sign(string.CompareOrdinal(VbaValues.Text(a[0]), VbaValues.Text(a[1])));
            case "string":
                return VbaValues.Whole(First()) is >= 0 and <= 100_000 and var times && a.Length > 1 && a[1] is not VbaUnknown
                    ? new string(a[1] is double d ? (char)d : VbaValues.Text(a[1]) is { Length: > 0 } t ? t[0] : ' ', times) : "\uFFFF";
            case "space":
                return VbaValues.Whole(First()) is >= 0 and <= 100_000 and var blanks ? new string(' ', blanks) : "\uFFFF";
            case "val":
                return Val(First());
            case "cint" or "clng" or "clnglng" or "clngptr" or "cbyte":
                return VbaValues.Number(First()) is { } n ? Math.Round(n, MidpointRounding.ToEven) : VbaUnknown.Value;
            case "cdbl" or "csng" or "ccur" or "cdec":
                return VbaValues.Number(First()) is { } cd ? cd : VbaUnknown.Value;
            case "cstr":
                return VbaValues.Text(First());
            case "cvar":
                return First();
            case "cbool":
                return VbaValues.Truth(First()) is { } truth ? truth : VbaUnknown.Value;
            case "hex":
                return VbaValues.Number(First()) is { } h && Math.Abs(h) < long.MaxValue ? (h is < 0 and >= int.MinValue ? ((int)h).ToString("X", CultureInfo.InvariantCulture) : ((long)h).ToString("X", CultureInfo.InvariantCulture)) : VbaUnknown.Value;
            case "oct":
                return VbaValues.Whole(First()) is { } o ? Convert.ToString(o, 8) : VbaUnknown.Value;
            case "ubound":
                return First() is VbaArray u ? (double)(u.Lower + u.Items.Count - 1) : VbaUnknown.Value;
            case "lbound":
                return First() is VbaArray l ? (double)l.Lower : VbaUnknown.Value;
            case "iif":
                return a.Length < 3 ? VbaUnknown.Value : VbaValues.Truth(a[0]) switch { true => a[1], false => a[2], null => VbaUnknown.Value };
            case "choose":
                return VbaValues.Whole(First()) is { } which && which >= 1 && which < a.Length ? a[which] : VbaUnknown.Value;
            case "switch":
                for (var i = 0; i + 1 < a.Length; i += 2)
                {
                    if (VbaValues.Truth(a[i]) is not false)
                    {
                        return VbaValues.Truth(a[i]) is true ? a[i + 1] : VbaUnknown.Value;
                    }
                }

                return null;
            case "environ":
                return VbaValues.IsText(First()) ? $"%{VbaValues.Text(First()).ToUpperInvariant()}%" : "\uFFFF";
            case "strconv":
                return Conversion(a);
            case "isarray":
                return First() is VbaArray;
            case "isempty" or "ismissing":
                return VbaValues.IsUnknown(First()) ? VbaUnknown.Value : First() is null;
            case "isnumeric":
                return VbaValues.IsUnknown(First()) ? VbaUnknown.Value : First() is not null && VbaValues.Number(First()) is not null;
            case "vartype" or "typename" or "rnd" or "now" or "date" or "time" or "timer":
                return VbaUnknown.Value;
            case "format" when a.Length == 1:
                return VbaValues.Text(First());
            case "rgb":
                return VbaValues.Number(First()) is { } r && a.Length > 2 && VbaValues.Number(a[1]) is { } g && VbaValues.Number(a[2]) is { } b ? r + (256 * g) + (65536 * b) : VbaUnknown.Value;
            case "freefile":
                return 1.0;
            default:
                return Mathematics(name, VbaValues.Number(First()));
        }
    }

    private static object? At(object?[] a, int index) => index < a.Length ? a[index] : null;

    private static string Shortened(string text) => text.Length > VbaValues.MaxText ? text[..VbaValues.MaxText] : text;

    private static object Mathematics(string name, double? of)
    {
        if (of is not { } x)
        {
            return VbaUnknown.Value;
        }

        var result = name switch
        {
            "int" => Math.Floor(x),
            "fix" => Math.Truncate(x),
            "abs" => Math.Abs(x),
            "sgn" => Math.Sign(x),
            "sqr" => Math.Sqrt(x),
            "sin" => Math.Sin(x),
            "cos" => Math.Cos(x),
            "tan" => Math.Tan(x),
            "atn" => Math.Atan(x),
            "log" => Math.Log(x),
            "exp" => Math.Exp(x),
            "round" => Math.Round(x, MidpointRounding.ToEven),
            _ => double.NaN,
        };
        return double.IsFinite(result) ? result : VbaUnknown.Value;
    }

    private static string Mid(object? value, object? start, object? length)
    {
        var text = VbaValues.Text(value);
        if (VbaValues.Whole(start) is not { } from || (length is not null && VbaValues.Whole(length) is null))
        {
            return "\uFFFF";
        }

        from = Math.Max(from, 1) - 1;
        var count = length is null ? text.Length : VbaValues.Whole(length)!.Value;
        return from >= text.Length || count <= 0 ? "" : text.Substring(from, Math.Min(count, text.Length - from));
    }

    private static string Part(object? value, object? length, bool fromRight)
    {
        var text = VbaValues.Text(value);
        if (VbaValues.Whole(length) is not { } count)
        {
            return "\uFFFF";
        }

        count = Math.Clamp(count, 0, text.Length);
        return fromRight ? text[^count..] : text[..count];
    }

    private static object Replace(object?[] a)
    {
        if (a.Length < 3 || VbaValues.IsUnknown(a[0]))
        {
            return VbaUnknown.Value;
        }

        var old = VbaValues.Text(a[1]);
        var text = VbaValues.Text(a[0]);
        var ignoreCase = a.Length > 5 && VbaValues.Number(a[5]) == 1;
        // What would be replaced is not known: all that is known is what stands there now.
        return old.Length == 0 || VbaUnknown.IsIn(old) ? text
            : Shortened(text.Replace(old, VbaValues.Text(a[2]), ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal));
    }

    private static object Split(object?[] a)
    {
        if (a.Length == 0 || VbaValues.IsUnknown(a[0]))
        {
            return VbaUnknown.Value;
        }

        var separator = a.Length > 1 && a[1] is not null ? VbaValues.Text(a[1]) : " ";
        var text = VbaValues.Text(a[0]);
        return VbaUnknown.IsIn(separator) ? VbaUnknown.Value
            : new VbaArray([.. separator.Length == 0 ? [text] : text.Split(separator, VbaArray.MaxItems, StringSplitOptions.None)]);
    }

    private static object Find(string name, object?[] a)
    {
        var hasStart = name == "instr" && a.Length > 2;
        var shift = hasStart ? 1 : 0;
        if (a.Length < 2 + shift || VbaValues.IsUnknown(a[shift]) || VbaValues.IsUnknown(a[1 + shift]))
        {
            return VbaUnknown.Value;
        }

        var text = VbaValues.Text(a[shift]);
        var sought = VbaValues.Text(a[1 + shift]);
        if (VbaUnknown.IsIn(text) || VbaUnknown.IsIn(sought))
        {
            return VbaUnknown.Value;
        }

        if (name == "instrrev")
        {
            return text.Length == 0 ? 0.0 : text.LastIndexOf(sought, StringComparison.Ordinal) + 1.0;
        }

        var start = hasStart ? VbaValues.Whole(a[0]) ?? 1 : 1;
        return start < 1 || start > text.Length ? 0.0
            : text.IndexOf(sought, start - 1, a.Length > 3 && VbaValues.Number(a[3]) == 1 ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal) + 1.0;
    }

    private static object Val(object? value)
    {
        if (value is double)
        {
            return value;
        }

        if (VbaValues.IsUnknown(value))
        {
            return VbaUnknown.Value;
        }

        var text = VbaValues.Text(value).AsSpan().TrimStart();
        if (text.StartsWith("&H", StringComparison.OrdinalIgnoreCase))
        {
            var digits = 2;
            while (digits < text.Length && digits < 10 && char.IsAsciiHexDigit(text[digits]))
            {
                digits++;
            }

            return digits == 2 ? 0.0 : digits <= 6 ? (short)int.Parse(text[2..digits], NumberStyles.HexNumber, CultureInfo.InvariantCulture) : (double)(int)long.Parse(text[2..digits], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        var end = 0;
        while (end < text.Length && end < 30 && (char.IsAsciiDigit(text[end]) || text[end] == '.' || (end == 0 && text[end] is '-' or '+')))
        {
            end++;
        }

        return double.TryParse(text[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0.0;
    }

    /// <summary>StrConv: 1 upper, 2 lower, 64 octets to text, 128 text to octets.</summary>
    private static object? Conversion(object?[] a)
    {
        if (a.Length < 2 || VbaValues.Whole(a[1]) is not { } how || VbaValues.IsUnknown(a[0]))
        {
            return VbaUnknown.Value;
        }

        var text = VbaValues.Text(a[0]);
        return how switch
        {
            1 => text.ToUpperInvariant(),
            2 => text.ToLowerInvariant(),
            64 => text,
            128 when text.Length <= VbaArray.MaxItems => new VbaArray([.. text.Select(c => (object?)(double)(c & 0xFF))]),
            _ => text,
        };
    }

    /// <summary>What base64 or hexadecimal text says, one character an octet; null where it says nothing.</summary>
    public static string? Decode(string text, bool isHex)
    {
        try
        {
            text = text.Length > VbaValues.MaxText ? text[..VbaValues.MaxText] : text;
            var clean = new StringBuilder(text.Length);
            foreach (var c in text)
            {
                if (!char.IsWhiteSpace(c) && c != '=')
                {
                    clean.Append(c);
                }
            }

            var rest = clean.Length & (isHex ? 1 : 3);
            clean.Length -= isHex ? rest : rest == 1 ? 1 : 0;
            var whole = clean.ToString();
            return Encoding.Latin1.GetString(isHex ? Convert.FromHexString(whole) : Convert.FromBase64String(whole.PadRight((whole.Length + 3) / 4 * 4, '=')));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
