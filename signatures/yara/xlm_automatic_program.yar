// What following the macros showed: an action that a name starting by itself leads to.
rule xlm_automatic_program
{
    meta:
        code = "YARA_XLM_RUNS"
        weight = 100
        ja = "ブックを開くだけで、Excel 4マクロがプログラムやWindowsの機能を呼び出します。"
        en = "An Excel 4 macro runs a program or calls into Windows when the workbook is opened."
        attack = "T1059.005"
        reference = "https://attack.mitre.org/techniques/T1059/005/"
    strings:
        $action = /\[automatic\] (EXEC|CALL|REGISTER)\(/
    condition:
        file_type == "xlm" and $action
}
