using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class OfficeCompoundTests
{
    [Theory]
    [InlineData("WordDocument", FileKind.Word)]
    [InlineData("Workbook", FileKind.Excel)]
    [InlineData("Book", FileKind.Excel)]
    [InlineData("PowerPoint Document", FileKind.PowerPoint)]
    [InlineData("EncryptedPackage", FileKind.EncryptedOffice)]
    [InlineData("__properties_version1.0", FileKind.OutlookMessage)]
    [InlineData("VisioDocument", FileKind.Visio)]
    [InlineData("Anything", FileKind.CompoundFile)]
    public void Kind_IsToldByStreams(string stream, FileKind kind) =>
        Assert.Equal(kind, OfficeCompound.KindOf(Open(new CompoundFileWriter().Add(stream, new byte[20]))));

    [Fact]
    public void Installer_IsToldByItsClass() =>
        Assert.Equal(FileKind.WindowsInstaller, OfficeCompound.KindOf(Open(new CompoundFileWriter { ClassId = new Guid("000C1084-0000-0000-C000-000000000046") }.Add("X", [1]))));

    [Fact]
    public void EncryptedDocuments_AreTold()
    {
        var word = new byte[32];
        word[11] = 1;
        byte[] excel = [0x09, 0x08, 2, 0, 0, 6, 0x2F, 0, 2, 0, 1, 0];
        byte[] open = [0x09, 0x08, 2, 0, 0, 6, 0x0A, 0, 0, 0, 0x2F, 0, 2, 0];
        var slides = new byte[20];
        BitConverter.GetBytes(0xF3D1C4DF).CopyTo(slides, 12);

        Assert.True(OfficeCompound.IsEncrypted(Open(new CompoundFileWriter().Add("WordDocument", word)), FileKind.Word));
        Assert.False(OfficeCompound.IsEncrypted(Open(new CompoundFileWriter().Add("WordDocument", new byte[32])), FileKind.Word));
        Assert.True(OfficeCompound.IsEncrypted(Open(new CompoundFileWriter().Add("Workbook", excel)), FileKind.Excel));
        Assert.False(OfficeCompound.IsEncrypted(Open(new CompoundFileWriter().Add("Workbook", open)), FileKind.Excel));
        Assert.True(OfficeCompound.IsEncrypted(Open(new CompoundFileWriter().Add("PowerPoint Document", [1]).Add("Current User", slides)), FileKind.PowerPoint));
    }

    [Fact]
    public void OlePackage_IsTakenOut()
    {
        byte[] native = [0, 0, 0, 0, 2, 0, .. "calc.exe\0"u8, .. "C:\\calc.exe\0"u8, 0, 0, 3, 0, 4, 0, 0, 0, .. "abc\0"u8, 2, 0, 0, 0, (byte)'M', (byte)'Z'];
        var file = Open(new CompoundFileWriter().Add("ObjectPool/_1/\u0001Ole10Native", native));

        var found = Assert.Single(OfficeCompound.Embedded(file, Budget()));

        Assert.Equal("calc.exe", found.Name);
        Assert.Equal("MZ"u8.ToArray(), found.Content);
    }

    [Fact]
    public void OutlookAttachment_IsTakenOut()
    {
        var file = Open(new CompoundFileWriter().Add("__properties_version1.0", [1])
            .Add("__attach_version1.0_#00000000/__substg1.0_37010102", [1, 2, 3])
            .Add("__attach_version1.0_#00000000/__substg1.0_3707001F", Encoding.Unicode.GetBytes("請求書.doc")));

        var found = Assert.Single(OfficeCompound.Embedded(file, Budget()));

        Assert.Equal("請求書.doc", found.Name);
        Assert.Equal([1, 2, 3], found.Content);
    }

    [Fact]
    public void PowerPointObject_IsTakenOutOfItsContainer()
    {
        var vba = Samples.VbaProject(Samples.AutoOpenSource);
        using var packed = new MemoryStream();
        packed.Write(BitConverter.GetBytes(vba.Length));
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
        {
            zlib.Write(vba);
        }

        byte[] record = [0x10, 0, 0x11, 0x10, .. BitConverter.GetBytes((int)packed.Length), .. packed.ToArray()];
        byte[] slides = [0x0F, 0, 0xE8, 0x03, .. BitConverter.GetBytes(record.Length), .. record];
        var file = Open(new CompoundFileWriter().Add("PowerPoint Document", slides));

        Assert.Equal(vba, Assert.Single(OfficeCompound.Embedded(file, Budget())).Content);
    }

    private static CompoundFile Open(CompoundFileWriter writer) => CompoundFile.Open(new MemoryStream(writer.ToArray()));

    private static ReadBudget Budget() => new(TimeProvider.System, TimeSpan.FromMinutes(1), 1 << 30);
}
