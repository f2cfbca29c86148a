namespace Sekisho.Inspection.Formats;

/// <summary>What a macro's objects and functions of the host do, as far as it matters: what they give back, and what they do to the outside.</summary>
internal sealed partial class VbaObjects(VbaInterpreter interpreter, VbaSurroundings surroundings)
{
    private readonly VbaRanges ranges = new(interpreter, surroundings);

    /// <summary>A new object of a class, whether made by New, CreateObject or GetObject.</summary>
    public VbaThing Make(string name)
    {
        var lower = name.ToLowerInvariant();
        if (interpreter.Module(lower) is { } module)
        {
            interpreter.Fire(module, "class_initialize");
            return new VbaThing(module.Key) { Module = module };
        }

        var family = VbaClasses.Family(name);
        return new VbaThing(family ?? Limited(lower)) { Class = family };
    }

    private static string Limited(string path) => path.Length > 300 ? path[^300..] : path;

    private VbaThing Create(string function, object? argument)
    {
        argument = interpreter.Known(argument);
        var name = VbaValues.Text(argument);
        interpreter.NoteText(name);
        if (function == "GetObject" && Bound(function, name))
        {
            return new VbaThing("script") { Class = "script" };
        }

        if (VbaClasses.IsUnknown(name) && VbaClasses.Family(name) is null)
        {
            interpreter.Note(VbaActionKind.UnknownObject, $"{function}({Quoted(name)})");
            return new VbaThing("?") { IsUnresolved = true };
        }

        // A name that the code nowhere shows, and of no class that is known: worked out wrongly, or hidden.
        if (VbaClasses.Family(name) is null && name.Length > 0 && !name.EndsWith(".Application", StringComparison.OrdinalIgnoreCase) && name.AsSpan().IndexOfAny('\\', '/', '%') < 0 && !interpreter.IsWritten(name))
        {
            interpreter.Note(VbaActionKind.UnknownObject, $"{function}({Quoted(name)})");
            return new VbaThing("?") { IsUnresolved = true };
        }

        return Make(name);
    }

    private const int MaxShown = 400;

    private static string Quoted(object? value) => value is null ? "" : VbaValues.IsText(value) && VbaValues.Text(value) is var text ? text == "\uFFFF" ? text : $"\"{(text.Length > MaxShown ? text[..MaxShown] : text)}\"" : VbaValues.Text(value);

    private string Text(object? value)
    {
        value = interpreter.Known(value);
        interpreter.Charge(value, isWhole: false);
        return VbaValues.Text(value);
    }

    private string TextAt(object?[] a, int index) => index < a.Length ? Text(a[index]) : "";

    /// <summary>A bare name that is no variable and no procedure: a constant, a function, an object of the host, a control.</summary>
    /// <param name="name">Lower case.</param>
    /// <param name="a">Arguments, where there are any.</param>
    /// <param name="raw">The same as expressions, for procedures that are called by name.</param>
    public object? Global(string name, object?[] a, VbaArgument[]? raw = null)
    {
        if (a.Length == 0 && VbaClasses.TryConstant(name, out var constant))
        {
            return constant;
        }

        switch (name)
        {
            case "createobject":
                return Create("CreateObject", a.Length > 0 ? a[0] : null);
            case "getobject":
                return Create("GetObject", a.Length > 0 && Text(a[0]) is { Length: > 0 } path ? path : a.Length > 1 ? a[1] : null);
            case "shell" or "macscript" or "macscriptask" or "popen" or "system" when a.Length > 0:
                RunsProgram(name == "shell" ? "Shell" : name, TextAt(a, 0));
                return VbaUnknown.Value;
            case "evaluate" when a.Length > 0:
                interpreter.RunByText(Text(a[0]), []);
                return VbaUnknown.Value;
            case "callbyname" when a.Length > 1:
                return Get(a[0], Text(a[1]).ToLowerInvariant(), a.Length > 3 ? a[3..] : []);
            case "run" or "ontime" or "onkey" or "ddeinitiate" or "ddeexecute" or "executeexcel4macro" or "registerxll" or "sendkeys" or "createtoolhelp32snapshot":
                return Get(new VbaThing("application"), name, a);
            case "load" or "unload" when a is [VbaThing thing]:
                return name == "load" ? Get(thing, "load", []) : VbaUnknown.Value;
            case "me" when interpreter.Here is { } here:
                return new VbaThing(here.Key) { Module = here, Sheet = surroundings.SheetOf(here.Key) };
        }

