namespace Sekisho.Inspection.Formats;

/// <summary>Finds calls of functions in a formula's text without taking it apart: for formulas that nothing leads to, or that cannot be read as one.</summary>
internal static class XlmCalls
{
    /// <summary>True where the formula calls a function that is asked for.</summary>
    /// <param name="formula">The formula's text.</param>
    /// <param name="isWanted">Given names in upper case.</param>
    public static bool Find(string formula, Func<string, bool> isWanted)
    {
        var start = -1;
        for (var at = 0; at < formula.Length; at++)
        {
            var c = formula[at];
            if (c == '"')
            {
                at = formula.IndexOf('"', at + 1);
                if (at < 0)
                {
                    return false;
                }

                start = -1;
            }
            else if (char.IsLetterOrDigit(c) || c is '.' or '_')
            {
                start = start < 0 ? at : start;
            }
            else
            {
                if (c == '(' && start >= 0 && isWanted(formula[start..at].ToUpperInvariant()))
                {
                    return true;
                }

                start = -1;
            }
        }

        return false;
    }
}
