using System.IO.Compression;
using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

/// <summary>Small readers of files within files: ActiveMime, XML binaries, OneNote, package kinds.</summary>
public class EmbeddingTests
{
    [Fact]
    public void ActiveMime_IsUnwrapped()
    {
        using var packed = new MemoryStream();
        packed.Write("ActiveMime"u8);
        packed.Write(new byte[0x32 - 10]);
        using (var zlib = new ZLibStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            zlib.Write([1, 2, 3, 4]);
        }

        Assert.Equal([1, 2, 3, 4], ActiveMime.Unwrap(packed.ToArray(), Budget()));
        Assert.Throws<InvalidDataException>(() => ActiveMime.Unwrap("ActiveMime and nothing else"u8, Budget()));
    }

    [Theory]
    [InlineData("<w:binData w:name=\"editdata.mso\">AQID\r\nBAUG</w:binData>")]
    [InlineData("<pkg:binaryData>AQIDBAUG</pkg:binaryData>")]
    [InlineData("<pkg:binaryData>AQIDBAUG")]
    public void XmlBinary_IsDecoded(string xml)
    {
        Assert.Equal([1, 2, 3, 4, 5, 6], Assert.Single(XmlBinaries.Find(Encoding.UTF8.GetBytes(xml))).Content);
        Assert.Equal([1, 2, 3, 4, 5, 6], Assert.Single(XmlBinaries.Find([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(xml)])).Content);
    }

    [Fact]
    public void XmlWithoutBinaries_HasNone() => Assert.Empty(XmlBinaries.Find("<a><binData/></a><binData"u8));

    [Fact]
    public void OneNoteFile_IsTakenOut()
    {
        byte[] section = [1, 2, .. new Guid("BDE316E7-2665-4511-A4C4-8D4D0B7A9EAC").ToByteArray(), 3, 0, 0, 0, 0, 0, 0, 0, .. new byte[12], 7, 8, 9, 0, 0];

        var found = new CarrierContents();

        OneNoteFiles.Find(section, Budget(), found);

        Assert.Equal([7, 8, 9], Assert.Single(found.Files).Content);
    }

    [Theory]
    [InlineData("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", FileKind.WordOpenXml)]
    [InlineData("application/vnd.ms-word.document.macroEnabled.main+xml", FileKind.WordOpenXmlMacro)]
    [InlineData("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", FileKind.ExcelOpenXml)]
    [InlineData("application/vnd.ms-excel.sheet.macroEnabled.main+xml", FileKind.ExcelOpenXmlMacro)]
    [InlineData("application/vnd.ms-excel.sheet.binary.macroEnabled.main", FileKind.ExcelBinary)]
    [InlineData("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml", FileKind.PowerPointOpenXml)]
    [InlineData("application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml", FileKind.PowerPointOpenXmlMacro)]
    [InlineData("application/xml", FileKind.OpenXml)]
    public void Package_IsToldByItsMainPart(string type, FileKind kind)
    {
        var xml = $"<Types><Default Extension=\"xlsx\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\"/><Override PartName=\"/x\" ContentType=\"{type}\"/></Types>";

        Assert.Equal(kind, OpenXmlContent.KindOf(Encoding.UTF8.GetBytes(xml)));
        Assert.Equal(kind, OpenXmlContent.KindOf(Encoding.Unicode.GetBytes(xml)));
    }

    private static ReadBudget Budget() => new(TimeProvider.System, TimeSpan.FromMinutes(1), 1 << 30);
}
