namespace Sekisho.Inspection.Formats;

/// <summary>Tells loops that put texts or keys together from those that go over cells or only count.</summary>
internal static class VbaLoops
{
    private const int MaxDepth = 20;

    /// <summary>True where a variable is assigned what characters, bits or the variable itself make up.</summary>
    /// <param name="body">The loop's statements.</param>
    public static bool Builds(VbaStatement[] body) => Builds(body, 0);

    private static bool Builds(VbaStatement[] body, int depth)
    {
        if (depth > MaxDepth)
        {
            return false;
        }

        foreach (var statement in body)
        {
            if (statement switch
            {
                VbaAssign { Target: VbaName target } assign => IsBuilt(assign.Value, target.Name, 0),
                VbaAssign { Target: VbaIndex { Target: VbaName target } } assign => target.Name is "mid" || IsBuilt(assign.Value, target.Name, 0),
                VbaIf branch => Array.Exists(branch.Branches, b => Builds(b.Body, depth + 1)),
                VbaSelect select => Array.Exists(select.Branches, b => Builds(b.Body, depth + 1)),
                VbaFor loop => Builds(loop.Body, depth + 1),
                VbaForEach loop => Builds(loop.Body, depth + 1),
                VbaLoop loop => Builds(loop.Body, depth + 1),
                VbaWith with => Builds(with.Body, depth + 1),
                _ => false,
            })
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBuilt(VbaExpression value, string target, int depth) => depth <= MaxDepth && value switch
    {
        VbaChain chain => (chain.First is VbaName { Name: var first } && first == target && chain.Rest[0] is { Operator: "&" or "+", Operand: not VbaLiteral { Value: double } })
            || IsBuilt(chain.First, target, depth + 1) || Array.Exists(chain.Rest, r => r.Operator == "xor" || IsBuilt(r.Operand, target, depth + 1)),
        VbaIndex { Target: VbaName { Name: "chr" or "chrw" or "chrb" or "asc" or "ascw" or "ascb" or "mid" or "strreverse" or "cbyte" or "hex" or "val" } } => true,
        VbaIndex call => Array.Exists(call.Arguments, a => a.Value is not null && IsBuilt(a.Value, target, depth + 1)),
        VbaUnary unary => IsBuilt(unary.Operand, target, depth + 1),
        _ => false,
    };
}
