namespace Sekisho.Inspection.Formats;

/// <summary>How much a project's code is made not to be read, measured.</summary>
/// <param name="Degree">0 to 100; from 60 on nobody writes so for himself.</param>
/// <param name="Why">What was counted, in words.</param>
internal sealed record VbaObfuscation(int Degree, string Why)
{
    private const int FewestNames = 6;

    private static readonly HashSet<string> Builders = new(StringComparer.Ordinal) { "chr", "chrw", "chrb", "strreverse", "asc", "ascw", "replace", "xor", "strconv", "split", "join", "wdkeyp", "cbyte" };

    /// <summary>Measures it: words put together that no literal shows, names without sense, texts built of characters, code that does nothing.</summary>
    public static VbaObfuscation Measure(VbaProject project, VbaCode code, VbaInterpreter interpreter)
    {
        var why = new List<string>();
        var degree = 0;
        var hidden = interpreter.SplitWords.Where(w => !project.Modules.Any(m => m.Source.Contains(w, StringComparison.OrdinalIgnoreCase))).ToList();
        if (hidden.Count > 0)
        {
            degree += 60;
            why.Add($"words put together: {string.Join(", ", hidden.Order(StringComparer.Ordinal).Take(5))}");
        }

        var names = code.Procedures.Where(p => !VbaAutoStart.IsAutoStart(p.Key)).Select(p => p.Key).Concat(code.Modules.SelectMany(m => m.Variables.Keys)).ToList();
        names.AddRange(Locals(code));
        var senseless = names.Count(IsSenseless);
        if (names.Count >= FewestNames && senseless * 3 >= names.Count)
        {
            degree += senseless * 3 >= names.Count * 2 ? 40 : 30;
            why.Add($"{senseless} of {names.Count} names without sense");
        }

        int characters = 0, junk = 0, statements = 0;
        foreach (var procedure in code.Procedures)
        {
            Count(procedure.Body, ref characters, ref junk, ref statements, 0);
        }

        if (characters >= 20 && characters * 8 >= statements)
        {
            degree += 20;
            why.Add($"{characters} texts built of characters");
        }

        if (junk >= 10 && junk * 3 >= statements)
        {
            degree += 30;
            why.Add($"{junk} of {statements} statements do nothing but count");
        }

        if (interpreter.Actions.Any(a => a.Kind == VbaActionKind.UnknownObject && a.Reach == VbaReach.SelfStart))
        {
            degree += 40;
            why.Add("makes objects by hidden names");
        }

        return new VbaObfuscation(Math.Min(degree, 100), string.Join("; ", why));
    }

    private static IEnumerable<string> Locals(VbaCode code)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var procedure in code.Procedures)
        {
            foreach (var statement in procedure.Body)
            {
                if (seen.Count < 5000 && statement is VbaAssign { Target: VbaName name } && seen.Add(name.Name))
                {
                    yield return name.Name;
                }
            }
        }
    }

    /// <summary>True for a name that no language has: hardly a vowel, digits strewn in, or four and more consonants in a row.</summary>
    internal static bool IsSenseless(string name)
    {
        if (name.Length < 6 || name.Any(c => c > 127) || name.Contains('_', StringComparison.Ordinal))
        {
            return false;
        }

        int letters = 0, vowels = 0, row = 0, longest = 0, changes = 0;
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (char.IsAsciiLetter(c))
            {
                letters++;
                var isVowel = c is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';
                vowels += isVowel ? 1 : 0;
                row = isVowel ? 0 : row + 1;
                longest = Math.Max(longest, row);
            }
            else
            {
                row = 0;
            }

            changes += i > 0 && char.IsAsciiDigit(c) != char.IsAsciiDigit(name[i - 1]) ? 1 : 0;
        }

        return longest >= 5 || changes >= 3 || (letters >= 7 && vowels * 5 < letters) || (name.Length >= 12 && longest >= 4 && vowels * 3 < letters);
    }

    /// <summary>Counts statements, those that build texts of characters, and those that only do sums with numbers.</summary>
    private static void Count(VbaStatement[] body, ref int characters, ref int junk, ref int statements, int depth)
    {
        foreach (var statement in body)
        {
            statements++;
            switch (statement)
            {
                case VbaAssign assign:
                    characters += Built(assign.Value, 0);
                    junk += IsSum(assign.Value) ? 1 : 0;
                    break;
                case VbaCallStatement { Call: VbaIndex call }:
                    characters += call.Arguments.Sum(a => a.Value is null ? 0 : Built(a.Value, 0));
                    break;
                case VbaIf branch when depth < 40:
                    foreach (var (_, inner) in branch.Branches)
                    {
                        Count(inner, ref characters, ref junk, ref statements, depth + 1);
                    }

                    break;
                case VbaSelect select when depth < 40:
                    foreach (var (_, inner) in select.Branches)
                    {
                        Count(inner, ref characters, ref junk, ref statements, depth + 1);
                    }

                    break;
                case VbaFor loop when depth < 40:
                    Count(loop.Body, ref characters, ref junk, ref statements, depth + 1);
                    break;
                case VbaForEach loop when depth < 40:
                    Count(loop.Body, ref characters, ref junk, ref statements, depth + 1);
                    break;
                case VbaLoop loop when depth < 40:
                    Count(loop.Body, ref characters, ref junk, ref statements, depth + 1);
                    break;
                case VbaWith with when depth < 40:
                    Count(with.Body, ref characters, ref junk, ref statements, depth + 1);
                    break;
            }
        }
    }

    private static int Built(VbaExpression value, int depth) => depth > 8 ? 0 : value switch
    {
        VbaChain chain => Built(chain.First, depth + 1) + chain.Rest.Take(1000).Sum(r => Built(r.Operand, depth + 1)),
        VbaIndex { Target: VbaName name } call => (Builders.Contains(name.Name) && name.Name is not ("replace" or "split" or "join") ? 1 : 0) + call.Arguments.Take(100).Sum(a => a.Value is null ? 0 : Built(a.Value, depth + 1)),
        VbaIndex { Target: VbaMember } call => call.Arguments.Take(100).Sum(a => a.Value is null ? 0 : Built(a.Value, depth + 1)),
        _ => 0,
    };

    /// <summary>Numbers with functions of mathematics, such as Log(Sin(12345) * 77).</summary>
    private static bool IsSum(VbaExpression value) => value switch
    {
        VbaIndex { Target: VbaName { Name: "sin" or "cos" or "tan" or "atn" or "log" or "exp" or "sqr" or "sgn" or "fix" or "oct" or "hex" or "rnd" or "cbool" or "csng" or "cdbl" or "cdate" or "cint" or "clng" } } => true,
        VbaChain { Rest: { Length: > 0 and < 50 } rest } chain => (IsSum(chain.First) || chain.First is VbaLiteral { Value: double }) && rest.All(r => r.Operator is "+" or "-" or "*" or "/" or "^" && r.Operand is VbaLiteral { Value: double } or VbaName || IsSum(r.Operand)),
        _ => false,
    };
}
