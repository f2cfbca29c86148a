// March 2023: click.wsf under a picture of a button. The name of an embedded file stands in UTF-16, its content behind a GUID of its own.
rule onenote_embedded_script
{
    meta:
        code = "YARA_ONENOTE_SCRIPT"
        weight = 100
        ja = "OneNoteファイルの中に、クリックで実行されるスクリプトが埋め込まれています。"
        en = "A OneNote file embeds a script that a click would run."
        attack = "T1204.002"
        reference = "https://learn.microsoft.com/openspecs/office_file_formats/ms-onestore/"
    strings:
        $object = { E7 16 E3 BD 65 26 11 45 A4 C4 8D 4D 0B 7A 9E AC }
        $name = /[\w .()-]{1,60}\.(wsf|wsc|sct|vbs|vbe|js|jse|hta|bat|cmd|ps1|chm|scr|pif)\x00/ wide nocase
    condition:
        uint32be(0) == 0xE4525C7B and uint32be(4) == 0x8CD8A74D and $object and $name
}
