// The terminal block (four zeros) and behind it source text. Arguments of a shortcut are short and in UTF-16; source is long and in ASCII.
rule lnk_appended_script
{
    meta:
        code = "YARA_LNK_APPENDED"
        weight = 100
        ja = "ショートカットの末尾にスクリプトが付け足されています。"
        en = "A script is appended to a shortcut."
        attack = "T1027.009"
        reference = "https://learn.microsoft.com/openspecs/windows_protocols/ms-shllink/"
    strings:
        $create = "CreateObject(" ascii nocase
        $run = /(WScript\.Shell|\.ShellExecute|MSXML2\.|ADODB\.Stream|Scripting\.FileSystemObject)/ ascii nocase
    condition:
        uint32be(0) == 0x4C000000 and uint32be(4) == 0x01140200 and all of them
}
