namespace Sekisho.SampleMaker.Catalogue;

/// <summary>Links as they are written to mislead, and the wrappers around them.</summary>
internal static class Links
{
    private const string Inner = "https%3A%2F%2Fhost.example%2Fa";
    private const string Base64 = "aHR0cHM6Ly9ob3N0LmV4YW1wbGUvYQ";

    public static IReadOnlyList<Sample> Samples { get; } =
    [
        Link("google", "Google's redirection", $"https://www.google.com/url?sa=t&q={Inner}&usg=x"),
        Link("google-url", "Google's redirection in Japan, by its other parameter", "https://www.google.co.jp/url?url=https://host.example/a"),
        Link("google-amp", "Google's AMP cache", "https://www.google.com/amp/s/host.example/a"),
        Link("safe-links", "Microsoft Safe Links", $"https://jpn01.safelinks.protection.outlook.com/?url={Inner}&data=05"),
        Link("teams-safe-links", "Safe Links of Teams", $"https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url={Inner}"),
        Link("proofpoint-1", "Proofpoint, first form", $"https://urldefense.proofpoint.com/v1/url?u={Inner}&k=x"),
        Link("proofpoint-2", "Proofpoint, second form", "https://urldefense.proofpoint.com/v2/url?u=https-3A__host.example_a&d=DwM&c=x"),
        Link("proofpoint-3", "Proofpoint, third form", "https://urldefense.com/v3/__https://host.example/*__;YQ!!abc$"),
        Link("bing", "Bing", $"https://www.bing.com/ck/a?!&&p=1&u=a1{Base64}&ntb=1"),
        Link("yahoo", "Yahoo", $"https://r.search.yahoo.com/_ylt=x/RU={Inner}/RK=2/RS=x"),
        Link("sophos", "Sophos", $"https://jpn.protection.sophos.com/?d=host.example&u={Base64}&i=x"),
        Link("cisco", "Cisco", $"https://secure-web.cisco.com/1abc/{Inner}"),
        Link("barracuda", "Barracuda", $"https://linkprotect.cudasvc.com/url?a={Inner}&c=E"),
        Link("trend-micro", "Trend Micro", $"https://jp.ctp.trendmicro.com/wis/clicktime/v1/query?url={Inner}&umid=x"),
        Link("symantec", "Symantec", $"https://clicktime.symantec.com/a/1/x?u={Inner}"),
        Link("facebook", "Facebook", $"https://l.facebook.com/l.php?u={Inner}&h=x"),
        Link("youtube", "YouTube", $"https://www.youtube.com/redirect?event=x&q={Inner}"),
        Link("linkedin", "LinkedIn", $"https://www.linkedin.com/redir/redirect?url={Inner}"),
        Link("doubleclick", "DoubleClick", $"https://adclick.g.doubleclick.net/pcs/click?adurl={Inner}"),
        Link("wrapper-in-wrapper", "Safe Links within Google's redirection", "https://www.google.com/url?q=https%3A%2F%2Feur02.safelinks.protection.outlook.com%2F%3Furl%3Dhttps%253A%252F%252Fhost.example%252Fa"),
        Link("user-info", "A well-known name before the at sign", "https://www.bank.example@host.example/a"),
        Link("backslashes", "Backslashes instead of slashes", "http:\\\\host.example\\a"),
        Link("percent-signs", "Letters in percent signs, capitals, the usual port", "HTTPS://HOST.example:443/%61"),
        Link("no-scheme", "An address without its scheme", "//host.example/a"),
        Link("address-decimal", "An IP address as one number", "http://3221225991/a"),
        Link("address-hexadecimal", "An IP address in hexadecimal", "http://0xC0000207/a"),
        Link("address-octal", "An IP address in octal", "http://0300.0.02.07/a"),
        Link("idn", "A Japanese name in ASCII", "http://xn--wgv71a119e.jp/"),
        Link("idn-written", "A Japanese name as it is read, with the Japanese full stop", "http://日本語。jp/"),
        Link("full-width", "A name in full-width letters", "http://ｈｏｓｔ.example/a"),
        new Sample("disguised", "A link that shows one site and leads to another", () => LetterWriter.Page("確認", "<html><a href=\"https://host.example/a\">https://www.bank.example/login</a></html>")),
        Sample.Attached("disguised-in-document", "A link in a Word document that shows one site and leads to another", "確認.docx", () => OoxmlWriter.LinkedDocument("https://host.example/a", "https://www.bank.example/login")),
        Sample.Attached("disguised-in-sheet", "A link on a cell that shows one site and leads to another", "確認.xlsx", () => OoxmlWriter.LinkedWorkbook("https://host.example/a", "https://www.bank.example/login")),
        Sample.Attached("honest-link-in-document", "A link in a Word document that says where it leads; nothing is wrong", "ご案内.docx", () => OoxmlWriter.LinkedDocument("https://www.hospital.example/info", "www.hospital.example")),
        new Sample("picture-link", "A link under a picture", () => LetterWriter.Page("確認", "<html><a href=\"http://192.0.2.7/a\"><img src=\"cid:x\" alt=\"請求書を見る\"></a></html>")),
        new Sample("base-element", "A link that a base element completes", () => LetterWriter.Page("確認", "<html><base href=\"https://host.example/\"><a href=\"login\">確認する</a></html>")),
        new Sample("defanged", "An address made harmless by its writer", () => LetterWriter.Plain("情報共有", "注意: hxxps://host[.]example/a に接続しないでください。")),
        new Sample("plain-text", "Addresses in a plain text, between Japanese", () => LetterWriter.Plain("確認", "詳細はhttps://host.example/a、またはwww.host.exampleをご覧ください。")),
        new Sample("honest-link", "A link that says where it leads; nothing is wrong", () => LetterWriter.Page("ご案内", "<html><a href=\"https://www.hospital.example/info\">www.hospital.example</a></html>")),
    ];

    private static Sample Link(string name, string shows, string target) =>
        new(name, shows, () => LetterWriter.Page("確認", $"<html><p><a href=\"{target.Replace("&", "&amp;", StringComparison.Ordinal)}\">こちら</a></p></html>"));
}
