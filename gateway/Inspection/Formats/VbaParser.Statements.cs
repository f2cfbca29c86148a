namespace Sekisho.Inspection.Formats;

/// <content>Statements.</content>
internal sealed partial class VbaParser
{
    /// <summary>Statements up to where <paramref name="isEnd"/> says; a procedure's end ends every block.</summary>
    private VbaStatement[] Block(Func<VbaParser, bool> isEnd)
    {
        if (blocks >= MaxBlocks)
        {
            // Deeper than anybody nests: the rest of the procedure stands in a row.
            isEnd = static p => p.IsProcedureEnd();
        }

        blocks++;
        var statements = new List<VbaStatement>();
        while (At < Tokens.Count)
        {
            if (IsEnd)
            {
                At++;
                continue;
            }

            if (isEnd(this) || IsProcedureEnd() || IsProcedureStart())
            {
                break;
            }

            var before = At;
            Statement(statements);
            if (At == before)
            {
                At++;
            }
        }

        blocks--;
        return [.. statements];
    }

    private void Add(List<VbaStatement> statements, int at, VbaStatement statement)
    {
        statement.At = at;
        statements.Add(statement);
    }

    private void Statement(List<VbaStatement> into)
    {
        var now = Now;
        var at = now.At;
        // A label, or a line's number.
        if (now.Kind is VbaTokenKind.Word or VbaTokenKind.Number && (At == 0 || Tokens[At - 1].Kind == VbaTokenKind.Line)
            && (now.Kind == VbaTokenKind.Number || (Ahead(1).Is(":") && !(Ahead(2).Is("=") && !Ahead(2).IsSpaced) && now.Text is not ("else" or "loop" or "wend" or "next" or "do" or "beep" or "randomize" or "end" or "stop"))))
        {
            At++;
            Take(":");
            Add(into, at, new VbaJump(VbaFlow.Label, now.Text));
            return;
        }

        if (now.Kind != VbaTokenKind.Word || Ahead(1) is { Kind: VbaTokenKind.Symbol, Text: "." or "!" } || (Ahead(1).Is("=") && now.Text is not "if"))
        {
            Plain(into, at);
            return;
        }

        switch (now.Text)
        {
            case "if":
                At++;
                If(into, at);
                break;
            case "for":
                At++;
                For(into, at);
                break;
            case "do":
                At++;
                Loop(into, at);
                break;
            case "while":
                At++;
                var condition = Expression();
                var body = Block(static p => p.Now.Is("wend") || p.Now.Is("loop"));
                At++;
                Add(into, at, new VbaLoop(condition, false, false, body));
                break;
            case "select":
                At++;
                Take("case");
                Select(into, at);
                break;
            case "with":
                At++;
                var target = Expression();
                var inner = Block(static p => p.Now.Is("end") && p.Ahead(1).Is("with"));
                SkipEnd("with");
                Add(into, at, new VbaWith(target, inner));
                break;
            case "dim" or "static" or "redim" or "const" or "private" or "public":
                At++;
                Take("const");
                var isKept = Take("preserve");
                into.AddRange(Variables(now.Text == "const", isKept));
                break;
            case "exit":
                Add(into, at, new VbaJump(Ahead(1).Text switch { "for" => VbaFlow.ExitFor, "do" => VbaFlow.ExitDo, _ => VbaFlow.ExitProcedure }, ""));
                At += 2;
                break;
            case "end" or "stop":
                At++;
                if (IsEnd || Now.Is("else"))
                {
                    Add(into, at, new VbaJump(VbaFlow.End, ""));
                }
                else if (Now.Kind == VbaTokenKind.Word)
                {
                    At++; // The end of a block that nothing opened.
                }

                break;
            case "goto" or "gosub":
                Add(into, at, new VbaJump(VbaFlow.GoTo, Ahead(1).Text));
                At += 2;
                break;
            case "on":
                SkipLine();
                break;
            case "set" or "let" or "lset" or "rset" or "call":
                At++;
                Plain(into, at);
                break;
            case "open" or "print" or "put" or "write" or "kill" or "filecopy" or "name" or "get" or "input" or "close" or "seek" or "line" or "lock" or "unlock" or "mkdir" or "chdir" when !Ahead(1).Is("("):
                At++;
                File(into, at, now.Text);
                break;
            case "next" or "loop" or "wend" or "else" or "elseif" or "case" or "resume" or "erase" or "option" or "attribute" or "randomize" or "beep" or "doevents":
                SkipLine();
                break;
            default:
                Plain(into, at);
                break;
        }
    }

