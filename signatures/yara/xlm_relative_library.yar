// March to November 2022: regsvr32.exe ..\wnrul.ocx, -s, /S, rundll32 ..\iix.ocx,DllRegisterServer; numbered .ooccxx in November.
rule xlm_relative_library
{
    meta:
        code = "YARA_XLM_REGISTERS"
        weight = 100
        ja = "マクロまたはスクリプトが、上位フォルダーに置いたライブラリをregsvr32・rundll32で実行します。"
        en = "A macro or script runs a library it has dropped in the folder above."
        attack = "T1218.010"
        reference = "https://attack.mitre.org/techniques/T1218/010/"
    strings:
        $run = /(regsvr32|rundll32)(\.exe)?"?([ \t]+[-\/][a-z])?[ \t]+"?\.\.\\\w{1,20}\.(ocx|dll|ooccxx|dat|tmp)/ nocase ascii wide
    condition:
        $run
}
