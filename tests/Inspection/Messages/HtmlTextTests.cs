using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Tests.Messages;

public class HtmlTextTests
{
    [Fact]
    public void LinksAndTheirCover_AreFound()
    {
        var page = HtmlText.Read("""
            <html><head><style>p { x: url(no) }</style><script>var a = "http://script.test";</script></head><body>
            <p>See <a href="HTTP://Evil.TEST/%41?x=1&amp;y=2"><b>www.bank.test</b></a> now.<br>Next
            line</p><form action='https://form.test/post'><img src="//img.test/p.gif" alt="logo"></form>
            <a href="#top">top</a><meta http-equiv=refresh content="0; url='http://next.test'"></body></html>
            """);

        Assert.Equal(["http://evil.test/A?x=1&y=2", "https://form.test/post", "http://img.test/p.gif", "http://next.test/"], page.Links.Select(l => l.Target));
        Assert.Equal("www.bank.test", page.Links[0].Text);
        Assert.Equal([LinkPlace.Anchor, LinkPlace.Form, LinkPlace.Resource, LinkPlace.Refresh], page.Links.Select(l => l.Place));
        Assert.Contains("See www.bank.test now.\nNext line", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("script", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void PreformattedText_KeepsItsLines() =>
        Assert.Equal("Re: x\nSato wrote:\n> one\n> two\nend of it", HtmlText.Read("Re: x<pre>Sato   wrote:\r\n&gt; one\n&gt; two</pre>end\nof it").Text);

    [Theory]
    [InlineData("<a href=http://x.test")]
    [InlineData("<a href='http://x.test'>never closed <a")]
    [InlineData("<<<>>><a b=c d='")]
    [InlineData("")]
    public void BrokenPages_AreRead(string html) => Assert.NotNull(HtmlText.Read(html).Text);
}
