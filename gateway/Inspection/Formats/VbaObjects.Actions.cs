namespace Sekisho.Inspection.Formats;

/// <content>What methods, library functions and file statements do.</content>
internal sealed partial class VbaObjects
{
    private const int MaxCommand = 16_000;

    /// <summary>A program or command is started.</summary>
    private void RunsProgram(string how, string command)
    {
        interpreter.NoteText(command);
        command = command.Length > MaxCommand ? command[..MaxCommand] : command;
        var what = $"{how} {Quoted(command)}";
        if (VbaCommand.IsHarmless(command))
        {
            interpreter.Note(VbaActionKind.OpensProgram, what);
            return;
        }

        interpreter.Note(VbaActionKind.RunsProgram, what);
        if (VbaCommand.Downloads(command))
        {
            interpreter.Note(VbaActionKind.Downloads, what);
        }
    }

    private void Fetches(string how, string address)
    {
        interpreter.NoteText(address);
        interpreter.Note(VbaActionKind.Downloads, $"{how} {Quoted(address)}");
    }

    private void Writes(string how, string path)
    {
        interpreter.NoteText(path);
        interpreter.Note(VbaCommand.IsProgram(path) || (VbaCommand.IsStartFolder(path) && path.Contains('.', StringComparison.Ordinal)) ? VbaActionKind.WritesProgram : VbaActionKind.WritesFile, $"{how} {Quoted(path)}");
    }

    /// <summary>A page or file is opened as if somebody had clicked it.</summary>
    private void Opens(string how, string what)
    {
        if (VbaCommand.IsProgram(what) && !what.EndsWith(".com", StringComparison.OrdinalIgnoreCase))
        {
            RunsProgram(how, what);
        }
        else
        {
            interpreter.Note(VbaActionKind.OpensProgram, $"{how} {Quoted(what)}");
        }
    }

    private void Registry(string how, string key, string value)
    {
        if (VbaCommand.IsProtection(key))
        {
            interpreter.Note(VbaActionKind.TouchesProtection, $"{how} {Quoted(key)}");
        }
        else if (key.Contains("\\CurrentVersion\\Run", StringComparison.OrdinalIgnoreCase) || key.Contains("shell\\open\\command", StringComparison.OrdinalIgnoreCase))
        {
            RunsProgram(how, $"{key} = {value}");
        }
    }

