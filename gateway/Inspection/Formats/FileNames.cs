using System.Collections.Frozen;

namespace Sekisho.Inspection.Formats;

/// <summary>What a file name promises or threatens: the table of extensions.</summary>
public static class FileNames
{
    private static readonly FrozenSet<string> Executable = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        // Windows runs these on a double click.
        "exe", "scr", "com", "pif", "cpl", "msi", "msp", "mst", "msix", "msixbundle", "appx", "appxbundle", "application", "appref-ms", "gadget", "dll", "ocx", "sys", "drv",
        "jar", "jnlp", "lnk", "chm", "hlp", "inf", "reg", "scf", "msc", "diagcab", "settingcontent-ms", "library-ms", "searchconnector-ms", "theme", "themepack", "xll", "wll", "ppa", "accde", "ade", "mde",
        // Scripts.
        "js", "jse", "vbs", "vbe", "vb", "wsf", "wsh", "wsc", "sct", "hta", "bat", "cmd", "ps1", "ps1xml", "ps2", "psm1", "psd1", "psc1", "msh", "msh1", "mshxml", "url", "website", "iqy", "oqy", "rqy", "dqy",
        // Other systems.
        "app", "dmg", "pkg", "command", "elf", "apk", "deb", "rpm", "sh", "run");

    private static readonly FrozenSet<string> Documents = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "rtf", "txt", "csv", "jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "htm", "html", "xml", "odt", "ods", "odp", "jtd", "zip", "mp3", "mp4", "wav", "dcm");

    private static readonly FrozenSet<string> InertText = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "txt", "log", "csv", "md", "patch", "diff", "json", "c", "h", "cpp", "cs", "py", "rb", "pl", "java", "css", "tex", "yml", "yaml", "ini", "conf");

    private static readonly FrozenSet<string> MacroFree = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "docx", "dotx", "xlsx", "xltx", "pptx", "ppsx", "potx", "vsdx");

    private static readonly FrozenSet<string> Containers = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "zip", "rar", "7z", "cab", "lzh", "lha", "arj", "ace", "gz", "tgz", "bz2", "tbz", "tbz2", "xz", "txz", "zst", "tzst", "tar", "lzma", "lz", "z", "cpio", "wim", "swm", "esd",
        "iso", "img", "vhd", "vhdx", "vmdk", "vdi", "qcow", "qcow2",
        "pdf", "rtf", "doc", "dot", "docx", "docm", "dotx", "dotm", "xls", "xlt", "xla", "xlsx", "xlsm", "xlsb", "xltx", "xltm", "xlam", "ppt", "pps", "pot", "pptx", "pptm", "ppsx", "ppsm", "potx",
        "vsd", "vsdx", "vsdm", "msg", "one", "onepkg", "mdb", "accdb", "odt", "ods", "odp");

    private static readonly FileKind[] WordKinds =
        [FileKind.Word, FileKind.CompoundFile, FileKind.WordOpenXml, FileKind.Rtf, FileKind.Html, FileKind.Xml, FileKind.WordXml, FileKind.Mail, FileKind.Text, FileKind.EncryptedOffice];

    private static readonly FileKind[] ExcelKinds =
        [FileKind.Excel, FileKind.CompoundFile, FileKind.ExcelOpenXml, FileKind.ExcelRaw, FileKind.ExcelBinary, FileKind.Html, FileKind.Xml, FileKind.WordXml, FileKind.Mail, FileKind.Text, FileKind.EncryptedOffice];

    private static readonly FileKind[] PowerPointKinds =
        [FileKind.PowerPoint, FileKind.CompoundFile, FileKind.PowerPointOpenXml, FileKind.Html, FileKind.Mail, FileKind.EncryptedOffice, FileKind.WordXml];

    private static readonly FileKind[] TextKinds =
        [FileKind.Text, FileKind.Html, FileKind.Xml, FileKind.WordXml, FileKind.Svg, FileKind.Mail, FileKind.JavaScript, FileKind.PowerShell, FileKind.VbScript, FileKind.BatchFile, FileKind.ShellScript, FileKind.InternetShortcut, FileKind.WebQuery];

    private static readonly FrozenDictionary<string, FileKind[]> Rightly = new Dictionary<string, FileKind[]>
    {
        ["doc"] = WordKinds,
        ["dot"] = WordKinds,
        ["docx"] = [FileKind.WordOpenXml, FileKind.EncryptedOffice],
        ["dotx"] = [FileKind.WordOpenXml, FileKind.EncryptedOffice],
        ["docm"] = [FileKind.WordOpenXml, FileKind.WordOpenXmlMacro, FileKind.EncryptedOffice],
        ["dotm"] = [FileKind.WordOpenXml, FileKind.WordOpenXmlMacro, FileKind.EncryptedOffice],
        ["rtf"] = [FileKind.Rtf, FileKind.Text, FileKind.Word],
        ["xls"] = ExcelKinds,
        ["xlt"] = ExcelKinds,
        ["xla"] = ExcelKinds,
        ["xlsx"] = [FileKind.ExcelOpenXml, FileKind.EncryptedOffice],
        ["xltx"] = [FileKind.ExcelOpenXml, FileKind.EncryptedOffice],
        ["xlsm"] = [FileKind.ExcelOpenXml, FileKind.ExcelOpenXmlMacro, FileKind.EncryptedOffice],
        ["xltm"] = [FileKind.ExcelOpenXml, FileKind.ExcelOpenXmlMacro, FileKind.EncryptedOffice],
        ["xlam"] = [FileKind.ExcelOpenXml, FileKind.ExcelOpenXmlMacro, FileKind.EncryptedOffice],
        ["xlsb"] = [FileKind.ExcelBinary, FileKind.EncryptedOffice],
        ["ppt"] = PowerPointKinds,
        ["pps"] = PowerPointKinds,
        ["pot"] = PowerPointKinds,
        ["pptx"] = [FileKind.PowerPointOpenXml, FileKind.EncryptedOffice],
        ["ppsx"] = [FileKind.PowerPointOpenXml, FileKind.EncryptedOffice],
        ["potx"] = [FileKind.PowerPointOpenXml, FileKind.EncryptedOffice],
        ["pptm"] = [FileKind.PowerPointOpenXml, FileKind.PowerPointOpenXmlMacro, FileKind.EncryptedOffice],
        ["ppsm"] = [FileKind.PowerPointOpenXml, FileKind.PowerPointOpenXmlMacro, FileKind.EncryptedOffice],
        ["pdf"] = [FileKind.Pdf],
        ["zip"] = [FileKind.Zip, FileKind.OpenXml],
        ["rar"] = [FileKind.Rar, FileKind.Zip],
        ["7z"] = [FileKind.SevenZip, FileKind.Zip],
        ["gz"] = [FileKind.Gzip],
        ["tgz"] = [FileKind.Gzip],
        ["tar"] = [FileKind.Tar],
        ["jpg"] = [FileKind.Image],
        ["jpeg"] = [FileKind.Image],
        ["png"] = [FileKind.Image],
        ["gif"] = [FileKind.Image],
        ["bmp"] = [FileKind.Image],
        ["tif"] = [FileKind.Image],
        ["tiff"] = [FileKind.Image],
        ["txt"] = TextKinds,
        ["csv"] = TextKinds,
        ["log"] = TextKinds,
        ["htm"] = [FileKind.Html, FileKind.Text, FileKind.Xml, FileKind.Svg, FileKind.Mail],
        ["html"] = [FileKind.Html, FileKind.Text, FileKind.Xml, FileKind.Svg, FileKind.Mail],
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The last extension without its dot, as Windows sees it: trailing dots, blanks and invisible characters do not count. Empty where there is none.</summary>
    public static string Extension(string name)
    {
        var bare = Bare(name);
        var dot = bare.LastIndexOf('.');
        return dot < 0 ? "" : bare[(dot + 1)..].Trim().ToString();
    }

    /// <summary>The extension before the last one (<c>pdf</c> in <c>invoice.pdf   .exe</c>); empty where there is none.</summary>
    public static string InnerExtension(string name)
    {
        var bare = Bare(name);
        var dot = bare.LastIndexOf('.');
        return dot <= 0 ? "" : Extension(bare[..dot].ToString());
    }

    /// <summary>True where opening a file of this name runs it, or would for a program that reads the name another way (<see cref="NameTricks.Readings"/>).</summary>
    public static bool IsExecutable(string name) => Executable.Contains(Extension(name)) || NameTricks.Readings(name).Any(n => Executable.Contains(Extension(n)));

    /// <summary>True for extensions that Windows or another system runs.</summary>
    /// <param name="extension">An extension without its dot.</param>
    public static bool IsExecutableExtension(string extension) => Executable.Contains(extension);

    /// <summary>True for names that open in an editor or reader, which runs nothing.</summary>
    public static bool IsInertText(string name) => InertText.Contains(Extension(name));

    /// <summary>True for names under which Office expects no macros: the OOXML ones without "m".</summary>
    public static bool IsMacroFree(string name) => MacroFree.Contains(Extension(name));

    /// <summary>True for extensions that people take for harmless papers.</summary>
    /// <param name="extension">An extension without its dot.</param>
    public static bool IsPaper(string extension) => Documents.Contains(extension);

    /// <summary>The kinds that a file of this name may rightly be; null where the name promises nothing.</summary>
    public static IReadOnlyList<FileKind>? Promised(string name) => Rightly.GetValueOrDefault(Extension(name));

    /// <summary>True for names of archives, documents and disk images: of files that have other things in them, or a program's orders.</summary>
    public static bool PromisesContents(string name) => Containers.Contains(Extension(name)) || NameTricks.Readings(name).Any(n => Containers.Contains(Extension(n)));

    private static ReadOnlySpan<char> Bare(string name)
    {
        var span = name.AsSpan();
        var slash = span.LastIndexOfAny('/', '\\');
        if (slash >= 0)
        {
            span = span[(slash + 1)..];
        }

        // Windows drops trailing dots and blanks; the stream suffix of NTFS (":$DATA") is no part of the name.
        var colon = span.IndexOf(':');
        if (colon > 0)
        {
            span = span[..colon];
        }

        while (span.Length > 0 && (span[^1] is '.' or '\0' || char.IsWhiteSpace(span[^1]) || char.IsControl(span[^1]) || span[^1] is >= '\u200B' and <= '\u200F' or >= '\u202A' and <= '\u202E' or '\uFEFF'))
        {
            span = span[..^1];
        }

        // Variation selectors and tags, of which the last stand in one unit or two.
        while (span.Length > 1 && (NameTricks.SelectorAt(span, span.Length - 1) == 1 || NameTricks.SelectorAt(span, span.Length - 2) == 2))
        {
            span = span[..^(NameTricks.SelectorAt(span, span.Length - 1) == 1 ? 1 : 2)];
        }

        return span;
    }
}
