using Sekisho.Inspection.Detection.Links;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Links;

public class LinkHomographTests
{
    [Theory]
    [InlineData("https://xn--80ak6aa92e.com/login", "xn--80ak6aa92e.com = аррӏе.com, reads apple.com")]
    [InlineData("https://gооgle.example/", "xn--ggle-55da.example = gооgle.example, reads google.example")]
    [InlineData("http://www.rakutenノlogin.example.jp/", "www.xn--rakutenlogin-ki5k.example.jp = www.rakutenノlogin.example.jp, reads www.rakuten/login.example.jp")]
    public void ImitatedName_IsFound_WithWhatItReadsAs(string address, string evidence)
    {
        using var message = Letters.Open(LetterWriter.Plain("x", $"see {address} now"));

        Assert.Equal(evidence, Assert.Single(Letters.Ask(new LinkHomograph(), message)).Evidence);
    }

    [Fact]
    public void NameInADocument_IsFound() => Assert.Equal(["LINK_HOMOGRAPH"], Letters.Codes(new LinkHomograph(), "a.url", "[InternetShortcut]\r\nURL=https://xn--80ak6aa92e.com/\r\n"u8.ToArray()));

    [Theory]
    [InlineData("http://日本語.jp/")]
    [InlineData("http://iphoneケース.jp/")]
    [InlineData("http://お名前.com/")]
    [InlineData("http://москва.com/")]
    [InlineData("http://сор.рф/")]
    [InlineData("http://münchen.example/")]
    [InlineData("http://ısparta.example/")]
    [InlineData("http://한국.kr/")]
    [InlineData("http://apple.com/")]
    public void HonestName_IsNot(string address)
    {
        using var message = Letters.Open(LetterWriter.Plain("x", $"see {address} now"));

        Assert.Contains(message.Parts.SelectMany(p => p.Links), l => l.Written.StartsWith(address, StringComparison.Ordinal) || address.StartsWith(l.Written, StringComparison.Ordinal));
        Assert.Empty(Letters.Ask(new LinkHomograph(), message));
    }

    [Theory]
    [InlineData("pаypal.com", "paypal.com")]
    [InlineData("ɡoogle.com", "google.com")]
    [InlineData("bankー.login.com", null)]
    [InlineData("a-bank一japan.com", "a-bank-japan.com")]
    [InlineData("οικο.com", "oiko.com")]
    [InlineData("λogos.com", null)]
    public void Imitated_ReadsTheName(string host, string? expected) => Assert.Equal(expected, Homographs.Imitated(host));

    [Fact]
    public void BrokenLabel_DoesNotHideTheOthers() => Assert.EndsWith(".аррӏе.com", LinkTargets.Parse("http://xn--a.xn--80ak6aa92e.com/")!.ShownHost, StringComparison.Ordinal);
}
