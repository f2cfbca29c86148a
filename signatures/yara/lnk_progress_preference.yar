// The Base64 of $ProgressPreference=" which every such script began with.
rule lnk_progress_preference
{
    meta:
        code = "YARA_LNK_EMOTET"
        weight = 100
        ja = "Emotetが使ったものと同じ形のショートカットです。"
        en = "A shortcut is built as those of Emotet were."
        attack = "T1204.002"
        reference = "https://attack.mitre.org/software/S0367/"
    strings:
        $marker = "JFByb2dyZXNzUHJlZmVyZW5jZT0i" ascii wide
    condition:
        $marker and (uint32be(0) == 0x4C000000 and uint32be(4) == 0x01140200 or file_type == "command")
}
