using System.IO.Compression;
using Microsoft.Extensions.Time.Testing;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class ArchiveReaderTests
{
    [Fact]
    public void Zip_GivesItsMembers()
    {
        using var reader = Open(ZipWriter.Plain(("a.txt", [1, 2, 3]), ("d/b.txt", new byte[1000])), FileKind.Zip);

        Assert.Equal("a.txt", reader.Next()!.Name);
        Assert.Equal([1, 2, 3], ReadAll(reader));
        Assert.Equal("d/b.txt", reader.Next()!.Name);
        Assert.Null(reader.Next());
        reader.Rewind();
        Assert.Equal("a.txt", reader.Next()!.Name);
    }

    [Fact]
    public void EncryptedMember_IsToldNotRead()
    {
        using var reader = Open(ZipWriter.Encrypted("secret.doc", [1, 2, 3], "pass"), FileKind.Zip);

        var member = reader.Next()!;

        Assert.Equal("secret.doc", member.Name);
        Assert.True(member.IsEncrypted);
    }

    [Fact]
    public void Gzip_IsOneMember()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(new byte[100_000]);
        }

        using var reader = Open(packed.ToArray(), FileKind.Gzip);

        Assert.NotNull(reader.Next());
        Assert.Equal(100_000, ReadAll(reader).Length);
        Assert.Null(reader.Next());
    }

    [Fact]
    public void Tar_GivesItsMembers()
    {
        var file = new MemoryStream();
        using (var tar = new System.Formats.Tar.TarWriter(file, leaveOpen: true))
        {
            tar.WriteEntry(new System.Formats.Tar.UstarTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "x.txt") { DataStream = new MemoryStream([7, 8]) });
        }

        using var reader = Open(file.ToArray(), FileKind.Tar);

        Assert.Equal("x.txt", reader.Next()!.Name);
        Assert.Equal([7, 8], ReadAll(reader));
    }

    [Theory]
    [InlineData(FileKind.SevenZip)]
    [InlineData(FileKind.Rar)]
    [InlineData(FileKind.Tar)]
    [InlineData(FileKind.Gzip)]
    [InlineData(FileKind.Bzip2)]
    public void EveryArchive_IsToldAndRead(FileKind kind)
    {
        var content = Samples.OldDocument(Samples.AutoOpenSource);
        var octets = kind switch
        {
            FileKind.SevenZip => ArchiveWriter.SevenZip("a.doc", content),
            FileKind.Rar => ArchiveWriter.Rar("a.doc", content),
            FileKind.Tar => ArchiveWriter.Tar("a.doc", content),
            FileKind.Gzip => ArchiveWriter.Gzip(content),
            _ => ArchiveWriter.Bzip2(content),
        };

        Assert.Equal(kind, FileTypes.Sniff(octets));
        using var reader = Open(octets, kind);
        Assert.Contains(reader.Next()!.Name, new[] { "a.doc", "" });
        Assert.Equal(content, ReadAll(reader));
        Assert.Null(reader.Next());
        using var message = Letters.OpenDocument("a.bin", octets);
        Assert.Empty(message.Problems);
        Assert.Contains(message.Parts, p => p.Vba.Count == 1);
    }

    [Fact]
    public void Xz_IsRead()
    {
        using var reader = Open(ArchiveWriter.Xz(), FileKind.Xz);

        reader.Next();
        Assert.Equal("hello xz"u8.ToArray(), ReadAll(reader));
    }

    [Fact]
    public void UnpackingTooMuch_Ends()
    {
        var budget = new ReadBudget(TimeProvider.System, TimeSpan.FromMinutes(1), 10_000);
        using var reader = ArchiveReader.Open(new MemoryStream(ZipWriter.Plain(("bomb", new byte[1 << 20]))), FileKind.Zip, budget);
        reader.Next();

        Assert.Throws<InvalidDataException>(() => ReadAll(reader));
        Assert.Equal(BudgetEnd.Unpacked, budget.End);
    }

    [Fact]
    public void TimeUp_Ends()
    {
        var time = new FakeTimeProvider();
        var budget = new ReadBudget(time, TimeSpan.FromSeconds(30), 1 << 30);
        using var reader = ArchiveReader.Open(new MemoryStream(ZipWriter.Plain(("a", new byte[100]))), FileKind.Zip, budget);
        time.Advance(TimeSpan.FromSeconds(31));

        Assert.Throws<InvalidDataException>(() => reader.Next());
        Assert.Equal(BudgetEnd.Time, budget.End);
    }

    [Theory]
    [InlineData(FileKind.Zip)]
    [InlineData(FileKind.Rar)]
    [InlineData(FileKind.SevenZip)]
    [InlineData(FileKind.Tar)]
    [InlineData(FileKind.Gzip)]
    [InlineData(FileKind.Bzip2)]
    [InlineData(FileKind.Xz)]
    public void Rubbish_IsNothingOrInvalid(FileKind kind)
    {
        var rubbish = new byte[3000];
        new Random(1).NextBytes(rubbish);

        var failure = Record.Exception(() =>
        {
            using var reader = Open(rubbish, kind);
            while (reader.Next() is not null)
            {
                ReadAll(reader);
            }
        });

        Assert.True(failure is null or InvalidDataException, failure?.ToString());
    }

    private static ArchiveReader Open(byte[] octets, FileKind kind) =>
        ArchiveReader.Open(new MemoryStream(octets), kind, new ReadBudget(TimeProvider.System, TimeSpan.FromMinutes(1), 1 << 30));

    private static byte[] ReadAll(ArchiveReader reader)
    {
        using var stream = reader.OpenRead();
        var output = new MemoryStream();
        stream.CopyTo(output);
        return output.ToArray();
    }
}