    /// <summary>An assignment or a call.</summary>
    private void Plain(List<VbaStatement> into, int at)
    {
        var target = Postfix(isStatement: true);
        if (Take("="))
        {
            Add(into, at, new VbaAssign(target, Expression()));
        }
        else if (Now.Is(":") && Ahead(1).Is("=") && !Ahead(1).IsSpaced)
        {
            At += 2;
            Add(into, at, new VbaCallStatement(Expression()));
        }
        else if (target is VbaName or VbaMember or VbaIndex)
        {
            var isBare = IsEnd || Now.Is("else");
            Add(into, at, new VbaCallStatement(isBare ? target : target is VbaIndex { Target: var called } index && Take(",")
                ? new VbaIndex(called, [.. index.Arguments, .. Arguments(null)]) : new VbaIndex(target, Arguments(null))));
        }

        while (!IsEnd && !Now.Is("else"))
        {
            At++;
        }
    }

    private void If(List<VbaStatement> into, int at)
    {
        var branches = new List<(VbaExpression?, VbaStatement[])>();
        VbaExpression? condition = Expression();
        if (!Take("then"))
        {
            Take("goto");
        }

        if (Now.Kind != VbaTokenKind.Line)
        {
            branches.Add((condition, Inline()));
            if (Take("else"))
            {
                branches.Add((null, Inline()));
            }

            Add(into, at, new VbaIf([.. branches]));
            return;
        }

        while (true)
        {
            branches.Add((condition, Block(static p => p.Now.Is("else") || p.Now.Is("elseif") || (p.Now.Is("end") && p.Ahead(1).Is("if")) || p.Now.Is("endif"))));
            if (Take("elseif") || (Now.Is("else") && Ahead(1).Is("if") && Ahead(1).Kind == VbaTokenKind.Word && TakeBoth()))
            {
                condition = Expression();
                Take("then");
            }
            else if (condition is not null && Take("else"))
            {
                condition = null;
            }
            else
            {
                break;
            }
        }

        if (!Take("endif"))
        {
            SkipEnd("if");
        }

        Add(into, at, new VbaIf([.. branches]));
    }

    private bool TakeBoth()
    {
        At += 2;
        return true;
    }

    /// <summary>The statements of a one-line If, up to Else or the line's end.</summary>
    private VbaStatement[] Inline()
    {
        if (blocks >= MaxBlocks)
        {
            while (Now.Kind != VbaTokenKind.Line)
            {
                At++;
            }

            return [];
        }

        blocks++;
        var statements = new List<VbaStatement>();
        if (Now.Kind == VbaTokenKind.Number)
        {
            Add(statements, Now.At, new VbaJump(VbaFlow.GoTo, Now.Text));
            At++;
        }

        while (Now.Kind != VbaTokenKind.Line && !Now.Is("else") && At < Tokens.Count)
        {
            var before = At;
            if (!Take(":"))
            {
                Statement(statements);
            }

            if (At == before)
            {
                At++;
            }
        }

        blocks--;
        return [.. statements];
    }

