// The class Package in hexadecimal, and a file name that ends in what runs, with its NUL.
rule rtf_package_of_script
{
    meta:
        code = "YARA_RTF_PACKAGE"
        weight = 100
        ja = "RTF文書に、スクリプトまたはプログラムが埋め込まれています。"
        en = "An RTF document packs a script or a program."
        attack = "T1204.002"
        reference = "https://learn.microsoft.com/openspecs/windows_protocols/ms-oleds/"
    strings:
        $package = "5061636b61676500" nocase
        $ends = /2e(6a73|6a7365|766273|766265|687461|777366|736374|657865|646c6c|626174|636d64|707331|6c6e6b|736372)00/ nocase
    condition:
        uint16be(0) == 0x7B5C and uint16be(2) == 0x7274 and all of them
}
