namespace Sekisho.Inspection.Formats;

/// <summary>Tells scripts, markup and letters among texts by their first lines; in doubt a text is a text.</summary>
internal static class TextKinds
{
    private static readonly string[] JavaScriptMarks =
        ["function ", "function(", "var ", "let ", "const ", "new ActiveXObject", "WScript.", "eval(", "this[", "=>", "};", ");"];

    private static readonly string[] JavaScriptStrong =
        ["new ActiveXObject", "WScript.CreateObject(", "WScript.Shell", "eval(", "String.fromCharCode(", "Scripting.FileSystemObject"];

    private static readonly string[] VbScriptStrong =
        ["CreateObject(", "WScript.CreateObject", "Execute(", "ExecuteGlobal", "GetObject(", "WScript.Sleep", "WScript.Quit"];

    private static readonly string[] PowerShellStrong =
        ["Invoke-Expression", "Invoke-WebRequest", "Invoke-Command", "New-Object ", "[System.Convert]::", "FromBase64String", "-ExecutionPolicy", "Start-Process", "Set-ExecutionPolicy", "IEX(", "IEX (", "Write-Host", "[CmdletBinding", "Import-Module", "Get-ChildItem", "$PSScriptRoot"];

    private static readonly string[] BatchStrong =
        ["%~dp0", "goto :", "setlocal", "%comspec%", "start /", "reg add", "powershell", "cmd /c", "cmd.exe", "certutil", "bitsadmin", "mshta", "rundll32", "regsvr32", "if exist", "if not exist", "errorlevel", "pause", "echo "];

    private static readonly string[] LetterFields =
        ["Received:", "Return-Path:", "From:", "Message-ID:", "MIME-Version:", "Date:", "Subject:", "Delivered-To:", "To:", "Content-Type:", "X-", "Reply-To:", "Sender:", "DKIM-Signature:", "Content-Transfer-Encoding:"];

    private static readonly string[] ShellRoots =
        ["<PCSettings", "<libraryDescription", "<searchConnectorDescription", "<MMC_ConsoleFile", "<jnlp", "<asmv1:assembly"];

    public static FileKind Of(string text)
    {
        var start = text.AsSpan().TrimStart();
        if (start.IsEmpty)
        {
            return FileKind.Text;
        }

        if (start[0] == '<')
        {
            return Markup(start);
        }

        if (start.StartsWith("{\\rt", StringComparison.Ordinal))
        {
            return FileKind.Rtf;
        }

        if (start[..Math.Min(start.Length, 1024)].Contains("%PDF-", StringComparison.Ordinal))
        {
            return FileKind.Pdf;
        }

        if (start.StartsWith("[InternetShortcut]", StringComparison.OrdinalIgnoreCase) || start.StartsWith("[{000214A0-", StringComparison.OrdinalIgnoreCase))
        {
            return FileKind.InternetShortcut;
        }

        if (IsRegistry(start))
        {
            return FileKind.RegistryEntries;
        }

        if (start.StartsWith("[Shell]", StringComparison.OrdinalIgnoreCase) && start.Contains("Command=", StringComparison.OrdinalIgnoreCase))
        {
            return FileKind.ShellSettings; // SCF: its icon alone is fetched when the folder is shown.
        }

        if (start.StartsWith("#@~^", StringComparison.Ordinal))
        {
            return FileKind.EncodedScript;
        }

        if (start.StartsWith("ID;P", StringComparison.Ordinal))
        {
            return FileKind.SymbolicLink;
        }

        if (start.StartsWith("WEB\r", StringComparison.Ordinal) || start.StartsWith("WEB\n", StringComparison.Ordinal))
        {
            return FileKind.WebQuery;
        }

        if (IsLetter(start))
        {
            return FileKind.Mail;
        }

        var script = Script(start);
        if (script != FileKind.Unknown)
        {
            return script;
        }

        return IsMostlyText(text) ? FileTypes.HasHtmlMark(start) ? FileKind.Html : FileKind.Text : FileKind.Unknown;
    }

    private static FileKind Markup(ReadOnlySpan<char> start)
    {
        const StringComparison AnyCase = StringComparison.OrdinalIgnoreCase;
        if (start.Contains("<hta:application", AnyCase))
        {
            return FileKind.HtmlApplication;
        }

        if (start.StartsWith("<job", AnyCase) || start.StartsWith("<package", AnyCase) || start.StartsWith("<component", AnyCase) || start.StartsWith("<scriptlet", AnyCase)
            || (start.StartsWith("<?", StringComparison.Ordinal) && (start.Contains("<scriptlet", AnyCase) || start.Contains("<?component", AnyCase) || start.Contains("<?job", AnyCase))))
        {
            return start.Contains("<script", AnyCase) || start.Contains("<registration", AnyCase) || start.Contains("<?job", AnyCase) ? FileKind.WindowsScript : FileKind.Xml;
        }

        if (start.Contains("mso-application", AnyCase) || start.Contains("schemas.microsoft.com/office/word/2003/wordml", AnyCase) || start.Contains("schemas.microsoft.com/office/2006/xmlPackage", AnyCase))
        {
            return FileKind.WordXml;
        }

        if (IsShellSettings(start))
        {
            return FileKind.ShellSettings;
        }

        if (start.StartsWith("<svg", AnyCase))
        {
            return FileKind.Svg;
        }

        var xml = start.StartsWith("<?xml", AnyCase);
        if (xml && start.Contains("<svg", AnyCase) && !start.Contains("<html", AnyCase))
        {
            return FileKind.Svg;
        }

        // A document is HTML only where HTML comes first: XML may quote it.
        if (FileTypes.HasHtmlMark(xml ? start[..Math.Min(start.Length, 512)] : start))
        {
            return FileKind.Html;
        }

        return xml || start.Contains("xmlns", AnyCase) || start.Contains("</", StringComparison.Ordinal) ? FileKind.Xml : FileKind.Text;
    }

