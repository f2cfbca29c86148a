using Sekisho.Inspection.Detection.Emotet;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Emotet;

public class EmotetLinkShapeTests
{
    [Theory]
    [InlineData("https://shop.example/wp-content/bGh2kRWd/", true)]
    [InlineData("http://shop.example/wp-admin/css/qXz91/", true)]
    [InlineData("http://shop.example/cgi-bin/KJ3v2/?i=1", true)]
    [InlineData("https://shop.example/wp-content/uploads/2026/11/flyer.pdf", false)]
    [InlineData("https://shop.example/wp-content/uploads/", false)]
    [InlineData("https://shop.example/images/2026/", false)]
    [InlineData("https://shop.example/bGh2kRWd/", false)]
    [InlineData("https://shop.example", false)]
    public void MachineryAndARandomFolder(string link, bool found)
    {
        using var message = Letters.Open(LetterWriter.Plain("x", $"see {link} please"));
        Assert.Equal(found, Letters.Ask(new EmotetLinkShape(), message).Count == 1);
    }
}
