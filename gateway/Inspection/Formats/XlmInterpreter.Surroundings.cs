using System.Globalization;

namespace Sekisho.Inspection.Formats;

/// <content>What macros ask about their surroundings: formats of cells, which the file tells, and the computer, which is guessed at.</content>
internal sealed partial class XlmInterpreter
{
    /// <summary>The first day of a month of 31 days, as Excel counts days; which one does not matter where only the day of the month is asked for.</summary>
    private const double FirstOfMonth = 45_292;

    private object? Surroundings(string name, IReadOnlyList<object?> given, Spot spot)
    {
        var first = Value(given.ElementAtOrDefault(0), spot);
        var question = ToNumber(first) is { } number ? (int)Math.Clamp(number, 0, 1000) : 0;
        var label = first is double ? string.Create(CultureInfo.InvariantCulture, $"{name}({question})") : name;
        switch (name)
        {
            case "GET.CELL":
                var area = given.ElementAtOrDefault(1) as Area ?? new Area(active.Sheet, active.Row, active.Column, active.Row, active.Column);
                return Cell(question, area.First) ?? new Unknown(label);
            case "GET.WORKSPACE":
                return new Unknown(label, question switch
                {
                    1 => "Windows (32-bit) NT 10.00",
                    2 => "16.0",
                    11 or 12 => 0d,
                    13 => 1440d,
                    14 => 810d,
                    16 or 17 or 31 => false, // Memory is not told any more; nobody steps through the macro.
                    19 or 42 or 43 => true, // A mouse; sound that plays and records.
                    26 => null,
                    _ => null,
                });
            case "GET.WINDOW":
                return new Unknown(label, question switch { 7 => false, 20 => true, 23 => 3d, 5 => 1d, 13 => 1440d, 14 => 810d, _ => null });
            case "NOW" or "TODAY" when day > 0:
                return new Unknown(name, FirstOfMonth + day - 1);
            case "DAY":
                AsksForDay |= first is Unknown;
                return first is Unknown { Guess: { } guess } && ToNumber(guess) is { } today ? new Unknown(name, (double)DayOf(today))
                    : ToNumber(first) is { } date && first is not Unknown ? (double)DayOf(date) : new Unknown(name);
            default:
                AsksForDay |= name is "NOW" or "TODAY";
                return new Unknown(label);
        }
    }

    private object? Cell(int question, Spot of)
    {
        var slot = cells.GetValueOrDefault(of);
        return question switch
        {
            1 => XlmText.Sheet(project.Sheets[of.Sheet].Name) + "!" + XlmText.Cell(of.Row, of.Column),
            2 => (double)(of.Row + 1),
            3 => (double)(of.Column + 1),
            4 => CellValue(of) switch { string => 2d, bool => 4d, XlmError => 16d, _ => 1d },
            5 => CellValue(of),
            6 or 41 => slot?.Formula is { } formula ? "=" + formula : Text(CellValue(of)),
            32 or 62 => new Unknown($"GET.CELL({question})", $"[{BookName}]{project.Sheets[of.Sheet].Name}"),
            48 => slot?.Formula is not null,
            53 => Text(CellValue(of)),
            66 => new Unknown("GET.CELL(66)", BookName),
            _ => project.Sheets[of.Sheet].Look?.Answer(question, of.Row, of.Column),
        };
    }

    /// <summary>The name of the file is not known here.</summary>
    private const string BookName = "Book1.xls";

    private static int DayOf(double date) => date is >= 1 and < 2_900_000 ? new DateTime(1899, 12, 30, 0, 0, 0, DateTimeKind.Unspecified).AddDays(date).Day : 1;
}
