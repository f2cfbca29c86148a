// Both buttons named in one document: in UTF-16, UTF-8 and Shift_JIS.
rule lure_enable_content_ja
{
    meta:
        code = "YARA_LURE_ENABLE_JA"
        weight = 40
        ja = "文書が「コンテンツの有効化」と「編集を有効にする」を押すよう求めています。"
        en = "A document asks in Japanese to enable editing and content."
        attack = "T1204.002"
        reference = "https://www.ipa.go.jp/security/emotet/"
    strings:
        $content_utf16 = { B3 30 F3 30 C6 30 F3 30 C4 30 6E 30 09 67 B9 52 16 53 }
        $content_utf8 = { E3 82 B3 E3 83 B3 E3 83 86 E3 83 B3 E3 83 84 E3 81 AE E6 9C 89 E5 8A B9 E5 8C 96 }
        $content_sjis = { 83 52 83 93 83 65 83 93 83 63 82 CC 97 4C 8C F8 89 BB }
        $edit_utf16 = { E8 7D C6 96 92 30 09 67 B9 52 6B 30 59 30 8B 30 }
        $edit_utf8 = { E7 B7 A8 E9 9B 86 E3 82 92 E6 9C 89 E5 8A B9 E3 81 AB E3 81 99 E3 82 8B }
        $edit_sjis = { 95 D2 8F 57 82 F0 97 4C 8C F8 82 C9 82 B7 82 E9 }
    condition:
        (uint32be(0) == 0xD0CF11E0 or uint16be(0) == 0x504B or file_type == "xlm" or file_type == "property") and any of ($content_*) and any of ($edit_*)
}
