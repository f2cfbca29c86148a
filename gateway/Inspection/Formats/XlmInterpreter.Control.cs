using System.Runtime.CompilerServices;

namespace Sekisho.Inspection.Formats;

/// <content>What macros do one after the other: jumps, loops, calls, and what they write.</content>
internal sealed partial class XlmInterpreter
{
    private Frame? current;
    private int doubts;

    /// <summary>A whole cell's formula. <c>name = value</c> gives the name that value (the short form of SET.NAME), and IF with one argument begins a block.</summary>
    private object? Statement(XlmExpression formula, Spot spot)
    {
        switch (formula)
        {
            case XlmBinary { Operator: "=", Left: XlmNamed named } assignment:
                return names[named.Name] = Evaluate(assignment.Right, spot);
            case XlmCall { Name: "IF", Arguments.Count: 1 } or XlmCall { Name: "ELSE.IF" }:
                return Block((XlmCall)formula, spot);
            case XlmCall { Name: "ELSE" }:
                Skip(spot, "END.IF");
                return null;
            default:
                return Evaluate(formula, spot);
        }
    }

    private object? Block(XlmCall call, Spot spot)
    {
        if (call.Name == "ELSE.IF" && current is { ElseIf: not true })
        {
            Skip(spot, "END.IF"); // Reached from the branch before it.
            return null;
        }

        current!.ElseIf = false;
        var condition = call.Arguments.Count > 0 ? Value(Evaluate(call.Arguments[0], spot), spot) : null;
        if (condition is Unknown)
        {
            if (Find(spot, "ELSE", "ELSE.IF", "END.IF") is { } other)
            {
                Also(Below(other) ?? other);
            }
        }
        else if (!Truth(condition) && Find(spot, "ELSE", "ELSE.IF", "END.IF") is { } target)
        {
            var isElseIf = cells[target] is { Expression: XlmCall { Name: "ELSE.IF" } };
            current.ElseIf = isElseIf;
            current.Jump = isElseIf ? target : Below(target) ?? End(target);
        }

        return condition;
    }

    private void Skip(Spot spot, string mark)
    {
        if (Find(spot, mark) is { } target)
        {
            current!.Jump = Below(target) ?? End(target);
        }
    }

    private static Spot End(Spot spot) => spot with { Row = int.MaxValue - 1 };

    /// <summary>The cell further down where a block goes on or a loop ends, inner blocks and loops left out.</summary>
    private Spot? Find(Spot spot, params string[] marks)
    {
        var inner = 0;
        var isLoop = marks[0] == "NEXT";
        for (var at = Below(spot); at is { } here && !IsOver; at = Below(here))
        {
            if (Parsed(cells[here]) is not XlmCall call)
            {
                continue;
            }

            if (inner == 0 && marks.Contains(call.Name))
            {
                return here;
            }

            inner += isLoop ? call.Name is "FOR" or "WHILE" or "FOR.CELL" ? 1 : call.Name == "NEXT" ? -1 : 0
                : call is { Name: "IF", Arguments.Count: 1 } ? 1 : call.Name == "END.IF" ? -1 : 0;
        }

        return null;
    }

    private object? Evaluate(XlmExpression expression, Spot spot)
    {
        operations++;
        if (IsOver || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            IsCut = true;
            return new Unknown("cut");
        }

        switch (expression)
        {
            case XlmConstant constant:
                return constant.Value;
            case XlmReference reference:
                return ToArea(reference, spot);
            case XlmNamed named:
                return names.TryGetValue(named.Name, out var value) ? value is XlmExpression meaning ? Meaning(named.Name, meaning, spot) : value : new XlmError("#NAME?");
            case XlmUnary unary:
                return Number(Value(Evaluate(unary.Operand, spot), spot), n => unary.Operator switch { '-' => -n, '%' => n / 100, _ => n });
            case XlmBinary binary:
                return Join(binary.Operator, Value(Evaluate(binary.Left, spot), spot), Value(Evaluate(binary.Right, spot), spot));
            case XlmCall { Name.Length: > 0 } call:
                return Control(call, spot);
            case XlmCall call:
                return Invoke(Evaluate(call.Target!, spot), [.. call.Arguments.Select(a => Evaluate(a, spot))]);
            default:
                return null;
        }
    }

    private object? Meaning(string name, XlmExpression meaning, Spot spot)
    {
        names[name] = new Unknown(name); // A name that stands for itself ends here.
        var value = Evaluate(meaning, spot);
        names[name] = meaning;
        return value;
    }

