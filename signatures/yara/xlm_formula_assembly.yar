// Formulas that write formulas, each out of many cells of other sheets.
rule xlm_formula_assembly
{
    meta:
        code = "YARA_XLM_ASSEMBLED"
        weight = 100
        ja = "Excel 4マクロが、複数の隠しシートに散らばった文字から命令を組み立てています。"
        en = "An Excel 4 macro puts its commands together from characters scattered over sheets."
        attack = "T1027"
        reference = "https://attack.mitre.org/techniques/T1027/"
    strings:
        $write = /=FORMULA(\.FILL)?\(('?[\w ]{1,31}'?!)?\$?[A-Z]{1,3}\$?\d{1,7}&('?[\w ]{1,31}'?!)?\$?[A-Z]{1,3}\$?\d{1,7}&/
    condition:
        file_type == "xlm" and #write >= 2
}
