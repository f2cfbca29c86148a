using System.Collections.Frozen;

namespace Sekisho.Inspection.Formats;

/// <summary>The COM classes and host names that a macro can do something by.</summary>
internal static class VbaClasses
{
    /// <summary>Class identifiers in place of names, as in <c>GetObject("new:{…}")</c>.</summary>
    private static readonly FrozenDictionary<string, string> Identifiers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["72C24DD5-D70A-438B-8A42-98424B88AFB8"] = "shell",
        ["F935DC22-1CF0-11D0-ADB9-00C04FD58A0B"] = "shell",
        ["13709620-C279-11CE-A49E-444553540000"] = "shellapp",
        ["9BA05972-F6A8-11CF-A442-00A0C90A8F39"] = "shellapp",
        ["C08AFD90-F2A1-11D1-8455-00A0C91F3880"] = "shellapp",
        ["49B2791A-B1AE-4C90-9B8E-E860BA07F889"] = "mmc",
        ["76A64158-CB41-11D1-8B02-00600806D9B6"] = "locator",
        ["2087C2F4-2CEF-4953-A8AB-66779B670495"] = "http",
        ["F6D90F16-9C73-11D3-B32E-00C04F990BB4"] = "http",
        ["88D96A0A-F192-11D4-A65F-0040963251E5"] = "http",
        ["0002DF01-0000-0000-C000-000000000046"] = "ie",
        ["00000566-0000-0010-8000-00AA006D2EA4"] = "stream",
        ["0D43FE01-F093-11CF-8940-00A0C9054228"] = "fso",
        ["0F87369F-A4E5-4CFC-BD3E-73E6154572DD"] = "schedule",
        ["0E59F1D5-1FBE-11D0-8FF2-00A0D10038BC"] = "script",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Beginnings of class names, without their version, and what they can do.</summary>
    private static readonly (string Name, string Family)[] Families =
    [
        ("wscript.shell", "shell"), ("iwshruntimelibrary.wshshell", "shell"), ("wshshell", "shell"), ("iwshruntimelibrary.iwshshell", "shell"),
        ("shell.application", "shellapp"), ("shell32.shell", "shellapp"),
        ("msxml2.xmlhttp", "http"), ("msxml2.serverxmlhttp", "http"), ("microsoft.xmlhttp", "http"), ("winhttp.winhttprequest", "http"), ("winhttprequest", "http"), ("xmlhttp", "http"), ("serverxmlhttp", "http"),
        ("msxml2.domdocument", "dom"), ("msxml2.freethreadeddomdocument", "dom"), ("microsoft.xmldom", "dom"), ("domdocument", "dom"),
        ("adodb.stream", "stream"), ("scripting.filesystemobject", "fso"), ("filesystemobject", "fso"),
        ("internetexplorer.application", "ie"), ("shdocvw.internetexplorer", "ie"), ("internetexplorer", "ie"),
        ("wbemscripting.swbemlocator", "locator"), ("swbemlocator", "locator"), ("schedule.service", "schedule"), ("taskscheduler", "schedule"),
        ("msscriptcontrol.scriptcontrol", "script"), ("htmlfile", "script"), ("system.runtime.serialization.formatters", "formatter"), ("scriptcontrol", "script"), ("mmc20.application", "mmc"),
        ("excel.application", "office"), ("word.application", "office"), ("powerpoint.application", "office"), ("outlook.application", "office"), ("access.application", "office"),
    ];

    /// <summary>Names of the host that are objects without anybody making them.</summary>
    private static readonly FrozenSet<string> Globals = FrozenSet.Create(StringComparer.Ordinal,
        "activedocument", "thisdocument", "application", "thisworkbook", "activeworkbook", "activesheet", "sheets", "worksheets", "workbooks", "range", "cells", "selection", "documents", "normaltemplate", "macrocontainer",
        "activepresentation", "presentations", "options", "system", "excel", "word", "powerpoint", "outlook", "vba", "interaction", "strings", "conversion", "filesystem", "information", "math", "datetime", "vbe", "screen", "debug", "err",
        "userforms", "activewindow", "windows", "activecell", "names", "dialogs", "currentproject", "docmd", "currentdb", "addins", "templates", "charts", "activechart", "rows", "columns", "commandbars", "tasks", "wsh", "shapes", "forms", "controls", "office");

