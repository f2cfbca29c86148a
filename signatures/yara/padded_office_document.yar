// March 2023: 500 MB of zeros behind a small document. Looked at in probes of four octets over the last 7/8 of what is scanned, 8 MiB or more.
rule padded_office_document
{
    meta:
        code = "YARA_PADDED_DOCUMENT"
        weight = 60
        ja = "検査を避けるため、末尾に大量のゼロを付けて巨大化させた文書です。"
        en = "A document is blown up with zeros at its end to a size that scanners refuse."
        attack = "T1027.001"
        reference = "https://www.ipa.go.jp/security/emotet/"
    condition:
        uint32be(0) == 0xD0CF11E0 and filesize > 8MB and for all i in (1..250) : (uint32(filesize - i * (filesize \ 256) - 4) == 0 or i > 220)
}
