// The class name or the class identifier of Equation.3 in hexadecimal, and an object that is loaded without a click.
rule rtf_equation_autoload
{
    meta:
        code = "YARA_RTF_EQUATION"
        weight = 100
        ja = "開くだけで旧数式エディターを起動するRTF文書です(CVE-2017-11882などの攻撃に使われます)。"
        en = "An RTF document loads the old Equation Editor by itself, as attacks on it do."
        attack = "T1203"
        reference = "https://nvd.nist.gov/vuln/detail/CVE-2017-11882"
    strings:
        $name = "4571756174696f6e2e33" nocase
        $class = "02ce020000000000c000000000000046" nocase
        $update = "\\objupdate" nocase
    condition:
        uint16be(0) == 0x7B5C and uint16be(2) == 0x7274 and $update and ($name or $class)
}