        if (VbaFunctions.Has(name))
        {
            // What goes through a whole text costs as much; what takes a character out of it does not.
            var isWhole = name is "replace" or "split" or "join" or "strreverse" or "instr" or "instrrev" or "lcase" or "ucase" or "trim" or "ltrim" or "rtrim" or "strconv" or "filter" or "len" or "lenb" or "array" or "strcomp" or "cstr";
            foreach (var argument in Known(a))
            {
                interpreter.Charge(argument, isWhole && a.Length > 0);
            }

            var result = VbaFunctions.Call(name, a);
            interpreter.Charge(result, isWhole: true);
            return result;
        }

        if (interpreter.Module(name) is { } module)
        {
            if (module.IsForm)
            {
                interpreter.Fire(module, "userform_initialize");
            }

            return a.Length == 0 ? new VbaThing(name) { Module = module, Sheet = surroundings.SheetOf(name) } : VbaUnknown.Value;
        }

        if (VbaClasses.IsGlobal(name))
        {
            // In a sheet's own module a bare Range is that sheet's.
            return Reached(new VbaThing(name) { Sheet = name is "range" or "cells" && interpreter.Here is { } own ? surroundings.SheetOf(own.Key) : null }, name, a);
        }

        if (a.Length == 0 && surroundings.SheetOf(name) is { } sheet)
        {
            return new VbaThing(name) { Sheet = sheet };
        }

        if (interpreter.Here is { } form && surroundings.IsControl($"{form.Key}.{name}"))
        {
            return Reached(new VbaThing($"{form.Key}.{name}"), "", a);
        }

        return surroundings.IsControl(name) || surroundings.IsForm(name) ? new VbaThing(name)
            : a.Length > 0 || VbaClasses.LooksConstant(name) ? VbaUnknown.Value
            : null; // A variable that nobody declared and nothing was assigned to.
    }

    private object?[] Known(object?[] a)
    {
        for (var i = 0; i < a.Length; i++)
        {
            a[i] = interpreter.Known(a[i]);
        }

        return a;
    }

    /// <summary>A member: a property's value, or what a method does and gives.</summary>
    /// <param name="of">The object, or what stands in its place.</param>
    /// <param name="name">Lower case.</param>
    /// <param name="a">Arguments.</param>
    public object? Get(object? of, string name, object?[] a)
    {
        if (of is not VbaThing thing)
        {
            if (of is VbaUnknown)
            {
                Guess(name, a);
            }

            return of is VbaArray ? VbaUnknown.Value : of is VbaUnknown || of is null ? VbaUnknown.Value : of;
        }

        if (thing.Members.TryGetValue(name, out var kept) && name is not ("open" or "send"))
        {
            return kept is VbaArray array && a.Length == 1 && VbaValues.Whole(interpreter.Known(a[0])) is { } i ? (i >= 0 && i < array.Items.Count ? array.Items[i] : null) : kept;
        }

        if (thing.Module is { } module)
        {
            if (name is "show" or "load")
            {
                foreach (var procedure in module.Procedures)
                {
                    if (procedure.Key is "userform_initialize" or "userform_activate" || VbaAutoStart.IsControlEvent(procedure.Key))
                    {
                        interpreter.Fire(module, procedure.Key);
                    }
                }

                return VbaUnknown.Value;
            }

            if (interpreter.Method(module, name, a, out var result))
            {
                return result;
            }
        }

        if (thing.Path is "vba" or "interaction" or "strings" or "conversion" or "filesystem" or "information" or "math" or "datetime" or "vba.interaction" or "vba.strings" or "vba.conversion" or "vba.filesystem")
        {
            return name is "interaction" or "strings" or "conversion" or "filesystem" or "information" or "math" or "datetime" ? new VbaThing(name) : Global(name, a);
        }

        if (thing.Class is not null || thing.IsUnresolved)
        {
            return OfClass(thing, name, a);
        }

        return OfHost(thing, name, a);
    }

    /// <summary>The object that a member leads to.</summary>
    private VbaThing Reached(VbaThing thing, string name, object?[] a)
    {
        if (a.Length > 0 && name is "range" or "cells" or "sheets" or "worksheets" or "offset" && ranges.Reached(thing, name, a) is { } range)
        {
            return range;
        }

        if (thing.Path == name)
        {
            return thing; // The global itself.
        }

        var isText = name is "value" or "value2" or "text" or "formula" or "formular1c1";
        var path = name.Length == 0 ? thing.Path
            : name is "controls" or "item" && a is [{ } only] && interpreter.Known(only) is string control ? $"{thing.Path}.{control.ToLowerInvariant()}"
            : a.Length > 0 && Text(a[0]) is { Length: < 100 } argument ? $"{thing.Path}.{name}({argument.ToLowerInvariant()})" : $"{thing.Path}.{name}";
        return new VbaThing(Limited(path)) { Sheet = thing.Sheet, Row = isText || name == "" ? thing.Row : -1, Column = thing.Column, Size = thing.Size };
    }