    /// <summary>Constants whose numbers Office gives (wdKeyP is the letter's code), and those of VBA.</summary>
    private static readonly FrozenDictionary<string, object?> Constants = new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["vbcrlf"] = "\r\n", ["vbnewline"] = "\r\n", ["vbcr"] = "\r", ["vblf"] = "\n", ["vbtab"] = "\t", ["vbnullstring"] = "", ["vbnullchar"] = "\0", ["vbback"] = "\b", ["vbformfeed"] = "\f", ["vbverticaltab"] = "\v",
        ["vbhide"] = 0.0, ["vbnormalfocus"] = 1.0, ["vbminimizedfocus"] = 2.0, ["vbmaximizedfocus"] = 3.0, ["vbnormalnofocus"] = 4.0, ["vbminimizednofocus"] = 6.0,
        ["vbunicode"] = 64.0, ["vbfromunicode"] = 128.0, ["vbuppercase"] = 1.0, ["vblowercase"] = 2.0, ["vbpropercase"] = 3.0, ["vbtextcompare"] = 1.0, ["vbbinarycompare"] = 0.0, ["vbmethod"] = 1.0, ["vbget"] = 2.0, ["vblet"] = 4.0, ["vbset"] = 8.0,
        ["vbtrue"] = -1.0, ["vbfalse"] = 0.0, ["win32"] = true, ["win64"] = true, ["vba7"] = true, ["mac"] = false, ["vbnull"] = 1.0, ["vbempty"] = 0.0, ["vbinteger"] = 2.0, ["vblong"] = 3.0, ["vbstring"] = 8.0, ["vbdirectory"] = 16.0, ["vbhidden"] = 2.0, ["vbsystem"] = 4.0,
        ["msoautomationsecuritylow"] = 1.0, ["msoautomationsecuritybyui"] = 2.0, ["msoautomationsecurityforcedisable"] = 3.0, ["vbokonly"] = 0.0, ["vbyes"] = 6.0, ["vbno"] = 7.0, ["msotrue"] = -1.0, ["msofalse"] = 0.0,
    }.Concat(Enumerable.Range('a', 26).SelectMany(c => new[] { KeyValuePair.Create<string, object?>("wdkey" + (char)c, (double)char.ToUpperInvariant((char)c)), KeyValuePair.Create<string, object?>("vbkey" + (char)c, (double)char.ToUpperInvariant((char)c)) }))
        .Concat(Enumerable.Range('0', 10).SelectMany(c => new[] { KeyValuePair.Create<string, object?>("wdkey" + (char)c, (double)c), KeyValuePair.Create<string, object?>("vbkey" + (char)c, (double)c) }))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>True for an object of the host.</summary>
    public static bool IsGlobal(string name) => Globals.Contains(name);

    /// <summary>A constant of VBA or Office by its lower-case name.</summary>
    public static bool TryConstant(string name, out object? value) => Constants.TryGetValue(name, out value);

    /// <summary>True for a name that looks like a constant of Office whose number is not known here.</summary>
    public static bool LooksConstant(string name) => name.Length > 4 && (name.StartsWith("wd", StringComparison.Ordinal) || name.StartsWith("xl", StringComparison.Ordinal) || name.StartsWith("mso", StringComparison.Ordinal) || name.StartsWith("vb", StringComparison.Ordinal) || name.StartsWith("pp", StringComparison.Ordinal) || name.StartsWith("ol", StringComparison.Ordinal));

    /// <summary>What an object of this class can do, as a short word; null for a class of no interest.</summary>
    public static string? Family(string name)
    {
        name = name.Trim();
        if (name.StartsWith("new:", StringComparison.OrdinalIgnoreCase))
        {
            name = name[4..];
        }

        if (name.Length >= 36 && Identifiers.TryGetValue(name.Trim('{', '}', ' '), out var family))
        {
            return family;
        }

        if (name.StartsWith("winmgmts:", StringComparison.OrdinalIgnoreCase))
        {
            return name.Contains("win32_process", StringComparison.OrdinalIgnoreCase) && !name.Contains("win32_processstartup", StringComparison.OrdinalIgnoreCase) ? "process" : "wmi";
        }

        foreach (var (start, what) in Families)
        {
            if (name.StartsWith(start, StringComparison.OrdinalIgnoreCase) && (name.Length == start.Length || name[start.Length] is '.' or '4' or '3' or '6' or '2'))
            {
                return what;
            }
        }

        if (VbaUnknown.IsIn(name))
        {
            foreach (var (start, what) in Families)
            {
                if (VbaCommand.Holds(name, start))
                {
                    return what;
                }
            }

            return VbaCommand.Holds(name, "win32_process") ? "process" : VbaCommand.Holds(name, "winmgmts:") ? "wmi" : null;
        }

        return null;
    }

    /// <summary>True for a name too little of which is known: an unknown piece, and less than a class name's worth of letters.</summary>
    public static bool IsUnknown(string name) => VbaUnknown.IsIn(name);
}
