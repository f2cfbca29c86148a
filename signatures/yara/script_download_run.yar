// What stood in click.wsf, and in .vbs and .js before it.
rule script_download_run
{
    meta:
        code = "YARA_SCRIPT_DOWNLOAD"
        weight = 100
        ja = "スクリプトがファイルをダウンロードして実行します。"
        en = "A script downloads a file and runs it."
        attack = "T1059.005"
        reference = "https://attack.mitre.org/techniques/T1059/005/"
    strings:
        $fetch = /(MSXML2\.(Server)?XMLHTTP|WinHttp\.WinHttpRequest|Microsoft\.XMLHTTP)/ ascii wide nocase
        $write = /(ADODB\.Stream|SaveToFile|responseBody)/ ascii wide nocase
        $run = /(regsvr32|rundll32|WScript\.Shell|ShellExecute|Win32_Process)/ ascii wide nocase
    condition:
        all of them and file_type != "Text" and file_type != "Html" and file_type != "vba"
}
