using System.Globalization;

namespace Sekisho.Inspection.Formats;

/// <summary>
/// Follows Excel 4 macros without running anything: cells and names are changed in memory, what would leave the workbook is noted. What cannot
/// be known (the clock, the screen, what a called program answers) stays unknown, and a decision that hangs on it is taken both ways.
/// </summary>
internal sealed partial class XlmInterpreter
{
    private const int MaxSteps = 40_000;
    private const int MaxOperations = 2_000_000;
    private const int MaxCalls = 40;
    private const int MaxActions = 200;
    private const int MaxPaths = 2_000;
    private const int MaxWritten = 50_000;
    private const long MaxWrittenText = 2 << 20;

    private readonly XlmProject project;
    private readonly ReadBudget budget;
    private readonly Dictionary<string, int> sheetByName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Spot, Slot> cells = [];
    private readonly Dictionary<(int Sheet, int Column), int> lastRow = [];
    private readonly Dictionary<string, object?> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string[]> registered = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<Spot> paths = new();
    private readonly HashSet<Spot> begun = [];
    private readonly HashSet<string> told = new(StringComparer.Ordinal);
    private readonly List<XlmAction> actions = [];
    private int steps;
    private int operations;
    private int looks;
    private int written;
    private long writtenText;
    private int calls;
    private bool isAutomatic;
    private bool halted;
    private bool isPure;
    private Spot active;

    /// <summary>The day of the month that is taken for today's; 0 where none is.</summary>
    private readonly int day;

    /// <summary>Takes the sheets as they are in the file.</summary>
    /// <param name="project">The workbook.</param>
    /// <param name="budget">The letter's time.</param>
    /// <param name="day">A day of the month to take for today's; 0 for none: then the date is not known.</param>
    public XlmInterpreter(XlmProject project, ReadBudget budget, int day = 0)
    {
        this.project = project;
        this.day = day;
        this.budget = budget;
        for (var sheet = 0; sheet < project.Sheets.Count; sheet++)
        {
            sheetByName.TryAdd(project.Sheets[sheet].Name, sheet);
            foreach (var cell in project.Sheets[sheet].Cells)
            {
                cells[new Spot(sheet, cell.Row, cell.Column)] = new Slot { Formula = cell.Formula, Value = cell.Value };
                if (cell.Formula is not null)
                {
                    Grow(sheet, cell.Row, cell.Column);
                }
            }
        }

        foreach (var name in project.Names)
        {
            names.TryAdd(name.Name, XlmExpression.Parse(name.Formula));
        }
    }

    /// <summary>What was seen.</summary>
    public IReadOnlyList<XlmAction> Actions => actions;

    /// <summary>True where the macro works with the day of the month.</summary>
    public bool AsksForDay { get; private set; }

    /// <summary>True where following it was so little work that it may be done for every day of a month.</summary>
    public bool IsShort => steps < MaxSteps / 16 && operations < MaxOperations / 16;

    /// <summary>True where a bound ended the following.</summary>
    public bool IsCut { get; private set; }

    private bool IsOver => IsCut || (IsCut = steps > MaxSteps || operations > MaxOperations || ((++looks & 0xFF) == 0 && budget.IsSpent));

    /// <summary>Follows what starts by itself, then the ways not taken, then every column that nothing led to.</summary>
    public void Follow()
    {
        if (project.Sheets.Count == 0)
        {
            return;
        }

        isAutomatic = true;
        foreach (var name in project.Names.Where(n => n.Start != XlmStart.None).OrderBy(n => n.Start))
        {
            if (XlmExpression.Parse(name.Formula) is { } formula && Place(Evaluate(formula, default)) is { } spot)
            {
                Start(spot);
            }
        }

        Rest();
        isAutomatic = false;
        for (var sheet = 0; sheet < project.Sheets.Count; sheet++)
        {
            if (project.Sheets[sheet].IsMacro)
            {
                foreach (var cell in project.Sheets[sheet].Cells.Where(c => c.Formula is not null).OrderBy(c => c.Column).ThenBy(c => c.Row))
                {
                    var spot = new Spot(sheet, cell.Row, cell.Column);
                    if (!IsOver && cells[spot] is { WasRun: false })
                    {
                        Start(spot);
                    }
                }
            }
        }

        Rest();
    }

    private void Rest()
    {
        while (paths.TryDequeue(out var spot) && !IsOver)
        {
            Start(spot);
        }
    }

    private void Start(Spot spot)
    {
        if (begun.Add(spot))
        {
            (halted, calls, active) = (false, 0, spot);
            Run(spot, []);
        }
    }

    /// <summary>Later, this way too; a way is gone once.</summary>
    private void Also(Spot spot)
    {
        if (paths.Count < MaxPaths && !begun.Contains(spot))
        {
            paths.Enqueue(spot);
        }
    }

    /// <summary>Goes down a column from a cell until RETURN, HALT or the column's end.</summary>
    private object? Run(Spot spot, IReadOnlyList<object?> given)
    {
        if (calls >= MaxCalls)
        {
            IsCut = true;
            return null;
        }

