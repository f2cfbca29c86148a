// April 2022: a library that exports what Excel calls.
import "pe"
rule xll_auto_open
{
    meta:
        code = "YARA_XLL"
        weight = 100
        ja = "Excelで開くと実行されるアドイン(XLL)です。"
        en = "An Excel add-in library runs when it is opened."
        attack = "T1137.006"
        reference = "https://attack.mitre.org/techniques/T1137/006/"
    condition:
        pe.exports("xlAutoOpen")
}
