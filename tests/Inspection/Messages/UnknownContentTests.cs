using System.Text;
using Sekisho.Inspection.Detection.Reading;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Messages;

public class UnknownContentTests
{
    /// <summary>Octets in which nothing is recognised.</summary>
    private static readonly byte[] Unknown = [.. Enumerable.Range(0, 1000).Select(i => (byte)((i * 37) ^ 0xA5))];

    [Theory]
    [InlineData("a.zip")]
    [InlineData("a.docm")]
    [InlineData("請求書.PDF")]
    [InlineData("a.one")]
    [InlineData("a.vhd")]
    [InlineData("a.mdb")]
    [InlineData("a.xls\uFE0F")]
    public void NameThatPromisesContents_IsNotCalledClean(string name)
    {
        Assert.Equal(FileKind.Unknown, FileTypes.Sniff(Unknown));
        Assert.Equal(["UNREADABLE_PART"], Letters.Codes(new UnreadablePart(), name, Unknown));
    }

    [Theory]
    [InlineData("a.dcm")]
    [InlineData("a.jpg")]
    [InlineData("a.mp3")]
    [InlineData("a.dat")]
    [InlineData("a.nkc")]
    [InlineData("a")]
    public void OtherNames_AreHarmless(string name) => Assert.Empty(Letters.Codes(new UnreadablePart(), name, Unknown));

    [Fact]
    public void CompanionsOfDocuments_AreHarmless()
    {
        using var message = Letters.OpenDocument("a.zip", ZipWriter.Plain(("__MACOSX/._a.pdf", [0, 5, 0x16, 7, 0, 2, .. Unknown]), ("~$report.docx", Unknown[..162])));

        Assert.Empty(message.Problems);
        Assert.Equal(3, message.Parts.Count);
    }

    [Fact]
    public void OneOfSeveralNames_IsEnough()
    {
        using var message = Letters.Open([.. Encoding.ASCII.GetBytes("From: a@b.test\r\nContent-Type: application/octet-stream; name=a.zip\r\nContent-Disposition: attachment; filename=a.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n" + Convert.ToBase64String(Unknown))]);

        Assert.Equal(ReadProblemReason.NoReader, Assert.Single(message.Problems).Reason);
    }

    [Fact]
    public void FixedDisk_IsKnownByItsEnd()
    {
        var volume = DiskImageWriter.Fat("a.doc", Samples.OldDocument());
        volume[510] = volume[511] = 0; // No mark of a boot sector at its beginning.
        using var message = Letters.OpenDocument("a.bin", DiskImageWriter.Vhd(volume, isDynamic: false));

        Assert.Equal(FileKind.DiskImage, message.Parts[0].Kind);
    }
}
