using System.Text;
using Sekisho.Inspection.Detection.Reading;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Messages;

/// <summary>What comes in pieces in one letter is put together; what lacks a piece is never clean.</summary>
public class SplitArchivesTests
{
    private static readonly byte[] Document = Samples.OldDocument(Samples.AutoOpenSource);

    private static (string Name, byte[] Content)[] Volumes(string kind) => kind switch
    {
        "zip" => VolumeWriter.Zip("name", "a.doc", Document, Document.Length / 3),
        "zip.001" => InThree("name.zip", ZipWriter.Plain(("a.doc", Document))),
        "7z.001" => InThree("name.7z", ArchiveWriter.SevenZip("a.doc", Document)),
        "arj" => VolumeWriter.Arj("name", "a.doc", Document, Document.Length / 3),
        "self-unpacking" => VolumeWriter.SelfUnpacking("name", "a.doc", Document, Document.Length / 3),
        "rar4" => VolumeWriter.Rar4("name", "a.doc", Document, Document.Length / 3),
        _ => VolumeWriter.Rar5("name", "a.doc", Document, Document.Length / 3),
    };

    private static (string Name, byte[] Content)[] InThree(string name, byte[] file) => VolumeWriter.Cut(name, file, (file.Length / 3) + 1);

    [Theory]
    [InlineData("zip", "name.zip")]
    [InlineData("zip.001", "name.zip")]
    [InlineData("7z.001", "name.7z")]
    [InlineData("rar4", "name.rar")]
    [InlineData("rar5", "name.rar")]
    [InlineData("arj", "name.arj")]
    [InlineData("self-unpacking", "name.rar")]
    public void Attachments_AreJoined_InWhateverOrder(string kind, string whole)
    {
        var volumes = Volumes(kind);
        Assert.True(volumes.Length > 1);
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "y", [.. volumes.Reverse()]));

        Assert.Empty(message.Problems);
        var joined = Assert.Single(message.Parts, p => p.Name == whole && p.Path.Contains('+', StringComparison.Ordinal));
        var found = Assert.Single(message.Parts, p => p.Name == "a.doc");
        Assert.Equal($"{joined.Path}/a.doc", found.Path);
        Assert.Equal(Document, found.ReadUpTo(1 << 20));
        Assert.NotEmpty(found.Vba);
    }

    [Fact]
    public void Path_NamesThePieces()
    {
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "y", VolumeWriter.Cut("name.zip", ZipWriter.Plain(("a.txt", new byte[500])), 100)));
        Assert.Contains("2+3/name.zip/a.txt", message.Parts.Select(p => p.Path));

        using var many = Letters.Open(LetterWriter.WithAttachments("x", "y", VolumeWriter.Cut("name.zip", ZipWriter.Plain(("a.txt", new byte[500])), 10)));
        Assert.Contains(many.Parts, p => p.Path.StartsWith("2+..+", StringComparison.Ordinal) && p.Name == "a.txt");
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("7z.001")]
    [InlineData("rar4")]
    [InlineData("rar5")]
    public void Members_AreJoined(string kind)
    {
        var outer = ZipWriter.Plain([.. Volumes(kind).Select(v => ($"sub/{v.Name}", v.Content))]);
        using var message = Letters.OpenDocument("outer.zip", outer);

        Assert.Empty(message.Problems);
        var found = Assert.Single(message.Parts, p => p.Name == "a.doc");
        Assert.StartsWith("outer.zip/name.", found.Path, StringComparison.Ordinal);
        Assert.EndsWith("~joined/a.doc", found.Path, StringComparison.Ordinal);
        Assert.Equal(Document, found.ReadUpTo(1 << 20));
    }

    [Fact]
    public void VolumesInSeveralArchives_AreJoined()
    {
        var attachments = Volumes("rar5").Select((v, i) => ($"{i}.zip", ZipWriter.Plain(v))).ToArray();
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "y", attachments));

        Assert.Empty(message.Problems);
        Assert.Single(message.Parts, p => p.Name == "a.doc");
    }

    [Fact]
    public void LargeVolumes_AreReadThroughViews()
    {
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "y", Volumes("7z.001")), new ReadLimits { MaxPartInMemory = 1000 });

        Assert.Contains(message.Parts, p => p.Name == "a.doc");
    }

    [Theory]
    [InlineData("zip", 0)]
    [InlineData("zip", 1)]
    [InlineData("zip", 3)]
    [InlineData("zip.001", 0)]
    [InlineData("zip.001", -1)]
    [InlineData("7z.001", 0)]
    [InlineData("7z.001", 1)]
    [InlineData("7z.001", -1)]
    [InlineData("rar4", 0)]
    [InlineData("rar4", 1)]
    [InlineData("rar4", -1)]
    [InlineData("rar5", 0)]
    [InlineData("rar5", 1)]
    [InlineData("rar5", -1)]
    public void MissingVolume_IsFound(string kind, int missing)
    {
        var volumes = Volumes(kind).ToList();
        volumes.RemoveAt(missing < 0 ? volumes.Count - 1 : missing);
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "y", [.. volumes]));

        Assert.Contains("UNREADABLE_PART", Letters.Ask(new UnreadablePart(), message).Select(f => f.Kind.Code));
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("zip.001")]
    [InlineData("7z.001")]
    [InlineData("rar4")]
    [InlineData("rar5")]
    public void LoneVolumes_AreNeverClean(string kind)
    {
        foreach (var volume in Volumes(kind))
        {
            using var message = Letters.Open(LetterWriter.WithAttachments("x", "y", volume));

            Assert.NotEmpty(Letters.Ask(new UnreadablePart(), message));
        }
    }

    [Fact]
    public void SameVolumeTwice_IsFound()
    {
        var volumes = Volumes("7z.001");
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "y", [.. volumes, volumes[0]]));

        Assert.Contains(message.Problems, p => p.Reason == ReadProblemReason.MissingVolume && p.Text.Contains("Two files", StringComparison.Ordinal));
    }

    [Fact]
    public void CountedFiles_AreNoVolumes()
    {
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "y", ("1.2.840.113619.2.55.971", [1, 2, 3]), ("IM.001", [1, 2, 3]), ("IM.003", [4, 5, 6])));

        Assert.Empty(message.Problems);
        Assert.Equal(4, message.Parts.Count);
    }

    [Fact]
    public void PasswordedVolumes_AreOpened()
    {
        var volumes = InThree("name.7z", SealedSevenZipWriter.Encrypted("a.doc", Document, "hunter22", hidesNames: true));
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "パスワード: hunter22", volumes));

        Assert.Contains(message.Parts, p => p.Name == "a.doc" && p.Vba.Count > 0);
    }

    [Fact]
    public void PiecesOfALetter_AreJoined()
    {
        var inner = Encoding.Latin1.GetString(LetterWriter.WithAttachments("in", "x", ("a.doc", Document)));
        var cut = inner.Length / 2;
        string Piece(int number, string text) => $"--b\r\nContent-Type: message/partial; id=\"q@a.test\"; number={number}; total=2\r\n\r\n{text}\r\n";
        var second = inner[cut..];
        var letter = "From: a@b.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + Piece(2, second) + Piece(1, inner[..cut].TrimEnd('\r', '\n')) + "--b--\r\n";
        using var message = Letters.Open(Encoding.Latin1.GetBytes(letter));

        Assert.Contains(message.Parts, p => p.Path.StartsWith("2+1/partial", StringComparison.Ordinal) && p.Name == "a.doc" && p.Vba.Count > 0);
        Assert.Contains(message.Problems, p => p.Reason == ReadProblemReason.PartialMail);
    }

    [Fact]
    public void PiecesWithAGap_AreTold()
    {
        using var message = Letters.Text("From: a@b.test\nContent-Type: message/partial; id=q; number=2; total=3\n\nx\n");

        Assert.Contains(message.Problems, p => p.Reason == ReadProblemReason.PartialMail);
        Assert.DoesNotContain(message.Parts, p => p.Path.Contains("partial", StringComparison.Ordinal));
    }
}
