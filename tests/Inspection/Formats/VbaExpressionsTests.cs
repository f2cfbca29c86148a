using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class VbaExpressionsTests
{
    private readonly VbaTextBudget budget = new();

    [Fact]
    public void Call_TakesItsArgumentsFromBelow()
    {
        var stack = new VbaExpressions(budget);
        stack.Push("kept");
        stack.Push("1");
        stack.Push("two");
        stack.Push("object");
        stack.Append(".member");
        stack.Call(2);

        Assert.Equal(["kept", "object.member(1, two)"], stack.Take(9));
    }

    [Fact]
    public void JoinAndWrap_KeepWhatIsBelow()
    {
        var stack = new VbaExpressions(budget);
        stack.Push("a");
        stack.Push("b");
        stack.Push("c");
        stack.Join(" + ");
        stack.Wrap("(", ")");

        Assert.Equal("(b + c)", stack.Pop());
        Assert.Equal("a", stack.Pop());
    }

    [Fact]
    public void WhatIsMissing_IsAQuestionMark()
    {
        var stack = new VbaExpressions(budget);
        stack.Call(3);

        Assert.Equal("?()", stack.Pop());
        Assert.Equal("?", stack.Pop());
        Assert.Empty(stack.Take(1));
    }

    [Fact]
    public void SpentBudget_EndsTheWriting()
    {
        var stack = new VbaExpressions(budget);
        stack.Push("a");
        budget.Moved = 0;
        stack.Push("b");
        stack.Wrap("(", ")");

        Assert.True(budget.IsSpent);
        Assert.Equal(["a", ""], stack.Take(2));
    }
}
