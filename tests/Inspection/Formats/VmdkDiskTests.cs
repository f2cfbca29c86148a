using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class VmdkDiskTests
{
    private static byte[] Disk => DiskImageWriter.Partitioned(DiskImageWriter.Fat("請求書.doc", OldArchiveTests.Document(), 16));

    [Fact]
    public void SparseDisk_IsOpened() => OldArchiveTests.Opens(VmdkWriter.Sparse(Disk), FileKind.DiskImage, "請求書.doc");

    [Fact]
    public void View_IsTheDisk()
    {
        var disk = Disk;
        using var view = VmdkDisk.Open(new MemoryStream(VmdkWriter.Sparse(disk)));
        var octets = new byte[disk.Length];
        view.ReadExactly(octets);

        Assert.Equal(disk, octets);
    }

    [Fact]
    public void FlatDisk_IsARawImage() => OldArchiveTests.Opens(Disk, FileKind.DiskImage, "請求書.doc");

    [Theory]
    [InlineData(true, null, "compressed")]
    [InlineData(false, "base.vmdk", "continues")]
    public void OtherKinds_AreTold(bool isCompressed, string? parent, string word)
    {
        using var message = Letters.OpenDocument("a.vmdk", VmdkWriter.Sparse(new byte[1 << 20], isCompressed, parent));

        Assert.Contains(word, Assert.Single(message.Problems).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void HugeTables_AreTold()
    {
        var disk = VmdkWriter.Sparse(new byte[1 << 20]);
        new byte[] { 0, 0, 0, 0, 0, 1 }.CopyTo(disk, 12);

        Assert.Throws<InvalidDataException>(() => VmdkDisk.Open(new MemoryStream(disk)));
    }
}
