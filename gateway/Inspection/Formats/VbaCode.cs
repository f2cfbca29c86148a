namespace Sekisho.Inspection.Formats;

/// <summary>The code of a VBA project: its procedures, who may call whom, and what starts by itself.</summary>
internal sealed class VbaCode
{
    private const int MaxLiteral = 200;

    /// <summary>Procedures of one name in one module: a property has three sides.</summary>
    private const int MostOfOneName = 4;

    private readonly Dictionary<string, List<VbaProcedure>> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VbaModuleCode> byModule = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VbaModuleCode> variables = new(StringComparer.Ordinal);
    private readonly HashSet<string> literals = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> followed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VbaDeclaration> declarations = new(StringComparer.Ordinal);

    /// <summary>Takes a project's modules apart.</summary>
    /// <param name="project">The project.</param>
    /// <param name="surroundings">What stands around it: forms, and what the document starts.</param>
    public VbaCode(VbaProject project, VbaSurroundings surroundings)
    {
        var names = VbaTokens.NewNames();
        var reader = new VbaTokens(names);
        var left = VbaTokens.MaxTokens;
        var isWord = false;
        foreach (var module in project.Modules)
        {
            if (module.Code.Length == 0)
            {
                continue;
            }

            var tokens = reader.Read(module.Code, left);
            IsCut |= reader.IsCut;
            left -= tokens.Count;
            foreach (var token in tokens)
            {
                if (token.Kind == VbaTokenKind.Text && token.Text.Length <= MaxLiteral)
                {
                    literals.Add(token.Text);
                }
            }

            var code = VbaParser.Read(tokens, module.Code, module.Name);
            var origin = Attribute(module.Source, "VB_Base");
            code.IsForm = surroundings.IsForm(module.Name) && origin.Contains("}{", StringComparison.Ordinal);
            code.IsClass = origin.Contains("{FCFB3D2A", StringComparison.OrdinalIgnoreCase);
            code.IsDocument = code.Key is "thisdocument" or "thisworkbook" || (origin.Length > 0 && !code.IsClass && !origin.Contains("}{", StringComparison.Ordinal));
            isWord |= code.Key == "thisdocument" || origin.Contains("{00020906", StringComparison.Ordinal) || origin.EndsWith(".ThisDocument\"", StringComparison.OrdinalIgnoreCase);
            Add(code);
            if (left <= 0)
            {
                IsCut = true;
                break;
            }
        }

        Reach(surroundings, isWord);
    }

    public List<VbaModuleCode> Modules { get; } = [];

    /// <summary>True where there is more code than is taken apart.</summary>
    public bool IsCut { get; }

    public IEnumerable<VbaProcedure> Procedures => Modules.SelectMany(m => m.Procedures);

    /// <summary>The procedure that a bare name means in a module.</summary>
    public VbaProcedure? Find(string name, VbaModuleCode from)
    {
        if (!byName.TryGetValue(name, out var all))
        {
            return null;
        }

        foreach (var procedure in all)
        {
            if (procedure.Module == from)
            {
                return procedure;
            }
        }

        return all.Find(p => !p.IsPrivate) ?? all[0];
    }

    /// <summary>A module's own procedure; of a property's two sides the one that is asked for, where there are both.</summary>
    public VbaProcedure? FindIn(VbaModuleCode module, string name, bool isFunction = false) =>
        byName.TryGetValue(name, out var all) ? all.Find(p => p.Module == module && p.IsFunction == isFunction) ?? all.Find(p => p.Module == module) : null;

    /// <summary>True where the source has this text as a literal of its own.</summary>
    public bool Has(string text) => literals.Contains(text);

    public VbaModuleCode? Module(string name) => byModule.GetValueOrDefault(name);

    /// <summary>The module whose variable or constant a bare name means; null where there is none.</summary>
    public VbaModuleCode? Owner(string name, VbaModuleCode from) => from.Variables.ContainsKey(name) ? from : variables.GetValueOrDefault(name);

    public VbaDeclaration? Declaration(string name, VbaModuleCode from) => from.Declarations.GetValueOrDefault(name) ?? declarations.GetValueOrDefault(name);

    /// <summary>The procedure that a text such as <c>Book1!Module1.Run</c> names; null where it is none of this project's.</summary>
    public VbaProcedure? ByText(string text)
    {
        var name = text[(text.LastIndexOf('!') + 1)..].Trim('\'', ' ');
        name = name[(name.LastIndexOf('.') + 1)..].ToLowerInvariant();
        var space = name.AsSpan().IndexOfAny(' ', '(');
        return byName.TryGetValue(space > 0 ? name[..space] : name, out var all) ? all[0] : null;
    }

