using System.Runtime.CompilerServices;

namespace Sekisho.Inspection.Formats;

/// <content>Expressions.</content>
internal sealed partial class VbaInterpreter
{
    /// <summary>An expression's value.</summary>
    private object? Evaluate(VbaExpression expression)
    {
        Step();
        switch (expression)
        {
            case VbaLiteral literal:
                return literal.Value;
            case VbaName name:
                return Name(name.Name);
            case VbaChain chain:
                return Chain(chain);
            case VbaIndex index:
                return Index(index);
            case VbaMember member:
                return objects.Get(Target(member), member.Name, []);
            case VbaUnary unary:
                if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
                {
                    return VbaUnknown.Value;
                }

                var operand = Known(Evaluate(unary.Operand));
                return operand is bool truth && unary.Operator == "not" ? !truth
                    : VbaValues.Number(operand) is not { } number ? VbaUnknown.Value
                    : unary.Operator == "-" ? -number : Math.Abs(number) < 1e15 ? (double)~(long)number : VbaUnknown.Value;
            case VbaNamed { Keyword: "new" } made:
                return objects.Make(made.Name);
            case VbaNamed:
                return VbaUnknown.Value;
            default:
                return VbaUnknown.Value;
        }
    }

    private object? Target(VbaMember member)
    {
        if (member.Target is not null)
        {
            return RuntimeHelpers.TryEnsureSufficientExecutionStack() ? Evaluate(member.Target) : VbaUnknown.Value;
        }

        var frame = stack[^1];
        return frame.With.Count > 0 ? frame.With.Peek() : VbaUnknown.Value;
    }

    /// <summary>Operators of one rank, from left to right.</summary>
    private object? Chain(VbaChain chain)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return VbaUnknown.Value;
        }

        var value = Known(Evaluate(chain.First));
        foreach (var (op, operand) in chain.Rest)
        {
            value = VbaValues.Operate(op, value, Known(Evaluate(operand)));
        }

        return value;
    }

    /// <summary>What a value is as data: an object gives its text where the document has it.</summary>
    public object? Known(object? value) => value is VbaThing thing ? objects.Value(thing) : value;

    private object? Name(string name)
    {
        var frame = stack[^1];
        if (frame.Locals.TryGetValue(name, out var value))
        {
            return value;
        }

        var here = frame.Procedure.Module;
        if (code.Owner(name, here) is { } owner)
        {
            return Variable(owner, name);
        }

        if (name != frame.Procedure.Key && code.Find(name, here) is { } procedure)
        {
            return Enter(procedure, []);
        }

        return name == frame.Procedure.Key ? null : objects.Global(name, []);
    }

    private object? Variable(VbaModuleCode owner, string name)
    {
        if (owner.Values.TryGetValue(name, out var value))
        {
            return value;
        }

        // First use: a constant's value, an array's bounds. A constant that needs itself is not known.
        var declare = owner.Variables[name];
        owner.Values[name] = VbaUnknown.Value;
        return owner.Values[name] = !RuntimeHelpers.TryEnsureSufficientExecutionStack() ? VbaUnknown.Value : declare.Value is not null ? Known(Evaluate(declare.Value)) : Initial(declare);
    }

    private object? Index(VbaIndex index)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return VbaUnknown.Value;
        }

        switch (index.Target)
        {
            case VbaName name:
                return Call(name.Name, index.Arguments);
            case VbaMember member:
                var target = Target(member);
                if (target is VbaThing { Module: { } module } && code.FindIn(module, member.Name) is { } method)
                {
                    return Enter(method, index.Arguments);
                }

                return objects.Get(target, member.Name, Values(index.Arguments));
            default:
                var value = Evaluate(index.Target);
                var arguments = Values(index.Arguments);
                return value is VbaThing thing ? objects.Get(thing, "item", arguments) : Item(value, arguments);
        }
    }

    private object? Call(string name, VbaArgument[] arguments)
    {
        var frame = stack[^1];
        var here = frame.Procedure.Module;
        var isLocal = frame.Locals.TryGetValue(name, out var held) && !(name == frame.Procedure.Key && arguments.Length > 0 && held is not VbaArray);
        if (isLocal || (name != frame.Procedure.Key && code.Owner(name, here) is not null && code.FindIn(here, name) is null))
        {
            held = isLocal ? held : Variable(code.Owner(name, here)!, name);
            var at = Values(arguments);
            return held is VbaThing thing ? objects.Get(thing, "item", at) : Item(held, at);
        }

        if (code.Find(name, here) is { } procedure)
        {
            return Enter(procedure, arguments);
        }

        if (code.Declaration(name, here) is { } declaration)
        {
            objects.Library(declaration, name, Values(arguments));
            return VbaUnknown.Value;
        }

        return objects.Global(name, Values(arguments), arguments);
    }

    /// <summary>Arguments as values, in their order.</summary>
    private object?[] Values(VbaArgument[] arguments)
    {
        if (arguments.Length == 0)
        {
            return [];
        }

        var values = new object?[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Value is { } value ? Evaluate(value) : null;
        }

        return values;
    }

    private object? Item(object? value, object?[] at)
    {
        if (value is VbaArray array && at.Length == 1)
        {
            return VbaValues.Whole(Known(at[0])) is not { } i ? VbaUnknown.Value : i - array.Lower is >= 0 and var slot && slot < array.Items.Count ? array.Items[slot] : null;
        }

        // An index into an index: the outer array's item.
        return VbaUnknown.Value;
    }
}
