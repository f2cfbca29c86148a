// In hexadecimal, so that virus scanners leave this file alone.
rule eicar_test_file
{
    meta:
        code = "EICAR_TEST_FILE"
        weight = 100
        ja = "動作確認用のEICARテストファイルです(無害)。"
        en = "This is the harmless EICAR test file."
        attack = ""
        reference = "https://www.eicar.org/download-anti-malware-testfile/"
    strings:
        $eicar = { 58 35 4F 21 50 25 40 41 50 5B 34 5C 50 5A 58 35 34 28 50 5E 29 37 43 43 29 37 7D 24 45 49 43 41 52 2D 53 54 41 4E 44 41 52 44 }
    condition:
        $eicar in (0..256)
}
