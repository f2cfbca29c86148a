using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class Lh1DecoderTests
{
    /// <summary>Enough letters that the code's weights are halved, and matches at every distance.</summary>
    private static readonly byte[] Content = [.. OldArchiveTests.Document(), .. Enumerable.Range(0, 60_000).Select(i => (byte)((i * 7919) >> 3)), .. new byte[5000]];

    [Fact]
    public void Lh1_IsOpened()
    {
        var archive = LarcWriter.Lzh("A.DOC", Content, "-lh1-");
        Assert.Equal(FileKind.Lzh, FileTypes.Sniff(archive));
        using var message = Letters.OpenDocument("a.lzh", archive);

        Assert.Empty(message.Problems);
        Assert.Equal(Content, message.Parts[1].ReadUpTo(1 << 20));
    }

    [Fact]
    public void BrokenOff_IsTold()
    {
        using var decoder = new Lh1Decoder(new MemoryStream([1, 2, 3]), 1000);

        Assert.Throws<InvalidDataException>(() => decoder.ReadExactly(new byte[1000]));
    }
}
