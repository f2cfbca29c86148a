// March 2023: regsvr32.exe /s with six digits and .tmp.
rule regsvr32_clock_name
{
    meta:
        code = "YARA_REGSVR_CLOCK_NAME"
        weight = 100
        ja = "時刻を名前にした一時ファイルをregsvr32で実行します(2023年3月のEmotetの手口)。"
        en = "A file named by the clock in the temporary folder is run by regsvr32, as Emotet did in March 2023."
        attack = "T1218.010"
        reference = "https://attack.mitre.org/software/S0367/"
    strings:
        $run = /regsvr32(\.exe)?"?[ \t]+\/s[ \t]+"{0,2}[^\r\n"]{0,80}[\\"& ]{1,6}\d{6}\.tmp/ ascii wide nocase
    condition:
        $run
}
