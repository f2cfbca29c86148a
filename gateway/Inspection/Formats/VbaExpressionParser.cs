using System.Globalization;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads expressions of VBA (MS-VBAL section 5.6) from tokens; what is no expression becomes an unknown value, never an error.</summary>
internal class VbaExpressionParser
{
    private const int MaxDepth = 60;
    private const int MaxPostfix = 60;
    private const int MaxArguments = 20_000;

    /// <summary>From the loosest to the tightest (section 5.6.9.1); Not and the sign stand between.</summary>
    private static readonly string[][] Ranks =
    [
        ["imp"], ["eqv"], ["xor"], ["or"], ["and"], [], ["=", "<", ">", "like", "is"], ["&"], ["+", "-"], ["mod"], ["\\"], ["*", "/"], [], ["^"],
    ];

    private const int NotRank = 5;
    private const int SignRank = 12;

    private static readonly VbaLiteral Unknown = new(VbaUnknown.Value);
    private static readonly VbaLiteral Nothing = new(null);
    private static readonly VbaLiteral True = new(true);
    private static readonly VbaLiteral False = new(false);

    /// <summary>Words that end an expression.</summary>
    private static readonly HashSet<string> Enders = new(StringComparer.Ordinal) { "then", "to", "step", "else", "as", "for", "access", "goto", "gosub", "lock", "shared" };

    private int depth;

    protected List<VbaToken> Tokens { get; set; } = [];

    protected int At { get; set; }

    protected VbaToken Now => At < Tokens.Count ? Tokens[At] : new VbaToken(VbaTokenKind.Line, "\n", 0, false);

    protected VbaToken Ahead(int by) => At + by < Tokens.Count ? Tokens[At + by] : new VbaToken(VbaTokenKind.Line, "\n", 0, false);

    protected bool IsEnd => Now.Kind == VbaTokenKind.Line || Now.Is(":");

    protected bool Take(string text)
    {
        if (!Now.Is(text))
        {
            return false;
        }

        At++;
        return true;
    }

    /// <summary>An expression; unknown where none stands.</summary>
    protected VbaExpression Expression() => Ranked(0);

    private VbaExpression Ranked(int rank)
    {
        if (rank == Ranks.Length)
        {
            return Postfix();
        }

        if (rank == NotRank)
        {
            return Take("not") ? Deeper(() => new VbaUnary("not", Ranked(NotRank))) : Ranked(rank + 1);
        }

        if (rank == SignRank)
        {
            return Take("-") ? Deeper(() => new VbaUnary("-", Ranked(SignRank))) : Take("+") ? Deeper(() => Ranked(SignRank)) : Ranked(rank + 1);
        }

        // Most expressions are one operand: straight to it, and back up only as far as its operator asks.
        var first = Ranked(rank + 1);
        if (Operator(rank) is not { } op)
        {
            return first;
        }

        var rest = new List<(string, VbaExpression)>();
        do
        {
            // After an exponent, or a comparison with a minus, the sign belongs to the operand.
            rest.Add((op, Ranked(rank == Ranks.Length - 1 ? SignRank : rank + 1)));
            op = Operator(rank);
        }
        while (op is not null);
        return new VbaChain(first, [.. rest]);
    }

    private string? Operator(int rank)
    {
        var now = Now;
        if (now.Kind is not (VbaTokenKind.Symbol or VbaTokenKind.Word) || Array.IndexOf(Ranks[rank], now.Text) < 0)
        {
            return null;
        }

        At++;
        if (now.Text is "<" or ">" or "=" && Now is { Kind: VbaTokenKind.Symbol, Text: "=" or ">" or "<", IsSpaced: false } second && second.Text != now.Text)
        {
            At++;
            return (now.Text, second.Text) switch
            {
                ("<", ">") or (">", "<") => "<>",
                ("<", _) or ("=", "<") => "<=",
                _ => ">=",
            };
        }

        return now.Text;
    }

    private VbaExpression Deeper(Func<VbaExpression> read)
    {
        if (depth >= MaxDepth)
        {
            SkipNested();
            return Unknown;
        }

        depth++;
        var result = read();
        depth--;
        return result;
    }

    /// <summary>To the end of the statement: nobody writes that deep.</summary>
    private void SkipNested()
    {
        while (!IsEnd)
        {
            At++;
        }
    }

