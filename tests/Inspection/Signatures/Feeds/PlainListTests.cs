using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests.Signatures.Feeds;

public class PlainListTests
{
    [Theory]
    [InlineData("hxxp://bad[.]example/x/ - E5, since Monday", "http://bad.example/x/", IndicatorKind.Url)]
    [InlineData("  \"http://bad.example/x\",", "http://bad.example/x", IndicatorKind.Url)]
    [InlineData("hxxps[://]bad(dot)example/x\\", "https://bad.example/x", IndicatorKind.Url)]
    [InlineData("bad.example/x", "http://bad.example/x", IndicatorKind.Url)]
    [InlineData("bad[.]example", "bad.example", IndicatorKind.Domain)]
    [InlineData("日本.example", "日本.example", IndicatorKind.Domain)]
    [InlineData("192[.]0[.]2[.]1:443 (C2)", "192.0.2.1:443", IndicatorKind.IpPort)]
    [InlineData("192.0.2.1", "192.0.2.1", IndicatorKind.Ip)]
    [InlineData("<a[at]bad[.]example>", "a@bad.example", IndicatorKind.Address)]
    [InlineData("words", "words", null)]
    [InlineData("co.jp", "co.jp", null)]
    [InlineData("1.2.3", "1.2.3", null)]
    [InlineData("0123456789abcdef", "0123456789abcdef", null)]
    public void Values_AreCleanedAndGuessed(string line, string value, IndicatorKind? kind)
    {
        var clean = PlainList.Clean(line, out _);
        Assert.Equal(value, clean);
        Assert.Equal(kind, PlainList.Guess(clean));
    }
}
