using MimeKit;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Tests.Detection.Outbound;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Senders;

public class CampaignMarkTests
{
    private const string Source = "Sub A()\r\n    MsgBox 1\r\nEnd Sub\r\n";

    [Fact]
    public void TheSameAttachmentUnderAnotherNameAndSubject_IsTheSame()
    {
        var one = Keys(LetterWriter.WithAttachments("請求書", "a", ("a.pdf", "same octets"u8.ToArray())));
        Assert.Single(one);
        Assert.Equal(one, Keys(LetterWriter.WithAttachments("other", "b", ("b.pdf", "same octets"u8.ToArray()))));
        Assert.NotEqual(one, Keys(LetterWriter.WithAttachments("請求書", "a", ("a.pdf", "other octets"u8.ToArray()))));
    }

    [Fact]
    public void TheSameMacroInDifferentDocuments_IsTheSame()
    {
        var one = Keys(LetterWriter.WithAttachments("x", "a", ("a.doc", Samples.OldDocument(Source))));
        var other = Keys(LetterWriter.WithAttachments("x", "a", ("a.doc", [.. Samples.OldDocument(Source), .. new byte[512]])));
        Assert.Single(one.Intersect(other), k => k.StartsWith("macro:", StringComparison.Ordinal));
        Assert.Single(one.Except(other), k => k.StartsWith("file:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Re: 予約 12 のご確認", "http://www.evil.example/a?1", true)]
    [InlineData("予約13のご確認", "https://evil.example/b", true)]
    [InlineData("RE: FW:予約のご確認", "https://evil.example/b", true)]
    [InlineData("別の件", "https://evil.example/b", false)]
    [InlineData("予約のご確認", "https://other.example/b", false)]
    public void SubjectAndSiteTogether(string subject, string link, bool same) =>
        Assert.Equal(same, Keys(LetterWriter.Plain("予約のご確認", "http://evil.example/")).SequenceEqual(Keys(LetterWriter.Plain(subject, link))));

    [Fact]
    public void OurOwnSite_IsNoMark() => Assert.Empty(Keys(LetterWriter.Plain("x", "http://www.hospital.test/map https://ward.hospital.test/")));

    /// <summary>A house's logo stands below every letter, and so does the sender's card.</summary>
    [Fact]
    public void PicturesAndCards_AreNoMark()
    {
        byte[] png = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0];
        Assert.Empty(Keys(LetterWriter.WithAttachments("x", "x", ("logo.png", png))));
        using var card = new MimeMessage([new MailboxAddress("", "a@hospital.test")], [new MailboxAddress("", "b@clinic.test")], "x", new Multipart("mixed")
        {
            new TextPart("plain") { Text = "x" },
            new MimePart("text", "vcard") { Content = new MimeContent(new MemoryStream("BEGIN:VCARD\r\nEND:VCARD\r\n"u8.ToArray())), FileName = "a.vcf", ContentDisposition = new ContentDisposition("attachment") },
        });
        using var octets = new MemoryStream();
        card.WriteTo(octets);
        Assert.Empty(Keys(octets.ToArray()));
    }

    [Fact]
    public void AHundredAttachments_GiveFewMarks() =>
        Assert.Equal(8, Keys(LetterWriter.WithAttachments("x", "x", [.. Enumerable.Range(0, 100).Select(n => ($"{n}.bin", new byte[] { (byte)n, 1, 2, 3 }))])).Length);

    private static string[] Keys(byte[] letter)
    {
        using InboundMessage message = Leaving.Open(letter);
        return [.. CampaignMark.Of(message, ["hospital.test"]).Select(m => m.Key)];
    }
}
