namespace Sekisho.Inspection.Formats;

/// <content>Statements, one after the other.</content>
internal sealed partial class VbaInterpreter
{
    private const int MaxJumps = 2000;
    private const int MaxRounds = 60_000;

    /// <summary>Follows statements. In doubt (a way not known, or skimming) nothing ends early.</summary>
    private VbaFlow Run(VbaStatement[] statements, Frame frame)
    {
        for (var i = 0; i < statements.Length; i++)
        {
            var statement = statements[i];
            statement.IsSeen = true;
            current = statement;
            Step();
            var flow = One(statement, frame);
            if (flow == VbaFlow.Next || isSkimming)
            {
                continue;
            }

            if (flow == VbaFlow.GoTo && frame.Jumps++ < MaxJumps)
            {
                var label = Array.FindIndex(statements, s => s is VbaJump { Flow: VbaFlow.Label } jump && jump.Label == frame.Label);
                if (label >= 0)
                {
                    // Back only while there are steps; on always.
                    if (label > i || HasSteps)
                    {
                        i = label;
                    }

                    continue;
                }
            }

            return flow;
        }

        return VbaFlow.Next;
    }

    /// <summary>A branch that may or may not be taken.</summary>
    private void Doubtful(VbaStatement[] body, Frame frame)
    {
        doubts++;
        Run(body, frame);
        doubts--;
    }

    private VbaFlow One(VbaStatement statement, Frame frame)
    {
        switch (statement)
        {
            case VbaAssign assign:
                Assign(assign.Target, Evaluate(assign.Value), frame);
                return VbaFlow.Next;
            case VbaCallStatement call:
                Evaluate(call.Call);
                return VbaFlow.Next;
            case VbaIf branches:
                return If(branches, frame);
            case VbaSelect select:
                return Select(select, frame);
            case VbaFor loop:
                return For(loop, frame);
            case VbaForEach loop:
                return ForEach(loop, frame);
            case VbaLoop loop:
                return Loop(loop, frame);
            case VbaWith with:
                frame.With.Push(Evaluate(with.Target));
                var flow = Run(with.Body, frame);
                frame.With.Pop();
                return flow;
            case VbaDeclare declare:
                Declare(declare, frame);
                return VbaFlow.Next;
            case VbaJump jump when jump.Flow != VbaFlow.Label:
                frame.Label = jump.Label;
                return jump.Flow;
            case VbaFileStatement file:
                objects.File(file, [.. file.Operands.Select(o => o is null ? null : Known(Evaluate(o)))]);
                return VbaFlow.Next;
            default:
                return VbaFlow.Next;
        }
    }

    private VbaFlow If(VbaIf branches, Frame frame)
    {
        var isOpen = false;
        foreach (var (condition, body) in branches.Branches)
        {
            var truth = condition is null ? true : VbaValues.Truth(Known(Evaluate(condition)));
            if (isSkimming || truth is null || (isOpen && truth is true))
            {
                isOpen = true;
                Doubtful(body, frame);
            }
            else if (truth is true)
            {
                return Run(body, frame);
            }

            if (isOpen && truth is true && !isSkimming)
            {
                break;
            }
        }

        return VbaFlow.Next;
    }

    private VbaFlow Select(VbaSelect select, Frame frame)
    {
        var subject = Known(Evaluate(select.Subject));
        var isOpen = isSkimming;
        foreach (var (cases, body) in select.Branches)
        {
            bool? truth = cases.Length == 0;
            foreach (var one in cases)
            {
                var value = Known(Evaluate(one.Value));
                var fits = VbaValues.Truth(VbaValues.Operate(one.UpTo is null ? one.Operator : ">=", subject, value));
                if (one.UpTo is not null && fits is true)
                {
                    fits = VbaValues.Truth(VbaValues.Operate("<=", subject, Known(Evaluate(one.UpTo))));
                }

                truth = fits is true ? true : fits is null && truth is false ? null : truth;
                if (truth is true)
                {
                    break;
                }
            }

            if (truth is true && !isOpen)
            {
                return Run(body, frame);
            }

            if (truth is not false || isSkimming)
            {
                isOpen = true;
                Doubtful(body, frame);
            }
        }

        return VbaFlow.Next;
    }

