using System.IO.Compression;
using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class ZipAesTests
{
    private const string Password = "さくら2026";

    private static readonly byte[] Document = Samples.OldDocument(Samples.AutoOpenSource);

    public static TheoryData<string, byte[], string> Archives => new()
    {
        { "ZipCrypto, CP932", ZipWriter.Encrypted("a.doc", Document, Password), "a.zip" },
        { "ZipCrypto, UTF-8", ZipWriter.Encrypted("a.doc", Document, Password, Encoding.UTF8), "a.zip" },
        { "AES, CP932", RawZipWriter.Archive(RawZipWriter.Aes("a.doc", Document, Password, Encoding.GetEncoding(932))), "a.zip" },
        { "AES, CP932, Deflate", Deflated(), "a.zip" },
        { "AES, CP932, behind another file", [.. new byte[3000], .. RawZipWriter.Archive(RawZipWriter.Stored("b.txt", [65]), RawZipWriter.Aes("a.doc", Document, Password, Encoding.GetEncoding(932)))], "a.zip" },
        { "AES, UTF-8", RawZipWriter.Archive(RawZipWriter.Aes("a.doc", Document, Password)), "a.zip" },
        { "7z", SealedArchiveWriter.SevenZip("a.doc", Document, Password), "a.7z" },
        { "7z, hidden names", SealedArchiveWriter.SevenZip("a.doc", Document, Password, areNamesSealed: true), "a.7z" },
        { "RAR 5", SealedArchiveWriter.Rar5("a.doc", Document, Password), "a.rar" },
    };

    [Theory]
    [MemberData(nameof(Archives))]
    public void JapanesePassword_Opens(string form, byte[] archive, string name)
    {
        using var message = Letters.Open(LetterWriter.WithAttachments("資料", $"パスワード：{Password}", (name, archive)));

        Assert.Empty(message.Problems);
        Assert.Equal(Document, Assert.Single(message.Parts, p => p.Name == "a.doc").ReadUpTo(1 << 20));
        Assert.NotEmpty(form);
    }

    [Fact]
    public void ChangedMember_IsNotTaken()
    {
        var archive = RawZipWriter.Archive(RawZipWriter.Aes("a.doc", Document, Password, Encoding.GetEncoding(932)));
        archive[200] ^= 1;
        using var message = Letters.Open(LetterWriter.WithAttachments("資料", $"パスワード：{Password}", ("a.zip", archive)));

        Assert.Contains(message.Problems, p => p.Reason == ReadProblemReason.EncryptedArchive);
    }

    [Fact]
    public void WrongPassword_IsRefused()
    {
        var archive = RawZipWriter.Archive(RawZipWriter.Aes("a.doc", Document, Password));

        Assert.Throws<InvalidDataException>(() => ZipAes.Open(new MemoryStream(archive), 0, archive.Length - 200, "p"u8));
    }

    [Fact]
    public void LongMember_IsReadInAnyPieces()
    {
        var content = new byte[10_000];
        new Random(7).NextBytes(content);
        var member = RawZipWriter.Aes("a", content, Password, Encoding.GetEncoding(932));
        using var clear = ZipAes.Open(new MemoryStream(RawZipWriter.Archive(member)), 0, member.Packed.Length, Encoding.GetEncoding(932).GetBytes(Password));
        var read = new MemoryStream();
        var piece = new byte[777];
        for (int got; (got = clear.Read(piece, 0, piece.Length)) > 0;)
        {
            read.Write(piece, 0, got);
        }

        Assert.Equal(content, read.ToArray());
    }

    private static byte[] Deflated()
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(Document);
        }

        return RawZipWriter.Archive(RawZipWriter.Aes("a.doc", packed.ToArray(), Password, Encoding.GetEncoding(932), method: 8) with { Length = Document.Length });
    }
}
