// Tools of Windows that macros of offices have no use for.
rule vba_certutil
{
    meta:
        code = "YARA_VBA_CERTUTIL"
        weight = 100
        ja = "自動実行マクロがcertutil・bitsadminでファイルを取得または復号します。"
        en = "A macro that starts by itself fetches or decodes a file with certutil or bitsadmin."
        attack = "T1140"
        reference = "https://attack.mitre.org/techniques/T1140/"
    strings:
        $auto = /\b(auto_?(open|exec|close|activate)|(document|workbook|presentation)_(open|activate|close|beforeclose|new))\b/ nocase
        $tool = /(certutil(\.exe)?[^\r\n]{1,80}-(decode|urlcache)|bitsadmin(\.exe)?[^\r\n]{1,80}\/transfer)/ nocase
    condition:
        file_type == "vba" and $auto and $tool
}
