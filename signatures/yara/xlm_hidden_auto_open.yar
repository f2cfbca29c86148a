// BIFF8: BoundSheet8 of a macro sheet that is hidden (1) or very hidden (2), and a built-in name Auto_Open (1).
rule xlm_hidden_auto_open
{
    meta:
        code = "YARA_XLM_HIDDEN_START"
        weight = 100
        ja = "隠されたマクロシートが、ブックを開くだけで実行されます。"
        en = "A hidden macro sheet starts when the workbook is opened."
        attack = "T1564"
        reference = "https://learn.microsoft.com/openspecs/office_file_formats/ms-xls/"
    strings:
        $sheet = { 85 00 ?? 00 ?? ?? ?? ?? ( 01 | 02 ) 01 ?? ( 00 | 01 ) }
        $name = { 18 00 ?? 00 ( 20 | 21 ) 00 00 01 ?? 00 00 00 ?? ?? 00 00 00 00 ( 00 01 | 01 01 00 ) }
    condition:
        uint32be(0) == 0xD0CF11E0 and all of them
}
