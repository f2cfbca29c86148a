using System.IO.Compression;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes Office documents that are text: Word 2003 XML, flat packages, web archives, with a VBA project in them.</summary>
public static class OfficeTextWriter
{
    /// <summary>A flat Open Packaging Conventions package.</summary>
    public static byte[] FlatPackage(byte[] vbaProject) => Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?><?mso-application progid=\"Word.Document\"?><pkg:package xmlns:pkg=\"http://schemas.microsoft.com/office/2006/xmlPackage\">"
        + $"<pkg:part pkg:name=\"/word/vbaProject.bin\"><pkg:binaryData>{Convert.ToBase64String(vbaProject)}</pkg:binaryData></pkg:part></pkg:package>");

    /// <summary>Word 2003 XML.</summary>
    public static byte[] WordXml(byte[] vbaProject) => Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?><?mso-application progid=\"Word.Document\"?><w:wordDocument xmlns:w=\"http://schemas.microsoft.com/office/word/2003/wordml\">"
        + $"<w:docSuppData><w:binData w:name=\"editdata.mso\">{Convert.ToBase64String(ActiveMime(vbaProject))}</w:binData></w:docSuppData></w:wordDocument>");

    /// <summary>A web archive (MHTML) as Word saves it.</summary>
    public static byte[] WebArchive(byte[] vbaProject) => Encoding.ASCII.GetBytes("MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<html></html>\r\n"
        + $"--b\r\nContent-Location: file:///C:/editdata.mso\r\nContent-Transfer-Encoding: base64\r\nContent-Type: application/x-mso\r\n\r\n{Convert.ToBase64String(ActiveMime(vbaProject), Base64FormattingOptions.InsertLineBreaks)}\r\n--b--\r\n");

    /// <summary>Office's wrapping of a compound file within text.</summary>
    public static byte[] ActiveMime(byte[] content)
    {
        using var packed = new MemoryStream();
        packed.Write("ActiveMime"u8);
        packed.Write(new byte[0x32 - 10]);
        using (var zlib = new ZLibStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            zlib.Write(content);
        }

        return packed.ToArray();
    }
}
