using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

/// <summary>LZH, ARJ, CAB and zstd: what packers of old times, and attackers of ours, still use.</summary>
public class OldArchiveTests
{
    private static readonly byte[] Content = [.. Samples.OldDocument(Samples.AutoOpenSource), .. Enumerable.Range(0, 70_000).Select(i => (byte)((i * i) >> 7))];

    [Theory]
    [InlineData(0, "-lh0-")]
    [InlineData(1, "-lh5-")]
    [InlineData(2, "-lh5-")]
    [InlineData(2, "-lh7-")]
    public void Lzh_IsOpened(int level, string method) =>
        Opens(OldArchiveWriter.Lzh("請求書表.doc", Content, level, method), FileKind.Lzh, level == 1 ? "sub/請求書表.doc" : "請求書表.doc");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Arj_IsOpened(int method) => Opens(OldArchiveWriter.Arj("a.doc", Content, method), FileKind.Arj, "a.doc");

    [Fact]
    public void GarbledArj_IsEncrypted()
    {
        using var message = Letters.OpenDocument("a.arj", OldArchiveWriter.Arj("a.doc", Content, 1, isGarbled: true));

        Assert.Equal(Sekisho.Inspection.Messages.ReadProblemReason.EncryptedArchive, Assert.Single(message.Problems).Reason);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Cab_IsOpened(int method)
    {
        var cab = OldArchiveWriter.Cab(method, ("first.txt", "first"u8.ToArray()), ("a.doc", Content), ("last.txt", "last"u8.ToArray()));
        Assert.Equal(FileKind.Cab, FileTypes.Sniff(cab));
        using var message = Letters.OpenDocument("a.cab", cab);

        Assert.Empty(message.Problems);
        Assert.Equal(["a.cab", "first.txt", "a.doc", "last.txt"], message.Parts.Select(p => p.Name));
        Assert.Equal(Content, message.Parts[2].ReadUpTo(1 << 20));
        Assert.Equal("last"u8.ToArray(), message.Parts[3].ReadUpTo(100));
    }

    [Fact]
    public void Zstd_IsOpened()
    {
        using var output = new MemoryStream();
        using (var zstd = new SharpCompress.Compressors.ZStandard.CompressionStream(output, 3, 0, leaveOpen: true))
        {
            zstd.Write(Content);
        }

        Opens(output.ToArray(), FileKind.Zstd, "a");
    }

    [Fact]
    public void OldMethod_IsTold()
    {
        var lzh = OldArchiveWriter.Lzh("a.doc", Content);
        lzh[5] = (byte)'2';
        using var message = Letters.OpenDocument("a.lzh", lzh);

        Assert.Contains("-lh2-", Assert.Single(message.Problems).Text, StringComparison.Ordinal);
    }

    internal static void Opens(byte[] archive, FileKind kind, string name)
    {
        Assert.Equal(kind, FileTypes.Sniff(archive));
        using var message = Letters.OpenDocument("a.bin", archive);

        Assert.Empty(message.Problems);
        Assert.Equal(name, message.Parts[1].Name);
        Assert.Equal(Content, message.Parts[1].ReadUpTo(1 << 20));
    }

    internal static byte[] Document() => Content;
}
