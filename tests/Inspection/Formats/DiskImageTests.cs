using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class DiskImageTests
{
    private static byte[] Content => OldArchiveTests.Document();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Iso_IsOpened(bool isJoliet) => OldArchiveTests.Opens(DiskImageWriter.Iso(isJoliet ? "請求書.doc" : "a.doc", Content, isJoliet), FileKind.Iso, isJoliet ? "請求書.doc" : "A.DOC");

    [Fact]
    public void Udf_IsOpened() => OldArchiveTests.Opens(DiskImageWriter.Udf("invoice.doc", Content), FileKind.Iso, "invoice.doc");

    [Theory]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(32)]
    public void Fat_IsOpened(int width) => OldArchiveTests.Opens(DiskImageWriter.Fat("請求書 long name.doc", Content, width), FileKind.DiskImage, "請求書 long name.doc");

    [Fact]
    public void Partition_IsOpened() => OldArchiveTests.Opens(DiskImageWriter.Partitioned(DiskImageWriter.Fat("a.doc", Content)), FileKind.DiskImage, "a.doc");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Vhd_IsOpened(bool isDynamic) =>
        OldArchiveTests.Opens(DiskImageWriter.Vhd(DiskImageWriter.Partitioned(DiskImageWriter.Fat("a.doc", Content)), isDynamic), FileKind.DiskImage, "a.doc");

    [Fact]
    public void Vhdx_IsOpened() => OldArchiveTests.Opens(DiskImageWriter.Vhdx(DiskImageWriter.Partitioned(DiskImageWriter.Fat("a.doc", Content, 16))), FileKind.DiskImage, "a.doc");

    [Fact]
    public void Ntfs_IsTold()
    {
        var volume = DiskImageWriter.Fat("a.doc", Content);
        "NTFS    "u8.CopyTo(volume.AsSpan(3));
        using var message = Letters.OpenDocument("a.img", volume);

        Assert.Contains("NTFS", Assert.Single(message.Problems).Text, StringComparison.Ordinal);
    }
}
