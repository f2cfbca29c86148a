// August 2020 on: the template known as Red Dawn and those around it. Alone it is a lure, no proof.
rule lure_red_dawn
{
    meta:
        code = "YARA_LURE_PROTECTED"
        weight = 60
        ja = "「保護されています。編集とコンテンツを有効に」と求める、Emotetの典型的な文面が文書に含まれています。"
        en = "A document claims to be protected and asks to enable content, in words of Emotet."
        attack = "T1204.002"
        reference = "https://www.proofpoint.com/us/blog/threat-insight"
    strings:
        $a = "Previewing is not available for protected documents" ascii wide nocase
        $b = "to preview this document" ascii wide nocase
        $c = "This document is protected" ascii wide nocase
        $d = "document created in earlier version of Microsoft Office" ascii wide nocase
        $e = "operation did not complete successfully because the file was created on iOS" ascii wide nocase
        $content = "enable content" ascii wide nocase
        $editing = "enable editing" ascii wide nocase
    condition:
        file_type != "Text" and file_type != "Html" and $content and ($a or $d or $e or ($c and $editing) or ($b and $editing))
}