    private void Add(VbaModuleCode code)
    {
        Modules.Add(code);
        byModule.TryAdd(code.Key, code);
        foreach (var procedure in code.Procedures)
        {
            if (!byName.TryGetValue(procedure.Key, out var all))
            {
                byName[procedure.Key] = all = [];
            }

            if (all.Count < MostOfOneName || all[^MostOfOneName].Module != code)
            {
                all.Add(procedure);
            }
        }

        foreach (var name in code.Variables.Keys)
        {
            variables.TryAdd(name, code);
        }

        foreach (var (name, declaration) in code.Declarations)
        {
            declarations.TryAdd(name, declaration);
        }
    }

    private static string Attribute(string source, string name)
    {
        var head = source.AsSpan(0, Math.Min(source.Length, 2000));
        var at = head.IndexOf($"Attribute {name}", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return "";
        }

        var line = head[at..];
        var end = line.IndexOfAny('\r', '\n');
        return (end < 0 ? line : line[..end]).ToString();
    }

    /// <summary>Who starts by itself, and whom that leads to.</summary>
    private void Reach(VbaSurroundings surroundings, bool isWord)
    {
        var queue = new Queue<VbaProcedure>();
        foreach (var procedure in Procedures)
        {
            if (surroundings.Started.Contains(procedure.Key) || (isWord && VbaAutoStart.IsWordCommand(procedure.Key)) || (procedure.Module.IsDocument && VbaAutoStart.IsPassingEvent(procedure.Key))
                || (VbaAutoStart.IsAutoStart(procedure.Key) && !((procedure.Module.IsForm || procedure.Module.IsClass) && VbaAutoStart.IsControlEvent(procedure.Key))))
            {
                procedure.Reach = VbaReach.SelfStart;
                queue.Enqueue(procedure);
            }
        }

        Follow(queue);
        foreach (var procedure in Procedures)
        {
            // What people can choose: macros in the list, events, functions for cells.
            if (procedure.Reach == VbaReach.None && (!procedure.IsPrivate || procedure.Key.Contains('_', StringComparison.Ordinal)))
            {
                procedure.Reach = VbaReach.User;
                queue.Enqueue(procedure);
            }
        }

        Follow(queue);
    }

    private void Follow(Queue<VbaProcedure> queue)
    {
        followed.Clear();
        while (queue.TryDequeue(out var procedure))
        {
            foreach (var next in Callees(procedure))
            {
                if (next.Reach < procedure.Reach)
                {
                    next.Reach = procedure.Reach;
                    next.From = procedure;
                    queue.Enqueue(next);
                }
            }
        }
    }

    private IEnumerable<VbaProcedure> Callees(VbaProcedure procedure)
    {
        foreach (var mention in procedure.Mentions)
        {
            var dot = mention.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0)
            {
                if (byName.ContainsKey(mention) && Find(mention, procedure.Module) is { } called)
                {
                    yield return called;
                }

                // A form or class that is mentioned is made; what fires by itself then, runs. Once is enough.
                if (byModule.TryGetValue(mention, out var module) && module != procedure.Module && followed.Add(mention))
                {
                    foreach (var own in module.Procedures)
                    {
                        if (own.Key is "userform_initialize" or "userform_activate" or "userform_terminate" or "class_initialize" or "class_terminate" || (module.IsForm && VbaAutoStart.IsControlEvent(own.Key)))
                        {
                            yield return own;
                        }
                    }
                }
            }
            else if (dot == 0)
            {
                if (followed.Add(mention) && byName.TryGetValue(mention[1..], out var methods))
                {
                    foreach (var method in methods)
                    {
                        if (method.Module.IsClass)
                        {
                            yield return method;
                        }
                    }
                }
            }
            else if (byName.TryGetValue(mention[(dot + 1)..], out var named))
            {
                var qualifier = mention[..dot];
                foreach (var member in named)
                {
                    if (member.Module.Key == qualifier || (qualifier == "me" && member.Module == procedure.Module))
                    {
                        yield return member;
                    }
                }
            }
        }

        if (procedure.Mentions.Contains(".ontime") || procedure.Mentions.Contains(".run") || procedure.Mentions.Contains("run") || procedure.Mentions.Contains("callbyname") || procedure.Mentions.Contains("evaluate") || procedure.Mentions.Contains(".evaluate") || procedure.Mentions.Contains("ontime"))
        {
            foreach (var text in procedure.Texts)
            {
                if (ByText(text) is { } timed)
                {
                    yield return timed;
                }
            }
        }
    }
}
