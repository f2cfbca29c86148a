using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class LarcDecoderTests
{
    [Theory]
    [InlineData("-lzs-")]
    [InlineData("-lz5-")]
    public void Larc_IsOpened(string method) => OldArchiveTests.Opens(LarcWriter.Lzh("A.DOC", OldArchiveTests.Document(), method), FileKind.Lzh, "A.DOC");

    [Fact]
    public void FirstRing_IsThePackers()
    {
        // No letter at all: 18 octets from place 0x9C1 of the ring, which are thirteen of 192 and five of 193 (13 * 192 = 0x9C0).
        using var decoder = new LarcDecoder(new MemoryStream([0, 0xC1, 0x9F]), 18, isFive: true);
        var octets = new byte[18];
        decoder.ReadExactly(octets);

        Assert.Equal([.. Enumerable.Repeat((byte)192, 12), .. Enumerable.Repeat((byte)193, 6)], octets);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void BrokenOff_IsTold(bool isFive)
    {
        using var decoder = new LarcDecoder(new MemoryStream([0xFF, 2, 3]), 1000, isFive);

        Assert.Throws<InvalidDataException>(() => decoder.ReadExactly(new byte[1000]));
    }
}
