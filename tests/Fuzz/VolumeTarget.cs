using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Fuzz;

/// <summary>Letters with split archives, and archives with a password.</summary>
internal static class VolumeTarget
{
    private static readonly byte[] Content = Samples.OldDocument();

    /// <summary>One letter for each way of splitting; mutation of the octets breaks names, numbers and headers.</summary>
    public static IEnumerable<byte[]> Letters() =>
    [
        .. new[]
        {
            VolumeWriter.Zip("a", "b.doc", Content, 3000), VolumeWriter.Rar4("a", "b.doc", Content, 3000), VolumeWriter.Rar5("a", "b.doc", Content, 3000),
            VolumeWriter.Cut("a.7z", ArchiveWriter.SevenZip("b.doc", Content), 1000), VolumeWriter.Cut("a.zip", ZipWriter.Plain(("b.doc", Content)), 1000),
        }.SelectMany(v => new[] { LetterWriter.WithAttachments("x", "y", v), ZipWriter.Plain(v) }),
        "From: a@b.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/partial; id=q; number=1; total=2\r\n\r\nSubject: x\r\n\r\n--b\r\nContent-Type: message/partial; id=q; number=2; total=2\r\n\r\ny\r\n--b--\r\n"u8.ToArray(),
    ];

    /// <summary>7z, RAR 4 and RAR 5 with the password "p".</summary>
    public static IEnumerable<byte[]> Sealed() =>
        new[] { true, false }.SelectMany(h => new[] { SealedSevenZipWriter.Encrypted("a", Content, "p", h), RarWriter.Encrypted4("a", Content, "p", h), RarWriter.Encrypted5("a", Content, "p", h) });

    /// <summary>Tries the password.</summary>
    public static void ReadSealed(byte[] octets, FileKind kind, ReadBudget budget) => ArchivePasswords.Find(() => new MemoryStream(octets), kind, null, "p", budget);
}
