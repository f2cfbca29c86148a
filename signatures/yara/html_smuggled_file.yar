// Base64 of ZIP, MZ, ISO-less RAR, 7z, CAB or OLE as a text of the script, decoded, and handed over as a download.
rule html_smuggled_file
{
    meta:
        code = "YARA_HTML_SMUGGLING"
        weight = 100
        ja = "HTMLの中に符号化されたファイルがあり、開くと保存されます(HTMLスマグリング)。"
        en = "A page carries an encoded archive, image or program, and saves it when it is opened."
        attack = "T1027.006"
        reference = "https://attack.mitre.org/techniques/T1027/006/"
    strings:
        $file = /["\x27`](UEsDBB|UEsDBAo|TVqQ|TVpQ|UmFyIRoH|N3q8rycc|TVNDRg|0M8R4KGxGuE)[A-Za-z0-9+\/]{60}/
        $decode = /(atob\s*\(|fromCharCode|base64ToArrayBuffer|Uint8Array)/
        $save = /(createObjectURL|msSaveOrOpenBlob|msSaveBlob|\.download\s*=|saveAs\s*\()/
    condition:
        all of them
}
