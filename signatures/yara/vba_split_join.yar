// January 2020: Join(Split(text, separator), "") in front of GetObject or CreateObject of a variable.
rule vba_split_join
{
    meta:
        code = "YARA_VBA_SPLIT_JOIN"
        weight = 100
        ja = "自動実行マクロが、区切り文字を取り除いて隠した命令を復元しています。"
        en = "A macro that starts by itself strips a separator from hidden text and uses the result as an object."
        attack = "T1027"
        reference = "https://attack.mitre.org/software/S0367/"
    strings:
        $auto = /\b(auto_?(open|exec|close|activate)|(document|workbook|presentation)_(open|activate|close|beforeclose|new))\b/ nocase
        $strip = /Join\s*\(\s*Split\s*\(/ nocase
        $both = /=\s*Split\s*\([\s\S]{1,400}=\s*Join\s*\(/ nocase
        $object = /(GetObject|CreateObject)\s*\(\s*[^")\s]/ nocase
    condition:
        file_type == "vba" and $auto and $object and ($strip or $both)
}
