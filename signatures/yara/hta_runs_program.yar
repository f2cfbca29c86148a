// The mark of an HTA, script, and a shell.
rule hta_runs_program
{
    meta:
        code = "YARA_HTA_RUNS"
        weight = 100
        ja = "HTMLアプリケーション(HTA)がプログラムを起動します。"
        en = "An HTML application starts a program."
        attack = "T1218.005"
        reference = "https://attack.mitre.org/techniques/T1218/005/"
    strings:
        $hta = "<hta:application" nocase ascii wide
        $script = "<script" nocase ascii wide
        $shell = /(WScript\.Shell|Shell\.Application|Win32_Process)/ nocase ascii wide
    condition:
        all of them
}
