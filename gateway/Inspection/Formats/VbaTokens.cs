namespace Sekisho.Inspection.Formats;

/// <summary>What a VBA token is (MS-VBAL section 3.3).</summary>
internal enum VbaTokenKind : byte
{
    /// <summary>The end of a logical line.</summary>
    Line,

    /// <summary>A name or keyword, lower case, without brackets and type suffix.</summary>
    Word,

    /// <summary>A number as written.</summary>
    Number,

    /// <summary>A string, its quotes undone.</summary>
    Text,

    /// <summary>A date between number signs.</summary>
    Date,

    /// <summary>Anything else: operators, brackets, the colon.</summary>
    Symbol,
}

/// <summary>One token.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its normal form; equal names are the same string.</param>
/// <param name="At">Where it begins in the source.</param>
/// <param name="IsSpaced">True where a blank stands before it.</param>
internal readonly record struct VbaToken(VbaTokenKind Kind, string Text, int At, bool IsSpaced)
{
    public bool Is(string text) => Kind is VbaTokenKind.Word or VbaTokenKind.Symbol && Text == text;
}

/// <summary>Takes VBA source apart into tokens in one pass: comments, blanks, line continuations, attributes and conditional compilation are gone.</summary>
/// <param name="names">Names met so far, so that equal ones are one string.</param>
internal sealed class VbaTokens(Dictionary<string, string> names)
{
    /// <summary>Tokens of one project at most: some four million characters of code as people write it.</summary>
    public const int MaxTokens = 600_000;

    private static readonly string[] Symbols = [.. Enumerable.Range(0, 128).Select(c => ((char)c).ToString())];
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> known = names.GetAlternateLookup<ReadOnlySpan<char>>();
    private readonly List<VbaToken> tokens = [];
    private string source = "";
    private int most;

    /// <summary>A table of names for one project.</summary>
    public static Dictionary<string, string> NewNames() => new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True where the source has more tokens than were asked for.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The tokens of a module; the list is used again by the next call.</summary>
    /// <param name="text">The module's source.</param>
    /// <param name="longest">How many tokens at most.</param>
    public List<VbaToken> Read(string text, int longest = MaxTokens)
    {
        source = text;
        most = longest;
        IsCut = false;
        tokens.Clear();
        var at = 0;
        var isStart = true;
        while (at < text.Length)
        {
            if (tokens.Count >= most)
            {
                IsCut = true;
                break;
            }

            var before = at;
            at = Blanks(at);
            if (at >= text.Length)
            {
                break;
            }

            at = One(at, at > before, ref isStart);
        }

        Add(VbaTokenKind.Line, "\n", text.Length, false);
        return tokens;
    }

    private int One(int at, bool spaced, ref bool isStart)
    {
        var c = source[at];
        switch (c)
        {
            case '\r' or '\n' or '\u2028' or '\u2029':
                if (tokens.Count > 0 && tokens[^1].Kind != VbaTokenKind.Line)
                {
                    Add(VbaTokenKind.Line, "\n", at, spaced);
                }

                isStart = true;
                return at + 1;
            case '\'':
                return Rest(at);
            case '"':
                isStart = false;
                return Text(at, spaced);
            case '#' when isStart && IsDirective(at):
                return Rest(at);
            case '#' when DateEnd(at) is var end and > 0:
                isStart = false;
                Add(VbaTokenKind.Date, source[at..end], at, spaced);
                return end;
            case '&' when at + 2 < source.Length && !FollowsOperand(spaced) && IsBased(at):
                isStart = false;
                return Based(at, spaced);
            case '.' when at + 1 < source.Length && char.IsAsciiDigit(source[at + 1]) && !FollowsOperand(spaced):
                isStart = false;
                return Number(at, spaced);
        }

        if (char.IsAsciiDigit(c))
        {
            isStart = false;
            return Number(at, spaced);
        }

        if (c == '[' || IsLetter(c))
        {
            return Word(at, spaced, ref isStart);
        }

        isStart = c == ':';
        Add(VbaTokenKind.Symbol, c < 128 ? Symbols[c] : c.ToString(), at, spaced);
        return at + 1;
    }

    private void Add(VbaTokenKind kind, string text, int at, bool spaced) => tokens.Add(new VbaToken(kind, text, at, spaced));

    private static bool IsLetter(char c) => char.IsAsciiLetter(c) || c == '_' || (c >= 128 && char.IsLetter(c));

    private static bool IsPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_' || (c >= 128 && (char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark));

