// FileDataStoreObject: GUID, length (8), unused (4), reserved (8), then the octets of the file.
rule onenote_embedded_program
{
    meta:
        code = "YARA_ONENOTE_PROGRAM"
        weight = 100
        ja = "OneNoteファイルの中に、プログラムまたはショートカットが埋め込まれています。"
        en = "A OneNote file embeds a program or a shortcut."
        attack = "T1204.002"
        reference = "https://learn.microsoft.com/openspecs/office_file_formats/ms-onestore/"
    strings:
        $program = { E7 16 E3 BD 65 26 11 45 A4 C4 8D 4D 0B 7A 9E AC [20] ( 4D 5A | 4C 00 00 00 01 14 02 00 ) }
    condition:
        uint32be(0) == 0xE4525C7B and uint32be(4) == 0x8CD8A74D and $program
}