    /// <summary>Members of objects that a class was made of.</summary>
    private object? OfClass(VbaThing thing, string name, object?[] a)
    {
        var first = a.Length > 0 ? TextAt(a, 0) : "";
        switch (thing.Class, name)
        {
            case ("shell", "run" or "exec"):
                RunsProgram($"WScript.Shell.{(name == "run" ? "Run" : "Exec")}", first);
                return VbaUnknown.Value;
            case ("shell", "sendkeys"):
                Keys(first);
                return VbaUnknown.Value;
            case ("shellapp", "copyhere" or "movehere") when IsOutside(first) || VbaCommand.IsProgram(first):
                if (IsOutside(first))
                {
                    Fetches(name, first);
                }

                Writes(name, first);
                return VbaUnknown.Value;
            case ("formatter", _) when name.StartsWith("deserialize", StringComparison.Ordinal):
                interpreter.Note(VbaActionKind.InjectsCode, $"BinaryFormatter.{name}"); // What is read brings its own code.
                return VbaUnknown.Value;
            case ("script", "parentwindow" or "window" or "document"):
                return thing;
            case ("shell", "regwrite"):
                Registry("RegWrite", first, TextAt(a, 1));
                return VbaUnknown.Value;
            case ("shell", "expandenvironmentstrings"):
                return first;
            case ("shell", "specialfolders" or "environment"):
                return a.Length == 0 ? thing : $"%{first.ToUpperInvariant()}%";
            case ("shell", "createshortcut"):
                if (VbaCommand.IsStartFolder(first))
                {
                    Writes("CreateShortcut", first);
                }

                return new VbaThing("shortcut");
            case ("shellapp", "shellexecute"):
                RunsProgram("ShellExecute", $"{first} {TextAt(a, 1)}".Trim());
                return VbaUnknown.Value;
            case ("shellapp" or "mmc", "open" or "explore"):
                Opens($"Shell.Application.{name}", first);
                return VbaUnknown.Value;
            case (_, "executeshellcommand"):
                RunsProgram("ExecuteShellCommand", $"{first} {TextAt(a, 2)}".Trim());
                return VbaUnknown.Value;
            case ("http", "open"):
                thing.Members["url"] = a.Length > 1 ? TextAt(a, 1) : first;
                return VbaUnknown.Value;
            case ("http", "send"):
                Fetches("HTTP", Text(thing.Members.GetValueOrDefault("url", VbaUnknown.Value)));
                return VbaUnknown.Value;
            case ("ie", "navigate" or "navigate2"):
                Fetches("InternetExplorer", first);
                return VbaUnknown.Value;
            case ("stream", "savetofile"):
                Writes("ADODB.Stream.SaveToFile", first);
                return VbaUnknown.Value;
            case ("fso", "createtextfile"):
            case ("fso", "opentextfile") when a.Length > 1 && VbaValues.Number(interpreter.Known(a[1])) is not 1:
                Writes("FileSystemObject", first);
                return new VbaThing("textstream");
            case ("fso", "copyfile" or "movefile"):
                Writes(name == "copyfile" ? "CopyFile" : "MoveFile", TextAt(a, 1));
                return VbaUnknown.Value;
            case ("fso", "getspecialfolder"):
                return VbaValues.Number(interpreter.Known(a.Length > 0 ? a[0] : null)) switch { 0 => "%WINDIR%", 1 => "%WINDIR%\\System32", 2 => "%TEMP%", _ => "\uFFFF" };
            case ("fso", "buildpath"):
                return $"{first}\\{TextAt(a, 1)}";
            case ("locator", "connectserver"):
                return new VbaThing("wmi") { Class = "wmi" };
            case ("wmi", "get" or "instancesof"):
                return Wmi(first);
            case ("wmi" or "process", "execmethod"):
                RunsProgram("WMI ExecMethod", $"{first} {TextAt(a, 1)}");
                return VbaUnknown.Value;
            case ("wmi", _) when a.Length == 0 && name.Contains("process", StringComparison.Ordinal):
                return Wmi(name);
            case ("process", "create") when a.Length > 0:
                RunsProgram("Win32_Process.Create", first);
                return VbaUnknown.Value;
            case ("process" or "wmi", "methods_" or "spawninstance_" or "inparameters" or "item"):
                return thing;
            case ("schedule", "registertaskdefinition" or "registertask" or "newtask"):
                RunsProgram("Task Scheduler", first);
                return new VbaThing("schedule") { Class = "schedule" };
            case ("schedule", _):
                return thing;
            case ("script", "executestatement" or "execscript" or "eval" or "addcode" or "run"):
                RunsProgram("ScriptControl", first);
                return VbaUnknown.Value;
            case ("mmc", _):
                return thing;
            case ("dom", "createelement" or "createnode" or "documentelement" or "selectsinglenode" or "appendchild"):
                return new VbaThing("dom") { Class = "dom" };
            case ("dom", "transformnode" or "transformnodetoobject"):
                RunsProgram("XSL", VbaValues.Text(VbaUnknown.Value)); // A stylesheet may hold script.
                return VbaUnknown.Value;
            case ("dom", "nodetypedvalue"):
                var type = Text(thing.Members.GetValueOrDefault("datatype"));
                return thing.Members.TryGetValue("text", out var packed) && interpreter.Known(packed) is string or VbaJoined && VbaFunctions.Decode(Text(packed), type.Contains("hex", StringComparison.OrdinalIgnoreCase)) is { } plain ? plain : VbaUnknown.Value;
            case ("office", _):
                return OfHost(new VbaThing("application"), name, a);
        }

        if (thing.IsUnresolved)
        {
            Unresolved(name, a);
            return new VbaThing("?") { IsUnresolved = true };
        }

        return thing.Class is "shellapp" && name is "item" or "document" or "application" or "windows" or "namespace" ? thing : new VbaThing(Limited($"{thing.Path}.{name}"));
    }

    private static VbaThing Wmi(string name) => new("wmi") { Class = VbaCommand.Holds(name, "win32_processstartup") ? "wmi" : VbaCommand.Holds(name, "win32_process") || VbaClasses.IsUnknown(name) ? "process" : "wmi" };

