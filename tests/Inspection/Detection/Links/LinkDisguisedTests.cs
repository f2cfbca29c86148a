using Sekisho.Inspection.Detection.Links;

namespace Sekisho.Inspection.Tests.Detection.Links;

public class LinkDisguisedTests
{
    [Theory]
    [InlineData("<a href='http://evil.test/'>https://www.bank.co.jp/login</a>")]
    [InlineData("<a href='http://evil.test/'>www.bank.co.jp</a>")]
    [InlineData("<a href='http://evil.test/'><b>bank.co.jp</b></a>")]
    [InlineData("<a href='https://www.bank.co.jp@evil.test/'>here</a>")]
    [InlineData("<a href='https://www.google.com/url?q=http%3A%2F%2Fevil.test'>http://bank.co.jp</a>")]
    public void DisguisedLink_IsFound(string html) => Assert.Equal(["LINK_DISGUISED"], Codes(html));

    [Theory]
    [InlineData("<a href='http://www.bank.co.jp/x'>https://bank.co.jp</a>")]
    [InlineData("<a href='http://click.news.test/'>Read more</a>")]
    [InlineData("<a href='http://files.test/'>report.pdf</a>")]
    [InlineData("<a href='mailto:a@b.test'>a@b.test</a>")]
    [InlineData("<a href='ftp://user@files.test/'>files</a>")]
    public void OrdinaryLink_IsNot(string html) => Assert.Empty(Codes(html));

    private static string[] Codes(string html)
    {
        using var message = Letters.Text($"From: a@b.test\nContent-Type: text/html\n\n<html>{html}</html>");
        return [.. Letters.Ask(new LinkDisguised(), message).Select(f => f.Kind.Code)];
    }
}
