using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class LinkTargetsTests
{
    [Theory]
    [InlineData("HTTP://Example.TEST/A%41%2F", "http://example.test/AA%2F")]
    [InlineData("hxxps://evil[.]test/x", "https://evil.test/x")]
    [InlineData("http:\\\\evil.test\\a", "http://evil.test/a")]
    [InlineData("ht\ntps://evil.test:443/", "https://evil.test/")]
    [InlineData("//evil.test", "http://evil.test/")]
    [InlineData("www.example.jp", "http://www.example.jp/")]
    [InlineData("http://日本語。jp/", "http://xn--wgv71a119e.jp/")]
    [InlineData("http://ｅｘａｍｐｌｅ.jp/", "http://example.jp/")]
    [InlineData("https://www.bank.test@evil.test/", "https://evil.test/")]
    [InlineData("http://0xC0000201/", "http://192.0.2.1/")]
    [InlineData("http://3221225985/", "http://192.0.2.1/")]
    [InlineData("http://0300.0.02.1/", "http://192.0.2.1/")]
    [InlineData("javascript:alert(1)", "javascript:alert(1)")]
    public void Addresses_HaveOneForm(string written, string expected) => Assert.Equal(expected, LinkTargets.Parse(written)!.Target);

    [Theory]
    [InlineData("https://www.google.com/url?sa=t&q=https%3A%2F%2Fevil.test%2Fa&usg=x")]
    [InlineData("https://www.google.co.jp/url?url=https://evil.test/a")]
    [InlineData("https://jpn01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.test%2Fa&data=05")]
    [InlineData("https://urldefense.proofpoint.com/v2/url?u=https-3A__evil.test_a&d=DwM&c=x")]
    [InlineData("https://urldefense.com/v3/__https://evil.test/a__;!!abc!def$")]
    [InlineData("https://urldefense.com/v3/__https://evil.test/*__;YQ!!abc$")]
    [InlineData("https://www.bing.com/ck/a?!&&p=1&u=a1aHR0cHM6Ly9ldmlsLnRlc3QvYQ&ntb=1")]
    [InlineData("https://www.google.com/url?q=https%3A%2F%2Feur02.safelinks.protection.outlook.com%2F%3Furl%3Dhttps%253A%252F%252Fevil.test%252Fa")]
    public void Wrappers_AreTakenOff(string written)
    {
        var link = LinkTargets.Parse(written)!;

        Assert.Equal("https://evil.test/a", link.Target);
        Assert.NotEmpty(link.Via);
    }

    [Theory]
    [InlineData("")]
    [InlineData("#top")]
    [InlineData("page.html")]
    [InlineData("http://")]
    [InlineData("12:30")]
    public void OtherWords_AreNone(string written) => Assert.Null(LinkTargets.Parse(written));

    [Theory]
    [InlineData("www.bank.co.jp", "bank.co.jp")]
    [InlineData("a.b.example.com", "example.com")]
    [InlineData("example.jp", "example.jp")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    public void RegisteredDomain_IsTold(string host, string expected) => Assert.Equal(expected, LinkTargets.Registered(host));

    [Fact]
    public void InternationalName_IsShownAsSeen()
    {
        var link = LinkTargets.Parse("http://xn--wgv71a119e.jp/")!;

        Assert.Equal("日本語.jp", link.ShownHost);
    }
}
