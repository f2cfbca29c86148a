using System.Runtime.CompilerServices;

namespace Sekisho.Inspection.Formats;

/// <summary>Follows a macro's code without running anything: works out texts as far as they can be known, takes both ways where the way is not known, and notes what is done to the outside.</summary>
/// <remarks>Bounded: a number of steps for all, a smaller one for each start and loop. Once they are spent, loops go round once and nothing is entered twice.</remarks>
internal sealed partial class VbaInterpreter
{
    private const int MaxSteps = 300_000;
    private const int MaxStepsOfStart = 120_000;
    private const int MaxStepsOfRest = 40_000;
    private const int MaxStepsOfLoop = 80_000;
    private const int MaxStepsOfPlainLoop = 600;
    private const int MaxEntriesOfSub = 12;
    private const int MaxDepth = 40;
    private const int MaxActions = 200;
    private const int MaxNoted = 4000;
    private const int CharactersOfStep = 64;

    private readonly VbaCode code;
    private readonly VbaSurroundings surroundings;
    private readonly VbaObjects objects;
    private readonly List<Frame> stack = [];
    private readonly List<VbaAction> actions = [];
    private readonly Dictionary<VbaStatement, bool> worth = [];
    private readonly Dictionary<(VbaModuleCode? Module, int At, VbaActionKind Kind), int> sites = [];
    private VbaReach reach;
    private VbaStatement? current;
    private int steps;
    private int mostSteps;
    private int doubts;
    private bool isSkimming;

    public VbaInterpreter(VbaCode code, VbaSurroundings surroundings)
    {
        this.code = code;
        this.surroundings = surroundings;
        objects = new VbaObjects(this, surroundings);
    }

    /// <summary>What was seen.</summary>
    public IReadOnlyList<VbaAction> Actions => actions;

    /// <summary>True where a self-start was seen to read texts out of forms, properties or cells.</summary>
    public bool ReadsStorage { get; private set; }

    /// <summary>How many texts were put together by a self-start to hide words, each at most once.</summary>
    public HashSet<string> SplitWords { get; } = new(StringComparer.Ordinal);

    /// <summary>Follows everything: what starts by itself first, then the rest.</summary>
    public void Follow()
    {
        foreach (var start in code.Procedures)
        {
            if (start.Reach == VbaReach.SelfStart && start.From is null)
            {
                Start(start, VbaReach.SelfStart, Math.Min(MaxSteps, steps + MaxStepsOfStart));
            }
        }

        // What that did not lead to, because a way could not be told: each for itself, both ways taken.
        isSkimming = true;
        for (var level = VbaReach.SelfStart; level >= VbaReach.None; level--)
        {
            var most = steps + MaxStepsOfRest;
            foreach (var procedure in code.Procedures)
            {
                if (procedure.Reach == level && (!procedure.IsEntered || HasUnseen(procedure.Body)))
                {
                    Start(procedure, level, most);
                }
            }
        }
    }

    private static bool HasUnseen(VbaStatement[] body)
    {
        foreach (var statement in body)
        {
            if (!statement.IsSeen || statement switch
            {
                VbaIf branch => branch.Branches.Any(b => HasUnseen(b.Body)),
                VbaSelect select => select.Branches.Any(b => HasUnseen(b.Body)),
                VbaFor loop => HasUnseen(loop.Body),
                VbaForEach loop => HasUnseen(loop.Body),
                VbaLoop loop => HasUnseen(loop.Body),
                VbaWith with => HasUnseen(with.Body),
                _ => false,
            })
            {
                return true;
            }
        }

        return false;
    }

    private void Start(VbaProcedure procedure, VbaReach how, int most)
    {
        reach = how;
        mostSteps = most;
        stack.Clear();
        doubts = 0;
        Enter(procedure, []);
    }

    /// <summary>True while code is only looked over that no start led to.</summary>
    public bool IsSkimming => isSkimming;

    /// <summary>True while there are steps to go.</summary>
    private bool HasSteps => steps < mostSteps;

    private bool Step()
    {
        steps++;
        return HasSteps;
    }

    /// <summary>Notes an action where the code stands now.</summary>
    public void Note(VbaActionKind kind, string what)
    {
        var key = (stack.Count > 0 ? stack[^1].Procedure.Module : null, current?.At ?? 0, kind);
        var shown = Shown(what);
        if (sites.TryGetValue(key, out var index))
        {
            // The same place again: whatever is better known stays.
            if (actions[index].Reach == reach && Doubts(actions[index].What) > Doubts(shown))
            {
                actions[index] = actions[index] with { What = shown };
            }

            return;
        }

        if (actions.Count < MaxActions)
        {
            sites[key] = actions.Count;
            actions.Add(new VbaAction(kind, reach, Path(), shown));
        }
    }

    /// <summary>Texts that were put together and now are used: words that no single literal shows.</summary>
    public void NoteText(string text)
    {
        if (text.Length < 4)
        {
            return;
        }

        text = text.Length > MaxNoted ? text[..MaxNoted] : text;
        steps += text.Length / CharactersOfStep * 2;

        foreach (var word in VbaCommand.Keywords)
        {
            if (SplitWords.Count < 50 && !SplitWords.Contains(word) && VbaCommand.Holds(text, word))
            {
                SplitWords.Add(word);
            }
        }
    }

    /// <summary>Long texts cost steps where they are read or made, so that no loop does much with little.</summary>
    /// <param name="value">What is read: pieces that have to be put together cost, a text that is whole does not.</param>
    /// <param name="isWhole">True where all of it is gone through, or has just been made.</param>
    public void Charge(object? value, bool isWhole)
    {
        steps += value switch
        {
            VbaJoined joined => isWhole || !joined.IsFlat ? joined.Length / CharactersOfStep : 0,
            string text => isWhole ? text.Length / CharactersOfStep : 0,
            VbaArray array => isWhole ? array.Items.Count / 8 : 0,
            _ => 0,
        };
    }

