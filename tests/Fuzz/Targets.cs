using System.Net;
using System.Text;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.SampleMaker;
using Sekisho.Smtp;

namespace Sekisho.Fuzz;

/// <summary>One reader under test.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Seeds">Sound input to start from.</param>
/// <param name="Run">Reads hostile octets; may throw <see cref="InvalidDataException"/> and nothing else.</param>
/// <param name="CorpusPattern">File names in the corpus that make further seeds, such as <c>*.doc</c>; empty for none.</param>
internal sealed record Target(string Name, Func<IEnumerable<byte[]>> Seeds, Action<byte[]> Run, params string[] CorpusPattern);

/// <summary>All readers of hostile octets. A new one is one entry here.</summary>
internal static class Targets
{
    private static readonly Envelope Envelope = new(Guid.Empty, DateTimeOffset.UnixEpoch, IPAddress.Loopback, "fuzz.test", "a@fuzz.test", [new EnvelopeRecipient("b@hospital.test")]);

    /// <summary>Small limits, so that a run is short; the time limit is the fuzzer's own.</summary>
    private static readonly ReadLimits Limits = new() { MaxPartInMemory = 1 << 20, MaxUnpacked = 64 << 20, MaxParts = 2000, Time = TimeSpan.FromSeconds(4) };

    public static readonly IReadOnlyList<Target> All =
    [
        new("file-types", () => [Samples.Program(), "@echo off"u8.ToArray(), .. Letters(), .. Documents()], octets => FileTypes.Sniff(octets)),
        new("compound-file", Documents, ReadCompound, "*.doc", "*.xls", "*.ppt", "*.msg"),
        new("vba", () => [Samples.VbaProject(Samples.AutoOpenSource, 932), Samples.VbaProject(Samples.QuietSource)], octets => VbaProject.Find(CompoundFile.Open(new MemoryStream(octets))), "vbaProject*.bin", "*.xls"),
        new("vba-compression", () => [VbaProjectWriter.Compress(Encoding.ASCII.GetBytes(Samples.AutoOpenSource)), VbaProjectWriter.Compress(new byte[9000])], octets => VbaCompression.Decompress(octets, 1 << 20, out _)),
        new("vba-auto-start", () => [Encoding.ASCII.GetBytes(Samples.AutoOpenSource), "Public _\r\nSub x: ' y _\r\n\"Rem\""u8.ToArray()], octets => VbaAutoStart.Find(Encoding.Latin1.GetString(octets))),
        new("zip", Archives, octets => ReadArchive(octets, FileKind.Zip), "*.zip", "*.xlsx"),
        new("archives", OtherArchives, octets => Array.ForEach([FileKind.Rar, FileKind.SevenZip, FileKind.Tar, FileKind.Gzip, FileKind.Bzip2, FileKind.Xz], k => ReadArchive(octets, k)), "*.rar", "*.7z", "*.tar", "*.gz", "*.bz2", "*.xz", "*.tgz"),
        new("old-archives", () => [.. new[] { 0, 1, 2 }.Select(l => OldArchiveWriter.Lzh("a.doc", Samples.OldDocument(), l, l == 0 ? "-lh0-" : "-lh5-")), OldArchiveWriter.Arj("a.doc", new byte[3000], 1), .. new[] { 0, 1, 3 }.Select(m => OldArchiveWriter.Cab(m, ("a", new byte[40_000]), ("b", Samples.OldDocument())))], octets => Array.ForEach([FileKind.Lzh, FileKind.Arj, FileKind.Cab, FileKind.Zstd], k => ReadArchive(octets, k)), "*.cab", "*.lzh", "*.arj"),
        new("disk-images", () => [DiskImageWriter.Iso("a.doc", new byte[3000]), DiskImageWriter.Udf("a.doc", new byte[3000]), DiskImageWriter.Partitioned(DiskImageWriter.Fat("a.doc", new byte[3000])), DiskImageWriter.Vhd(DiskImageWriter.Fat("a.doc", new byte[3000]), true)], octets => Array.ForEach([FileKind.Iso, FileKind.DiskImage], k => ReadArchive(octets, k))),
        new("office-encryption", () => [Samples.OldDocument()], ReadEncrypted, "*password*.doc*", "*pwd*.xls*", "*encrypt*.xls*", "*agile*.xlsb"),
        new("ooxml", Packages, octets => ReadDocument("a.docm", octets), "*.docm", "*.xlsm", "*.pptm", "*.xlsb"),
        new("document", Documents, octets => ReadDocument("a.doc", octets), "*.doc", "*.xls", "*.ppt", "*.msg", "*.one", "*.mht", "*.odt"),
        new("xml-binaries", () => ["<w:binData>AQIDBAUG</w:binData><pkg:binaryData>AQID"u8.ToArray()], octets => XmlBinaries.Find(octets)),
        new("one-note", () => [[.. new Guid("BDE316E7-2665-4511-A4C4-8D4D0B7A9EAC").ToByteArray(), 3, 0, 0, 0, 0, 0, 0, 0, .. new byte[12], 7, 8, 9]], octets => OneNoteFiles.Find(octets, Budget())),
        new("active-mime", ActiveMimes, octets => ActiveMime.Unwrap(octets, Budget())),
        new("tnef", () => [[0x78, 0x9F, 0x3E, 0x22, 0, 0, 1, 6, 0x90, 8, 0, 4, 0, 0, 0, 0, 0, 1, 0]], octets => TnefFile.Find(octets, out _), "*.tnef", "winmail*.dat"),
        new("message", Letters, ReadMessage, "*.eml", "msg_*.txt"),
        new("smtp-session", SmtpTarget.Sessions, SmtpTarget.RunSession),
        new("smtp-reply", SmtpTarget.Replies, SmtpTarget.ReadReplies),
        new("proxy-header", () => ["PROXY TCP4 192.0.2.7 198.51.100.1 40000 25\r\n"u8.ToArray(), [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10, 0x21, 0x11, 0, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]], octets => ProxyProtocol.TryRead(new System.Buffers.ReadOnlySequence<byte>(octets), out _, out _)),
    ];

