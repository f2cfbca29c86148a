namespace Sekisho.Inspection.Formats;

/// <summary>Tells what a command line, class name or address in a macro is for; a <see cref="VbaUnknown.Mark"/> in it fits anything.</summary>
internal static class VbaCommand
{
    private static readonly string[] Downloaders =
        ["downloadstring", "downloadfile", "downloaddata", "invoke-webrequest", "iwr ", "start-bitstransfer", "urldownloadtofile", "net.webclient", "bitsadmin", "urlcache", "curl", "wget", "mshta http", "mshta.exe http", "msiexec /i http", "/i:http", "invoke-restmethod"];

    private static readonly string[] ProgramEndings =
        [".exe", ".dll", ".scr", ".com", ".pif", ".cpl", ".ocx", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".wsh", ".hta", ".bat", ".cmd", ".ps1", ".psm1", ".msi", ".lnk", ".sct", ".xsl", ".jar", ".reg", ".inf", ".xll", ".wll", ".url", ".chm", ".iso", ".img"];

    private static readonly string[] PlainEndings = [".txt", ".log", ".csv", ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".rtf", ".jpg", ".png", ".ini", ".md"];

    /// <summary>Words that a text may be split to hide.</summary>
    public static readonly string[] Keywords =
        ["powershell", "wscript.shell", "winmgmts:", "win32_process", "cmd.exe", "http://", "https://", "mshta", "regsvr32", "rundll32", "xmlhttp", "adodb.stream", "shell.application", "certutil", "bitsadmin", "scripting.filesystemobject", "winhttp"];

