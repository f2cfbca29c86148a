// Epoch 4, 30 November 2021: a PDF that was none behind an App Installer address.
rule app_installer_link
{
    meta:
        code = "YARA_APP_INSTALLER"
        weight = 100
        ja = "アプリのインストールを起動するリンクがあります(2021年11月のEmotetの手口)。"
        en = "A link starts the installation of an app, as Emotet did in November 2021."
        attack = "T1218"
        reference = "https://unit42.paloaltonetworks.jp/emotet-malware-summary-epoch-4-5"
    strings:
        $link = /ms-appinstaller:\?source=(https?:|%68%74%74%70)/ nocase ascii wide
    condition:
        $link
}
