using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Detection.Links;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class OpenXmlLinksTests
{
    private const string Target = "https://host.example/a";
    private const string Words = "https://www.bank.example/login";

    public static TheoryData<string, byte[]> Documents => new()
    {
        { "a.docx", OoxmlWriter.LinkedDocument(Target, Words) },
        { "a.xlsx", OoxmlWriter.LinkedWorkbook(Target, Words) },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public void Link_HasTheWordsThatCoverIt(string name, byte[] document)
    {
        using var message = Letters.OpenDocument(name, document);

        Assert.Empty(message.Problems);
        var link = Assert.Single(message.Parts[0].Links, l => l.Host == "host.example");
        Assert.Equal(Words, link.Text);
        Assert.Equal(LinkPlace.Document, link.Place);
        Assert.Single(new LinkDisguised().Inspect(new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped)));
    }

    [Fact]
    public void HonestLink_IsNoFinding()
    {
        using var message = Letters.OpenDocument("a.docx", OoxmlWriter.LinkedDocument("https://www.hospital.example/info", "www.hospital.example"));

        Assert.Empty(new LinkDisguised().Inspect(new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped)));
    }

    [Fact]
    public void DisplayText_CoversACellWithoutText()
    {
        var found = new CarrierContents();
        OpenXmlLinks.Find("<c r=\"A1\"><v>3</v></c><hyperlink ref=\"A1:B2\" r:id=\"a\" display=\"a &amp; b\"/>"u8, "<Relationship Id=\"a\" Target=\"http://host.example/\" TargetMode=\"External\"/>"u8, [], found);

        Assert.Equal("http://host.example/ (a & b)", Assert.Single(found.Signs).Evidence);
    }
}