    /// <summary>A method of an object that nobody can tell the class of.</summary>
    private void Unresolved(string name, object?[] a)
    {
        if (name is "create" or "run" or "exec" or "shellexecute" or "executeshellcommand" or "execmethod" or "executestatement" && a.Length > 0)
        {
            RunsProgram($"(unknown object).{name}", TextAt(a, 0));
        }
        else if (name is "savetofile")
        {
            Writes(name, TextAt(a, 0));
        }
    }

    /// <summary>A method of what may be any object: only what cannot be meant otherwise counts.</summary>
    private void Guess(string name, object?[] a)
    {
        switch (name)
        {
            case "shellexecute" or "executeshellcommand" when a.Length > 0:
                RunsProgram(name, $"{TextAt(a, 0)} {TextAt(a, 1)}".Trim());
                break;
            case "run" or "exec" or "create" when a.Length > 0 && TextAt(a, 0) is var command && (VbaCommand.Downloads(command) || Array.Exists(VbaCommand.Keywords, k => VbaCommand.Holds(command, k)) || VbaCommand.IsProgram(command)):
                RunsProgram(name, command);
                break;
            case "savetofile" when a.Length > 0:
                Writes("SaveToFile", TextAt(a, 0));
                break;
        }
    }

    /// <summary>Members of the host's own objects.</summary>
    private object? OfHost(VbaThing thing, string name, object?[] a)
    {
        if (Loads(thing, name, a))
        {
            return VbaUnknown.Value;
        }

        var first = a.Length > 0 ? TextAt(a, 0) : "";
        switch (name)
        {
            case "run" when thing.Path.EndsWith("application", StringComparison.Ordinal) && a.Length > 0:
                if (!interpreter.RunByText(first, []))
                {
                    interpreter.Note(first.Contains("http", StringComparison.OrdinalIgnoreCase) || first.Contains("\\\\", StringComparison.Ordinal) || first.Contains("%TEMP%", StringComparison.OrdinalIgnoreCase) ? VbaActionKind.RunsProgram : VbaActionKind.OpensProgram, $"Application.Run {Quoted(first)}");
                }

                return VbaUnknown.Value;
            case "ontime" when a.Length > 1:
                interpreter.RunByText(TextAt(a, 1), []);
                return VbaUnknown.Value;
            case "evaluate" when a.Length > 0:
                interpreter.RunByText(first, []);
                return VbaUnknown.Value;
            case "createobject":
                return Create("CreateObject", a.Length > 0 ? a[0] : null);
            case "ddeinitiate" when a.Length > 1:
                RunsProgram("DDEInitiate", $"{first} {TextAt(a, 1)}");
                return VbaUnknown.Value;
            case "executeexcel4macro" when a.Length > 0:
                if (VbaClasses.IsUnknown(first) || XlmCalls.Find(first, f => f is "EXEC" or "CALL" or "REGISTER" or "REGISTER.ID" or "EXECUTE" or "INITIATE"))
                {
                    RunsProgram("ExecuteExcel4Macro", first);
                }

                return VbaUnknown.Value;
            case "registerxll":
                RunsProgram("RegisterXLL", first);
                return VbaUnknown.Value;
            case "followhyperlink":
                Opens("FollowHyperlink", first);
                return VbaUnknown.Value;
            case "open" or "add" or "addfromtemplate" when thing.Path.EndsWith("workbooks", StringComparison.Ordinal) || thing.Path.EndsWith("documents", StringComparison.Ordinal) || thing.Path.EndsWith("presentations", StringComparison.Ordinal):
                if (VbaCommand.IsAddress(first))
                {
                    Fetches($"{thing.Path}.{name}", first);
                }

                return new VbaThing("activeworkbook");
            case "saveas" or "saveas2" or "savecopyas" or "exportasfixedformat" when a.Length > 0:
                Writes("SaveAs", first);
                return VbaUnknown.Value;
            case "addfromstring" or "addfromfile" or "insertlines" or "replaceline" or "createeventproc" when a.Length > 0 && !thing.Path.Contains("references", StringComparison.Ordinal):
            case "import" or "addcustom" when thing.Path.EndsWith("vbcomponents", StringComparison.Ordinal):
            case "organizercopy":
                interpreter.Note(VbaActionKind.TouchesProtection, $"{thing.Path}.{name} {Quoted(first.Length > 60 ? first[..60] : first)}");
                return VbaUnknown.Value;
            case "privateprofilestring" when a.Length > 2:
                Registry("PrivateProfileString", $"{TextAt(a, 1)}\\{TextAt(a, 2)}", "");
                return VbaUnknown.Value;
            case "shellexecute" or "executeshellcommand":
                Guess(name, a);
                return VbaUnknown.Value;
            case "environ" when a.Length > 0:
                return VbaFunctions.Call(name, Known(a));
            default:
                return Reached(thing, name, a);
        }
    }

