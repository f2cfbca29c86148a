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
    public void DetachedSignatureThatBreaksOff_HasNoContentEither()
    {
        byte[] inPieces = [0x30, 0x80, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02, 0xA0, 0x80, 0x30, 0x80, 0x02, 1, 1, 0x31, 0, 0x30, 0x80, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01];

        Assert.Null(Read(CmsWriter.Signed(null)[..^1]).Content);
        Assert.Null(Read([.. inPieces, 0, 0, 0xA0, 0x82]).Content);
        Assert.Throws<InvalidDataException>(() => Read([.. inPieces, 0xA0, 0x80, 0x24, 0x80, 4, 9]));
        Assert.Throws<InvalidDataException>(() => Read([.. inPieces[..20], 0x31, 0x80, 0x1F, 0xFF, 0, 0]));
    }

    [Fact]
    public void CompressedTooFar_Ends()
    {
        var budget = new ReadBudget(TimeProvider.System, TimeSpan.FromMinutes(1), 10_000);

        Assert.Throws<InvalidDataException>(() => CmsFile.Read(CmsWriter.Compressed(new byte[1 << 20]), budget, 1 << 30));
        Assert.Throws<InvalidDataException>(() => CmsFile.Read(CmsWriter.Compressed(new byte[1 << 20]), Budget(), 1000));
    }

    [Fact]
    public void CompressionThatNeedsADictionary_IsInvalid()
    {
        var file = CmsWriter.Compressed(Content);
        file[file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x78, 0x9C]) + 1] = 0xBB; // RFC 1950 section 2.2, FDICT.

        Assert.Throws<InvalidDataException>(() => Read(file));
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
