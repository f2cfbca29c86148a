namespace Sekisho.Inspection.Formats;

/// <summary>Judges dynamic data exchange: a link that makes Office ask another program, which may be a command interpreter.</summary>
internal static class DataExchange
{
    private static readonly HashSet<string> Interpreters = new(StringComparer.OrdinalIgnoreCase)
    {
        "cmd", "powershell", "pwsh", "mshta", "wscript", "cscript", "rundll32", "regsvr32", "certutil", "bitsadmin", "msiexec", "schtasks", "wmic", "msbuild",
        "installutil", "forfiles", "curl", "conhost", "pcalua", "ftp", "hh", "ssh", "bash", "wsl", "python", "finger", "comspec",
    };

    private static readonly HashSet<string> Programs = new(Interpreters, StringComparer.OrdinalIgnoreCase) { "explorer", "msexcel", "system32", "syswow64", "control", "sh", "exe", "bat", "vbs", "js" };

    /// <summary>True where a text names a command interpreter, or a tool of Windows that attacks use like one.</summary>
    public static bool NamesInterpreter(ReadOnlySpan<char> text) => Names(text, Interpreters);

    /// <summary>Notes a link to a program.</summary>
    /// <param name="found">Where to.</param>
    /// <param name="text">The link as written.</param>
    public static void Note(CarrierContents found, string text) => found.Note(Names(text, Programs) ? SignKind.DdeCommand : SignKind.DdeLink, text);

    /// <summary>Notes a Word field (ECMA-376 part 1 section 17.16) that reaches out: DDE, DDEAUTO, LINK, INCLUDETEXT, INCLUDEPICTURE, HYPERLINK.</summary>
    public static void Field(CarrierContents found, ReadOnlySpan<char> field)
    {
        field = field.Trim();
        var end = field.IndexOfAny(" \t\r\n\"\\");
        var word = end < 0 ? field : field[..end];
        if (word.Equals("DDEAUTO", StringComparison.OrdinalIgnoreCase) || word.Equals("DDE", StringComparison.OrdinalIgnoreCase))
        {
            Note(found, field[..Math.Min(field.Length, 1000)].ToString());
        }
        else if (word.Equals("LINK", StringComparison.OrdinalIgnoreCase) || word.Equals("INCLUDETEXT", StringComparison.OrdinalIgnoreCase))
        {
            if (Address(field) is { } target)
            {
                found.NoteRemote(SignKind.RemoteObject, target);
            }
        }
        else if (word.Equals("HYPERLINK", StringComparison.OrdinalIgnoreCase) || word.Equals("INCLUDEPICTURE", StringComparison.OrdinalIgnoreCase))
        {
            if (Address(field) is { } target)
            {
                found.NoteRemote(SignKind.Link, target);
            }
        }
    }

    private static bool Names(ReadOnlySpan<char> text, HashSet<string> set)
    {
        var words = set.GetAlternateLookup<ReadOnlySpan<char>>();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsAsciiLetterOrDigit(text[i]))
            {
                start = start < 0 ? i : start;
                continue;
            }

            if (start >= 0 && words.Contains(text[start..i]))
            {
                return true;
            }

            start = -1;
        }

        return false;
    }

    /// <summary>The first argument that looks like an address; backslashes are doubled in fields.</summary>
    private static string? Address(ReadOnlySpan<char> field)
    {
        foreach (var range in field.Split('"'))
        {
            var text = field[range].Trim().ToString().Replace(@"\\", @"\", StringComparison.Ordinal);
            if (RemoteTargets.IsRemote(text) || RemoteTargets.IsRemote('\\' + text))
            {
                return text;
            }
        }

        return null;
    }
}
