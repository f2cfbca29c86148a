namespace Sekisho.Inspection.Formats;

/// <content>Ways to have code loaded or started that call no program by its name: monikers, add-ins, templates, fields, objects, keys, ordinals.</content>
internal sealed partial class VbaObjects
{
    /// <summary>Programs that run what they are told; a shortcut to one is made to be clicked for that.</summary>
    private static readonly string[] Interpreters = ["cmd", "powershell", "pwsh", "wscript", "cscript", "mshta", "rundll32", "regsvr32", "msbuild", "certutil"];

    /// <summary>Libraries whose functions by number are worth a name; the numbers of others are their writers' own.</summary>
    private static readonly string[] SystemLibraries = ["shell32", "kernel32", "kernelbase", "ntdll", "advapi32", "urlmon", "wininet", "shlwapi"];

    /// <summary>GetObject with a moniker that runs script (<c>script:</c>), or with a file elsewhere that is a script.</summary>
    private bool Bound(string function, string name)
    {
        var text = name.Trim();
        if (!text.StartsWith("script:", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("scriptletfile", StringComparison.OrdinalIgnoreCase)
            && !(VbaUnknown.IsIn(text) && VbaCommand.Holds(text, "script:http"))
            && !((text.StartsWith("\\\\", StringComparison.Ordinal) || VbaCommand.IsAddress(text)) && VbaCommand.IsProgram(text)))
        {
            return false;
        }

        RunsProgram(function, text);
        if (text.Contains("http", StringComparison.OrdinalIgnoreCase))
        {
            Fetches(function, text);
        }

        return true;
    }

    /// <summary>Members of the host's objects that load or start something; true where it was one.</summary>
    private bool Loads(VbaThing thing, string name, object?[] a)
    {
        bool Ends(string path) => thing.Path.EndsWith(path, StringComparison.Ordinal);
        switch (name)
        {
            case "add" when Ends("addins") && a.Length > 0 && TextAt(a, 0) is var file && (IsOutside(file) || VbaCommand.IsProgram(file)):
                RunsProgram("AddIns.Add", file);
                if (IsOutside(file))
                {
                    Fetches("AddIns.Add", file);
                }

                return true;
            case "add" when Ends("fields") && Among(a, t => t.TrimStart().StartsWith("DDE", StringComparison.OrdinalIgnoreCase)) is { } field:
                RunsProgram("Fields.Add", field);
                return true;
            case "addoleobject" when Among(a, IsOutside) is { } source:
                Fetches("AddOLEObject", source);
                return true;
            case "activate" or "doverb" or "open" when Ends(".oleformat"):
                RunsProgram($"OLEFormat.{name}", "(object in the document)");
                return true;
            case "sendkeys" when a.Length > 0:
                Keys(TextAt(a, 0));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Properties that load or start something when they are set.</summary>
    private void Assigned(string name, object? value)
    {
        switch (name)
        {
            case "attachedtemplate" when IsOutside(Text(value)):
                Fetches("AttachedTemplate =", Text(value));
                break;
            case "commandlinetemplate" or "executablepath" or "scripttext": // What a WMI event starts.
                RunsProgram(name, Text(value));
                break;
            case "targetpath" when IsInterpreter(Text(value)):
                interpreter.Note(VbaActionKind.WritesProgram, $"TargetPath = {Quoted(interpreter.Known(value))}");
                RunsProgram("TargetPath =", Text(value));
                break;
        }
    }

    /// <summary>Keys typed into whatever has the focus.</summary>
    private void Keys(string keys)
    {
        if (VbaCommand.IsTyped(keys))
        {
            RunsProgram("SendKeys", keys);
        }
    }

    /// <summary>A function called by its number (<c>Alias "#167"</c>), which only hides its name.</summary>
    private void Numbered(VbaDeclaration declaration, object?[] a)
    {
        var library = declaration.Library.ToLowerInvariant();
        library = library.EndsWith(".dll", StringComparison.Ordinal) ? library[..^4] : library;
        if (declaration.Function.StartsWith('#') && Array.Exists(SystemLibraries, l => library.EndsWith(l, StringComparison.Ordinal)))
        {
            RunsProgram($"{declaration.Library} {declaration.Function}", TextAt(a, 0));
        }
    }

    /// <summary>True for a file beyond the house; its own shares hold add-ins and templates every day.</summary>
    private static bool IsOutside(string text) => VbaCommand.IsAddress(text) || RemoteTargets.IsWeb(text) || RemoteTargets.IsInternetShare(text);

    private static bool IsInterpreter(string path)
    {
        var text = path.Trim().Trim('"');
        var name = text[(text.LastIndexOf('\\') + 1)..];
        name = name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
        return Array.Exists(Interpreters, i => i.Equals(name, StringComparison.OrdinalIgnoreCase)) || name.Equals("%COMSPEC%", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The first argument that is a text of this sort, wherever it stands: names of arguments are not kept.</summary>
    private string? Among(object?[] a, Func<string, bool> isOne)
    {
        foreach (var argument in a)
        {
            if (VbaValues.IsText(interpreter.Known(argument)) && Text(argument) is var text && isOne(text))
            {
                return text;
            }
        }

        return null;
    }
}
