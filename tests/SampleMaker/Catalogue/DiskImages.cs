using Made = Sekisho.SampleMaker.Samples;

namespace Sekisho.SampleMaker.Catalogue;

/// <summary>Disc and disk images; the large ones travel in a ZIP, as they do.</summary>
internal static class DiskImages
{
    public static IReadOnlyList<Sample> Samples { get; } =
    [
        Sample.Attached("iso-9660", "ISO 9660", "papers.iso", () => DiskImageWriter.Iso("run.dat", Made.Program(), isJoliet: false)),
        Sample.Attached("iso-joliet", "ISO 9660 with Joliet names", "papers.iso", () => DiskImageWriter.Iso("請求書.dat", Made.Program())),
        Sample.Attached("iso-neutral-name", "ISO 9660 under a neutral name", "papers.dat", () => DiskImageWriter.Iso("run.dat", Made.Program())),
        Sample.Attached("udf", "UDF", "papers.iso", () => DiskImageWriter.Udf("run.dat", Made.Program())),
        Zip("img-fat12", "A raw image of FAT12", "disk.img", () => DiskImageWriter.Fat("請求書 long name.dat", Made.Program())),
        Zip("img-fat16", "A raw image of FAT16", "disk.img", () => DiskImageWriter.Fat("run.dat", Made.Program(), 16)),
        Zip("img-fat32", "A raw image of FAT32", "disk.img", () => DiskImageWriter.Fat("run.dat", Made.Program(), 32)),
        Zip("img-partitioned", "A raw image with a table of partitions", "disk.img", () => DiskImageWriter.Partitioned(DiskImageWriter.Fat("run.dat", Made.Program()))),
        Zip("vhd-fixed", "A VHD of fixed size", "disk.vhd", () => DiskImageWriter.Vhd(DiskImageWriter.Partitioned(DiskImageWriter.Fat("run.dat", Made.Program())), isDynamic: false)),
        Zip("vhd-dynamic", "A VHD that grows", "disk.vhd", () => DiskImageWriter.Vhd(DiskImageWriter.Partitioned(DiskImageWriter.Fat("run.dat", Made.Program())), isDynamic: true)),
        Zip("vhdx", "A VHDX", "disk.vhdx", () => DiskImageWriter.Vhdx(DiskImageWriter.Partitioned(DiskImageWriter.Fat("run.dat", Made.Program(), 16)))),
        Zip("ntfs", "NTFS: recognised, reported as not looked into", "disk.img", () => Other("NTFS    ")),
        Zip("exfat", "exFAT: recognised, reported as not looked into", "disk.img", () => Other("EXFAT   ")),
        Zip("vhd-of-ntfs", "NTFS in a VHD", "disk.vhd", () => DiskImageWriter.Vhd(DiskImageWriter.Partitioned(Other("NTFS    ")), isDynamic: false)),
    ];

    private static Sample Zip(string name, string shows, string imageName, Func<byte[]> image) => Sample.Attached(name, shows, "papers.zip", () => ZipWriter.Plain((imageName, image())));

    private static byte[] Other(string mark)
    {
        var volume = DiskImageWriter.Fat("run.dat", Made.Program());
        System.Text.Encoding.ASCII.GetBytes(mark).CopyTo(volume, 3);
        return volume;
    }
}
