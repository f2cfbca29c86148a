// The template destination with an address in place of a path.
rule rtf_remote_template
{
    meta:
        code = "YARA_RTF_TEMPLATE"
        weight = 100
        ja = "RTF文書を開くと、外部のWebサイトからテンプレートを読み込みます。"
        en = "An RTF document fetches its template from the web."
        attack = "T1221"
        reference = "https://attack.mitre.org/techniques/T1221/"
    strings:
        $template = /\{\\\*\\template[ \r\n]+https?:/ nocase
    condition:
        uint16be(0) == 0x7B5C and uint16be(2) == 0x7274 and $template
}
