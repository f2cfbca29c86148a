using Sekisho.Cli;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;
using System.Net;

namespace Sekisho.Server.Tests.Cli;

/// <summary>What a person sees of a letter's inside.</summary>
public class ScanTreeTests
{
    [Fact]
    public void EveryPartStandsUnderItsContainerWithItsTrueType()
    {
        var zip = ZipWriter.Plain(("invoice.doc", Samples.OldDocument(Samples.AutoOpenSource)));
        var lines = Lines(LetterWriter.WithAttachments("紹介\u202E状", "see http://192.0.2.7/a", ("papers.zip", zip), ("photo\u001b[2J.jpg", Samples.Program())));

        Assert.StartsWith("letter \"紹介状\" from \"Alice\" <alice@sender.test>", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, l => l.StartsWith("  1  [Text, ", StringComparison.Ordinal) && l.EndsWith("octets, body]", StringComparison.Ordinal));
        Assert.Contains("    > http://192.0.2.7/a", lines);
        Assert.Contains(lines, l => l.StartsWith("    invoice.doc  [Word, ", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("* VBA module ThisDocument", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("[WindowsProgram, 512 octets]", StringComparison.Ordinal));
        Assert.All(lines, l => Assert.DoesNotContain(l, char.IsControl));
    }

    [Fact]
    public void LinksOfDocumentsAreTold_WithWhereTheyStand()
    {
        var macro = "Attribute VB_Name = \"M\"\r\nSub AutoOpen()\r\nu = \"https://xn--80ak6aa92e.example/x\"\r\nEnd Sub\r\n";
        var lines = Lines(LetterWriter.WithAttachments("x", "y", ("a.doc", Samples.OldDocument(macro)), ("b.pdf", CarrierWriter.Pdf("<< /S /URI /URI (https://a.test/) >>"))));

        Assert.Contains("    > https://xn--80ak6aa92e.example/x (аррӏе.example) (Command)", lines);
        Assert.Contains("    > https://a.test/", lines);
    }

    [Fact]
    public void ProblemsAreTold()
    {
        var lines = Lines(OddLetters.All["two-boundaries"]);

        Assert.Contains(lines, l => l.Contains("! AmbiguousMime: ", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("~alt1.1", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Lines(byte[] letter)
    {
        using var octets = new MemoryStream(letter);
        var envelope = new Envelope(Guid.Empty, DateTimeOffset.UnixEpoch, IPAddress.Loopback, "", "", [new EnvelopeRecipient("b@hospital.test")]);
        using var message = MessageReader.Read(envelope, octets, new ReadLimits(), TimeProvider.System, CancellationToken.None);
        return ScanTree.Lines(message);
    }
}
