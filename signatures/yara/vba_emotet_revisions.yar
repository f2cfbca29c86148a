// While i <= ActiveDocument.Revisions.Count ... Debug.Print: in each of 25 samples of September 2019.
rule vba_emotet_revisions
{
    meta:
        code = "YARA_VBA_EMOTET_JUNK"
        weight = 100
        ja = "2019年から2020年のEmotetと同じ、意味のない計算で埋められたマクロです。"
        en = "A macro is filled with pointless sums, as those of Emotet from 2019 and 2020 were."
        attack = "T1027"
        reference = "https://attack.mitre.org/software/S0367/"
    strings:
        $loop = /While\s+\w+\s*<=?\s*ActiveDocument\.Revisions\.Count/ nocase
        $print = "Debug.Print" nocase
    condition:
        file_type == "vba" and all of them
}
