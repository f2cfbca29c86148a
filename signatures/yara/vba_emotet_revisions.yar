// While i <= ActiveDocument.Revisions.Count ... Debug.Print: in each of 25 samples of September 2019.
rule vba_emotet_revisions
{
    meta:
        code = "YARA_VBA_EMOTET_JUNK"
        weight = 100
        ja = "2019年のEmotetと同じ、意味のない繰り返しで埋められたマクロです。"
        en = "A macro is filled with the pointless loops of Emotet from 2019."
        attack = "T1027"
        reference = "https://attack.mitre.org/software/S0367/"
    strings:
        $loop = /While\s+\w+\s*<=?\s*ActiveDocument\.Revisions\.Count/ nocase
        $print = "Debug.Print" nocase
    condition:
        file_type == "vba" and all of them
}