    /// <summary>True where the text holds the word, whatever the unknown pieces are; at least half of the word must be there.</summary>
    public static bool Holds(string text, string word)
    {
        if (text.Contains(word, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var mark = text.IndexOf(VbaUnknown.Mark, StringComparison.Ordinal);
        for (var tries = 0; mark >= 0 && tries < 50; tries++)
        {
            // What stands before a mark begins the word, what stands behind it ends it.
            var before = text.AsSpan(Math.Max(0, mark - word.Length), Math.Min(mark, word.Length));
            var end = mark + 1;
            while (end < text.Length && text[end] == VbaUnknown.Mark)
            {
                end++;
            }

            var behind = text.AsSpan(end, Math.Min(word.Length, text.Length - end));
            var first = Math.Min(before.Length, word.Length - 1);
            while (first > 0 && !before[^first..].Equals(word.AsSpan(0, first), StringComparison.OrdinalIgnoreCase))
            {
                first--;
            }

            var last = Math.Min(behind.Length, word.Length - first);
            while (last > 0 && !behind[..last].Equals(word.AsSpan(word.Length - last), StringComparison.OrdinalIgnoreCase))
            {
                last--;
            }

            if (first >= 2 && last >= 2 && (first + last) * 2 >= word.Length)
            {
                return true;
            }

            mark = text.IndexOf(VbaUnknown.Mark, end);
        }

        return false;
    }

    /// <summary>True for a command that fetches something.</summary>
    public static bool Downloads(string command)
    {
        // Carets and quotes are thrown away by the shell.
        var plain = command.Replace("^", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal).Replace("'+'", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal);
        return Array.Exists(Downloaders, d => plain.Contains(d, StringComparison.OrdinalIgnoreCase))
            || ((Holds(plain, "powershell") || plain.Contains("mshta", StringComparison.OrdinalIgnoreCase)) && (plain.Contains("http", StringComparison.OrdinalIgnoreCase) || IsEncoded(plain)));
    }

    /// <summary>PowerShell's -EncodedCommand in any of its short forms.</summary>
    private static bool IsEncoded(string command)
    {
        for (var at = command.IndexOf(" -e", StringComparison.OrdinalIgnoreCase); at >= 0; at = command.IndexOf(" -e", at + 3, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + 2;
            while (end < command.Length && char.IsAsciiLetter(command[end]))
            {
                end++;
            }

            if ("encodedcommand".StartsWith(command[(at + 2)..end], StringComparison.OrdinalIgnoreCase) && command.Length - end > 20)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for a known program that only shows something: nothing in it is unknown, fetched, or another program.</summary>
    public static bool IsHarmless(string command)
    {
        var text = command.Trim().Trim('"');
        if (text.Length is 0 or > 300 || text.AsSpan().IndexOfAny('|', '&', '>') >= 0 || text.Contains("\\\\", StringComparison.Ordinal) || text.AsSpan().IndexOfAny('^', '`', '<') >= 0)
        {
            return false;
        }

        var space = text.AsSpan().IndexOfAny(' ', '"');
        // "C:\Program Files\...": the program ends behind its ".exe".
        var dot = text.IndexOf(".exe", StringComparison.OrdinalIgnoreCase);
        var end = dot >= 0 && (space < 0 || text.AsSpan(0, dot).IndexOf(' ') >= 0 || dot < space) ? dot + 4 : space < 0 ? text.Length : space;
        var program = text[..end];
        var rest = text[end..].Trim(' ', '"').ToLowerInvariant();
        var slash = program.LastIndexOf('\\');
        var folder = slash < 0 ? "" : program[..slash].ToLowerInvariant();
        var name = program[(slash + 1)..].ToLowerInvariant();
        name = name.EndsWith(".exe", StringComparison.Ordinal) ? name[..^4] : name;
        if (VbaUnknown.IsIn(program) || !(folder is "" or "c:\\windows" or "c:\\windows\\system32" or "%windir%" or "%systemroot%" or "%windir%\\system32" or "%systemroot%\\system32" || folder.StartsWith("c:\\program files", StringComparison.Ordinal)))
        {
            return false;
        }

        var ending = rest.LastIndexOf('.') is var at and >= 0 ? rest[at..].TrimEnd('"') : "";
        return name switch
        {
            "calc" => rest.Length == 0,
            "notepad" or "mspaint" or "wordpad" or "write" or "winword" or "excel" or "powerpnt" or "acrord32" or "acrobat" => !rest.Contains("http", StringComparison.Ordinal) && !rest.Contains('/', StringComparison.Ordinal) && (ending.Length is 0 or > 6 || PlainEndings.Contains(ending)) && !VbaUnknown.IsIn(rest),
"explorer" => !rest.Contains("http", StringComparison.Ordinal) && rest.IndexOf(':', StringComparison.Ordinal) <= 1 && !IsProgram(rest) && (ending.Length is 0 or > 6) && !VbaUnknown.IsIn(rest),
            _ => false,
        };
    }

    /// <summary>True for keys (as SendKeys takes them) that type a command and start it.</summary>
    public static bool IsTyped(string keys) =>
        (keys.Contains('~', StringComparison.Ordinal) || keys.Contains("{ENTER}", StringComparison.OrdinalIgnoreCase) || keys.Contains("{RETURN}", StringComparison.OrdinalIgnoreCase))
        && (keys.Contains("^{ESC}", StringComparison.OrdinalIgnoreCase) || keys.Contains("cmd", StringComparison.OrdinalIgnoreCase) || Array.Exists(Keywords, k => Holds(keys, k)));

    /// <summary>True for a path or address of a program or script.</summary>
    public static bool IsProgram(string path)
    {
        var end = path.AsSpan().IndexOfAny('?', '#');
        var name = (end > 0 ? path.AsSpan(0, end) : path.AsSpan()).Trim(" \"'");
        foreach (var ending in ProgramEndings)
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for a folder whose programs start by themselves.</summary>
    public static bool IsStartFolder(string path) => path.Contains("\\Startup\\", StringComparison.OrdinalIgnoreCase) || path.Contains("%STARTUP%", StringComparison.OrdinalIgnoreCase) || path.Contains("XLSTART", StringComparison.OrdinalIgnoreCase);

    /// <summary>True for an address on the network.</summary>
    public static bool IsAddress(string text) => text.StartsWith("http", StringComparison.OrdinalIgnoreCase) || text.StartsWith("ftp:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("URL;http", StringComparison.OrdinalIgnoreCase);

    /// <summary>True for a registry value that protects from macros, or starts programs.</summary>
    public static bool IsProtection(string key) => key.Contains("AccessVBOM", StringComparison.OrdinalIgnoreCase) || key.Contains("VBAWarnings", StringComparison.OrdinalIgnoreCase) || key.Contains("ProtectedView", StringComparison.OrdinalIgnoreCase)
        || key.Contains("Trusted Locations", StringComparison.OrdinalIgnoreCase) || (key.Contains("Office", StringComparison.OrdinalIgnoreCase) && key.Contains("Security", StringComparison.OrdinalIgnoreCase));
}