    private VbaFlow For(VbaFor loop, Frame frame)
    {
        var from = VbaValues.Number(Known(Evaluate(loop.From)));
        var to = VbaValues.Number(Known(Evaluate(loop.To)));
        var step = loop.Step is null ? 1 : VbaValues.Number(Known(Evaluate(loop.Step)));
        if (from is not { } at || to is not { } end || step is not { } by || by == 0 || isSkimming)
        {
            Assign(loop.Variable, from is { } first ? first : VbaUnknown.Value, frame);
            Doubtful(loop.Body, frame);
            return VbaFlow.Next;
        }

        var most = steps + Worth(loop, loop.Body);
        for (var rounds = 0; (by > 0 ? at <= end : at >= end) && rounds < MaxRounds; rounds++)
        {
            if (rounds > 0 && (!HasSteps || steps > most))
            {
                frame.IsCut = true;
                break;
            }

            Assign(loop.Variable, at, frame);
            var flow = Run(loop.Body, frame);
            if (flow == VbaFlow.ExitFor)
            {
                return VbaFlow.Next;
            }

            if (flow != VbaFlow.Next && doubts == 0)
            {
                return flow;
            }

            at += by;
        }

        Assign(loop.Variable, at, frame);
        return VbaFlow.Next;
    }

    private VbaFlow ForEach(VbaForEach loop, Frame frame)
    {
        var items = Evaluate(loop.Items);
        items = items is VbaThing { Row: >= 0 } range && !isSkimming ? objects.Each(range) : items;
        if (items is not VbaArray array || isSkimming)
        {
            Assign(loop.Variable, items is VbaThing thing ? new VbaThing(thing.Path + ".item") { Class = thing.Class } : VbaUnknown.Value, frame);
            Doubtful(loop.Body, frame);
            return VbaFlow.Next;
        }

        var most = steps + Worth(loop, loop.Body);
        for (var i = 0; i < array.Items.Count; i++)
        {
            if (i > 0 && (!HasSteps || steps > most))
            {
                frame.IsCut = true;
                break;
            }

            Assign(loop.Variable, array.Items[i], frame);
            var flow = Run(loop.Body, frame);
            if (flow == VbaFlow.ExitFor)
            {
                break;
            }

            if (flow != VbaFlow.Next && doubts == 0)
            {
                return flow;
            }
        }

        return VbaFlow.Next;
    }

    private VbaFlow Loop(VbaLoop loop, Frame frame)
    {
        var most = steps + Worth(loop, loop.Body);
        for (var rounds = 0; rounds < MaxRounds; rounds++)
        {
            if (loop.Condition is not null && (!loop.IsTestedLast || rounds > 0))
            {
                var truth = VbaValues.Truth(Known(Evaluate(loop.Condition)));
                if (truth is null || isSkimming)
                {
                    if (rounds == 0)
                    {
                        Doubtful(loop.Body, frame);
                    }

                    return VbaFlow.Next;
                }

                if (truth == loop.IsUntil)
                {
                    return VbaFlow.Next;
                }
            }

            if (rounds > 0 && (isSkimming || !HasSteps || steps > most || (loop.Condition is null && rounds > 5000)))
            {
                frame.IsCut = true;
                return VbaFlow.Next;
            }

            var flow = Run(loop.Body, frame);
            if (flow == VbaFlow.ExitDo)
            {
                return VbaFlow.Next;
            }

            if (flow != VbaFlow.Next && doubts == 0)
            {
                return flow;
            }
        }

        return VbaFlow.Next;
    }

    /// <summary>How many steps a loop is worth: many where it puts a text together, few where it goes over cells or only counts.</summary>
    private int Worth(VbaStatement loop, VbaStatement[] body)
    {
        if (!worth.TryGetValue(loop, out var builds))
        {
            worth[loop] = builds = VbaLoops.Builds(body);
        }

        return builds ? MaxStepsOfLoop : MaxStepsOfPlainLoop;
    }

