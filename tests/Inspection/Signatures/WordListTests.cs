using System.Text;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests.Signatures;

public class WordListTests
{
    [Fact]
    public void Read_LeavesCommentsOut_AndNormalises()
    {
        var list = WordList.Read(new MemoryStream("# urging\nコンテンツの有効化   # a button\n\nＥｎａｂｌｅ Content\n"u8.ToArray()));
        Assert.Equal(["コンテンツの有効化", "Enable Content"], list.Entries);
    }

    [Fact]
    public void FirstIn_TakesTheLongestOfWhatStandsFirst_InAnyCase()
    {
        var list = new WordList(["enable", "enable content", "macro"]);
        Assert.Equal("enable content", list.FirstIn("please ENABLE CONTENT, then the macro"));
        Assert.Null(list.FirstIn("nothing here"));
        Assert.Null(WordList.Empty.FirstIn("enable"));
    }

    [Fact]
    public void Read_RefusesWhatIsNoText() => Assert.Throws<InvalidDataException>(() => WordList.Read(new MemoryStream([0x82, 0xA0, 0xFF])));

    [Fact]
    public void Read_RefusesTooMany() =>
        Assert.Throws<InvalidDataException>(() => WordList.Read(new MemoryStream(Encoding.ASCII.GetBytes(string.Join('\n', Enumerable.Range(0, WordList.MaxEntries + 1))))));

    [Theory]
    [InlineData("please be URGENT, 至急です", "urgent")]
    [InlineData("至急 urgent", "至急")]
    [InlineData("大至急ください", "大至急")]
    [InlineData("大きな至急", "至急")]
    [InlineData("ÜBER alles", "über")]
    [InlineData("大きな字", null)]
    [InlineData("", null)]
    public void FirstEntry_IsFoundWhateverItsLetters(string text, string? entry) => Assert.Equal(entry, new WordList(["urgent", "至急", "大至急", "über"]).FirstIn(text));
}
