// April 2022, second wave: FromBase64String in the arguments, written to a .ps1 and run.
rule lnk_base64_script
{
    meta:
        code = "YARA_LNK_ENCODED"
        weight = 100
        ja = "ショートカットに、符号化されたPowerShellスクリプトが隠されています。"
        en = "A shortcut hides an encoded PowerShell script."
        attack = "T1027.010"
        reference = "https://attack.mitre.org/techniques/T1027/010/"
    strings:
        $decode = /FromBase64String\(["' ]{0,3}[A-Za-z0-9+\/]{40}/ ascii wide nocase
        $powershell = "powershell" ascii wide nocase
    condition:
        uint32be(0) == 0x4C000000 and uint32be(4) == 0x01140200 and all of them
}
