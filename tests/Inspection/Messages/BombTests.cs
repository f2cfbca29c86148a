using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Messages;

/// <summary>Small letters that unpack without end: each ends soon, in little memory, as a finding.</summary>
public class BombTests
{
    [Fact]
    public void NestedArchives_End()
    {
        // Five floors of eight archives, each leaf 40 MB of zeros: some 1.3 TB.
        var file = Packed(1, "zeros.bin", new byte[40 << 20]);
        for (var floor = 0; floor < 5; floor++)
        {
            file = Packed(8, "floor.zip", file);
        }

        Ends("bomb.zip", file, "LIMIT_REACHED");
    }

    [Fact]
    public void DeepNesting_Ends()
    {
        var file = Packed(1, "a.txt", [65]);
        for (var floor = 0; floor < 200; floor++)
        {
            file = Packed(1, "a.zip", file);
        }

        Ends("deep.zip", file, "LIMIT_REACHED");
    }

    [Fact]
    public void ManyMembers_End()
    {
        using var output = new MemoryStream();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var i = 0; i < 100_000; i++)
            {
                using var entry = zip.CreateEntry($"{i}.txt", CompressionLevel.NoCompression).Open();
                entry.WriteByte(65);
            }
        }

        Ends("many.zip", output.ToArray(), "LIMIT_REACHED");
    }

    [Fact]
    public void SelfContainingArchive_Ends()
    {
        // A gzip file in a tar in a gzip file ... as a quine unpacks: always one floor more.
        var file = "quine"u8.ToArray();
        for (var floor = 0; floor < 100; floor++)
        {
            file = ArchiveWriter.Gzip(file);
        }

        Ends("quine.gz", file, "LIMIT_REACHED");
    }

    [Fact]
    public void GzipQuine_Ends()
    {
        var quine = QuineWriter.Gzip();
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(quine), CompressionMode.Decompress))
        {
            gzip.CopyTo(unpacked);
        }

        Assert.Equal(quine, unpacked.ToArray());
        Assert.Equal(ZipWriter.Crc32(quine), BitConverter.ToUInt32(quine, quine.Length - 8));
        Ends("quine.gz", quine, "LIMIT_REACHED");
    }

    [Fact]
    public void ZipQuine_Ends()
    {
        var quine = QuineWriter.Zip();
        using (var zip = new ZipArchive(new MemoryStream(quine)))
        {
            var member = Assert.Single(zip.Entries);
            using var content = member.Open();
            using var unpacked = new MemoryStream();
            content.CopyTo(unpacked);
            Assert.Equal(quine, unpacked.ToArray());
            Assert.Equal(ZipWriter.Crc32(quine), member.Crc32);
        }

        Ends("quine.zip", quine, "LIMIT_REACHED");
    }

    [Fact]
    public void OneLongFile_Ends() => Ends("long.gz", Long(3L << 30), "LIMIT_REACHED");

    [Fact]
    public void RecursiveLetters_End()
    {
        var letter = new StringBuilder();
        for (var i = 0; i < 1000; i++)
        {
            letter.Append("From: a@b.test\r\nContent-Type: message/rfc822\r\n\r\n");
        }

        letter.Append("From: a@b.test\r\n\r\nend\r\n");
        Ends(() => Letters.Open(Encoding.ASCII.GetBytes(letter.ToString())), "LIMIT_REACHED");
    }

    [Fact]
    public void ManyParts_End()
    {
        var letter = new StringBuilder("From: a@b.test\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n");
        for (var i = 0; i < 100_000; i++)
        {
            letter.Append("--x\r\n\r\na\r\n");
        }

        Ends(() => Letters.Open(Encoding.ASCII.GetBytes(letter.Append("--x--\r\n").ToString())), "LIMIT_REACHED");
    }

    [Fact]
    public void ManyLongTexts_End()
    {
        // Twelve texts, each with half a million beginnings of files: their decoded text, kept, would be too much.
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("begin 644 a\nbegun 644 b\n", 600_000)));
        Ends("texts.zip", Packed(12, "a.txt", text), "LIMIT_REACHED");
    }

    [Fact]
    public void NestedVolumes_End()
    {
        var file = Packed(1, "a.txt", [65]);
        for (var floor = 0; floor < 300; floor++)
        {
            file = ZipWriter.Plain([.. VolumeWriter.Cut("a.zip", file, (file.Length / 2) + 1)]);
        }

        Ends("volumes.zip", file, "LIMIT_REACHED");
    }

    [Fact]
    public void VolumesOfABomb_End()
    {
        var file = Packed(1, "zeros.bin", new byte[40 << 20]);
        for (var floor = 0; floor < 4; floor++)
        {
            file = Packed(8, "floor.zip", file);
        }

        var letter = LetterWriter.WithAttachments("x", "y", VolumeWriter.Cut("a.zip", file, (file.Length / 900) + 1));
        Ends(() => Letters.Open(letter), "LIMIT_REACHED");
    }

    private static void Ends(string name, byte[] document, string code) => Ends(() => Letters.OpenDocument(name, document), code);

    private static void Ends(Func<InboundMessage> open, string code)
    {
        GC.Collect();
        var before = GC.GetTotalMemory(true);
        var clock = Stopwatch.StartNew();
        using var message = open();
        var findings = Detectors.Inspect(Detectors.All, new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped));
        var seconds = clock.Elapsed.TotalSeconds;

        Assert.Contains(code, findings.Select(f => f.Kind.Code));
        Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 256 << 20);
        Assert.True(seconds < 5 * Patience, $"{seconds:F1} s");
    }

    /// <summary>Five seconds are meant for a machine that has nothing else to do.</summary>
    private const int Patience = 2;

    private static byte[] Packed(int copies, string name, byte[] content) =>
        ZipWriter.Plain([.. Enumerable.Range(0, copies).Select(i => ($"{i}-{name}", content))]);

    private static byte[] Long(long length)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var left = length; left > 0; left -= zeros.Length)
            {
                gzip.Write(zeros);
            }
        }

        return output.ToArray();
    }
}