    /// <summary>Over blanks and line continuations (MS-VBAL section 3.2.2).</summary>
    private int Blanks(int at)
    {
        while (at < source.Length)
        {
            var c = source[at];
            if (c is ' ' or '\t' or '\u3000' or '\u00A0' or '\u0019' or '\0' or '\uFEFF')
            {
                at++;
            }
            else if (c == '_' && (at == 0 || source[at - 1] is ' ' or '\t' or '\n') && LineEnd(at + 1) is var end and > 0)
            {
                at = end;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    /// <summary>Where the next line begins, if nothing but blanks stands before it; -1 otherwise.</summary>
    private int LineEnd(int at)
    {
        while (at < source.Length && source[at] is ' ' or '\t')
        {
            at++;
        }

        return at >= source.Length || source[at] is not ('\r' or '\n') ? -1
            : at + 1 < source.Length && source[at] == '\r' && source[at + 1] == '\n' ? at + 2 : at + 1;
    }

    /// <summary>The end of a comment, which a continuation carries on to the next line.</summary>
    private int Rest(int at)
    {
        while (true)
        {
            var end = source.AsSpan(at).IndexOfAny('\r', '\n');
            if (end < 0)
            {
                return source.Length;
            }

            var line = source.AsSpan(at, end).TrimEnd(" \t");
            at += end;
            if (line.Length < 2 || line[^1] != '_' || line[^2] is not (' ' or '\t'))
            {
                return at;
            }

            at = LineEnd(at);
        }
    }

    private int Text(int at, bool spaced)
    {
        var start = at + 1;
        var end = start;
        var doubled = false;
        while (end < source.Length && source[end] is not ('\r' or '\n'))
        {
            if (source[end] == '"')
            {
                if (end + 1 >= source.Length || source[end + 1] != '"')
                {
                    break;
                }

                doubled = true;
                end++;
            }

            end++;
        }

        var text = source[start..end];
        Add(VbaTokenKind.Text, doubled ? text.Replace("\"\"", "\"", StringComparison.Ordinal) : text, at, spaced);
        return end < source.Length && source[end] == '"' ? end + 1 : end;
    }

    /// <summary>True for <c>#If</c>, <c>#Const</c> and so on; code of every branch is kept.</summary>
    private bool IsDirective(int at)
    {
        var end = at + 1;
        while (end < source.Length && char.IsAsciiLetter(source[end]))
        {
            end++;
        }

        return source.AsSpan(at + 1, end - at - 1) is var word && (word.Equals("if", StringComparison.OrdinalIgnoreCase) || word.Equals("else", StringComparison.OrdinalIgnoreCase)
            || word.Equals("elseif", StringComparison.OrdinalIgnoreCase) || word.Equals("end", StringComparison.OrdinalIgnoreCase) || word.Equals("const", StringComparison.OrdinalIgnoreCase));
    }

    private int DateEnd(int at)
    {
        var marks = 0;
        for (var end = at + 1; end < source.Length && end - at < 40; end++)
        {
            var c = source[end];
            if (c == '#')
            {
                return marks > 0 ? end + 1 : -1;
            }

            if (!char.IsAsciiLetterOrDigit(c) && c is not (' ' or '/' or ':' or '-' or '.' or ','))
            {
                return -1;
            }

            marks += c is '/' or ':' or '-' ? 1 : 0;
        }

        return -1;
    }

    /// <summary>True where the token before can be the left side of an operator, so that an ampersand is one.</summary>
    private bool FollowsOperand(bool spaced) => tokens.Count > 0 && tokens[^1] is { Kind: not VbaTokenKind.Line } last
        && (last.Kind is VbaTokenKind.Text or VbaTokenKind.Number or VbaTokenKind.Date || last.Is(")") || (last.Kind == VbaTokenKind.Word && !spaced));

    private bool IsBased(int at) => source[at + 1] switch
    {
        'h' or 'H' => char.IsAsciiHexDigit(source[at + 2]),
        'o' or 'O' => source[at + 2] is >= '0' and <= '7',
        _ => false,
    };

    private int Based(int at, bool spaced)
    {
        var end = at + 2;
        while (end < source.Length && char.IsAsciiHexDigit(source[end]))
        {
            end++;
        }

        Add(VbaTokenKind.Number, source[at..end].ToUpperInvariant(), at, spaced);
        return Suffix(end);
    }

    private int Number(int at, bool spaced)
    {
        var end = at;
        while (end < source.Length && (char.IsAsciiDigit(source[end]) || source[end] == '.'))
        {
            end++;
        }

        if (end + 1 < source.Length && source[end] is 'e' or 'E' or 'd' or 'D' && (char.IsAsciiDigit(source[end + 1]) || (source[end + 1] is '+' or '-' && end + 2 < source.Length && char.IsAsciiDigit(source[end + 2]))))
        {
            end += 2;
            while (end < source.Length && char.IsAsciiDigit(source[end]))
            {
                end++;
            }
        }

        Add(VbaTokenKind.Number, source[at..end], at, spaced);
        return Suffix(end);
    }

    private int Word(int at, bool spaced, ref bool isStart)
    {
        int start = at, end;
        if (source[at] == '[')
        {
            start = at + 1;
            end = start;
            while (end < source.Length && source[end] is not (']' or '\r' or '\n'))
            {
                end++;
            }
        }
        else
        {
            end = at;
            while (end < source.Length && IsPart(source[end]))
            {
                end++;
            }
        }

        var span = source.AsSpan(start, end - start);
        if (isStart && (span.Equals("rem", StringComparison.OrdinalIgnoreCase) || (span.Equals("attribute", StringComparison.OrdinalIgnoreCase) && end < source.Length && source[end] is ' ')))
        {
            return Rest(end);
        }

        isStart = span.Equals("then", StringComparison.OrdinalIgnoreCase) || span.Equals("else", StringComparison.OrdinalIgnoreCase);
        Add(VbaTokenKind.Word, Name(span), at, spaced);
        return source[at] == '[' ? (end < source.Length && source[end] == ']' ? end + 1 : end) : Suffix(end);
    }

    private string Name(ReadOnlySpan<char> span)
    {
        if (!known.TryGetValue(span, out var name))
        {
            name = span.ToString().ToLowerInvariant();
            known[span] = name;
        }

        return name;
    }

    /// <summary>Over a type suffix. An ampersand is one only where no operand follows it: <c>a&amp;b</c> joins.</summary>
    private int Suffix(int at)
    {
        if (at >= source.Length)
        {
            return at;
        }

        switch (source[at])
        {
            case '$' or '%' or '@' or '^':
                return at + 1;
            case '!' or '#':
                return at + 1 < source.Length && (IsPart(source[at + 1]) || source[at + 1] is '[' or '"') ? at : at + 1;
            case '&':
                var next = at + 1;
                while (next < source.Length && source[next] is ' ' or '\t')
                {
                    next++;
                }

                return next < source.Length && (IsPart(source[next]) || source[next] is '"' or '(' or '[' or '-') ? at : at + 1;
            default:
                return at;
        }
    }
}
