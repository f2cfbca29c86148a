using System.Security.Cryptography;
using Sekisho.Inspection.Detection.Known;
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
    public void OtherFiles_AreNot()
    {
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "see", ("a.doc", File)));
        Assert.Empty(Indicators.Ask(new KnownHash(), message, "sha256,00112233445566778899aabbccddeeff00112233445566778899aabbccddee01", "domain,evil.example"));
        Assert.Empty(Indicators.Ask(new KnownHash(), message));
    }
}
