using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class SevenZipHeaderTests
{
    private static readonly byte[] Document = Samples.OldDocument(Samples.AutoOpenSource);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ArchiveWithoutSubStreams_IsRead(bool isHeaderPacked)
    {
        var archive = PlainSevenZipWriter.WithoutSubStreams(isHeaderPacked, ("紹介状.doc", Document), ("b.txt", "hello"u8.ToArray()));
        using var message = Letters.OpenDocument("a.7z", archive);

        Assert.NotNull(SevenZipHeader.WithSubStreams(new MemoryStream(archive), Budget()));
        Assert.Empty(message.Problems);
        Assert.Equal(Document, Assert.Single(message.Parts, p => p.Name == "紹介状.doc").ReadUpTo(1 << 20));
        Assert.Equal("hello"u8.ToArray(), Assert.Single(message.Parts, p => p.Name == "b.txt").ReadUpTo(100));
    }

    [Fact]
    public void WholeHeader_IsLeftAlone()
    {
        Assert.Null(SevenZipHeader.WithSubStreams(new MemoryStream(ArchiveWriter.SevenZip("a.doc", Document)), Budget()));
        Assert.Null(SevenZipHeader.WithSubStreams(new MemoryStream(SealedArchiveWriter.SevenZip("a.doc", Document, "p", areNamesSealed: true)), Budget()));
    }

    [Fact]
    public void CutOffHeader_IsTold()
    {
        var archive = PlainSevenZipWriter.WithoutSubStreams(false, ("a.doc", Document));
        archive[^40] = 0xFF; // Whatever counts there counts too much.
        using var message = Letters.OpenDocument("a.7z", archive);

        Assert.Contains(message.Problems, p => p.Reason == ReadProblemReason.Broken);
    }

    private static ReadBudget Budget() => new(TimeProvider.System, TimeSpan.FromSeconds(5), 64 << 20);
}
