using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class ClosedContainersTests
{
    public static TheoryData<string, byte[]> Samples => new()
    {
        { "WIM", [.. "MSWIM\0\0\0"u8, .. new byte[100]] },
        { "cpio", Encoding.ASCII.GetBytes("070701" + new string('0', 104) + "a\0") },
        { "cpio", Encoding.ASCII.GetBytes("070707" + new string('0', 70) + "a\0") },
        { "cpio", [0xC7, 0x71, .. new byte[18], 2, 0, .. new byte[4], (byte)'a', 0, .. new byte[20]] },
        { "LZMA", [0x5D, 0, 0, 0x80, 0, .. Enumerable.Repeat((byte)0xFF, 8), 0, .. new byte[30]] },
        { "lzip", [.. "LZIP"u8, 1, 12, .. new byte[40]] },
        { "Unix compress", [0x1F, 0x9D, 0x90, .. new byte[40]] },
        { "LZ4", [4, 0x22, 0x4D, 0x18, .. new byte[40]] },
        { "QCOW", [(byte)'Q', (byte)'F', (byte)'I', 0xFB, 0, 0, 0, 3, .. new byte[60]] },
        { "VDI", [.. "<<< Oracle VM VirtualBox Disk Image >>>\n"u8, .. new byte[24], 0x7F, 0x10, 0xDA, 0xBE, .. new byte[60]] },
        { "ext", Ext() },
        { "NTFS", [0xEB, 0x52, 0x90, .. "NTFS    "u8, .. new byte[600]] },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void EachIsCalledByItsName_AndTold(string name, byte[] file)
    {
        Assert.Equal(name, ClosedContainers.Name(file));
        using var message = Letters.OpenDocument("a.dat", file);
        Assert.Equal($"No reader here opens {name}.", Assert.Single(message.Problems).Text);
    }

    [Theory]
    [InlineData("070701 is the number of the order, and this is only a letter about it, which goes on for some time, as letters do, and then ends")]
    [InlineData("LZIP is a program. There are others, and each of them has its friends.")]
    public void TextIsNone(string text) => Assert.Null(ClosedContainers.Name(Encoding.ASCII.GetBytes(text)));

    private static byte[] Ext()
    {
        var volume = new byte[4096];
        volume[1024] = 16;
        volume[1080] = 0x53;
        volume[1081] = 0xEF;
        volume[1100] = 1;
        return volume;
    }
}
