namespace Sekisho.Inspection.Signatures;

/// <summary>One comparison of a STIX pattern, such as <c>url:value = 'http://…'</c>.</summary>
internal readonly record struct StixComparison(string Path, string Value);

/// <summary>Reads the patterns of STIX indicators (STIX 2.1 section 9) as far as single values are asked for.</summary>
/// <remarks>
/// The result is a list of alternatives, each a list of comparisons that must all hold. What asks for more than equality (NOT, LIKE, sequences in time)
/// cannot be answered from single values and is refused.
/// </remarks>
internal sealed class StixPattern
{
    private const int MaxDepth = 20;
    private const int MaxAlternatives = 10_000;

    private readonly string text;
    private int at;
    private int depth;

    private StixPattern(string text) => this.text = text;

    /// <summary>The alternatives; null, and why, for what is not understood.</summary>
    public static List<List<StixComparison>>? Read(string pattern, out string why)
    {
        var reader = new StixPattern(pattern);
        try
        {
            why = "";
            var alternatives = reader.Observations();
            return reader.at == pattern.Length ? alternatives : throw reader.Fault("something stands behind the pattern's end");
        }
        catch (InvalidDataException e)
        {
            why = e.Message;
            return null;
        }
    }

    private List<List<StixComparison>> Observations()
    {
        var all = Observation();
        while (true)
        {
            Blanks();
            if (!TryWord("OR"))
            {
                return at < text.Length && text[at] != ')' ? throw Fault("only observations joined by OR are understood") : all;
            }

            all.AddRange(Observation());
            Check(all.Count);
        }
    }

    private List<List<StixComparison>> Observation()
    {
        Blanks();
        var open = Next();
        if (open is not ('[' or '('))
        {
            throw Fault("[ is expected");
        }

        Deeper();
        var inner = open == '[' ? Alternatives() : Observations();
        depth--;
        Blanks();
        return Next() == (open == '[' ? ']' : ')') ? inner : throw Fault("the bracket is not closed");
    }

    private List<List<StixComparison>> Alternatives()
    {
        var all = Together();
        Blanks();
        while (TryWord("OR"))
        {
            all.AddRange(Together());
            Check(all.Count);
            Blanks();
        }

        return all;
    }

    private List<List<StixComparison>> Together()
    {
        var all = Term();
        Blanks();
        while (TryWord("AND"))
        {
            var next = Term();
            Check(all.Count * (long)next.Count);
            all = [.. all.SelectMany(a => next, (a, b) => new List<StixComparison>([.. a, .. b]))];
            Check(all.Sum(a => a.Count));
            Blanks();
        }

        return all;
    }

    private List<List<StixComparison>> Term()
    {
        Blanks();
        if (at < text.Length && text[at] == '(')
        {
            at++;
            Deeper();
            var inner = Alternatives();
            depth--;
            Blanks();
            return Next() == ')' ? inner : throw Fault("the bracket is not closed");
        }

        var path = ObjectPath();
        Blanks();
        if (TryWord("IN"))
        {
            Blanks();
            if (Next() != '(')
            {
                throw Fault("( is expected");
            }

            var values = new List<List<StixComparison>>();
            do
            {
                Check(values.Count);
                values.Add([new StixComparison(path, Value())]);
                Blanks();
            }
            while (TryChar(','));
            return Next() == ')' ? values : throw Fault("the list is not closed");
        }

        if (Next() != '=')
        {
            throw Fault("only = and IN are understood");
        }

        TryChar('=');
        return [[new StixComparison(path, Value())]];
    }

    private string ObjectPath()
    {
        var from = at;
        while (at < text.Length && text[at] is not (' ' or '\t' or '\r' or '\n' or '=' or '!' or '<' or '>' or '(' or ')' or ']'))
        {
            if (text[at] == '\'')
            {
                var close = text.IndexOf('\'', at + 1);
                at = close < 0 ? throw Fault("the quote is not closed") : close;
            }
            else if (text[at] == '[')
            {
                throw Fault("lists within an object are not understood");
            }

            at++;
        }

        var path = text[from..at].Replace("'", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal).ToLowerInvariant();
        return path.Contains(':', StringComparison.Ordinal) ? path : throw Fault("an object path such as url:value is expected");
    }

    private string Value()
    {
        Blanks();
        if (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            var from = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            return text[from..at];
        }

        if (Next() != '\'')
        {
            throw Fault("a value in single quotes is expected");
        }

        var value = new System.Text.StringBuilder();
        while (true)
        {
            var c = Next();
            if (c == '\'')
            {
                return value.ToString();
            }

            value.Append(c == '\\' ? Next() : c);
        }
    }

    private char Next() => at < text.Length ? text[at++] : throw Fault("it ends too early");

    private bool TryChar(char c)
    {
        if (at < text.Length && text[at] == c)
        {
            at++;
            return true;
        }

        return false;
    }

    private bool TryWord(string word)
    {
        if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0 || (at + word.Length < text.Length && char.IsAsciiLetter(text[at + word.Length])))
        {
            return false;
        }

        at += word.Length;
        return true;
    }

    private void Blanks()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }

    private void Deeper()
    {
        if (++depth > MaxDepth)
        {
            throw Fault("brackets stand too deep");
        }
    }

    private void Check(long count)
    {
        if (count > MaxAlternatives)
        {
            throw Fault("too many alternatives");
        }
    }

    private InvalidDataException Fault(string what) => new($"character {at} of the pattern: {what}");
}
