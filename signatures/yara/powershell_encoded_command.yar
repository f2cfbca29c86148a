// powershell -e... and a long run of Base64. Plain texts and letters may speak of it.
rule powershell_encoded_command
{
    meta:
        code = "YARA_POWERSHELL_ENCODED"
        weight = 100
        ja = "符号化されたPowerShell命令を実行するスクリプトまたは文書です。"
        en = "A script or document runs an encoded PowerShell command."
        attack = "T1059.001"
        reference = "https://attack.mitre.org/techniques/T1059/001/"
    strings:
        $encoded = /powershell(\.exe)?"?[ \t]([^\r\n]{0,120}[ \t])?-e[ncodema]{0,14}[ \t]+"?[A-Za-z0-9+\/]{80}/ ascii wide nocase
    condition:
        $encoded and file_type != "Text" and file_type != "Html" and file_type != "Pdf"
}
