using System.Security.Cryptography;
using Sekisho.Inspection.Detection.Known;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Known;

public class KnownHashTests
{
    private static readonly byte[] File = Samples.OldDocument();

    [Theory]
    [InlineData("md5")]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public void AKnownFile_IsFound_HoweverDeep(string kind)
    {
        var hash = Convert.ToHexStringLower(CryptographicOperations.HashData(kind switch { "md5" => HashAlgorithmName.MD5, "sha1" => HashAlgorithmName.SHA1, _ => HashAlgorithmName.SHA256 }, File));
        var letter = LetterWriter.WithAttachments("x", "see", ("a.zip", ZipWriter.Plain(("b/invoice.doc", File))));
        foreach (var limits in new[] { new ReadLimits(), new ReadLimits { MaxPartInMemory = 100 } })
        {
            using var message = Letters.Open(letter, limits);
            var finding = Assert.Single(Indicators.Ask(new KnownHash(), message, $"{kind},{hash}"));
            Assert.Equal("INDICATOR_HASH", finding.Kind.Code);
            Assert.EndsWith("invoice.doc", finding.Place, StringComparison.Ordinal);
            Assert.Contains($"{kind} {hash} (source test, first seen ", finding.Evidence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AKnownMacro_IsFound_HoweverItIsLaidOut()
    {
        using var known = Letters.OpenDocument("a.doc", Samples.OldDocument("Sub AutoOpen()\r\nMsgBox \"x\"\r\nEnd Sub\r\n"));
        using var same = Letters.OpenDocument("b.doc", Samples.OldDocument("' other words\r\nsub autoopen()\r\n   MsgBox   \"x\"\r\n\r\nEnd Sub\r\n"));
        using var other = Letters.OpenDocument("c.doc", Samples.OldDocument("Sub AutoOpen()\r\nMsgBox \"y\"\r\nEnd Sub\r\n"));
        var project = known.Parts.SelectMany(p => p.Vba).First();
        foreach (var hash in new[] { MacroHash.Of(project), project.Modules.Select(MacroHash.Of).First(h => h is not null) })
        {
            Assert.Equal(["INDICATOR_HASH"], Indicators.Codes(new KnownHash(), same, $"macro-sha256,{hash}"));
            Assert.Empty(Indicators.Codes(new KnownHash(), other, $"macro-sha256,{hash}"));
        }
    }

    [Fact]
    public void OtherFiles_AreNot()
    {
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "see", ("a.doc", File)));
        Assert.Empty(Indicators.Ask(new KnownHash(), message, "sha256,00112233445566778899aabbccddeeff00112233445566778899aabbccddee01", "domain,evil.example"));
        Assert.Empty(Indicators.Ask(new KnownHash(), message));
    }
}