    private void For(List<VbaStatement> into, int at)
    {
        var isEach = Take("each");
        var variable = Postfix();
        if (isEach)
        {
            Take("in");
            var items = Expression();
            var each = Block(static p => p.Now.Is("next"));
            Next();
            Add(into, at, new VbaForEach(variable, items, each));
            return;
        }

        Take("=");
        var from = Expression();
        Take("to");
        var to = Expression();
        var step = Take("step") ? Expression() : null;
        var body = Block(static p => p.Now.Is("next"));
        Next();
        Add(into, at, new VbaFor(variable, from, to, step, body));
    }

    /// <summary><c>Next</c>; <c>Next i, j</c> ends two loops.</summary>
    private void Next()
    {
        if (Now.Is("next") && Ahead(1).Kind == VbaTokenKind.Word && Ahead(2).Is(","))
        {
            // The outer loop finds "Next j" in place of what was taken.
            Tokens[At + 2] = Tokens[At];
            At += 2;
            return;
        }

        if (Take("next"))
        {
            SkipLine();
        }
    }

    private void Loop(List<VbaStatement> into, int at)
    {
        VbaExpression? condition = null;
        var isUntil = Now.Is("until");
        var isFirst = isUntil || Now.Is("while");
        if (isFirst)
        {
            At++;
            condition = Expression();
        }

        var body = Block(static p => p.Now.Is("loop"));
        At++;
        if (Now.Is("until") || Now.Is("while"))
        {
            isUntil = Now.Is("until");
            At++;
            condition = Expression();
            isFirst = false;
        }

        Add(into, at, new VbaLoop(condition, isUntil, !isFirst && condition is not null, body));
    }

    private void Select(List<VbaStatement> into, int at)
    {
        var subject = Expression();
        var branches = new List<(VbaCase[], VbaStatement[])>();
        Block(static p => p.Now.Is("case") || (p.Now.Is("end") && p.Ahead(1).Is("select")));
        while (Take("case"))
        {
            var cases = new List<VbaCase>();
            if (!Take("else"))
            {
                do
                {
                    Take("is");
                    var op = Now is { Kind: VbaTokenKind.Symbol, Text: "=" or "<" or ">" } ? Now.Text : "=";
                    if (Now is { Kind: VbaTokenKind.Symbol, Text: "=" or "<" or ">" })
                    {
                        At++;
                        if (Now is { Kind: VbaTokenKind.Symbol, Text: "=" or ">" })
                        {
                            op += Now.Text;
                            At++;
                        }
                    }

                    var value = Expression();
                    cases.Add(new VbaCase(op, value, Take("to") ? Expression() : null));
                }
                while (Take(",") && cases.Count < 1000);
            }

            branches.Add(([.. cases], Block(static p => p.Now.Is("case") || (p.Now.Is("end") && p.Ahead(1).Is("select")))));
        }

        SkipEnd("select");
        Add(into, at, new VbaSelect(subject, [.. branches]));
    }

    private void SkipEnd(string word)
    {
        if (Now.Is("end") && Ahead(1).Is(word))
        {
            At += 2;
        }
    }

    /// <summary><c>Open path For mode … As #n</c>, <c>Put #n, , what</c>, <c>Name a As b</c> and their like.</summary>
    private void File(List<VbaStatement> into, int at, string word)
    {
        var operands = new List<VbaExpression?>();
        var mode = "";
        while (!IsEnd && !Now.Is("else") && operands.Count < 1000)
        {
            var before = At;
            if (Now is { Kind: VbaTokenKind.Symbol, Text: "," or ";" } or { Kind: VbaTokenKind.Word, Text: "as" or "access" or "lock" or "shared" or "read" or "write" })
            {
                At++;
            }
            else if (Now.Is("for") && Ahead(1).Kind == VbaTokenKind.Word)
            {
                mode = Ahead(1).Text;
                At += 2;
            }
            else
            {
                operands.Add(Expression());
            }

            if (At == before)
            {
                At++;
            }
        }

        Add(into, at, new VbaFileStatement(word, mode, [.. operands]));
    }
}