    private object? Invoke(object? target, IReadOnlyList<object?> given) =>
        isPure || Place(target) is not { } spot ? new Unknown("macro") : Run(spot, given);

    private object? Control(XlmCall call, Spot spot)
    {
        var arguments = call.Arguments;
        object? Argument(int index) => index < arguments.Count ? Evaluate(arguments[index], spot) : null;
        switch (call.Name)
        {
            case "IF":
                return Decide(arguments, spot);
            case "GOTO" when !isPure && current is not null:
                if (Place(Argument(0)) is { } target)
                {
                    if (current.Doubt > 0)
                    {
                        Also(target);
                    }
                    else
                    {
                        current.Jump = target;
                    }
                }

                return true;
            case "HALT" or "RETURN" or "CLOSE" or "QUIT" when !isPure && current is not null:
                var result = Argument(0);
                if (current.Doubt == 0)
                {
                    current.IsDone = true;
                    current.Result = call.Name == "RETURN" ? result is Area { IsOne: true } ? Value(result, spot) : result : null;
                    halted |= call.Name != "RETURN" && doubts == 0;
                }

                return true;
            case "RUN" when !isPure:
                var macro = Argument(0);
                return Invoke(macro is string text ? Named(text, spot) : macro, [.. arguments.Skip(1).Select(a => Evaluate(a, spot))]);
            case "ON.TIME" or "ON.WINDOW" or "ON.SHEET" or "ON.ENTRY" or "ON.KEY" or "ON.DOUBLECLICK" or "ON.DATA" or "ON.RECALC" when !isPure:
                if (Place(Argument(1) is string later ? Named(later, spot) : Argument(1)) is { } afterwards)
                {
                    Also(afterwards);
                }

                return true;
            case "ARGUMENT" when current is not null && !isPure:
                var given = current.Taken < current.Given.Count ? current.Given[current.Taken++] : new Unknown("argument");
                if (Value(Argument(0), spot) is string parameter)
                {
                    names[parameter] = given;
                }

                if (arguments.Count > 2 && Argument(2) is Area into)
                {
                    Write(into.First, Value(given, spot), false);
                }

                return true;
            case "WHILE" or "FOR" or "FOR.CELL" or "NEXT" or "BREAK" when !isPure && current is not null:
                return Repeat(call, spot);
            case "SET.NAME" or "DEFINE.NAME" when !isPure:
                if (Value(Argument(0), spot) is string name)
                {
                    var meaning = arguments.Count > 1 ? Argument(1) : null;
                    names[name] = meaning is string { Length: > 1 } formula && formula[0] == '=' && XlmExpression.Parse(formula[1..]) is { } parsed ? parsed : meaning;
                }

                return true;
            case "SET.VALUE":
                Fill(Argument(0), Argument(1), spot, asFormula: false);
                return true;
            case "FORMULA" or "FORMULA.FILL" or "FORMULA.ARRAY":
                Fill(arguments.Count > 1 ? Argument(1) : new Area(active.Sheet, active.Row, active.Column, active.Row, active.Column), Value(Argument(0), spot), spot, asFormula: true);
                return true;
            case "SELECT" or "ACTIVATE" or "WORKBOOK.SELECT" or "WORKBOOK.ACTIVATE" or "FORMULA.GOTO":
                var selected = Argument(arguments.Count > 1 && call.Name == "SELECT" && arguments[0] is XlmConstant { Value: null } ? 1 : 0);
                active = isPure ? active : Place(selected is string place ? Named(place, spot) : selected) ?? active;
                return true;
            default:
                return Function(call, [.. arguments.Select(a => Evaluate(a, spot))], spot);
        }
    }

    private object? Decide(IReadOnlyList<XlmExpression> arguments, Spot spot)
    {
        var condition = arguments.Count > 0 ? Value(Evaluate(arguments[0], spot), spot) : null;
        if (condition is not Unknown || isPure)
        {
            var index = Truth(condition) ? 1 : 2;
            return condition is XlmError ? condition : index < arguments.Count ? Evaluate(arguments[index], spot) : index == 1;
        }

        if (current is not null)
        {
            current.Doubt++;
        }

        doubts++;
        // The likelier way is gone second: what it writes stays.
        object? first = null, second = null;
        var isFirstLikely = condition is Unknown { Guess: { } guess } && Truth(guess);
        foreach (var way in isFirstLikely ? new[] { 2, 1 } : [1, 2])
        {
            var value = way < arguments.Count ? Evaluate(arguments[way], spot) : way == 1;
            (first, second) = way == 1 ? (value, second) : (first, value);
        }

