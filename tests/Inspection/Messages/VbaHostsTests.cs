using System.IO.Compression;
using System.Text;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Messages;

/// <summary>Macros are found in whatever carries them.</summary>
public class VbaHostsTests
{
    [Theory]
    [InlineData("doc", "WordDocument", "Macros")]
    [InlineData("xls", "Workbook", "_VBA_PROJECT_CUR")]
    [InlineData("xls", "Book", "_VBA_PROJECT_CUR")]
    [InlineData("pub", "Contents", "VBA")]
    [InlineData("pub", "Quill/QuillSub/CONTENTS", "Anything")]
    [InlineData("vsd", "VisioDocument", "VBAProject")]
    [InlineData("doc", "WordDocument", "ObjectPool/_1/Macros")]
    public void CompoundFiles(string extension, string stream, string storage)
    {
        var file = new CompoundFileWriter().Add(stream, new byte[5000]);
        new VbaProjectWriter().Add("ThisDocument", Samples.AutoOpenSource).AddTo(file, storage);

        AssertHasMacro("a." + extension, file.ToArray());
    }

    [Theory]
    [InlineData("docm", "vbaProject.bin")]
    [InlineData("dotm", "other.name")]
    [InlineData("docx", "media/image1.jpeg")]
    public void WordPackages(string extension, string name) => AssertHasMacro("a." + extension, OoxmlWriter.Document(Samples.VbaProject(Samples.AutoOpenSource), name));

    [Theory]
    [InlineData("xlsm")]
    [InlineData("xlam")]
    [InlineData("xlsb")]
    [InlineData("pptm")]
    [InlineData("ppam")]
    public void OtherPackages(string extension) => AssertHasMacro("a." + extension, OoxmlWriter.Workbook(Samples.VbaProject(Samples.AutoOpenSource)));

    [Fact]
    public void FlatPackage_AndWordXml()
    {
        AssertHasMacro("a.xml", Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?><?mso-application progid=\"Word.Document\"?><pkg:package xmlns:pkg=\"http://schemas.microsoft.com/office/2006/xmlPackage\">"
            + $"<pkg:part pkg:name=\"/word/vbaProject.bin\"><pkg:binaryData>{Convert.ToBase64String(Samples.VbaProject(Samples.AutoOpenSource))}</pkg:binaryData></pkg:part></pkg:package>"));
        AssertHasMacro("a.doc", Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?><?mso-application progid=\"Word.Document\"?><w:wordDocument xmlns:w=\"http://schemas.microsoft.com/office/word/2003/wordml\">"
            + $"<w:docSuppData><w:binData w:name=\"editdata.mso\">{Convert.ToBase64String(ActiveMime())}</w:binData></w:docSuppData></w:wordDocument>"));
    }

    [Fact]
    public void WebArchive_WithActiveMime() => AssertHasMacro("a.doc", Encoding.ASCII.GetBytes("MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<html></html>\r\n"
        + $"--b\r\nContent-Location: file:///C:/editdata.mso\r\nContent-Transfer-Encoding: base64\r\nContent-Type: application/x-mso\r\n\r\n{Convert.ToBase64String(ActiveMime(), Base64FormattingOptions.InsertLineBreaks)}\r\n--b--\r\n"));

    [Fact]
    public void SeveralProjectsInOneFile_AreAllFound()
    {
        var file = new CompoundFileWriter().Add("WordDocument", new byte[5000]);
        new VbaProjectWriter().Add("A", Samples.QuietSource).AddTo(file, "Macros");
        new VbaProjectWriter(932).Add("標準", Samples.AutoOpenSource).AddTo(file, "ObjectPool/_2/_VBA_PROJECT_CUR");

        using var message = Letters.OpenDocument("a.doc", file.ToArray());

        Assert.Equal(["A", "標準"], message.Parts.SelectMany(p => p.Vba).SelectMany(p => p.Modules).Select(m => m.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void PropertiesOfAPackage_AreTextsOfIt()
    {
        using var message = Letters.OpenDocument("a.docx", ZipWriter.Plain(
            ("[Content_Types].xml", "<Types><Override ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>"u8.ToArray()),
            ("docProps/core.xml", "<cp:coreProperties><dc:description>hidden words</dc:description></cp:coreProperties>"u8.ToArray()),
            ("word/settings.xml", "<w:settings><w:docVar w:name=\"v\" w:val=\"1\"/></w:settings>"u8.ToArray())));

        Assert.Equal(["description=hidden words", "v=1"], message.Parts[0].Texts.Select(t => $"{t.Name}={t.Text}"));
    }

    private static void AssertHasMacro(string name, byte[] document)
    {
        using var message = Letters.OpenDocument(name, document);

        Assert.Contains(message.Parts.SelectMany(p => p.Vba).SelectMany(p => p.Modules), m => m.Source.Contains("Sub AutoOpen()", StringComparison.Ordinal));
    }

    private static byte[] ActiveMime()
    {
        using var packed = new MemoryStream();
        packed.Write("ActiveMime"u8);
        packed.Write(new byte[0x32 - 10]);
        using (var zlib = new ZLibStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            zlib.Write(Samples.VbaProject(Samples.AutoOpenSource));
        }

        return packed.ToArray();
    }
}
