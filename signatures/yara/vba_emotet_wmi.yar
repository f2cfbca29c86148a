// Autumn 2019 to January 2021: the object of a variable, its window hidden, .Create called, text in properties of controls.
rule vba_emotet_wmi
{
    meta:
        code = "YARA_VBA_EMOTET_WMI"
        weight = 100
        ja = "自動実行マクロが、フォームに隠した文字列からWMI経由でプログラムを起動します(Emotetの手口)。"
        en = "A macro that starts by itself runs a program through WMI with text hidden in a form, as Emotet did."
        attack = "T1047"
        reference = "https://attack.mitre.org/software/S0367/"
    strings:
        $auto = /\b(auto_?(open|exec|close|activate)|(document|workbook|presentation)_(open|activate|close|beforeclose|new))\b/ nocase
        $object = /(GetObject|CreateObject)\s*\(\s*[^")\s]/ nocase
        $hidden = "ShowWindow" nocase
        $create = /\.Create\b/ nocase
        $form = /\.(Tag|ControlTipText|GroupName|Caption|HelpContextId|Pages|ControlSource|AlternativeText)\b/ nocase
    condition:
        file_type == "vba" and $auto and $object and $create and ($hidden or $form)
}
