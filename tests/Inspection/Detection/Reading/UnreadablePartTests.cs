using Sekisho.Inspection.Detection.Reading;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Reading;

public class UnreadablePartTests
{
    [Fact]
    public void BrokenDocument_IsFound() => Assert.Equal(["UNREADABLE_PART"], Letters.Codes(new UnreadablePart(), "a.doc", Samples.OldDocument()[..700]));

    [Fact]
    public void ContainerWithoutReader_IsFound() => Assert.Equal(["UNREADABLE_PART"], Letters.Codes(new UnreadablePart(), "a.cab", [.. "MSCF"u8, .. new byte[100]]));

    [Fact]
    public void BrokenLetter_IsLight()
    {
        using var message = Letters.Open([0, 1, 2, 3]);

        var finding = Assert.Single(Letters.Ask(new UnreadablePart(), message));
        Assert.Equal("MAIL_MALFORMED", finding.Kind.Code);
        Assert.True(finding.Kind.Weight < 50);
    }

    [Fact]
    public void TwoSenders_AreFound()
    {
        using var message = Letters.Text("From: a@b.test\nFrom: c@d.test\n\nhi");

        Assert.Equal("AMBIGUOUS_HEADER", Assert.Single(Letters.Ask(new UnreadablePart(), message)).Kind.Code);
    }
}
