using Sekisho.Inspection.Detection.Reading;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Reading;

public class LimitReachedTests
{
    [Fact]
    public void TooDeep_IsFound()
    {
        using var message = Letters.OpenDocument("a.zip", ZipWriter.Plain(("b.zip", ZipWriter.Plain(("c.txt", [65])))), new ReadLimits { MaxDepth = 1 });

        Assert.Equal("LIMIT_REACHED", Assert.Single(Letters.Ask(new LimitReached(), message)).Kind.Code);
    }

    [Fact]
    public void OrdinaryLetter_IsNot()
    {
        using var message = Letters.Open(LetterWriter.Plain("x", "y"));

        Assert.Empty(Letters.Ask(new LimitReached(), message));
    }
}
