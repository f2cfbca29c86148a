namespace Sekisho.Inspection.Formats;

/// <summary>A formula taken apart.</summary>
internal abstract record XlmExpression
{
    /// <summary>The formula's text as an expression; null where it is none. At most 32,767 characters and 100 levels.</summary>
    /// <param name="text">Without the equals sign.</param>
    public static XlmExpression? Parse(string text)
    {
        try
        {
            return new XlmParser(text).Whole();
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <summary>A number, string, truth value or error constant.</summary>
internal sealed record XlmConstant(object? Value) : XlmExpression;

/// <summary>A cell or an area.</summary>
/// <param name="Sheet">Null for the formula's own sheet.</param>
/// <param name="From">First corner.</param>
/// <param name="To">Last corner.</param>
internal sealed record XlmReference(string? Sheet, XlmCorner From, XlmCorner To) : XlmExpression;

/// <summary>A corner of a reference, from 0; a distance from the formula's own cell where R1C1 style says so.</summary>
internal readonly record struct XlmCorner(int Row, int Column, bool IsRowDistance, bool IsColumnDistance);

/// <summary>A defined name.</summary>
internal sealed record XlmNamed(string Name) : XlmExpression;

/// <summary>A call: of a function by its name (upper case), or of what a reference or name leads to.</summary>
internal sealed record XlmCall(string Name, XlmExpression? Target, IReadOnlyList<XlmExpression> Arguments) : XlmExpression;

/// <summary>An operator between two operands.</summary>
internal sealed record XlmBinary(string Operator, XlmExpression Left, XlmExpression Right) : XlmExpression;

/// <summary>A sign, or the percent sign.</summary>
internal sealed record XlmUnary(char Operator, XlmExpression Operand) : XlmExpression;

/// <summary>An error value such as <c>#N/A</c>.</summary>
internal sealed record XlmError(string Text)
{
    /// <inheritdoc />
    public override string ToString() => Text;
}
