using Sekisho.Inspection.Detection.Emotet;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Emotet;

public class EmotetLinkShapeTests
{
    [Theory]
    [InlineData("http://shop.example/wp-admin/qXz91k/", "LINK_INTO_SITE_PROGRAM")]
    [InlineData("http://shop.example/wp-includes/FILE/8kPq2mZ0x/", "LINK_INTO_SITE_PROGRAM")]
    [InlineData("http://shop.example/wp-content/plugins/8kPq2mZ0x/", "EMOTET_LINK_SHAPE")]
    [InlineData("http://shop.example/wp-includes/js/Fzywbb/", "LINK_INTO_SITE_PROGRAM")]
    [InlineData("http://shop.example/wp-includes/js/Lofe/", "LINK_INTO_SITE_PROGRAM")]
    public void ProgramFolders_WeighMore(string link, string code)
    {
        using var message = Letters.Open(LetterWriter.Plain("x", $"see {link} please"));
        Assert.Equal(code, Assert.Single(Letters.Ask(new EmotetLinkShape(), message)).Kind.Code);
    }

    [Theory]
    [InlineData("http://shop.example/wp-admin/", "")]
    [InlineData("http://shop.example/wp-admin/network/", "")]
    [InlineData("http://shop.example/wp-includes/ID3/", "")]
    [InlineData("http://shop.example/wp-admin/post.php?post=12&action=edit", "")]
    [InlineData("http://shop.example/wp-includes/images/smile8.png", "")]
    public void HonestLinksToWordPress_AreLeftAlone(string link, string codes)
    {
        using var message = Letters.Open(LetterWriter.Plain("x", $"see {link} please"));
        Assert.Equal(codes, string.Join(' ', Letters.Ask(new EmotetLinkShape(), message).Select(f => f.Kind.Code)));
    }

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
