// The payload of 2022 and 2023: a 64-bit library whose only export registers it.
import "pe"
rule library_for_regsvr32
{
    meta:
        code = "YARA_REGSVR_LIBRARY"
        weight = 100
        ja = "regsvr32で実行される形のWindowsライブラリです。"
        en = "A Windows library is made to be run by regsvr32."
        attack = "T1218.010"
        reference = "https://attack.mitre.org/techniques/T1218/010/"
    condition:
        pe.is_dll() and pe.exports("DllRegisterServer") and not pe.exports("DllGetClassObject")
}
