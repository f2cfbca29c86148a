// December 2021: cmd /c m^sh^t^a h^tt^p^:/^/...
rule caret_command
{
    meta:
        code = "YARA_CARET_COMMAND"
        weight = 100
        ja = "コマンドが「^」で細切れにされ、検査から隠されています。"
        en = "A command is broken up with carets to hide it."
        attack = "T1027.010"
        reference = "https://attack.mitre.org/techniques/T1027/010/"
    strings:
        $caret = /cmd(\.exe)?[ \t]+\/[ckr][ \t]+[a-z^]{0,10}[a-z]\^[a-z^]{1,24}[ \t]+\^?h\^?t\^?t\^?p/ nocase ascii wide
    condition:
        $caret
}