    private void Declare(VbaDeclare declare, Frame frame)
    {
        if (declare.Value is not null)
        {
            frame.Locals[declare.Name] = Known(Evaluate(declare.Value));
            return;
        }

        var owner = frame.Locals.ContainsKey(declare.Name) ? null : code.Owner(declare.Name, frame.Procedure.Module);
        if (declare.IsKept && owner is not null && owner.Values.GetValueOrDefault(declare.Name) is VbaArray || declare.IsKept && frame.Locals.GetValueOrDefault(declare.Name) is VbaArray)
        {
            return; // Arrays grow by themselves here.
        }

        var value = Initial(declare);
        if (declare.Sizes is { Length: > 0 } && owner is not null)
        {
            owner.Values[declare.Name] = value; // ReDim of the module's variable.
        }
        else
        {
            frame.Locals[declare.Name] = value;
        }
    }

    /// <summary>What a variable holds before anything is assigned to it.</summary>
    private object? Initial(VbaDeclare declare)
    {
        if (declare.NewType is { } type)
        {
            return objects.Make(type);
        }

        if (declare.Sizes is null)
        {
            return null;
        }

        var items = new List<object?>();
        if (declare.Sizes.Length == 1 && VbaValues.Whole(Known(Evaluate(declare.Sizes[0]))) is >= 0 and < VbaArray.MaxItems and var last && Spend(last))
        {
            items.AddRange(Enumerable.Repeat<object?>(null, last + 1));
        }

        return new VbaArray(items);
    }

    /// <summary>Large things cost steps too.</summary>
    internal bool Spend(int size)
    {
        steps += size / 50;
        return HasSteps || size < 1000;
    }

    private void Assign(VbaExpression target, object? value, Frame frame)
    {
        switch (target)
        {
            case VbaName name:
                if (!frame.Locals.ContainsKey(name.Name) && name.Name != frame.Procedure.Key && code.Owner(name.Name, frame.Procedure.Module) is { } owner)
                {
                    owner.Values[name.Name] = value;
                }
                else if (surroundings.IsControl(name.Name) && !frame.Locals.ContainsKey(name.Name))
                {
                    Fire(frame.Procedure.Module, name.Name + "_change");
                }
                else if (frame.Locals.Count < 50_000)
                {
                    frame.Locals[name.Name] = value;
                }

                break;
            case VbaIndex { Target: VbaName array, Arguments: [{ Value: { } at }] } index:
                var held = Evaluate(array);
                if (held is VbaArray items)
                {
                    if (VbaValues.Whole(Known(Evaluate(at))) is { } i && i - items.Lower is >= 0 and < VbaArray.MaxItems and var slot && Spend(slot - items.Items.Count))
                    {
                        while (items.Items.Count <= slot)
                        {
                            items.Items.Add(null);
                        }

                        items.Items[slot] = value;
                    }
                }
                else if (Evaluate(index) is VbaThing { Row: >= 0 } cell)
                {
                    objects.Set(cell, "value", value);
                }

                break;
            case VbaIndex { Target: VbaName { Name: "mid" }, Arguments: [{ Value: VbaName text }, { Value: { } from }, ..] arguments }:
                Assign(text, Overwritten(Known(Evaluate(text)), Known(Evaluate(from)), arguments.Length > 2 && arguments[2].Value is { } count ? Known(Evaluate(count)) : null, value), frame);
                break;
            case VbaIndex { Target: VbaMember or VbaName } index:
                if (Evaluate(index) is VbaThing { Row: >= 0 } written)
                {
                    objects.Set(written, "value", value);
                }

                NoteText(VbaValues.IsText(value) ? VbaValues.Text(value) : "");
                break;
            case VbaMember member:
                var of = member.Target is null ? (frame.With.Count > 0 ? frame.With.Peek() : VbaUnknown.Value) : Evaluate(member.Target);
                objects.Set(of, member.Name, value);
                break;
        }
    }

    /// <summary>The statement Mid(text, from, count) = value.</summary>
    private static object Overwritten(object? text, object? from, object? count, object? value)
    {
        var old = VbaValues.Text(text);
        var put = VbaValues.Text(value);
        if (VbaValues.Whole(from) is not { } at || at < 1 || at > old.Length)
        {
            return old;
        }

        var length = Math.Min(Math.Min(put.Length, old.Length - at + 1), count is null ? int.MaxValue : VbaValues.Whole(count) is { } most and >= 0 ? most : put.Length);
        return string.Concat(old.AsSpan(0, at - 1), put.AsSpan(0, length), old.AsSpan(at - 1 + length));
    }
}
