using Sekisho.Inspection.Detection.Links;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Links;

public class LinkToAddressTests
{
    [Theory]
    [InlineData("see http://192.0.2.7/a")]
    [InlineData("see http://0xC0000207/a")]
    [InlineData("see hxxp://192[.]0[.]2[.]7/a")]
    public void LinkToANumber_IsFound(string text) => Assert.Equal(["LINK_TO_ADDRESS"], Codes(text));

    [Theory]
    [InlineData("see http://example.test/")]
    [InlineData("the printer is http://192.168.1.20/")]
    [InlineData("version 1.2.3.4")]
    public void OtherLinks_AreNot(string text) => Assert.Empty(Codes(text));

    private static string[] Codes(string text)
    {
        using var message = Letters.Open(LetterWriter.Plain("x", text));
        return [.. Letters.Ask(new LinkToAddress(), message).Select(f => f.Kind.Code)];
    }
}
