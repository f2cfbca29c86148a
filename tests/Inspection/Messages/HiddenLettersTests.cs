using System.IO.Compression;
using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Messages;

/// <summary>Web archives of Word with macros that stand in what begins as something else ("MalDoc in PDF").</summary>
public class HiddenLettersTests
{
    private static readonly string Archive = MakeArchive();

    [Theory]
    [InlineData("a.doc", "%PDF-1.7\r\n")]
    [InlineData("a.pdf", "%PDF-1.7\r\n1 0 obj\r\n<<>>\r\nendobj\r\ntrailer\r\n<< >>\r\n%%EOF\r\n")]
    [InlineData("a.doc", "\r\n\r\n\r\n")]
    [InlineData("a.doc", "junk junk junk\r\n")]
    [InlineData("a.htm", "<html><body>hello</body></html>\r\n")]
    public void ArchiveBehindSomethingElse_IsOpenedToTheMacro(string name, string before)
    {
        using var bare = Letters.OpenDocument(name, Encoding.ASCII.GetBytes(before + Archive));
        using var attached = Letters.Open(LetterWriter.WithAttachments("x", "y", (name, Encoding.ASCII.GetBytes(before + Archive))));

        Assert.Contains(bare.Parts, p => p.Vba.Count == 1);
        Assert.Contains(attached.Parts, p => p.Vba.Count == 1);
    }

    [Fact]
    public void ArchiveWithoutVersion_IsOpenedToTheMacro()
    {
        using var message = Letters.OpenDocument("a.doc", Encoding.ASCII.GetBytes(Archive[(Archive.IndexOf('\n', StringComparison.Ordinal) + 1)..]));

        Assert.Contains(message.Parts, p => p.Vba.Count == 1);
    }

    [Fact]
    public void MacrosWithoutHeader_AreOpened()
    {
        using var message = Letters.OpenDocument("a.doc", Encoding.ASCII.GetBytes("%PDF-1.7\r\n" + Archive[Archive.IndexOf("\r\n\r\n", StringComparison.Ordinal)..]));

        Assert.Contains(message.Parts, p => p.Vba.Count == 1);
    }

    [Fact]
    public void Body_IsNoFile()
    {
        using var message = Letters.Text("From: a@b.test\nContent-Type: text/plain\n\nThe source:\n\n" + Archive.ReplaceLineEndings("\n"));

        Assert.DoesNotContain(message.Parts, p => p.Vba.Count > 0);
    }

    [Theory]
    [InlineData("The field Content-Type: multipart/mixed; boundary=b, is missing.")]
    [InlineData("The header was:\r\n\r\nContent-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\nand no more.")]
    public void TextThatQuotesAHeader_IsNoBrokenLetter(string text)
    {
        using var message = Letters.OpenDocument("a.txt", Encoding.ASCII.GetBytes(text));

        Assert.Empty(message.Problems);
        Assert.All(message.Parts, p => Assert.Equal(FileKind.Text, p.Kind));
    }

    [Fact]
    public void LettersWithinLetters_End()
    {
        var text = string.Concat(Enumerable.Range(0, 500).Select(i => $"x y\r\nContent-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\nContent-Type: application/x\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\n"));
        using var message = Letters.OpenDocument("a.txt", Encoding.ASCII.GetBytes(text));

        Assert.Contains(message.Problems, p => p.Reason == ReadProblemReason.TooDeep);
        Assert.InRange(message.Parts.Count, 2, 100);
    }

    private static string MakeArchive()
    {
        using var packed = new MemoryStream();
        packed.Write("ActiveMime"u8);
        packed.Write(new byte[0x32 - 10]);
        using (var zlib = new ZLibStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            zlib.Write(Samples.VbaProject(Samples.AutoOpenSource));
        }

        return $"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<html>\r\n--b\r\nContent-Type: application/x-mso\r\nContent-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(packed.ToArray(), Base64FormattingOptions.InsertLineBreaks)}\r\n--b--\r\n";
    }
}
