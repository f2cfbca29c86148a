// CALL of urlmon with the type text JJCCBB. In the macros as read, or put together by following them.
rule xlm_urlmon_download
{
    meta:
        code = "YARA_XLM_DOWNLOAD"
        weight = 100
        ja = "Excel 4マクロがファイルをダウンロードして登録します(2022年のEmotetと同じ手口)。"
        en = "An Excel 4 macro downloads a file and registers it, as Emotet did in 2022."
        attack = "T1105"
        reference = "https://attack.mitre.org/software/S0367/"
    strings:
        $function = "URLDownloadToFile" nocase
        $types = /JJ?CC(BB|JJ|B)?/
        $register = /(regsvr32|rundll32)/ nocase
    condition:
        (file_type == "xlm" or uint32be(0) == 0xD0CF11E0) and all of them
}
