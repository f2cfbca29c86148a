// Base64 of UTF-16: $env:userprofile, and the split at '*' of a list of addresses.
rule powershell_emotet_base64
{
    meta:
        code = "YARA_POWERSHELL_EMOTET"
        weight = 100
        ja = "Emotetが使ったPowerShell命令の符号化された断片が含まれています。"
        en = "Content holds the encoded PowerShell pieces of Emotet."
        attack = "T1059.001"
        reference = "https://github.com/SigmaHQ/sigma"
    strings:
        $profile = "JABlAG4AdgA6AHUAcwBlAHIAcAByAG8AZgBpAGwAZQ" ascii wide
        $profile_shifted = "QAZQBuAHYAOgB1AHMAZQByAHAAcgBvAGYAaQBsAGUA" ascii wide
        $split = "IgAoACcAKgAnACkAOwAkA" ascii wide
    condition:
        any of them
}
