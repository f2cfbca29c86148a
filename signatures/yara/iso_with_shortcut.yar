// ISO 9660: CD001 in the first volume descriptor. The head of a shortcut with its class identifier at the beginning of a sector.
rule iso_with_shortcut
{
    meta:
        code = "YARA_ISO_SHORTCUT"
        weight = 100
        ja = "ディスクイメージの中にショートカットがあります(Webからの印を外す手口)。"
        en = "A disc image holds a shortcut: the mark of the web does not reach into it."
        attack = "T1553.005"
        reference = "https://attack.mitre.org/techniques/T1553/005/"
    strings:
        $volume = "CD001"
        $lnk = { 4C 00 00 00 01 14 02 00 00 00 00 00 C0 00 00 00 00 00 00 46 }
    condition:
        $volume at 0x8001 and for any i in (1..#lnk) : (@lnk[i] % 2048 == 0)
}
