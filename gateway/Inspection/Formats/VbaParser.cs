namespace Sekisho.Inspection.Formats;

/// <summary>Reads a module's tokens into procedures and statements (MS-VBAL section 5). What it does not know it skips, so that hostile text always gives something.</summary>
internal sealed partial class VbaParser : VbaExpressionParser
{
    private const int MaxBlocks = 40;
    private const int MaxProcedures = 20_000;

    private readonly string source;
    private readonly VbaModuleCode module;
    private VbaProcedure? procedure;
    private int blocks;

    private VbaParser(List<VbaToken> tokens, string source, string name)
    {
        Tokens = tokens;
        this.source = source;
        module = new VbaModuleCode(name);
    }

    /// <summary>The module's code.</summary>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="source">Its text, for names as written.</param>
    /// <param name="name">The module's name.</param>
    public static VbaModuleCode Read(List<VbaToken> tokens, string source, string name)
    {
        var parser = new VbaParser(tokens, source, name);
        parser.Module();
        return parser.module;
    }

    private void Module()
    {
        while (At < Tokens.Count)
        {
            if (IsEnd)
            {
                At++;
            }
            else if (!Procedure())
            {
                ModuleLine();
            }
        }
    }

    /// <summary><c>[Public|Private|Friend|Global] [Static] Sub|Function|Property Get|Let|Set name</c>, and its body.</summary>
    private bool Procedure()
    {
        var ahead = 0;
        var isPrivate = false;
        while (ahead < 3 && Ahead(ahead) is { Kind: VbaTokenKind.Word, Text: "public" or "private" or "friend" or "global" or "static" } modifier)
        {
            isPrivate |= modifier.Text == "private";
            ahead++;
        }

        if (Ahead(ahead) is not { Kind: VbaTokenKind.Word, Text: "sub" or "function" or "property" } word)
        {
            return false;
        }

        var isFunction = word.Text == "function";
        ahead++;
        if (word.Text == "property" && Ahead(ahead) is { Kind: VbaTokenKind.Word, Text: "get" or "let" or "set" } access)
        {
            isFunction = access.Text == "get";
            ahead++;
        }

        if (Ahead(ahead) is not { Kind: VbaTokenKind.Word } name || module.Procedures.Count >= MaxProcedures)
        {
            return false;
        }

        At += ahead + 1;
        procedure = new VbaProcedure(module, AsWritten(name), name.Text, isPrivate, isFunction);
        module.Procedures.Add(procedure);
        Parameters();
        SkipLine();
        var start = At;
        procedure.Body = Block(static p => p.IsProcedureEnd());
        Mentions(start);

        if (Now.Is("end"))
        {
            SkipLine();
        }

        procedure = null;
        return true;
    }

    /// <summary>Gathers what the body mentions: <c>name</c>, and <c>.name</c> and <c>module.name</c> for what stands behind a dot.</summary>
    private void Mentions(int start)
    {
        for (var i = start; i < At; i++)
        {
            var token = Tokens[i];
            if (token.Kind == VbaTokenKind.Text && token.Text.Length is > 0 and <= 100)
            {
                procedure!.Texts.Add(token.Text);
            }
            else if (token.Kind == VbaTokenKind.Word)
            {
                var isMember = i > start && Tokens[i - 1].Is(".");
                procedure!.Mentions.Add(isMember ? "." + token.Text : token.Text);
                if (isMember && Tokens[i - 2].Kind == VbaTokenKind.Word && token.Text.Length + Tokens[i - 2].Text.Length < 200)
                {
                    procedure.Mentions.Add($"{Tokens[i - 2].Text}.{token.Text}");
                }
            }
        }
    }

    private string AsWritten(VbaToken name)
    {
        var start = source[name.At] == '[' ? name.At + 1 : name.At;
        return source.AsSpan(start, Math.Min(name.Text.Length, source.Length - start)).ToString();
    }

    private void Parameters()
    {
        if (!Take("("))
        {
            return;
        }

        var byValue = false;
        while (!IsEnd && !Take(")"))
        {
            if (Now is { Kind: VbaTokenKind.Word, Text: "byval" or "byref" or "optional" or "paramarray" } word)
            {
                byValue |= word.Text == "byval";
                At++;
            }
            else if (Now.Kind == VbaTokenKind.Word && procedure!.Parameters.Count < 100)
            {
                procedure.Parameters.Add((Now.Text, byValue));
                At++;
                // Its type and default, up to the comma.
                for (var open = 0; !IsEnd && !(open == 0 && Now is { Kind: VbaTokenKind.Symbol, Text: "," or ")" }); At++)
                {
                    open += Now.Is("(") ? 1 : Now.Is(")") ? -1 : 0;
                }
            }
            else
            {
                byValue &= !Now.Is(",");
                At++;
            }
        }
    }