    /// <summary>True where the code has this text in one piece.</summary>
    public bool IsWritten(string text) => code.Has(text);

    /// <summary>Notes that a text came out of the document.</summary>
    public void NoteStorage() => ReadsStorage |= reach == VbaReach.SelfStart;

    private static int Doubts(string what) => what.Count(c => c == '?') + (what.Length < 12 ? 5 : 0);

    private static string Shown(string what)
    {
        what = what.Length > 300 ? what[..300] : what;
        return what.Replace(VbaUnknown.Mark, '?').Replace("\r", " ", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal);
    }

    private string Path()
    {
        var names = new List<string>();
        var first = stack.Count > 0 ? stack[0].Procedure : null;
        for (var from = first?.From; from is not null && names.Count < 20; from = from.From)
        {
            names.Insert(0, from.Name);
        }

        foreach (var frame in stack)
        {
            if (names.Count < 30)
            {
                names.Add(frame.Procedure.Name);
            }
        }

        return names.Count <= 6 ? string.Join(" -> ", names) : string.Join(" -> ", names.Take(3).Append("…").Concat(names.TakeLast(2)));
    }

    /// <summary>Follows a call and gives its value.</summary>
    private object? Enter(VbaProcedure procedure, VbaArgument[] arguments)
    {
        var isAgain = procedure.IsEntered;
        if (stack.Count >= MaxDepth || (isAgain && (!HasSteps || (!procedure.IsFunction && procedure.Entries >= MaxEntriesOfSub) || stack.Exists(f => f.Procedure == procedure && stack.Count > 12))) || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return VbaUnknown.Value;
        }

        var frame = new Frame(procedure);
        for (var i = 0; i < procedure.Parameters.Count; i++)
        {
            frame.Locals[procedure.Parameters[i].Name] = stack.Count == 0 ? VbaUnknown.Value : null;
        }

        var count = 0;
        foreach (var argument in arguments)
        {
            var value = argument.Value is null ? null : Evaluate(argument.Value);
            var name = argument.Name ?? (count < procedure.Parameters.Count ? procedure.Parameters[count].Name : null);
            count++;
            if (name is not null && argument.Value is not null)
            {
                frame.Locals[name] = value;
            }
        }

        procedure.Entries++;
        procedure.IsEntered = true;
        var outer = (current, doubts);
        stack.Add(frame);
        // Inside, a doubt about the way there is none: it runs whole or not at all.
        doubts = 0;
        Run(procedure.Body, frame);
        stack.RemoveAt(stack.Count - 1);
        (current, doubts) = outer;

        // Variables given by reference come back changed.
        for (var i = 0; i < arguments.Length && i < procedure.Parameters.Count && stack.Count > 0; i++)
        {
            if (arguments[i] is { Name: null, Value: VbaName variable } && !procedure.Parameters[i].IsByValue && frame.Locals.TryGetValue(procedure.Parameters[i].Name, out var changed)
                && stack[^1].Locals.TryGetValue(variable.Name, out var before) && !ReferenceEquals(before, changed))
            {
                stack[^1].Locals[variable.Name] = changed;
            }
        }

        return frame.Locals.TryGetValue(procedure.Key, out var result) ? result : procedure.IsFunction ? frame.IsCut ? VbaUnknown.Value : null : null;
    }

    /// <summary>Follows a procedure by name if there is one: events that an action fires.</summary>
    public void Fire(VbaModuleCode module, string name)
    {
        if (code.FindIn(module, name) is { } procedure && !stack.Exists(f => f.Procedure == procedure))
        {
            Enter(procedure, []);
        }
    }

    /// <summary>Follows a procedure that a text names; false where it is not of this project.</summary>
    public bool RunByText(string text, VbaArgument[] arguments)
    {
        if (code.ByText(text) is not { } procedure)
        {
            return false;
        }

        if (!stack.Exists(f => f.Procedure == procedure))
        {
            Enter(procedure, arguments);
        }

        return true;
    }

    /// <summary>Follows a module's own method or property, or gives its variable; false where it has none of that name.</summary>
    public bool Method(VbaModuleCode module, string name, object?[] values, out object? result)
    {
        if (code.FindIn(module, name, isFunction: true) is { } procedure)
        {
            result = Enter(procedure, [.. values.Select(v => new VbaArgument(null, new VbaLiteral(v)))]);
            return true;
        }

        result = null;
        if (!module.Variables.ContainsKey(name))
        {
            return false;
        }

        result = Variable(module, name);
        return true;
    }

    /// <summary>Follows a module's own Property Let or Set; false where it has none of that name.</summary>
    public bool Let(VbaModuleCode module, string name, object? value)
    {
        if (code.FindIn(module, name, isFunction: false) is not { IsFunction: false, Parameters.Count: > 0 } procedure)
        {
            return false;
        }

        Enter(procedure, [new VbaArgument(procedure.Parameters[^1].Name, new VbaLiteral(value))]);
        return true;
    }

    /// <summary>The module of a name, such as a form's.</summary>
    public VbaModuleCode? Module(string name) => code.Module(name);

    /// <summary>The module in which the code stands now.</summary>
    public VbaModuleCode? Here => stack.Count > 0 ? stack[^1].Procedure.Module : null;

    /// <summary>One call under way.</summary>
    private sealed class Frame(VbaProcedure procedure)
    {
        public readonly VbaProcedure Procedure = procedure;
        public readonly Dictionary<string, object?> Locals = new(StringComparer.Ordinal);
        public readonly Stack<object?> With = new();
        public string Label = "";
        public int Jumps;
        public bool IsCut;
    }
}