        calls++;
        var frame = new Frame { Given = given };
        var outer = current;
        current = frame;
        while (!halted && !IsOver)
        {
            steps++;
            frame.At = spot;
            if (cells.TryGetValue(spot, out var slot) && slot.Formula is not null)
            {
                slot.WasRun = true;
                frame.Jump = null;
                if (Parsed(slot) is { } formula)
                {
                    var value = Statement(formula, spot);
                    slot.Value = value is Area area && area.IsOne ? Value(area, spot) : value;
                    slot.IsFresh = true;
                }

                if (frame.IsDone)
                {
                    break;
                }

                if (frame.Jump is { } target)
                {
                    spot = target;
                    continue;
                }
            }

            var next = Below(spot);
            if (next is null)
            {
                break;
            }

            spot = next.Value;
        }

        current = outer;
        calls--;
        return frame.Result;
    }

    /// <summary>The next formula in the column, where there is one.</summary>
    private Spot? Below(Spot spot)
    {
        if (!lastRow.TryGetValue((spot.Sheet, spot.Column), out var last))
        {
            return null;
        }

        for (var row = spot.Row + 1; row <= last; row++)
        {
            operations++;
            if (cells.TryGetValue(spot with { Row = row }, out var slot) && slot.Formula is not null)
            {
                return spot with { Row = row };
            }

            if ((row & 0xFFF) == 0 && IsOver)
            {
                return null;
            }
        }

        return null;
    }

    private void Grow(int sheet, int row, int column) =>
        lastRow[(sheet, column)] = Math.Max(row, lastRow.GetValueOrDefault((sheet, column), row));

    private XlmExpression? Parsed(Slot slot)
    {
        if (!slot.IsParsed)
        {
            operations += slot.Formula!.Length; // What is taken apart is kept: this bounds memory too.
            slot.IsParsed = true;
            slot.Expression = XlmExpression.Parse(slot.Formula);
        }

        return slot.Expression;
    }

    /// <summary>Writes a cell, as FORMULA does: text that begins with an equals sign becomes a formula.</summary>
    private void Write(Spot spot, object? value, bool asFormula)
    {
        writtenText += (value as string)?.Length ?? 0;
        if (isPure || ++written > MaxWritten || writtenText > MaxWrittenText)
        {
            IsCut |= !isPure;
            return;
        }

        if (!cells.TryGetValue(spot, out var slot))
        {
            cells[spot] = slot = new Slot();
        }

        if (asFormula && value is string { Length: > 1 } text && text[0] == '=')
        {
            (slot.Formula, slot.IsParsed, slot.Value, slot.IsFresh, slot.WasRun) = (text[1..], false, null, false, false);
            Grow(spot.Sheet, spot.Row, spot.Column);
        }
        else
        {
            slot.Formula = asFormula ? null : slot.Formula;
            (slot.Value, slot.IsFresh) = (asFormula && value is string written && double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : value, true);
        }
    }

    private void Act(string function, IEnumerable<object?> arguments, Spot spot)
    {
        if (isPure)
        {
            return;
        }

        var action = new XlmAction(function, [.. arguments.Take(40).Select(a => Shown(a, spot))], project.Sheets[spot.Sheet].Address(spot.Row, spot.Column), isAutomatic);
        if (told.Add(action.ToString()))
        {
            if (actions.Count < MaxActions)
            {
                actions.Add(action);
            }
            else
            {
                IsCut = true;
            }
        }
    }

    private string Shown(object? value, Spot spot)
    {
        value = value is Area area ? Value(area, spot) : value;
        var text = value is string plain ? XlmText.Quote(plain) : Text(value);
        return text.Length > 2000 ? text[..2000] : text;
    }

    /// <summary>Where a cell is.</summary>
    private readonly record struct Spot(int Sheet, int Row, int Column);

    /// <summary>Cells from one corner to the other, the last ones included.</summary>
    private sealed record Area(int Sheet, int Row, int Column, int LastRow, int LastColumn)
    {
        public bool IsOne => Row == LastRow && Column == LastColumn;

        public Spot First => new(Sheet, Row, Column);
    }

    /// <summary>What cannot be known; the label says where it came from.</summary>
    /// <param name="Label">Such as <c>GET.WORKSPACE(13)</c>.</param>
    /// <param name="Guess">What it most likely is on a user's computer, to reckon with; decisions on it are taken both ways all the same.</param>
    private sealed record Unknown(string Label, object? Guess = null);

    /// <summary>A cell's content.</summary>
    private sealed class Slot
    {
        public string? Formula { get; set; }

        public XlmExpression? Expression { get; set; }

        public bool IsParsed { get; set; }

        public object? Value { get; set; }

        /// <summary>True where the value was worked out here, not taken from the file.</summary>
        public bool IsFresh { get; set; }

        public bool WasRun { get; set; }
    }

    /// <summary>One macro being followed.</summary>
    private sealed class Frame
    {
        public IReadOnlyList<object?> Given { get; init; } = [];

        public int Taken { get; set; }

        public Spot At { get; set; }

        public Spot? Jump { get; set; }

        public bool IsDone { get; set; }

        public object? Result { get; set; }

        /// <summary>True while a decision is taken both ways: what ends the macro does not end it then.</summary>
        public int Doubt { get; set; }

        /// <summary>True where an ELSE.IF was come to because the condition before it did not hold.</summary>
        public bool ElseIf { get; set; }

        public Stack<Loop> Loops { get; } = new();
    }

    /// <summary>A FOR or WHILE that is under way.</summary>
    private sealed class Loop
    {
        public Spot At { get; init; }

        public string? Name { get; init; }

        public double Now { get; set; }

        public double End { get; init; }

        public double Step { get; init; }

        public bool IsGuess { get; init; }
    }
}
