using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class JapaneseTextTests
{
    private const string Plain = "お世話になっております。請求書①をお送りします。ﾃｽﾄです。";

    [Theory]
    [InlineData(50220, "iso-2022-jp")]
    [InlineData(50220, "us-ascii")]
    [InlineData(50220, "utf-8")]
    [InlineData(932, "shift_jis")]
    [InlineData(932, "iso-2022-jp")]
    [InlineData(932, "utf-8")]
    [InlineData(932, "iso-8859-1")]
    [InlineData(932, null)]
    [InlineData(51932, "euc-jp")]
    [InlineData(51932, "shift_jis")]
    [InlineData(51932, "iso-2022-jp")]
    [InlineData(51932, null)]
    [InlineData(65001, "iso-2022-jp")]
    [InlineData(65001, "shift_jis")]
    [InlineData(65001, null)]
    [InlineData(1200, "utf-16")]
    public void Text_IsReadWhateverItsLabel(int codePage, string? label)
    {
        var octets = Encoding.GetEncoding(codePage).GetBytes(Plain);

        var text = JapaneseText.Decode(octets, label, out _);

        // CP50220 writes half-width kana in full width; the normal form makes all alike.
        Assert.Equal(TextNormal.Of(Plain), TextNormal.Of(text));
    }

    [Theory]
    [InlineData("koi8-r", "Здравствуйте, это письмо из Москвы")]
    [InlineData("windows-1252", "Müller schläft für Ärzte über Österreich")]
    [InlineData("iso-8859-1", "café déjà vu, à bientôt")]
    [InlineData("gb2312", "你好，这是一封中文信件，请查收附件。")]
    public void OtherLanguages_KeepTheirLabel(string label, string plain)
    {
        Assert.Equal(plain, JapaneseText.Decode(Encoding.GetEncoding(label).GetBytes(plain), label, out _));
    }

    [Fact]
    public void ForgottenEscapesAndSeven_AreMended()
    {
        // A line that forgets to return to ASCII, and JIS X 0213's first plane.
        Assert.Equal("\u3042\nabc", JapaneseText.Decode("\u001b$B$\"\nabc"u8, "iso-2022-jp", out _));
        Assert.Equal("\u3042", JapaneseText.Decode("\u001b$(O$\"\u001b(B"u8, null, out _));
        Assert.Equal("<script>", JapaneseText.Decode("+ADw-script+AD4-"u8, "utf-7", out _));
    }

    [Fact]
    public void NormalForm_IsOne()
    {
        Assert.Equal("パスワード:ABC123(株)1", TextNormal.Of("ﾊﾟｽﾜｰﾄﾞ：ＡＢＣ１２３㈱①"));
        Assert.Equal("password", TextNormal.Of("pass\u200Bwo\u00ADrd\0"));
        Assert.Equal("a\uFFFDb\nc", TextNormal.Of("a\uD800b\r\nc"));
    }
}
