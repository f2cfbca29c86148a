// November 2021 to May 2022: a list, foreach, fetch to a file, rundll32 or regsvr32.
rule powershell_url_list
{
    meta:
        code = "YARA_POWERSHELL_LIST"
        weight = 100
        ja = "複数のURLを順に試してダウンロード・実行するPowerShellスクリプトです。"
        en = "A PowerShell script tries addresses in turn, and runs what comes."
        attack = "T1059.001"
        reference = "https://attack.mitre.org/software/S0367/"
    strings:
        $loop = /foreach\s*\(\s*\$\w+\s+in\s+\$\w+\s*\)/ ascii wide nocase
        $fetch = /(Invoke-WebRequest|\bIWR\b|DownloadFile|Start-BitsTransfer)/ ascii wide nocase
        $run = /(rundll32|regsvr32|Start-Process|Invoke-Item)/ ascii wide nocase
        $address = /https?:\/\// ascii wide nocase
    condition:
        all of them and ((file_type != "Text" and file_type != "Html") or extension == ".ps1")
}