    /// <summary>A function of a DLL.</summary>
    /// <param name="declaration">As declared.</param>
    /// <param name="name">As called.</param>
    /// <param name="a">Arguments.</param>
    public void Library(VbaDeclaration declaration, string name, object?[] a)
    {
        var function = declaration.Function.TrimEnd('A', 'W').ToLowerInvariant();
        var what = declaration.Function;
        Numbered(declaration, a);
        function = function.StartsWith("zw", StringComparison.Ordinal) ? "nt" + function[2..] : function; // Two names of the same calls.
        switch (function)
        {
            case "urldownloadtofile" or "urldownloadtocachefile":
                Fetches(what, TextAt(a, 1));
                Writes(what, TextAt(a, 2));
                break;
            case "internetopenurl" or "winhttpsendrequest" or "httpsendrequest" or "internetreadfile":
                Fetches(what, TextAt(a, 1));
                break;
            case "shellexecute" or "shellexecuteex":
                RunsOrOpens(what, TextAt(a, 2), TextAt(a, 3));
                break;
            case "winexec" or "system" or "popen" or "createprocess" or "createprocessasuser" or "loadlibrary" or "loadlibraryex":
                RunsProgram(what, function.StartsWith("createprocess", StringComparison.Ordinal) ? $"{TextAt(a, 0)} {TextAt(a, 1)}".Trim() : TextAt(a, 0));
                break;
            case "virtualalloc" or "virtualallocex" or "virtualprotect" or "virtualprotectex" or "writeprocessmemory" or "createthread" or "createremotethread" or "createremotethreadex" or "queueuserapc" or "rtlcreateuserthread" or "ntcreatethreadex"
                or "ntallocatevirtualmemory" or "ntprotectvirtualmemory" or "ntwritevirtualmemory" or "heapcreate" or "setthreadcontext" or "ntqueueapcthread" or "createfiber" or "mapviewoffile2" or "ntmapviewofsection" or "enumsystemlanguagegroups" or "enumdateformats" or "enumuilanguages" or "dispcallfunc":
                interpreter.Note(VbaActionKind.InjectsCode, $"{declaration.Library} {what}");
                break;
        }

        if (!function.Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            interpreter.NoteText(what);
        }
    }

    /// <summary>A document or page opened by its own program is harmless; a program is not.</summary>
    private void RunsOrOpens(string how, string file, string arguments)
    {
        if (VbaCommand.IsHarmless($"{file} {arguments}".Trim()) || (arguments.Length == 0 && !VbaCommand.IsProgram(file) && file.Contains('.', StringComparison.Ordinal) && !VbaClasses.IsUnknown(file)))
        {
            interpreter.Note(VbaActionKind.OpensProgram, $"{how} {Quoted(file)}");
        }
        else
        {
            RunsProgram(how, $"{file} {arguments}".Trim());
        }
    }

    /// <summary>A statement on files.</summary>
    /// <param name="statement">Which.</param>
    /// <param name="a">Its operands' values.</param>
    public void File(VbaFileStatement statement, object?[] a)
    {
        switch (statement.Word)
        {
            case "open" when statement.Mode is "output" or "append" or "binary" or "random" && a.Length > 0:
                Writes("Open", Text(a[0]));
                break;
            case "filecopy" or "name" when a.Length > 1:
                Writes(statement.Word == "name" ? "Name" : "FileCopy", Text(a[1]));
                break;
            case "print" or "put" or "write":
                foreach (var value in a)
                {
                    interpreter.NoteText(VbaValues.IsText(value) ? Text(value) : "");
                }

                break;
        }
    }
}