        doubts--;
        if (current is not null)
        {
            current.Doubt--;
        }

        return first is string && second is not string ? first : second is string && first is not string ? second : new Unknown("IF");
    }

    /// <summary>Loops, counted by steps like everything else; one whose condition cannot be known is gone through once.</summary>
    private object? Repeat(XlmCall call, Spot spot)
    {
        var loops = current!.Loops;
        object? Argument(int index) => index < call.Arguments.Count ? Value(Evaluate(call.Arguments[index], spot), spot) : null;
        switch (call.Name)
        {
            case "WHILE":
                var condition = Argument(0);
                var isAgain = loops.TryPeek(out var same) && same.At == spot;
                if (condition is Unknown ? isAgain && same!.IsGuess : !Truth(condition))
                {
                    if (isAgain)
                    {
                        loops.Pop();
                    }

                    Skip(spot, "NEXT");
                }
                else if (!isAgain && loops.Count < 100)
                {
                    loops.Push(new Loop { At = spot, IsGuess = condition is Unknown });
                }

                return condition;
            case "FOR":
                var loop = new Loop { At = spot, Name = Argument(0) as string, Now = ToNumber(Argument(1)) ?? 0, End = ToNumber(Argument(2)) ?? 0, Step = call.Arguments.Count > 3 ? ToNumber(Argument(3)) ?? 1 : 1 };
                if (loop.Name is not null)
                {
                    names[loop.Name] = loop.Now;
                }

                if (loop.Step >= 0 ? loop.Now > loop.End : loop.Now < loop.End)
                {
                    Skip(spot, "NEXT");
                }
                else if (loops.Count < 100)
                {
                    loops.Push(loop);
                }

                return true;
            case "FOR.CELL":
                // Its cells one by one: the name stands for the cell, as in Excel.
                if (Argument(0) is string cellName && call.Arguments.Count > 1 && Evaluate(call.Arguments[1], spot) is Area cellsOf)
                {
                    names[cellName] = new Area(cellsOf.Sheet, cellsOf.Row, cellsOf.Column, cellsOf.Row, cellsOf.Column);
                }

                return true;
            case "BREAK":
                loops.TryPop(out _);
                Skip(spot, "NEXT");
                return true;
            default:
                if (loops.TryPeek(out var top))
                {
                    if (top.Name is null)
                    {
                        current.Jump = top.At;
                    }
                    else
                    {
                        top.Now += top.Step;
                        names[top.Name] = top.Now;
                        if (top.Step >= 0 ? top.Now <= top.End : top.Now >= top.End)
                        {
                            current.Jump = Below(top.At);
                        }
                        else
                        {
                            loops.Pop();
                        }
                    }
                }

                return true;
        }
    }

    private void Fill(object? target, object? value, Spot spot, bool asFormula)
    {
        target = target is string text ? Named(text, spot) : target;
        if (isPure || target is not Area area)
        {
            return;
        }

        var content = Value(value, spot);
        for (var row = area.Row; row <= area.LastRow && !IsCut; row++)
        {
            for (var column = area.Column; column <= area.LastColumn && !IsCut; column++)
            {
                Write(new Spot(area.Sheet, row, column), content is Unknown && asFormula ? Text(content) : content, asFormula);
            }
        }
    }

    /// <summary>A reference or a name given as text.</summary>
    private object? Named(string text, Spot spot) =>
        XlmExpression.Parse(text.StartsWith('=') ? text[1..] : text) is XlmReference or XlmNamed ? Evaluate(XlmExpression.Parse(text.StartsWith('=') ? text[1..] : text)!, spot) : null;

    private static Spot? Place(object? value) => value is Area area ? area.First : null;

    private Area? ToArea(XlmReference reference, Spot spot)
    {
        var sheet = spot.Sheet;
        if (reference.Sheet is { } name)
        {
            name = name.LastIndexOf(']') is >= 0 and var end ? name[(end + 1)..] : name;
            if (!sheetByName.TryGetValue(name, out sheet))
            {
                return null;
            }
        }

        var (row, column) = Corner(reference.From, spot);
        var (lastRow, lastColumn) = Corner(reference.To, spot);
        return new Area(sheet, Math.Min(row, lastRow), Math.Min(column, lastColumn), Math.Max(row, lastRow), Math.Max(column, lastColumn));
    }

    private static (int Row, int Column) Corner(XlmCorner corner, Spot spot) =>
        (Math.Max(0, corner.IsRowDistance ? spot.Row + corner.Row : corner.Row), Math.Max(0, corner.IsColumnDistance ? spot.Column + corner.Column : corner.Column));
}