    private static IEnumerable<byte[]> Documents() =>
        [Samples.OldDocument(Samples.AutoOpenSource), Samples.OldDocument(), new CompoundFileWriter().Add("Workbook", new byte[6000]).Add("A/B/\u0001Ole10Native", new byte[100]).Add("PowerPoint Document", new byte[100]).ToArray()];

    private static IEnumerable<byte[]> Packages() => [OoxmlWriter.Document(Samples.VbaProject(Samples.AutoOpenSource)), OoxmlWriter.Workbook()];

    private static IEnumerable<byte[]> Archives() => [ZipWriter.Plain(("a.txt", new byte[1000]), ("b/c.bin", [1, 2, 3])), ZipWriter.Encrypted("a.doc", new byte[100], "p"), .. Packages()];

    private static IEnumerable<byte[]> OtherArchives()
    {
        var content = Samples.OldDocument(Samples.AutoOpenSource);
        return [ArchiveWriter.SevenZip("a.doc", content), ArchiveWriter.Rar("a.doc", content), ArchiveWriter.Tar("a.doc", content), ArchiveWriter.Gzip(content), ArchiveWriter.Bzip2(content), ArchiveWriter.Xz()];
    }

    private static IEnumerable<byte[]> ActiveMimes()
    {
        using var packed = new MemoryStream();
        packed.Write("ActiveMime"u8);
        packed.Write(new byte[0x32 - 10]);
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
        {
            zlib.Write(Samples.VbaProject(Samples.AutoOpenSource));
        }

        return [packed.ToArray()];
    }

    private static IEnumerable<byte[]> Letters() =>
    [
        LetterWriter.Plain("x", "hello"),
        LetterWriter.WithAttachments("請求書", "see", ("a.zip", ZipWriter.Plain(("b.doc", Samples.OldDocument(Samples.AutoOpenSource)))), ("c.docm", OoxmlWriter.Document(Samples.VbaProject(Samples.AutoOpenSource)))),
        LetterWriter.Enclosing("out", LetterWriter.WithAttachments("in", "x", ("a.exe", Samples.Program()))),
    ];

    private static ReadBudget Budget() => new(TimeProvider.System, TimeSpan.FromSeconds(4), 64 << 20);

    private static void ReadCompound(byte[] octets)
    {
        var file = CompoundFile.Open(new MemoryStream(octets));
        var kind = OfficeCompound.KindOf(file);
        OfficeCompound.IsEncrypted(file, kind);
        var left = 16 << 20;
        foreach (var entry in file.Entries)
        {
            left -= file.Read(entry, Math.Max(0, Math.Min(left, 1 << 20))).Length;
        }

        foreach (var item in OfficeCompound.Embedded(file, Budget()))
        {
            _ = item.Content.Length;
        }
    }

    private static void ReadArchive(byte[] octets, FileKind kind)
    {
        try
        {
            using var reader = ArchiveReader.Open(new MemoryStream(octets), kind, Budget());
            var buffer = new byte[16 << 10];
            while (reader.Next() is { } member)
            {
                if (member.IsEncrypted)
                {
                    continue;
                }

                using var stream = reader.OpenRead();
                while (stream.Read(buffer, 0, buffer.Length) > 0)
                {
                }
            }
        }
        catch (InvalidDataException)
        {
            // Allowed; the next kind is tried on the same octets.
        }
    }

    private static void ReadEncrypted(byte[] octets)
    {
        var file = CompoundFile.Open(new MemoryStream(octets));
        if (OfficeEncryption.Find(file, OfficeCompound.KindOf(file)) is { } encryption && (encryption.Try("password") || encryption.Try(OfficeEncryption.ExcelDefault)))
        {
            _ = encryption.Decrypt((byte[])octets.Clone(), Budget()).Length;
        }
    }

    private static void ReadDocument(string name, byte[] octets)
    {
        using var message = MessageReader.ReadDocument(name, new MemoryStream(octets), Limits, TimeProvider.System, CancellationToken.None);
        Judge(message);
    }

    private static void ReadMessage(byte[] octets)
    {
        using var message = MessageReader.Read(Envelope, new MemoryStream(octets), Limits, TimeProvider.System, CancellationToken.None);
        Judge(message);
    }

    private static void Judge(InboundMessage message)
    {
        if (message.Problems.FirstOrDefault(p => p.Text.StartsWith(MessageOpening.UnexpectedMark, StringComparison.Ordinal)) is { } problem)
        {
            throw new InvalidOperationException($"{problem.Place}: {problem.Text}");
        }

        var findings = Detectors.Inspect(Detectors.All, new InspectionContext(message, SenderFacts.Unknown));
        if (findings.FirstOrDefault(f => f.Kind == Detectors.Failed) is { } failed)
        {
            throw new InvalidOperationException($"{failed.Place}: {failed.Evidence}");
        }

        VerdictText.Explain(new MessagePolicy(new PolicyOptions()).Judge(findings), "ja");
    }
}