    /// <summary>The cells of a range, one by one.</summary>
    public object Each(VbaThing range) => ranges.Each(range);

    /// <summary>An object where data is wanted: the text that the document holds there, if it does.</summary>
    public object? Value(VbaThing thing)
    {
        if (thing.Members.TryGetValue("value", out var kept) || thing.Members.TryGetValue("text", out kept))
        {
            return kept is VbaThing ? VbaUnknown.Value : kept;
        }

        var path = thing.Path;
        if (thing.Row >= 0)
        {
            interpreter.NoteStorage();
            return ranges.Value(thing);
        }

        if (surroundings.Text(path) is { } text)
        {
            interpreter.NoteStorage();
            return text;
        }

        var member = path[(path.LastIndexOf('.') + 1)..];
        switch (member)
        {
            case "path" or "fullname" when path.StartsWith("this", StringComparison.Ordinal) || path.StartsWith("active", StringComparison.Ordinal):
                return "%DOCUMENT%";
            case "startuppath" or "altstartuppath":
                return "%STARTUP%";
            case "pathseparator":
                return "\\";
        }

        if (member is "tag" or "caption" or "text" or "value" or "groupname" or "controltiptext" or "title" or "alternativetext" or "keywords" or "comments" or "defaulttargetframe" or "hyperlinkbase" || path.Contains("documentproperties(", StringComparison.Ordinal)
            || path.Contains(".variables(", StringComparison.Ordinal) || path.Contains(".customxmlparts", StringComparison.Ordinal) || path.Contains(".range", StringComparison.Ordinal) || path.StartsWith("range", StringComparison.Ordinal) || path.StartsWith("cells", StringComparison.Ordinal))
        {
            interpreter.NoteStorage();
            return Property(path) is { } property ? property : VbaUnknown.Value;
        }

        return VbaUnknown.Value;
    }

    /// <summary>A document property or variable, by the name in the path's last brackets.</summary>
    private string? Property(string path)
    {
        var open = path.LastIndexOf('(');
        var close = open < 0 ? -1 : path.IndexOf(')', open);
        return close < 0 ? null : surroundings.Property(path[(open + 1)..close], path[..open].EndsWith("variables", StringComparison.Ordinal));
    }

    /// <summary>An assignment to a member.</summary>
    public void Set(object? of, string name, object? value)
    {
        if (of is not VbaThing thing)
        {
            return;
        }

        if (thing.Module is { } module)
        {
            if (!module.IsForm && module.Variables.ContainsKey(name))
            {
                module.Values[name] = value;
                return;
            }

            if (interpreter.Let(module, name, value))
            {
                return;
            }
        }

        if (thing.Path is "range" or "cells" or "offset" && name is "value" or "value2" or "text" or "formula" or "formular1c1")
        {
            ranges.Set(thing, value);
            if (thing.Row >= 0)
            {
                return;
            }
        }

        switch (name)
        {
            case "automationsecurity" when VbaValues.Number(interpreter.Known(value)) is null or 1:
                interpreter.Note(VbaActionKind.TouchesProtection, $"AutomationSecurity = {Quoted(interpreter.Known(value))}");
                break;
            case "virusprotection" when VbaValues.Truth(interpreter.Known(value)) is not true:
                interpreter.Note(VbaActionKind.TouchesProtection, "Options.VirusProtection = False");
                break;
            case "privateprofilestring":
                break;
            case "targetpath" when !IsInterpreter(Text(value)) && VbaCommand.IsProgram(Text(value)):
                interpreter.Note(VbaActionKind.WritesFile, $"TargetPath = {Quoted(interpreter.Known(value))}");
                break;
        }

        Assigned(name, value);
        if (thing.Members.Count < 1000)
        {
            thing.Members[name] = value;
        }

        // A control that changes tells so.
        if (interpreter.Here is { } here && thing.Path.LastIndexOf('.') is var dot && name is "value" or "text" or "caption")
        {
            interpreter.Fire(thing.Module ?? here, thing.Path[(dot + 1)..] + "_change");
        }
    }
}
