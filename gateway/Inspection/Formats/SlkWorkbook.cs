using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads sheets in Multiplan's text format (SYLK, .slk), which Excel opens without asking and which may be an Excel 4 macro sheet.</summary>
internal static class SlkWorkbook
{
    /// <summary>The sheet's macros; null where it is no macro sheet: neither the option <c>O;E</c> nor a name that starts by itself.</summary>
    /// <param name="octets">The whole file.</param>
    /// <param name="budget">The letter's time.</param>
    internal static XlmProject? Read(ReadOnlySpan<byte> octets, ReadBudget budget)
    {
        var cells = new List<XlmCell>();
        var names = new List<XlmName>();
        var (isMacro, isDamaged, row, column) = (false, false, 0, 0);
        foreach (var range in octets.SplitAny("\r\n"u8))
        {
            var line = octets[range];
            if (line.IsEmpty || (byte)(line[0] | 0x20) is not ((byte)'c' or (byte)'f' or (byte)'o' or (byte)'n'))
            {
                continue;
            }

            var fields = Fields(Encoding.Latin1.GetString(line.Length > 2 * XlmTokens.MaxText ? line[..(2 * XlmTokens.MaxText)] : line));
            var kind = fields[0].ToUpperInvariant();
            if (kind == "O")
            {
                isMacro |= fields.Skip(1).Any(f => f is "E" or "e");
            }
            else if (kind is "NN" or "NE" && names.Count < XlmProject.MaxNames)
            {
                var name = Field(fields, 'N') ?? "";
                names.Add(new XlmName(name, false, XlmText.StartOf(name), Field(fields, 'E') ?? ""));
            }
            else if (kind is "C" or "F")
            {
                // A place that is not given is the last one; a format moves it too.
                column = Place(fields, 'X', column, 1 << 14);
                row = Place(fields, 'Y', row, 1 << 20);
                var (value, formula) = (Field(fields, 'K'), Field(fields, 'E'));
                if (kind == "C" && (value ?? formula) is not null)
                {
                    if (cells.Count >= XlmProject.MaxCells || ((cells.Count & 0x3FF) == 0x3FF && budget.IsSpent))
                    {
                        isDamaged = true;
                        break;
                    }

                    cells.Add(new XlmCell(row, column, formula, Constant(value)));
                }
            }
        }

        return isMacro || names.Exists(n => n.Start != XlmStart.None)
            ? new XlmProject([new XlmSheet("Macro1", XlmVisibility.Visible, true, cells)], names, isDamaged).Followed(budget) : null;
    }

    private static int Place(List<string> fields, char letter, int last, int most) =>
        int.TryParse(Field(fields, letter), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most ? number - 1 : last;

    private static object? Constant(string? value) =>
        value is null ? null
        : value.Length > 1 && value[0] == '"' && value[^1] == '"' ? value[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal)
        : value is "TRUE" or "FALSE" ? value == "TRUE"
        : double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : value;

    private static string? Field(List<string> fields, char letter) =>
        fields.Skip(1).FirstOrDefault(f => f.Length > 0 && (f[0] & ~0x20) == letter)?[1..];

    /// <summary>Fields between semicolons; two of them stand for one.</summary>
    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] != ';')
            {
                field.Append(line[at]);
            }
            else if (at + 1 < line.Length && line[at + 1] == ';')
            {
                field.Append(line[at++]);
            }
            else
            {
                fields.Add(field.ToString());
                field.Clear();
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}
