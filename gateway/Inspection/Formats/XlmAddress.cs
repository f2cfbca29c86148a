using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads cell addresses in A1 and R1C1 style.</summary>
internal static class XlmAddress
{
    private const int MaxRow = 1 << 20;
    private const int MaxColumn = 1 << 14;

    /// <summary>A cell's address; null where the word is none (a name such as <c>HRHRE1</c> lies beyond the last column).</summary>
    public static XlmCorner? Parse(string word) => word.Length > 24 ? null : A1(word) ?? R1C1(word);

    /// <summary>Moves the relative references of a shared formula's text to another cell of its range.</summary>
    /// <param name="formula">The first cell's formula.</param>
    /// <param name="rows">How many rows further down.</param>
    /// <param name="columns">How many columns further right.</param>
    public static string Move(string formula, int rows, int columns)
    {
        var moved = new StringBuilder(formula.Length + 16);
        for (var at = 0; at < formula.Length;)
        {
            var c = formula[at];
            var end = at + 1;
            if (c is '"' or '\'')
            {
                end = formula.IndexOf(c, at + 1);
                end = end < 0 ? formula.Length : end + 1;
            }
            else if (char.IsLetterOrDigit(c) || c is '$' or '_' or '.' or '\\')
            {
                while (end < formula.Length && (char.IsLetterOrDigit(formula[end]) || formula[end] is '$' or '_' or '.' or '\\'))
                {
                    end++;
                }

                var word = formula[at..end];
                if ((end >= formula.Length || formula[end] is not ('(' or '!')) && A1(word) is { } corner)
                {
                    var fixedRow = word.LastIndexOf('$') > 0;
                    var row = fixedRow ? corner.Row : corner.Row + rows;
                    var column = word[0] == '$' ? corner.Column : corner.Column + columns;
                    moved.Append(word[0] == '$' ? "$" : "").Append(XlmText.Column(column)).Append(fixedRow ? "$" : "").Append((row + 1).ToString(CultureInfo.InvariantCulture));
                    at = end;
                    continue;
                }
            }

            moved.Append(formula, at, end - at);
            at = end;
        }

        return moved.ToString();
    }

    private static XlmCorner? A1(string word)
    {
        var at = word.StartsWith('$') ? 1 : 0;
        var column = 0;
        var letters = at;
        for (; at < word.Length && char.IsAsciiLetter(word[at]) && at - letters < 4; at++)
        {
            column = (column * 26) + (word[at] & 0x1F);
        }

        if (at == letters || column > MaxColumn || at >= word.Length)
        {
            return null;
        }

        at += word[at] == '$' ? 1 : 0;
        return at < word.Length && char.IsAsciiDigit(word[at]) && int.TryParse(word.AsSpan(at), NumberStyles.None, CultureInfo.InvariantCulture, out var row) && row is > 0 and <= MaxRow
            ? new XlmCorner(row - 1, column - 1, false, false) : null;
    }

    private static XlmCorner? R1C1(string word)
    {
        var at = 0;
        return One(word, ref at, 'R', out var row, out var rowDistance) && One(word, ref at, 'C', out var column, out var columnDistance) && at == word.Length
            && row is > -MaxRow and < MaxRow && column is > -MaxColumn and < MaxColumn
            ? new XlmCorner(row, column, rowDistance, columnDistance) : null;
    }

    private static bool One(string word, ref int at, char letter, out int value, out bool isDistance)
    {
        (value, isDistance) = (0, true);
        if (at >= word.Length || (word[at] & ~0x20) != letter)
        {
            return false;
        }

        at++;
        if (at < word.Length && word[at] == '[')
        {
            var end = word.IndexOf(']', at);
            if (end < 0 || !int.TryParse(word.AsSpan(at + 1, end - at - 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
            {
                return false;
            }

            at = end + 1;
            return true;
        }

        var start = at;
        while (at < word.Length && char.IsAsciiDigit(word[at]))
        {
            at++;
        }

        if (at == start)
        {
            return true; // R alone: this very row.
        }

        isDistance = false;
        var isNumber = int.TryParse(word.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out value) && value > 0;
        value--;
        return isNumber;
    }
}
