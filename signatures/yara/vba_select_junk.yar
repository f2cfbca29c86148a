// Select Case after Select Case of large numbers, each with a function of mathematics whose result nobody uses; and an object or a program of a variable.
rule vba_select_junk
{
    meta:
        code = "YARA_VBA_EMOTET_JUNK"
        weight = 100
        ja = "2019年から2020年のEmotetと同じ、意味のない計算で埋められたマクロです。"
        en = "A macro is filled with pointless sums, as those of Emotet from 2019 and 2020 were."
        attack = "T1027"
        reference = "https://attack.mitre.org/software/S0367/"
    strings:
        $auto = /\b(auto_?(open|exec|close|activate)|(document|workbook|presentation)_(open|activate|close|beforeclose|new))\b/ nocase
        $case = /Case\s+\d{3,}\s{0,40}\n[^\r\n]{0,120}\b(Sin|Cos|Tan|Log|Sqr|Atn|Rnd|CByte|CDbl|CSng|CDate|Oct|Hex|Fix|ChrB|Round)\s?\(/ nocase
        $run = /((GetObject|CreateObject)\s*\(\s*[^")\s]|\bShell[!@]?[ (]+[^"\s])/ nocase
    condition:
        file_type == "vba" and $auto and $run and #case >= 4
}
