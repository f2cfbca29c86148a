// Three or more under wp-admin and the like that end in a slash: so were 94 of 100 addresses of 2022. In code only, never in text.
rule emotet_address_list
{
    meta:
        code = "YARA_EMOTET_ADDRESSES"
        weight = 100
        ja = "乗っ取られたWebサイトの典型的な場所を並べたアドレスの一覧が、マクロまたはスクリプトに含まれています。"
        en = "A macro or script lists addresses in the usual places of broken-in web sites."
        attack = "T1105"
        reference = "https://attack.mitre.org/software/S0367/"
    strings:
        $url = /https?:\/\/[\w.-]{4,80}\/([\w.~-]{1,40}\/){0,3}(wp-admin|wp-content|wp-includes|cgi-bin|aspnet_client)\/([\w.~-]{1,40}\/){1,4}["\',*;@$&)]/ ascii wide nocase
    condition:
        #url >= 3 and (file_type == "vba" or file_type == "xlm" or file_type == "property" or file_type == "command" or file_type == "PowerShell" or file_type == "VbScript" or file_type == "JavaScript" or file_type == "WindowsScript" or file_type == "HtmlApplication" or file_type == "BatchFile" or file_type == "Shortcut")
}
