using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class CmsFileTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];

    [Fact]
    public void OpenContent_IsRead()
    {
        foreach (var file in new[] { CmsWriter.Signed(Content), CmsWriter.SignedInPieces(Content), CmsWriter.Compressed(Content) })
        {
            Assert.Equal(FileKind.Cms, FileTypes.Sniff(file));
            var read = Read(file);
            Assert.Equal(CmsKind.Open, read.Kind);
            Assert.Equal(Content, read.Content);
        }
    }

    [Theory]
    [InlineData("1.2.840.113549.1.7.3")]
    [InlineData("1.2.840.113549.1.9.16.1.23")]
    public void SealedContent_IsTold(string type)
    {
        var file = CmsWriter.Sealed(type);

        Assert.Equal(FileKind.Cms, FileTypes.Sniff(file));
        Assert.Equal(CmsKind.Encrypted, Read(file).Kind);
    }

    [Fact]
    public void DetachedSignature_HasNoContent() => Assert.Equal(new CmsFile(CmsKind.Open, null), Read(CmsWriter.Signed(null)));

    [Fact]
    public void CompressedTooFar_Ends()
    {
        var budget = new ReadBudget(TimeProvider.System, TimeSpan.FromMinutes(1), 10_000);

        Assert.Throws<InvalidDataException>(() => CmsFile.Read(CmsWriter.Compressed(new byte[1 << 20]), budget, 1 << 30));
        Assert.Throws<InvalidDataException>(() => CmsFile.Read(CmsWriter.Compressed(new byte[1 << 20]), Budget(), 1000));
    }

    [Fact]
    public void BrokenOnes_AreInvalid()
    {
        var whole = CmsWriter.Signed(Content);
        for (var length = 12; length < 80; length++)
        {
            var cut = whole[..length];
            Assert.Throws<InvalidDataException>(() => Read(cut));
        }
    }

    private static ReadBudget Budget() => new(TimeProvider.System, TimeSpan.FromMinutes(1), 1 << 30);

    private static CmsFile Read(byte[] file) => CmsFile.Read(file, Budget(), 1 << 20);
}
