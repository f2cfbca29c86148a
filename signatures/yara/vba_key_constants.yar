// ChrW(wdKeyP) for the letter P: nobody writes so who has nothing to hide.
rule vba_key_constants
{
    meta:
        code = "YARA_VBA_KEY_CHARS"
        weight = 100
        ja = "キー番号の定数から文字を組み立てる、検査逃れのマクロです。"
        en = "A macro makes letters of key constants to hide its words."
        attack = "T1027"
        reference = "https://attack.mitre.org/software/S0367/"
    strings:
        $chr = /ChrW?\$?\s*\(\s*wdKey[A-Z0-9]\b/ nocase
    condition:
        file_type == "vba" and $chr
}
