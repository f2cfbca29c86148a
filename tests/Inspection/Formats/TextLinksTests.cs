using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class TextLinksTests
{
    [Theory]
    [InlineData("See http://example.test/a, please.", "http://example.test/a")]
    [InlineData("詳細はhttps://example.jpをご覧ください。", "https://example.jp/")]
    [InlineData("（http://example.jp/資料）", "http://example.jp/")]
    [InlineData("「www.example.jp」", "http://www.example.jp/")]
    [InlineData("http://日本語.jp/ と", "http://xn--wgv71a119e.jp/")]
    [InlineData("(see http://example.test/a_(b))", "http://example.test/a_(b)")]
    [InlineData("hxxp://evil[.]test/x and evil[.]test", "http://evil.test/x")]
    [InlineData("a http://x.test b https://y.test/?q=1#f", "http://x.test/|https://y.test/?q=1#f")]
    [InlineData("no links // here: a@b.test 12:30", "")]
    public void Links_AreFoundInText(string text, string expected) => Assert.Equal(expected, string.Join('|', TextLinks.Find(text).Select(l => l.Target)));

    [Theory]
    [InlineData("text = www.nod & x", false)]
    [InlineData("see www.nod.example today", true)]
    [InlineData("see http://www.nod today", true)]
    public void ABareWww_NeedsAWholeName(string text, bool found) => Assert.Equal(found, TextLinks.Find(text).Count == 1);
}
