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
}
