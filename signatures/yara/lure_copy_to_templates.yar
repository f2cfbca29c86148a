// November 2022. A manual may name the folder; a workbook that wants to lie in it and be started again is another matter.
rule lure_copy_to_templates
{
    meta:
        code = "YARA_LURE_TEMPLATES"
        weight = 80
        ja = "文書をOfficeのTemplatesフォルダーにコピーして開き直すよう求めています(マクロの制限を外す手口)。"
        en = "A document asks to be copied into the Templates folder of Office, where macros run unasked."
        attack = "T1204.002"
        reference = "https://www.ipa.go.jp/security/emotet/"
    strings:
        $folder = /Microsoft Office\\(root\\)?(Office1\d\\)?Templates/ ascii wide nocase
        $again = /(run|open|start|launch) it again/ ascii wide nocase
        $relaunch = "RELAUNCH REQUIRED" ascii wide nocase
        $policy = "requirements of your security policy" ascii wide nocase
    condition:
        (uint32be(0) == 0xD0CF11E0 or uint16be(0) == 0x504B or file_type == "xlm" or file_type == "property") and $folder and any of ($again, $relaunch, $policy)
}
