// The same by its first octets, whatever its name: <job, <script, <hta:, @echo, powershell, WScript, Set x = CreateObject.
rule onenote_script_content
{
    meta:
        code = "YARA_ONENOTE_SCRIPT"
        weight = 100
        ja = "OneNoteファイルの中に、クリックで実行されるスクリプトが埋め込まれています。"
        en = "A OneNote file embeds a script that a click would run."
        attack = "T1204.002"
        reference = "https://learn.microsoft.com/openspecs/office_file_formats/ms-onestore/"
    strings:
        $job = { E7 16 E3 BD 65 26 11 45 A4 C4 8D 4D 0B 7A 9E AC [20-60] ( 3C ( 6A | 4A ) ( 6F | 4F ) ( 62 | 42 ) | 3C ( 73 | 53 ) ( 63 | 43 ) ( 72 | 52 ) ( 69 | 49 ) ( 70 | 50 ) ( 74 | 54 ) | 3C ( 68 | 48 ) ( 74 | 54 ) ( 61 | 41 ) 3A ) }
        $batch = { E7 16 E3 BD 65 26 11 45 A4 C4 8D 4D 0B 7A 9E AC [20-60] ( 40 ( 65 | 45 ) ( 63 | 43 ) ( 68 | 48 ) ( 6F | 4F ) 20 | 70 6F 77 65 72 73 68 65 6C 6C 20 | 57 53 63 72 69 70 74 2E ) }
    condition:
        uint32be(0) == 0xE4525C7B and uint32be(4) == 0x8CD8A74D and ($job or $batch)
}
