using System.IO.Compression;
using Sekisho.Inspection.Detection.Reading;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Reading;

public class InflatedFileTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0x41)]
    public void PaddedDocument_IsOpenedAndFound(byte filler)
    {
        var zip = Padded(Samples.OldDocument(Samples.AutoOpenSource), 520L << 20, filler);
        Assert.True(zip.Length < 1 << 20);
        GC.Collect();
        var before = GC.GetTotalMemory(true);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var message = Letters.OpenDocument("a.zip", zip);

        Assert.Equal("ARCHIVE_INFLATED", Assert.Single(Letters.Ask(new InflatedFile(), message)).Kind.Code);
        Assert.Contains(message.Parts, p => p.Vba.Count == 1 && p.Length > 520 << 20);
        Assert.Empty(message.Problems);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 6);
        Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 64 << 20);
    }

    [Fact]
    public void PaddedPackage_IsReadAndFound()
    {
        byte[] package = [.. OoxmlWriter.Workbook(Samples.VbaProject(Samples.AutoOpenSource)), .. new byte[20 << 20]];
        using var message = Letters.OpenDocument("a.xlsm", package);

        Assert.Equal("ARCHIVE_INFLATED", Assert.Single(Letters.Ask(new InflatedFile(), message)).Kind.Code);
        Assert.Equal(FileKind.ExcelOpenXmlMacro, message.Parts[0].Kind);
        Assert.Contains(message.Parts, p => p.Vba.Count == 1);
        Assert.Empty(message.Problems);
    }

    [Fact]
    public void OrdinaryData_IsNot() => Assert.Empty(Letters.Codes(new InflatedFile(), "a.zip", ZipWriter.Plain(("a.csv", new byte[4 << 20]))));

    private static byte[] Padded(byte[] document, long padding, byte filler)
    {
        using var output = new MemoryStream();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("invoice.doc", CompressionLevel.SmallestSize).Open();
            entry.Write(document);
            var block = new byte[1 << 20];
            block.AsSpan().Fill(filler);
            for (var written = 0L; written < padding; written += block.Length)
            {
                entry.Write(block);
            }
        }

        return output.ToArray();
    }
}
