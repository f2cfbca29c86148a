// April 2022: findstr looks for a marker in the .lnk itself, what it finds goes to a script file.
rule lnk_findstr_own_file
{
    meta:
        code = "YARA_LNK_FINDSTR"
        weight = 100
        ja = "ショートカットが、自身に埋め込まれたスクリプトを取り出して実行します(Emotetの手口)。"
        en = "A shortcut takes a script out of itself and runs it, as Emotet did."
        attack = "T1059.003"
        reference = "https://github.com/SigmaHQ/sigma"
    strings:
        $findstr = "findstr" ascii wide nocase
        $lnk = ".lnk" ascii wide nocase
        $script = /\.(vbs|vbe|js|jse|ps1|bat|cmd|wsf)\b/ ascii wide nocase
    condition:
        uint32be(0) == 0x4C000000 and uint32be(4) == 0x01140200 and all of them
}