    private static bool IsRegistry(ReadOnlySpan<char> start) =>
        (start.StartsWith("Windows Registry Editor Version", StringComparison.OrdinalIgnoreCase) || start.StartsWith("REGEDIT4", StringComparison.Ordinal)) && start.Contains('[');

    /// <summary>The root elements of the XML files that Windows acts on when they are opened; a comment or declaration may stand before them.</summary>
    private static bool IsShellSettings(ReadOnlySpan<char> start)
    {
        foreach (var root in ShellRoots)
        {
            var at = start.IndexOf(root, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && at + root.Length < start.Length && start[at + root.Length] is ' ' or '>' or '\t' or '\r' or '\n' or '/'
                && !HasElement(start[..at]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True where an element begins in this text: declarations and comments are none.</summary>
    private static bool HasElement(ReadOnlySpan<char> text)
    {
        while (text.IndexOf('<') is >= 0 and var at)
        {
            text = text[(at + 1)..];
            if (text.StartsWith("!--", StringComparison.Ordinal))
            {
                var end = text.IndexOf("-->", StringComparison.Ordinal);
                text = end < 0 ? [] : text[(end + 3)..];
            }
            else if (!text.IsEmpty && char.IsAsciiLetter(text[0]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Two known header fields among the first lines, all of which must look like fields (RFC 5322 section 2.2).</summary>
    private static bool IsLetter(ReadOnlySpan<char> start)
    {
        var known = 0;
        var lines = 0;
        foreach (var line in start.EnumerateLines())
        {
            if (line.IsEmpty)
            {
                break;
            }

            if (lines > 0 && line[0] is ' ' or '\t')
            {
                continue;
            }

            if (lines == 0 && line.StartsWith("From ", StringComparison.Ordinal))
            {
                lines++;
                continue;
            }

            var colon = line.IndexOf(':');
            if (colon <= 0 || line[..colon].Contains(' '))
            {
                break;
            }

            foreach (var field in LetterFields)
            {
                if (line.StartsWith(field, StringComparison.OrdinalIgnoreCase))
                {
                    known++;
                    break;
                }
            }

            if (++lines > 40)
            {
                break;
            }
        }

        return known >= 2;
    }

    private static FileKind Script(ReadOnlySpan<char> start)
    {
        var firstLine = start;
        foreach (var line in start.EnumerateLines())
        {
            firstLine = line;
            break;
        }

        const StringComparison AnyCase = StringComparison.OrdinalIgnoreCase;
        if ((firstLine.StartsWith("@echo", AnyCase) || firstLine.StartsWith("@cls", AnyCase) || firstLine.StartsWith("@setlocal", AnyCase) || firstLine.StartsWith("@set ", AnyCase) || firstLine.StartsWith("@powershell", AnyCase))
            || (firstLine.StartsWith("echo off", AnyCase) && Count(start, BatchStrong) >= 1)
            || (firstLine.StartsWith("cmd /c ", AnyCase) || firstLine.StartsWith("cmd.exe /c ", AnyCase)))
        {
            return FileKind.BatchFile;
        }

        // Prose may mention a call or two; a script has several and ends its lines as a program does.
        var strongJs = Count(start, JavaScriptStrong);
        var js = Count(start, JavaScriptMarks);
        if ((strongJs >= 1 && js >= 4 && start.Contains(';')) || (js >= 6 && ProgramLines(start, ";{}") > 0.5))
        {
            return FileKind.JavaScript;
        }

        var setCreate = start.Contains("Set ", AnyCase) && start.Contains("CreateObject(", AnyCase);
        if (setCreate && !start.Contains("</", StringComparison.Ordinal) && ProgramLines(start, ")\"") > 0.1 && (start.Contains("WScript.", AnyCase) || start.Contains("Dim ", AnyCase) || Count(start, VbScriptStrong) >= 2))
        {
            return FileKind.VbScript;
        }

        var ps = Count(start, PowerShellStrong);
        if ((ps >= 2 && start.Contains('$') && start.Contains('=')) || firstLine.StartsWith("<#", StringComparison.Ordinal) && ps >= 1
            || ((firstLine.StartsWith("powershell", AnyCase) || firstLine.StartsWith("iex", AnyCase)) && (start.Contains(" -e", AnyCase) || ps >= 1)))
        {
            return FileKind.PowerShell;
        }

        return FileKind.Unknown;
    }

    private static int Count(ReadOnlySpan<char> text, string[] marks)
    {
        var count = 0;
        foreach (var mark in marks)
        {
            count += text.Contains(mark, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        }

        return count;
    }

    private static double ProgramLines(ReadOnlySpan<char> text, ReadOnlySpan<char> ends)
    {
        int lines = 0, ending = 0;
        foreach (var line in text.EnumerateLines())
        {
            var trimmed = line.TrimEnd();
            if (!trimmed.IsEmpty)
            {
                lines++;
                ending += ends.Contains(trimmed[^1]) ? 1 : 0;
            }
        }

        return lines == 0 ? 0 : (double)ending / lines;
    }

    private static bool IsMostlyText(string text)
    {
        var odd = 0;
        foreach (var c in text)
        {
            odd += c < ' ' && c is not ('\t' or '\r' or '\n' or '\f' or '\u001b' or '\b') ? 1 : 0;
        }

        return odd * 50 <= text.Length;
    }
}
