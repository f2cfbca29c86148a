using System.Text;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Messages;

/// <summary>uuencode and yEnc in text files that stand in archives.</summary>
public class FilesInTextTests
{
    private static readonly byte[] Document = Samples.OldDocument(Samples.AutoOpenSource);

    [Fact]
    public void UuEncodedFile_InAnArchive_IsFound()
    {
        using var message = Letters.OpenDocument("a.zip", ZipWriter.Plain(("readme.txt", Encoding.ASCII.GetBytes("see:\n" + OddLetters.UuEncode("a.doc", Document)))));

        var found = Assert.Single(message.Parts, p => p.Name == "a.doc");
        Assert.Equal("a.zip/readme.txt/a.doc", found.Path);
        Assert.NotEmpty(found.Vba);
    }

    [Fact]
    public void YEncFile_InAnArchive_IsFound()
    {
        using var message = Letters.OpenDocument("a.zip", ZipWriter.Plain(("post.bin", YEnc("a.doc", Document))));

        Assert.NotEmpty(Assert.Single(message.Parts, p => p.Name == "a.doc").Vba);
    }

    [Theory]
    [InlineData(65_530)]
    [InlineData(100_000)]
    public void LargeText_IsSearchedPieceByPiece(int before)
    {
        byte[] text = [.. Enumerable.Repeat((byte)'x', before), .. Encoding.ASCII.GetBytes("\n" + OddLetters.UuEncode("a.doc", Document))];
        var limits = new ReadLimits { MaxPartInMemory = text.Length - 1 };
        using var message = Letters.OpenDocument("a.zip", ZipWriter.Plain(("a.txt", text)), limits);

        Assert.Contains(message.Parts, p => p.Name == "a.doc" && p.Vba.Count > 0);
    }

    [Fact]
    public void Attachment_IsNotReadTwice()
    {
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "y", ("a.txt", Encoding.ASCII.GetBytes(OddLetters.UuEncode("a.doc", Document)))));

        Assert.Single(message.Parts, p => p.Name == "a.doc");
    }

    [Fact]
    public void TextInTextWithoutEnd_IsTold()
    {
        var text = "end"u8.ToArray();
        for (var i = 0; i < 200; i++)
        {
            text = YEnc("a.txt", text);
        }

        using var message = Letters.OpenDocument("a.zip", ZipWriter.Plain(("a.txt", text)));

        Assert.Contains(message.Problems, p => p.Reason == ReadProblemReason.TooDeep);
        Assert.InRange(message.Parts.Count, 5, 20);
    }

    private static byte[] YEnc(string name, byte[] content)
    {
        var text = new List<byte>(Encoding.ASCII.GetBytes($"=ybegin line=128 size={content.Length} name={name}\n"));
        foreach (var octet in content.Select(b => (byte)(b + 42)))
        {
            text.AddRange(octet is 0 or 10 or 13 or (byte)'=' ? [(byte)'=', (byte)(octet + 64)] : [octet]);
        }

        return [.. text, .. "\n=yend\n"u8];
    }
}
