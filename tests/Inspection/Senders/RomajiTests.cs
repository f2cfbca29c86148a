using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Tests.Senders;

public class RomajiTests
{
    [Theory]
    [InlineData("オオツカ", "Otsuka Ohtsuka Ootsuka Ōtsuka Otuka Ôtsuka")]
    [InlineData("サトウ", "Sato Satoh Satou Satō")]
    [InlineData("シンジョウ", "Shinjo Sinzyo Shinjoh Shinjou")]
    [InlineData("ケンイチ", "Kenichi Ken'ichi Ken-ichi Keniti")]
    [InlineData("ホンマ", "Honma Homma")]
    [InlineData("ナンバ", "Nanba Namba")]
    [InlineData("チヅル", "Chizuru Tiduru Chiduru")]
    [InlineData("ハットリ", "Hattori")]
    [InlineData("ユウコ", "Yuko Yuuko")]
    [InlineData("フジイ", "Fujii Huzii")]
    [InlineData("タロー", "Taro Tarou")]
    [InlineData("ティアラ", "Tiara")]
    public void Spellings_AreOne(string kana, string latin) => Assert.All(latin.Split(' '), l => Assert.Equal(Romaji.OfKatakana(kana), Romaji.OfLatin(l)));

    [Theory]
    [InlineData("サトウ", "Saito")]
    [InlineData("オオノ", "Ono-e")]
    [InlineData("タナカ", "Tanaga")]
    public void Others_AreNot(string kana, string latin) => Assert.NotEqual(Romaji.OfKatakana(kana), Romaji.OfLatin(latin));

    [Fact]
    public void OtherSigns_AreNone()
    {
        Assert.Null(Romaji.OfKatakana("田中"));
        Assert.Null(Romaji.OfLatin("田中"));
        Assert.Null(Romaji.OfLatin("a1"));
        Assert.Null(Romaji.OfKatakana(""));
    }
}
