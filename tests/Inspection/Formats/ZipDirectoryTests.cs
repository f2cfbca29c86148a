using Sekisho.Inspection.Detection.Reading;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class ZipDirectoryTests
{
    [Fact]
    public void UnknownMethodOfZip_IsCalledSo()
    {
        using var message = Letters.OpenDocument("a.zip", RawZipWriter.Archive(RawZipWriter.Stored("a.dat", [1, 2, 3]) with { Method = 77 }));

        Assert.Contains("packed in a way that is not looked into", Assert.Single(message.Problems).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ZipWithSomethingBehindIt_IsReadAndNotBroken()
    {
        byte[] octets = [.. ZipWriter.Plain(("a.doc", Samples.OldDocument(Samples.AutoOpenSource))), .. Enumerable.Repeat((byte)'x', 120_000)];
        using var message = Letters.OpenDocument("a.zip", octets);

        Assert.Empty(message.Problems);
        Assert.Contains(message.Parts, p => p.Vba.Count == 1);
        Assert.Equal("ARCHIVE_AMBIGUOUS", Assert.Single(Letters.Ask(new AmbiguousArchive(), message)).Kind.Code);
        Assert.Equal(120_000, message.Parts[0].Padding);
    }

    [Fact]
    public void MembersBehindTheEndOfAZip_AreReadToo()
    {
        byte[] behind = [.. ZipWriter.Plain(("b.exe", Samples.Program()))[..^30], .. new byte[100_000], 1];
        using var message = Letters.OpenDocument("a.zip", [.. ZipWriter.Plain(("a.txt", "hello"u8.ToArray())), .. behind]);

        Assert.Contains(message.Parts, p => p.Name == "a.txt");
        Assert.Contains(message.Parts, p => p.Kind == FileKind.WindowsProgram);
    }
}
