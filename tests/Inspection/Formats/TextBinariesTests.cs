using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class TextBinariesTests
{
    [Fact]
    public void UuEncodedFiles_AreFound()
    {
        var content = Enumerable.Range(0, 1000).Select(i => (byte)(i * 7)).ToArray();
        var text = "hello\n" + OddLetters.UuEncode("a.bin", content) + "and\n" + OddLetters.UuEncode("b.bin", [1, 2, 3, 4]);

        var files = TextBinaries.Find(Encoding.ASCII.GetBytes(text));

        Assert.Equal(["a.bin", "b.bin"], files.Select(f => f.Name));
        Assert.Equal(content, files[0].Content);
        Assert.Equal([1, 2, 3, 4], files[1].Content);
    }

    [Fact]
    public void Base64Variant_IsFound() =>
        Assert.Equal("hello"u8.ToArray(), Assert.Single(TextBinaries.Find("begin-base64 644 x.txt\naGVsbG8=\n====\n"u8)).Content);

    [Theory]
    [InlineData("begin with the second paragraph\nand go on")]
    [InlineData("we begin 644 times\n")]
    [InlineData("begin 644 \n")]
    public void Sentences_AreNot(string text) => Assert.Empty(TextBinaries.Find(Encoding.ASCII.GetBytes(text)));
}
