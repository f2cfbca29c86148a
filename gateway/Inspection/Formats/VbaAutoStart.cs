using System.Collections.Frozen;

namespace Sekisho.Inspection.Formats;

/// <summary>Finds the procedures of a VBA module that Office starts without being asked.</summary>
/// <remarks>It reads declarations, not words: a name in a comment, a string or a call does not count.</remarks>
internal static class VbaAutoStart
{
    private const int MaxProcedures = 100_000;

    private static readonly FrozenSet<string> Names = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        // Word's auto macros and document events.
        "AutoExec", "AutoNew", "AutoOpen", "AutoClose", "AutoExit",
        "Document_New", "Document_Open", "Document_Close", "Document_Sync", "Document_BuildingBlockInsert", "Document_ContentControlOnEnter",
        "Document_XMLAfterInsert", "DocumentOpen", "DocumentChange", "NewDocument",
        // Excel.
        "Auto_Open", "Auto_Close", "Auto_Activate", "Auto_Deactivate",
        "Workbook_Open", "Workbook_Activate", "Workbook_BeforeClose", "Workbook_Close", "Workbook_Deactivate", "Workbook_WindowActivate", "Workbook_WindowDeactivate",
        "Workbook_WindowResize", "Workbook_AddinInstall", "Workbook_SheetCalculate", "Worksheet_Calculate",
        // PowerPoint, Visio, Publisher, Project, Access, Outlook.
        "OnSlideShowPageChange", "OnSlideShowTerminate", "Auto_Nav", "SlideShowBegin", "PresentationOpen", "OnLoad",
        "Document_DocumentOpened", "Document_DocumentCreated", "Document_Opened", "Document_BeforeClose", "Project_Open", "Application_Startup",
        "AddinInstance_OnConnection", "AddinInstance_OnStartupComplete");

    /// <summary>Events of ActiveX controls that fire when a document is shown, whatever the control is called (InkPicture1_Painted, WebBrowser1_StatusTextChange, …).</summary>
    private static readonly string[] EventEndings =
    [
        "_Painted", "_Painting", "_GotFocus", "_Layout", "_Resize", "_MouseHover",
        "_BeforeNavigate2", "_BeforeScriptExecute", "_DocumentComplete", "_DownloadBegin", "_DownloadComplete", "_FileDownload", "_NavigateComplete2", "_NavigateError",
        "_ProgressChange", "_PropertyChange", "_SetSecureLockIcon", "_StatusTextChange", "_TitleChange",
        "_OnConnecting", "_OnConnected", "_OnConfirm", "_OnAuthenticationWarning", "_OnLoginComplete",
    ];

    /// <summary>Events of ActiveX controls on a page or sheet that fire as the mouse passes or somebody fills something in; on a form of their own they are everyday.</summary>
    private static readonly string[] PassingEndings = ["_MouseMove", "_MouseEnter", "_LostFocus", "_Change"];

    /// <summary>Word's own commands that everybody calls: a macro of the same name runs in their place.</summary>
    private static readonly FrozenSet<string> WordCommands = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "FileOpen", "FileNew", "FileNewDefault", "FileClose", "FileCloseAll", "FileCloseOrCloseAll", "FileSave", "FileSaveAs", "FileSaveAll", "FilePrint", "FilePrintDefault", "FilePrintPreview", "FileExit",
        "DocClose", "EditCopy", "EditCut", "EditPaste", "EditFind", "EditUndo", "ToolsMacro", "ViewVbCode", "HelpAbout");

    /// <summary>True for a macro that runs in the place of a command of Word's.</summary>
    public static bool IsWordCommand(string name) => WordCommands.Contains(name);

    /// <summary>True for an event of a control that people cause without meaning to; a document's, a sheet's and a form's own are none.</summary>
    public static bool IsPassingEvent(string name) =>
        Array.Exists(PassingEndings, e => name.Length > e.Length && name.EndsWith(e, StringComparison.OrdinalIgnoreCase)) && !Array.Exists(Owners, o => name.StartsWith(o, StringComparison.OrdinalIgnoreCase));

    private static readonly string[] Owners = ["Worksheet_", "Workbook_", "Chart_", "Document_", "UserForm_", "App_", "Application_"];

    /// <summary>Names of procedures in the module that start by themselves, as written, in order of appearance.</summary>
    /// <param name="source">The module's source text.</param>
    public static IReadOnlyList<string> Find(string source)
    {
        List<string>? found = null;
        foreach (var name in Procedures(source))
        {
            if (IsAutoStart(name) && found?.Contains(name, StringComparer.OrdinalIgnoreCase) != true)
            {
                (found ??= []).Add(name);
            }
        }

        return found ?? (IReadOnlyList<string>)[];
    }

    /// <summary>True for a name that Office calls by itself.</summary>
    public static bool IsAutoStart(string name)
    {
        if (Names.Contains(name))
        {
            return true;
        }

        return IsControlEvent(name);
    }

    /// <summary>True for an event of a control that fires when it is shown.</summary>
    public static bool IsControlEvent(string name)
    {
        foreach (var ending in EventEndings)
        {
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                // UserForm_Resize and Chart_Resize come from people dragging a window.
                return !name.StartsWith("UserForm_", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("Chart_", StringComparison.OrdinalIgnoreCase);
            }
        }

        return false;
    }

    /// <summary>Names of the procedures declared in the module (MS-VBAL section 5.3.1). At most 100,000.</summary>
    public static IEnumerable<string> Procedures(string source)
    {
        var count = 0;
        var at = 0;
        while (at < source.Length && count < MaxProcedures)
        {
            at = SkipBlanks(source, at);
            var name = Declaration(source, at);
            if (name is not null)
            {
                count++;
                yield return name;
            }

            at = NextStatement(source, at);
        }
    }

    /// <summary>The name where a declaration begins at <paramref name="at"/>: <c>[Public|Private|Friend|Global] [Static] Sub|Function name</c>.</summary>
    private static string? Declaration(string source, int at)
    {
        for (var words = 0; words < 3; words++)
        {
            var word = Word(source, at);
            if (word.Length == 0)
            {
                return null;
            }

            at = SkipBlanks(source, at + word.Length);
            if (Is(word, "Sub") || Is(word, "Function"))
            {
                var name = Word(source, at);
                return name.Length == 0 ? null : name.ToString();
            }

            if (!(Is(word, "Public") || Is(word, "Private") || Is(word, "Friend") || Is(word, "Global") || Is(word, "Static")))
            {
                return null;
            }
        }

        return null;
    }

    private static bool Is(ReadOnlySpan<char> word, string keyword) => word.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Word(string source, int at)
    {
        // "[AutoOpen]" is the same name in brackets.
        if (at < source.Length && source[at] == '[')
        {
            at++;
        }

        var end = at;
        while (end < source.Length && (char.IsLetterOrDigit(source[end]) || source[end] == '_') && end - at < 255)
        {
            end++;
        }

        return source.AsSpan(at, end - at);
    }

    /// <summary>Skips blanks and line continuations: a blank, an underscore, and the line's end (MS-VBAL section 3.2.2).</summary>
    private static int SkipBlanks(string source, int at)
    {
        while (at < source.Length)
        {
            if (source[at] is ' ' or '\t' or '\u3000' or '\u00A0' or '\u0019')
            {
                at++;
                continue;
            }

            var end = Continuation(source, at);
            if (end < 0)
            {
                break;
            }

            at = end;
        }

        return at;
    }

    /// <summary>Where the next line begins if a continuation stands at <paramref name="at"/>; -1 if none does.</summary>
    private static int Continuation(string source, int at)
    {
        if (source[at] != '_' || (at > 0 && source[at - 1] is not (' ' or '\t')))
        {
            return -1;
        }

        var end = at + 1;
        while (end < source.Length && source[end] is ' ' or '\t')
        {
            end++;
        }

        if (end >= source.Length || source[end] is not ('\r' or '\n'))
        {
            return -1;
        }

        return end + 1 < source.Length && source[end] == '\r' && source[end + 1] == '\n' ? end + 2 : end + 1;
    }

    /// <summary>The beginning of the next statement: behind a line's end or a colon that is neither in a string nor in a comment.</summary>
    private static int NextStatement(string source, int at)
    {
        var inString = false;
        var comment = Is(Word(source, at), "Rem");
        while (at < source.Length)
        {
            var c = source[at];
            if (c is '\r' or '\n')
            {
                return at + 1;
            }

            if (c == '_' && !inString)
            {
                var end = Continuation(source, at);
                if (end >= 0)
                {
                    at = end;
                    continue;
                }
            }

            if (!comment)
            {
                if (c == '"')
                {
                    inString = !inString;
                }
                else if (!inString && c == '\'')
                {
                    comment = true;
                }
                else if (!inString && c == ':')
                {
                    return at + 1;
                }
            }

            at++;
        }

        return at;
    }
}
