using System.Globalization;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads formulas as text: Excel's grammar with references in A1 and R1C1 style.</summary>
internal sealed class XlmParser(string text)
{
    private const int MaxDepth = 100;
    private const int MaxNodes = 20_000;
    private static readonly XlmConstant Missing = new((object?)null);

    private int at;
    private int depth;
    private int nodes;

    /// <summary>The whole text as one expression.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public XlmExpression Whole()
    {
        if (text.Length > XlmTokens.MaxText)
        {
            throw new FormatException("Too long.");
        }

        var expression = Binary(0);
        Space();
        return at == text.Length ? expression : throw new FormatException("More than one formula.");
    }

    private void Space()
    {
        while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] is '@'))
        {
            at++;
        }
    }

    private bool Take(char c)
    {
        Space();
        if (at < text.Length && text[at] == c)
        {
            at++;
            return true;
        }

        return false;
    }

    /// <summary>Operators by how tightly they bind: comparison, joining, sums, products, powers.</summary>
    private string? Operator(int level)
    {
        Space();
        if (at >= text.Length)
        {
            return null;
        }

        var c = text[at];
        var two = at + 1 < text.Length ? text.Substring(at, 2) : "";
        return level switch
        {
            0 => two is "<>" or "<=" or ">=" ? two : c is '=' or '<' or '>' ? c.ToString() : null,
            1 => c == '&' ? "&" : null,
            2 => c is '+' or '-' ? c.ToString() : null,
            3 => c is '*' or '/' ? c.ToString() : null,
            _ => c == '^' ? "^" : null,
        };
    }

    private XlmExpression Binary(int level)
    {
        if (level > 4)
        {
            return Unary();
        }

        var left = Binary(level + 1);
        while (Operator(level) is { } sign)
        {
            at += sign.Length;
            Count();
            left = new XlmBinary(sign, left, Binary(level + 1));
        }

        return left;
    }

    private void Count()
    {
        if (++nodes > MaxNodes)
        {
            throw new FormatException("Too many operands.");
        }
    }

    private XlmExpression Unary()
    {
        Count();
        if (++depth > MaxDepth)
        {
            throw new FormatException("Too deep.");
        }

        Space();
        XlmExpression operand;
        if (at < text.Length && text[at] is '+' or '-')
        {
            var sign = text[at++];
            operand = new XlmUnary(sign, Unary());
        }
        else
        {
            operand = Postfix(Primary());
        }

        depth--;
        return operand;
    }

    private XlmExpression Postfix(XlmExpression operand)
    {
        for (var more = true; more;)
        {
            more = false;
            if (operand is XlmReference or XlmNamed && at < text.Length && text[at] == '(')
            {
                operand = new XlmCall("", operand, Arguments());
                more = true;
            }
            else if (Take('%'))
            {
                operand = new XlmUnary('%', operand);
                Count();
                more = true;
            }
        }

        return operand;
    }

    private List<XlmExpression> Arguments()
    {
        at++;
        var arguments = new List<XlmExpression>();
        if (Take(')'))
        {
            return arguments;
        }

        while (true)
        {
            Space();
            arguments.Add(at < text.Length && text[at] is ',' or ';' or ')' ? Missing : Binary(0));
            if (Take(')'))
            {
                return arguments;
            }

            if (!Take(',') && !Take(';'))
            {
                throw new FormatException("An argument does not end.");
            }
        }
    }

    private XlmExpression Primary()
    {
        Space();
        if (at >= text.Length)
        {
            throw new FormatException("An operand is missing.");
        }

        var c = text[at];
        if (c == '"')
        {
            return new XlmConstant(Quoted('"'));
        }

        if (c == '(')
        {
            at++;
            var inner = Binary(0);
            while (Take(','))
            {
                Binary(0); // A union of references: its first one stands for it.
            }

            return Take(')') ? inner : throw new FormatException("A bracket is not closed.");
        }

        if (c == '{')
        {
            return Array();
        }

        if (c == '#')
        {
            var end = at + 1;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '/' or '!' or '?'))
            {
                end++;
            }

            var error = text[at..end];
            at = end;
            if (error.StartsWith("#REF!", StringComparison.Ordinal) && error.Length > 5)
            {
                error = "#REF!"; // The cell of a sheet that is gone.
            }

            return new XlmConstant(new XlmError(error));
        }

        if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
        {
            return Number();
        }

        return c switch
        {
            '\'' => InSheet(Quoted('\'')),
            '[' => InSheet(External()),
            '!' => InSheet(null),
            _ => Word(),
        };
    }

    /// <summary>A constant array; its first element stands for it.</summary>
    private XlmConstant Array()
    {
        at++;
        object? first = null;
        for (var i = 0; !Take('}'); i++)
        {
            if (at >= text.Length)
            {
                throw new FormatException("An array does not end.");
            }

            if (!Take(',') && !Take(';') && Unary() is XlmConstant element && i == 0)
            {
                first = element.Value;
            }
        }

        return new XlmConstant(first);
    }

    private string Quoted(char mark)
    {
        var start = ++at;
        while (at < text.Length && (text[at] != mark || (at + 1 < text.Length && text[at + 1] == mark)))
        {
            at += text[at] == mark ? 2 : 1;
        }

        if (at >= text.Length)
        {
            throw new FormatException("A quotation does not end.");
        }

        return text[start..at++].Replace($"{mark}{mark}", $"{mark}", StringComparison.Ordinal);
    }

    private XlmConstant Number()
    {
        var end = at;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
        {
            end++;
        }

        if (end < text.Length && text[end] is 'E' or 'e')
        {
            var exponent = end + 1 < text.Length && text[end + 1] is '+' or '-' ? end + 2 : end + 1;
            if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
            {
                end = exponent;
                while (end < text.Length && char.IsAsciiDigit(text[end]))
                {
                    end++;
                }
            }
        }

        var value = double.TryParse(text.AsSpan(at, end - at), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException("Not a number.");
        at = end;
        return new XlmConstant(value);
    }

    private string External()
    {
        var end = text.IndexOf('!', at);
        if (end < 0)
        {
            throw new FormatException("Another workbook without a sheet.");
        }

        var name = text[at..end];
        at = end;
        return name;
    }

    private XlmExpression InSheet(string? sheet)
    {
        if (at >= text.Length || text[at] != '!')
        {
            throw new FormatException("A sheet without a cell.");
        }

        at++;
        return at < text.Length && text[at] == '#' ? Primary() : Place(sheet, Letters());
    }

    private string Letters()
    {
        var start = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '.' or '\\' or '$' or '?' or '\0' || text[at] > 0x7F))
        {
            at++;
        }

        // R[-1]C[2]: the distances belong to the word.
        if (at < text.Length && text[at] == '[' && at > start && text[at - 1] is 'R' or 'C' or 'r' or 'c')
        {
            while (at < text.Length && (text[at] is '[' or ']' or '-' or 'C' or 'c' || char.IsAsciiDigit(text[at])))
            {
                at++;
            }
        }

        return at > start ? text[start..at] : throw new FormatException("Not an operand.");
    }

    private XlmExpression Word()
    {
        var word = Letters();
        if (at < text.Length && text[at] == '!')
        {
            return InSheet(word);
        }

        if (at < text.Length && text[at] == '(' && XlmAddress.Parse(word) is null)
        {
            var name = word.ToUpperInvariant();
            var plain = name.StartsWith("_XLFN.", StringComparison.Ordinal) ? name[6..] : name;
            return new XlmCall(plain, new XlmNamed(word), Arguments());
        }

        return word.Equals("TRUE", StringComparison.OrdinalIgnoreCase) ? new XlmConstant(true)
            : word.Equals("FALSE", StringComparison.OrdinalIgnoreCase) ? new XlmConstant(false) : Place(null, word);
    }

    private XlmExpression Place(string? sheet, string word)
    {
        if (XlmAddress.Parse(word) is not { } from)
        {
            return new XlmNamed(word);
        }

        var to = from;
        if (at < text.Length && text[at] == ':')
        {
            at++;
            to = XlmAddress.Parse(Letters()) ?? throw new FormatException("An area without an end.");
        }

        return new XlmReference(sheet, from, to);
    }
}