    private bool IsProcedureEnd() => Now.Is("end") && Ahead(1) is { Kind: VbaTokenKind.Word, Text: "sub" or "function" or "property" };

    private bool IsProcedureStart()
    {
        var ahead = 0;
        while (ahead < 3 && Ahead(ahead) is { Kind: VbaTokenKind.Word, Text: "public" or "private" or "friend" or "global" or "static" })
        {
            ahead++;
        }

        return Ahead(ahead) is { Kind: VbaTokenKind.Word, Text: "sub" or "function" } && Ahead(ahead + 1).Kind == VbaTokenKind.Word;
    }

    /// <summary>A declaration outside procedures.</summary>
    private void ModuleLine()
    {
        while (Now is { Kind: VbaTokenKind.Word, Text: "public" or "private" or "global" or "dim" or "static" or "friend" })
        {
            At++;
        }

        if (Take("declare"))
        {
            Declare();
        }
        else if (Take("enum"))
        {
            Enumeration();
        }
        else if (Take("const"))
        {
            Variables(true, false);
        }
        else if (Now is { Kind: VbaTokenKind.Word, Text: "type" } && Ahead(1).Kind == VbaTokenKind.Word && Ahead(2).Kind == VbaTokenKind.Line)
        {
            while (At < Tokens.Count && !(Now.Is("end") && Ahead(1).Is("type")))
            {
                At++;
            }
        }
        else if (Now.Kind == VbaTokenKind.Word && Now.Text is not ("option" or "implements" or "event" or "end") && !Now.Text.StartsWith("def", StringComparison.Ordinal))
        {
            Take("withevents");
            Variables(false, false);
        }

        SkipLine();
    }

    private void SkipLine()
    {
        while (!IsEnd)
        {
            At++;
        }
    }

    private void Declare()
    {
        Take("ptrsafe");
        if (!Take("sub"))
        {
            Take("function");
        }

        var name = Now;
        if (name.Kind != VbaTokenKind.Word)
        {
            return;
        }

        string library = "", function = AsWritten(name);
        for (At++; !IsEnd && !Now.Is("("); At++)
        {
            if (Ahead(1).Kind == VbaTokenKind.Text)
            {
                library = Now.Is("lib") ? Ahead(1).Text.ToLowerInvariant() : library;
                function = Now.Is("alias") ? Ahead(1).Text : function;
            }
        }

        module.Declarations[name.Text] = new VbaDeclaration(library, function);
    }

    private void Enumeration()
    {
        SkipLine();
        VbaExpression last = new VbaLiteral(-1.0);
        while (At < Tokens.Count && !(Now.Is("end") && Ahead(1).Is("enum")) && !IsProcedureStart())
        {
            if (Now.Kind == VbaTokenKind.Word)
            {
                var name = Now.Text;
                At++;
                last = Take("=") ? Expression() : new VbaChain(new VbaName(name), []);
                module.Variables[name] = new VbaDeclare(name, null, null, last is VbaChain { Rest.Length: 0 } ? Next(name) : last, false);
                previous = name;
            }

            SkipLine();
            At++;
        }

        previous = null;
    }

    private string? previous;

    private VbaExpression Next(string name) => previous is null || previous == name ? new VbaLiteral(0.0) : new VbaChain(new VbaName(previous), [("+", new VbaLiteral(1.0))]);

    /// <summary>Names with their bounds, types and values, separated by commas.</summary>
    private List<VbaStatement> Variables(bool isConstant, bool isKept)
    {
        var found = new List<VbaStatement>();
        while (Now.Kind == VbaTokenKind.Word && found.Count < 10_000)
        {
            var at = Now.At;
            var name = Now.Text;
            At++;
            VbaExpression[]? sizes = null;
            if (Take("("))
            {
                sizes = [.. Arguments(")").Where(a => a.Value is not null).Select(a => a.Value!)];
            }

            string? type = null;
            if (Take("as"))
            {
                var isNew = Take("new");
                if (Now.Kind == VbaTokenKind.Word)
                {
                    type = Now.Text;
                    At++;
                    while (Now.Is(".") && Ahead(1).Kind == VbaTokenKind.Word && type.Length < 300)
                    {
                        type = $"{type}.{Ahead(1).Text}";
                        At += 2;
                    }
                }

                type = isNew ? type : null;
                if (Take("*"))
                {
                    Expression();
                }
            }

            var value = Take("=") ? Expression() : null;
            var declared = new VbaDeclare(name, sizes, type, isConstant ? value ?? new VbaLiteral(null) : null, isKept) { At = at };
            found.Add(declared);
            if (procedure is null && module.Variables.Count < 50_000)
            {
                module.Variables[name] = declared;
            }

            if (!Take(","))
            {
                break;
            }
        }

        return found;
    }
}
