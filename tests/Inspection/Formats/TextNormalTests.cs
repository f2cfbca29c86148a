using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class TextNormalTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("ＴＥＬ：０３", "TEL:03")]
    [InlineData("①㈱", "1(株)")]
    [InlineData("a\u2060b\uFEFFc", "abc")]
    public void Forms_BecomeOne(string text, string expected) => Assert.Equal(expected, TextNormal.Of(text));

    [Fact]
    public void PiecesPutTogether_AreTheNormalFormOfTheWhole()
    {
        const string Letters = "aA1 \n@がか\u3099\u309Aハ\uFF8A\uFF9E\uFF9Fｶ漢字\u3000！ＡｚＺ～（）①㈱㌔…・ー〜ヿゟé\u0301ü\u0308가\u1100\u1161\uF900゛、。「」〒―ﬁ²";
        var random = new Random(4);
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Create(random.Next(1, 12), random, static (span, r) => { foreach (ref var c in span) { c = Letters[r.Next(Letters.Length)]; } });
            Assert.Equal(text.Normalize(System.Text.NormalizationForm.FormKC), TextNormal.Of(text));
        }
    }
}
