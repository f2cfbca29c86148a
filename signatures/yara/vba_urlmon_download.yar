// Declared from urlmon, or through an object that fetches.
rule vba_urlmon_download
{
    meta:
        code = "YARA_VBA_DOWNLOAD"
        weight = 100
        ja = "自動実行マクロがファイルをダウンロードして実行します。"
        en = "A macro that starts by itself downloads a file and runs it."
        attack = "T1105"
        reference = "https://attack.mitre.org/software/S0367/"
    strings:
        $auto = /\b(auto_?(open|exec|close|activate)|(document|workbook|presentation)_(open|activate|close|beforeclose|new))\b/ nocase
        $fetch = /(URLDownloadToFile|MSXML2\.(Server)?XMLHTTP|WinHttp\.WinHttpRequest|Microsoft\.XMLHTTP)/ nocase
        $run = /(\bShell\b|ShellExecute|WScript\.Shell|regsvr32|rundll32|WinExec|CreateProcess)/ nocase
    condition:
        file_type == "vba" and $auto and $fetch and $run
}