    /// <summary>An operand with what follows it: members, calls, indexes.</summary>
    protected VbaExpression Postfix(bool isStatement = false)
    {
        var operand = Primary();
        for (var count = 0; ; count++)
        {
            var now = Now;
            if (now.Kind != VbaTokenKind.Symbol)
            {
                return operand;
            }

            if (count >= MaxPostfix)
            {
                SkipNested();
                return Unknown;
            }

            if (now.Text == "." && Ahead(1).Kind == VbaTokenKind.Word)
            {
                operand = new VbaMember(operand, Ahead(1).Text);
                At += 2;
            }
            else if (now.Text == "!" && Ahead(1).Kind == VbaTokenKind.Word)
            {
                operand = new VbaIndex(operand, [new VbaArgument(null, new VbaLiteral(Ahead(1).Text))]);
                At += 2;
            }
            else if (now.Text == "(")
            {
                var before = At;
                At++;
                var arguments = Deeper(() => new VbaIndex(operand, Arguments(")")));
                // "Foo (x) & y" and "Foo (x), y" call Foo with what only begins with a bracket.
                if (isStatement && now.IsSpaced && !IsEnd && Now is not { Kind: VbaTokenKind.Symbol, Text: "=" or "." or "(" or "!" } && !Now.Is("else"))
                {
                    At = before;
                    return operand;
                }

                operand = arguments;
            }
            else
            {
                return operand;
            }
        }
    }

    /// <summary>Arguments up to a closing bracket, or the statement's end where there is none to wait for.</summary>
    protected VbaArgument[] Arguments(string? closing)
    {
        if (closing is not null && Take(closing))
        {
            return [];
        }

        var arguments = new List<VbaArgument>();
        while (arguments.Count < MaxArguments)
        {
            var start = At;
            if (Now.Is(",") || (closing is not null && Now.Is(closing)) || IsEnd)
            {
                arguments.Add(new VbaArgument(null, null));
            }
            else if (Now.Kind == VbaTokenKind.Word && Ahead(1).Is(":") && Ahead(2).Is("=") && !Ahead(2).IsSpaced)
            {
                var name = Now.Text;
                At += 3;
                arguments.Add(new VbaArgument(name, Expression()));
            }
            else
            {
                var value = Expression();
                if (Take("to"))
                {
                    value = Expression(); // Bounds: the upper one.
                }

                arguments.Add(new VbaArgument(null, value));
            }

            if (Take(",") || (closing is not null && Take(";")))
            {
                continue;
            }

            if (closing is null ? IsEnd || Now.Is("else") : Take(closing) || IsEnd)
            {
                break;
            }

            if (At == start || closing is null)
            {
                At++; // Nothing that belongs here.
            }
        }

        return [.. arguments];
    }

    private VbaExpression Primary()
    {
        var now = Now;
        switch (now.Kind)
        {
            case VbaTokenKind.Text:
                At++;
                return new VbaLiteral(now.Text);
            case VbaTokenKind.Number:
                At++;
                return new VbaLiteral(Number(now.Text));
            case VbaTokenKind.Date:
                At++;
                return Unknown;
            case VbaTokenKind.Word:
                return Word(now);
            case VbaTokenKind.Symbol when now.Text == "(":
                At++;
                return Deeper(() =>
                {
                    var inner = Expression();
                    Take(")");
                    return inner;
                });
            case VbaTokenKind.Symbol when now.Text is "." or "!" && Ahead(1).Kind == VbaTokenKind.Word:
                At += 2;
                return new VbaMember(null, Tokens[At - 1].Text);
            case VbaTokenKind.Symbol when now.Text == "#":
                At++;
                return Postfix();
            case VbaTokenKind.Symbol when now.Text is not ("," or ")" or ":" or ";" or "="):
                At++;
                return Unknown;
            default:
                return Unknown;
        }
    }

    private VbaExpression Word(VbaToken now)
    {
        if (Enders.Contains(now.Text))
        {
            return Unknown;
        }

        At++;
        switch (now.Text)
        {
            case "true":
                return True;
            case "false":
                return False;
            case "nothing" or "empty" or "null":
                return Nothing;
            case "new" or "addressof" when Now.Kind == VbaTokenKind.Word:
                var name = Now.Text;
                At++;
                while (Now.Is(".") && Ahead(1).Kind == VbaTokenKind.Word)
                {
                    name = $"{name}.{Ahead(1).Text}";
                    At += 2;
                    if (name.Length > 300)
                    {
                        break;
                    }
                }

                return new VbaNamed(now.Text, name);
            case "typeof" or "byval":
                return Deeper(() => Postfix());
            default:
                return new VbaName(now.Text);
        }
    }

    private static object? Number(string text)
    {
        if (text[0] == '&')
        {
            var isHex = text[1] == 'H';
            var digits = text.AsSpan(2);
            if (digits.Length > 16 || !TryBased(digits, isHex ? 16 : 8, out var value))
            {
                return VbaUnknown.Value;
            }

            // Four digits are an Integer, eight a Long: their highest bit is the sign.
            return digits.Length <= 4 && isHex ? (double)(short)value : digits.Length <= 8 && isHex ? (double)(int)value : (double)value;
        }

        return double.TryParse(text.AsSpan().TrimEnd('.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : VbaUnknown.Value;
    }

    private static bool TryBased(ReadOnlySpan<char> digits, int radix, out long value)
    {
        value = 0;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
            if (digit >= radix)
            {
                return false;
            }

            value = (value * radix) + digit;
        }

        return true;
    }
}
