using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>A reference to another object of a PDF.</summary>
/// <param name="Number">The object's number.</param>
internal sealed record PdfReference(int Number);

/// <summary>A name of a PDF without its slash, <c>#xx</c> decoded.</summary>
/// <param name="Text">The name.</param>
internal sealed record PdfName(string Text);

/// <summary>Reads PDF's values (ISO 32000-1 section 7.3): names, strings, arrays, dictionaries, references, whole numbers, true and false; everything else is null.</summary>
internal ref struct PdfTokens(ReadOnlySpan<byte> octets)
{
    private const int MaxDepth = 60;
    private const int MaxString = 1 << 20;

    private readonly ReadOnlySpan<byte> octets = octets;

    /// <summary>Where reading goes on.</summary>
    public int At { get; set; }

    /// <summary>True where a value has no end or is too deep: what was passed on the way must not be believed.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Goes past blanks and comments.</summary>
    public void SkipBlanks()
    {
        while (At < octets.Length)
        {
            var b = octets[At];
            if (b == '%')
            {
                var end = octets[At..].IndexOfAny((byte)'\r', (byte)'\n');
                At = end < 0 ? octets.Length : At + end;
            }
            else if (!IsBlank(b))
            {
                return;
            }
            else
            {
                At++;
            }
        }
    }

    /// <summary>True, and passed, where this word stands here.</summary>
    public bool TakeWord(ReadOnlySpan<byte> word)
    {
        SkipBlanks();
        if (!octets[At..].StartsWith(word))
        {
            return false;
        }

        At += word.Length;
        return true;
    }

    /// <summary>A whole number that stands here; null, and nothing passed, for anything else.</summary>
    public int? TakeNumber()
    {
        SkipBlanks();
        var start = At;
        long number = 0;
        while (At < octets.Length && octets[At] is >= (byte)'0' and <= (byte)'9')
        {
            number = Math.Min(int.MaxValue, (number * 10) + (octets[At++] - '0'));
        }

        return At == start ? null : (int)number;
    }

    /// <summary>The value that stands here: <see cref="PdfName"/>, octets of a string, list, dictionary, <see cref="PdfReference"/>, <see cref="bool"/>, or null; whole numbers from 0 on as <see cref="int"/>, others as <see cref="long"/>.</summary>
    public object? TakeValue(int depth = 0)
    {
        SkipBlanks();
        if (At >= octets.Length)
        {
            return null;
        }

        switch (octets[At])
        {
            case (byte)'/':
                return Name();
            case (byte)'(':
                return Literal();
            case (byte)'<' when At + 1 < octets.Length && octets[At + 1] == '<':
                return Dictionary(depth);
            case (byte)'<':
                return Hexadecimal();
            case (byte)'[':
                return List(depth);
            case >= (byte)'0' and <= (byte)'9':
                return NumberOrReference();
            case (byte)'-' or (byte)'+':
                var isNegative = octets[At++] == '-';
                return At < octets.Length && octets[At] is >= (byte)'0' and <= (byte)'9' && NumberOrReference() is { } unsigned ? unsigned switch { int whole => isNegative ? -(long)whole : whole, long large => isNegative ? -large : large, _ => null } : null;
            default:
                var start = At;
                while (At < octets.Length && !IsBlank(octets[At]) && !IsDelimiter(octets[At]))
                {
                    At++;
                }

                At += At == start ? 1 : 0;
                var word = octets[start..At];
                return word.SequenceEqual("true"u8) ? true : word.SequenceEqual("false"u8) ? false : null;
        }
    }

    private static bool IsBlank(byte b) => b is 0 or 9 or 10 or 12 or 13 or 32;

    private static bool IsDelimiter(byte b) => b is (byte)'(' or (byte)')' or (byte)'<' or (byte)'>' or (byte)'[' or (byte)']' or (byte)'{' or (byte)'}' or (byte)'/' or (byte)'%';

    private static int Hex(byte b) => b is >= (byte)'0' and <= (byte)'9' ? b - '0' : (b | 0x20) is var l and >= 'a' and <= 'f' ? l - 'a' + 10 : -1;

    private object? NumberOrReference()
    {
        SkipBlanks();
        var start = At;
        var number = TakeNumber();
        if (At < octets.Length && octets[At] == '.')
        {
            At++;
            TakeNumber();
            return null;
        }

        var after = At;
        if (TakeNumber() is not null && TakeWord("R"u8) && (At >= octets.Length || IsBlank(octets[At]) || IsDelimiter(octets[At])))
        {
            return new PdfReference(number!.Value);
        }

        At = after;
        return number == int.MaxValue && long.TryParse(octets[start..after], NumberStyles.None, CultureInfo.InvariantCulture, out var large) ? large : number;
    }

    private PdfName Name()
    {
        At++;
        var name = new StringBuilder();
        while (At < octets.Length && !IsBlank(octets[At]) && !IsDelimiter(octets[At]))
        {
            var b = octets[At++];
            if (b == '#' && At + 1 < octets.Length && Hex(octets[At]) >= 0 && Hex(octets[At + 1]) >= 0)
            {
                b = (byte)((Hex(octets[At]) << 4) | Hex(octets[At + 1]));
                At += 2;
            }

            if (name.Length < 200)
            {
                name.Append((char)b);
            }
        }

        return new PdfName(name.ToString());
    }

    private byte[] Literal()
    {
        At++;
        var text = new List<byte>();
        var depth = 1;
        while (At < octets.Length)
        {
            var b = octets[At++];
            if (b == '\\' && At < octets.Length)
            {
                b = octets[At++];
                if (b is >= (byte)'0' and <= (byte)'7')
                {
                    var value = b - '0';
                    for (var i = 0; i < 2 && At < octets.Length && octets[At] is >= (byte)'0' and <= (byte)'7'; i++)
                    {
                        value = (value * 8) + (octets[At++] - '0');
                    }

                    b = (byte)value;
                }
                else if (b is (byte)'\r' or (byte)'\n')
                {
                    continue;
                }
                else
                {
                    b = b switch { (byte)'n' => 10, (byte)'r' => 13, (byte)'t' => 9, (byte)'b' => 8, (byte)'f' => 12, _ => b };
                }
            }
            else if (b == '(')
            {
                depth++;
            }
            else if (b == ')' && --depth == 0)
            {
                break;
            }

            if (text.Count < MaxString)
            {
                text.Add(b);
            }
        }

        IsLost |= depth > 0;
        return [.. text];
    }

    private byte[] Hexadecimal()
    {
        var end = octets[At..].IndexOf((byte)'>');
        IsLost |= end < 0 || octets.Slice(At + 1, end).Contains((byte)'<');
        var inside = end < 0 ? octets[(At + 1)..] : octets.Slice(At + 1, end - 1);
        At = end < 0 ? octets.Length : At + end + 1;
        return FromHex(inside[..Math.Min(inside.Length, MaxString)]);
    }

    /// <summary>Hexadecimal digits to octets up to <c>&gt;</c>; anything else is skipped, a lonely last digit counts as if a zero followed.</summary>
    internal static byte[] FromHex(ReadOnlySpan<byte> digits)
    {
        var end = digits.IndexOf((byte)'>');
        digits = end < 0 ? digits : digits[..end];
        var result = new List<byte>(digits.Length / 2);
        var half = -1;
        foreach (var digit in digits)
        {
            var value = Hex(digit);
            if (value >= 0)
            {
                if (half >= 0)
                {
                    result.Add((byte)((half << 4) | value));
                }

                half = half < 0 ? value : -1;
            }
        }

        if (half >= 0)
        {
            result.Add((byte)(half << 4));
        }

        return [.. result];
    }

    private List<object?> List(int depth)
    {
        At++;
        var list = new List<object?>();
        while (At < octets.Length)
        {
            SkipBlanks();
            if (At >= octets.Length || octets[At] == ']' || octets[At..].StartsWith("endobj"u8))
            {
                At += At < octets.Length && octets[At] == ']' ? 1 : 0;
                break;
            }

            if (depth >= MaxDepth)
            {
                IsLost = true;
                At = octets.Length;
                break;
            }

            var isNull = octets[At..].StartsWith("null"u8); // Parameters of filters stand by position.
            var value = TakeValue(depth + 1);
            if ((value is not null || isNull) && list.Count < 100_000)
            {
                list.Add(value);
            }
        }

        return list;
    }

    private Dictionary<string, object?> Dictionary(int depth)
    {
        At += 2;
        var dictionary = new Dictionary<string, object?>(StringComparer.Ordinal);
        while (At < octets.Length)
        {
            SkipBlanks();
            if (At >= octets.Length || octets[At] == '>' || octets[At..].StartsWith("endobj"u8) || octets[At..].StartsWith("stream"u8))
            {
                At += octets[Math.Min(At, octets.Length)..].StartsWith(">>"u8) ? 2 : At < octets.Length && octets[At] == '>' ? 1 : 0;
                break;
            }

            if (depth >= MaxDepth)
            {
                IsLost = true;
                At = octets.Length;
                break;
            }

            if (octets[At] != '/')
            {
                TakeValue(depth + 1);
                continue;
            }

            var key = Name().Text;
            dictionary[key] = TakeValue(depth + 1);
        }

        return dictionary;
    }
}
