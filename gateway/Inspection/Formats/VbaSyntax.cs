namespace Sekisho.Inspection.Formats;

/// <summary>An expression of VBA (MS-VBAL section 5.6).</summary>
internal abstract class VbaExpression;

/// <summary>A value as written: a <see cref="string"/>, <see cref="double"/>, <see cref="bool"/>, null for Empty, or <see cref="VbaUnknown"/>.</summary>
internal sealed class VbaLiteral(object? value) : VbaExpression
{
    public readonly object? Value = value;
}

/// <summary>A bare name, lower case.</summary>
internal sealed class VbaName(string name) : VbaExpression
{
    public readonly string Name = name;
}

/// <summary><c>target.name</c>; no target within a With block.</summary>
internal sealed class VbaMember(VbaExpression? target, string name) : VbaExpression
{
    public readonly VbaExpression? Target = target;
    public readonly string Name = name;
}

/// <summary>A call or an index: <c>target(arguments)</c>.</summary>
internal sealed class VbaIndex(VbaExpression target, VbaArgument[] arguments) : VbaExpression
{
    public readonly VbaExpression Target = target;
    public readonly VbaArgument[] Arguments = arguments;
}

/// <summary>One argument; no value where it is left out.</summary>
/// <param name="Name">Lower case, where it is given by name.</param>
/// <param name="Value">What is given.</param>
internal readonly record struct VbaArgument(string? Name, VbaExpression? Value);

/// <summary>Operands of operators of one rank, from left to right: one node however long the chain, so that nothing is ever as deep as a line is long.</summary>
internal sealed class VbaChain(VbaExpression first, (string Operator, VbaExpression Operand)[] rest) : VbaExpression
{
    public readonly VbaExpression First = first;
    public readonly (string Operator, VbaExpression Operand)[] Rest = rest;
}

/// <summary><c>-x</c>, <c>Not x</c>.</summary>
internal sealed class VbaUnary(string op, VbaExpression operand) : VbaExpression
{
    public readonly string Operator = op;
    public readonly VbaExpression Operand = operand;
}

/// <summary><c>New Class1</c>, <c>AddressOf Callback</c>.</summary>
internal sealed class VbaNamed(string keyword, string name) : VbaExpression
{
    public readonly string Keyword = keyword;
    public readonly string Name = name;
}

/// <summary>A statement.</summary>
internal abstract class VbaStatement
{
    /// <summary>Set once it has been followed.</summary>
    public bool IsSeen;

    /// <summary>Where it begins in its module.</summary>
    public int At;
}

/// <summary>An assignment; <c>Set</c> or not.</summary>
internal sealed class VbaAssign(VbaExpression target, VbaExpression value) : VbaStatement
{
    public readonly VbaExpression Target = target;
    public readonly VbaExpression Value = value;
}

/// <summary>A call for its effect.</summary>
internal sealed class VbaCallStatement(VbaExpression call) : VbaStatement
{
    public readonly VbaExpression Call = call;
}

/// <summary>Branches in their order; a null condition is Else.</summary>
internal sealed class VbaIf((VbaExpression? Condition, VbaStatement[] Body)[] branches) : VbaStatement
{
    public readonly (VbaExpression? Condition, VbaStatement[] Body)[] Branches = branches;
}

/// <summary>Select Case; each case has values, ranges and comparisons.</summary>
internal sealed class VbaSelect(VbaExpression subject, (VbaCase[] Cases, VbaStatement[] Body)[] branches) : VbaStatement
{
    public readonly VbaExpression Subject = subject;

    /// <summary>No cases at all is Case Else.</summary>
    public readonly (VbaCase[] Cases, VbaStatement[] Body)[] Branches = branches;
}

/// <summary>One range clause: an operator with a value, or a value with an upper end.</summary>
internal readonly record struct VbaCase(string Operator, VbaExpression Value, VbaExpression? UpTo);

/// <summary>For … To … Step … Next.</summary>
internal sealed class VbaFor(VbaExpression variable, VbaExpression from, VbaExpression to, VbaExpression? step, VbaStatement[] body) : VbaStatement
{
    public readonly VbaExpression Variable = variable;
    public readonly VbaExpression From = from;
    public readonly VbaExpression To = to;
    public readonly VbaExpression? Step = step;
    public readonly VbaStatement[] Body = body;
}

/// <summary>For Each.</summary>
internal sealed class VbaForEach(VbaExpression variable, VbaExpression items, VbaStatement[] body) : VbaStatement
{
    public readonly VbaExpression Variable = variable;
    public readonly VbaExpression Items = items;
    public readonly VbaStatement[] Body = body;
}

/// <summary>Do and While loops.</summary>
internal sealed class VbaLoop(VbaExpression? condition, bool isUntil, bool isTestedLast, VbaStatement[] body) : VbaStatement
{
    public readonly VbaExpression? Condition = condition;
    public readonly bool IsUntil = isUntil;
    public readonly bool IsTestedLast = isTestedLast;
    public readonly VbaStatement[] Body = body;
}

/// <summary>With.</summary>
internal sealed class VbaWith(VbaExpression target, VbaStatement[] body) : VbaStatement
{
    public readonly VbaExpression Target = target;
    public readonly VbaStatement[] Body = body;
}

/// <summary>Dim, Static, ReDim, Const of one variable.</summary>
internal sealed class VbaDeclare(string name, VbaExpression[]? sizes, string? type, VbaExpression? value, bool isKept) : VbaStatement
{
    public readonly string Name = name;

    /// <summary>Upper bounds; empty for an array without any; null for no array.</summary>
    public readonly VbaExpression[]? Sizes = sizes;

    /// <summary>The class after <c>As New</c>.</summary>
    public readonly string? NewType = type;

    /// <summary>A constant's value.</summary>
    public readonly VbaExpression? Value = value;

    /// <summary>ReDim Preserve.</summary>
    public readonly bool IsKept = isKept;
}

/// <summary>Exit Sub, Exit For, End, GoTo, and labels.</summary>
internal sealed class VbaJump(VbaFlow flow, string label) : VbaStatement
{
    public readonly VbaFlow Flow = flow;
    public readonly string Label = label;
}

/// <summary>Statements on files: Open, Print, Put, Kill, FileCopy, Name.</summary>
internal sealed class VbaFileStatement(string word, string mode, VbaExpression?[] operands) : VbaStatement
{
    public readonly string Word = word;

    /// <summary>The word after <c>For</c>.</summary>
    public readonly string Mode = mode;
    public readonly VbaExpression?[] Operands = operands;
}

/// <summary>Where a statement leads.</summary>
internal enum VbaFlow
{
    /// <summary>To the next.</summary>
    Next,

    /// <summary>Out of the For loop.</summary>
    ExitFor,

    /// <summary>Out of the Do loop.</summary>
    ExitDo,

    /// <summary>Out of the procedure.</summary>
    ExitProcedure,

    /// <summary>The end of everything.</summary>
    End,

    /// <summary>To a label.</summary>
    GoTo,

    /// <summary>A label itself.</summary>
    Label,
}
