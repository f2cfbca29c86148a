using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Messages;

public class MessageReaderTests
{
    [Fact]
    public void PlainLetter_IsOnePart()
    {
        using var message = Letters.Open(LetterWriter.Plain("hello", "good morning"));

        var part = Assert.Single(message.Parts);
        Assert.Equal("1", part.Path);
        Assert.True(part.IsBody);
        Assert.Equal(FileKind.Text, part.Kind);
        Assert.Equal("text/plain", part.DeclaredType);
        Assert.Empty(message.Problems);
        Assert.Equal("hello", message.Mime!.Subject);
        Assert.StartsWith("good morning", new StreamReader(part.OpenRead()).ReadToEnd(), StringComparison.Ordinal);
    }

    /// <summary>Lines in front of the header that are no fields: relays write theirs before them, and then it is a letter for its reader.</summary>
    [Theory]
    [InlineData("\tX-A: b\r\n")]
    [InlineData(" \r\n")]
    [InlineData("what is this\r\nand this\r\n")]
    [InlineData(">From somebody\r\n")]
    public void JunkBeforeTheHeader_HidesNothing(string junk)
    {
        using var message = Letters.Open([.. Encoding.ASCII.GetBytes(junk), .. LetterWriter.WithAttachments("x", "see", ("invoice.exe", Samples.Program()))]);

        Assert.Equal("x", message.Mime!.Subject);
        Assert.Contains(message.Parts, p => p.Name == "invoice.exe");
    }

    [Fact]
    public void AHeaderOfThousandsOfFields_IsSaid()
    {
        using var message = Letters.Open([.. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("X: y\r\n", 1001))), .. LetterWriter.Plain("x", "y")]);
        Assert.Contains(message.Problems, p => p.Reason == ReadProblemReason.TooMany);
    }

    [Fact]
    public void ArchiveInALetter_IsOpenedToTheMacro()
    {
        var zip = ZipWriter.Plain(("invoice.doc", Samples.OldDocument(Samples.AutoOpenSource)));
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "see", ("invoice.zip", zip)));

        Assert.Equal(["1", "2/invoice.zip", "2/invoice.zip/invoice.doc"], message.Parts.Select(p => p.Path));
        var document = message.Parts[2];
        Assert.Equal(FileKind.Word, document.Kind);
        Assert.Same(message.Parts[1], document.Container);
        Assert.Contains("AutoOpen", Assert.Single(document.Vba).Modules[0].Source, StringComparison.Ordinal);
        Assert.Empty(message.Problems);
    }

    [Theory]
    [InlineData("vbaProject.bin")]
    [InlineData("harmless.xml")]
    [InlineData("image1.png")]
    public void PackagesMacro_IsFoundUnderAnyName(string vbaName)
    {
        using var message = Letters.OpenDocument("a.docm", OoxmlWriter.Document(Samples.VbaProject(Samples.AutoOpenSource), vbaName));

        Assert.Equal(FileKind.WordOpenXmlMacro, message.Parts[0].Kind);
        Assert.Equal($"a.docm/word/{vbaName}", message.Parts[1].Path);
        Assert.Single(message.Parts[1].Vba);
    }

    [Fact]
    public void EnclosedLetters_AreOpenedAllTheWay()
    {
        var inner = LetterWriter.WithAttachments("in", "in", ("a.exe", Samples.Program()));
        using var message = Letters.Open(LetterWriter.Enclosing("out", LetterWriter.Enclosing("middle", inner)));

        Assert.Contains(message.Parts, p => p.Path == "2/2/2/a.exe" && p.Kind == FileKind.WindowsProgram);
    }

    [Fact]
    public void AttachedLetterFile_IsOpened()
    {
        var inner = LetterWriter.WithAttachments("in", "in", ("a.exe", Samples.Program()));
        using var message = Letters.Open(LetterWriter.WithAttachments("out", "out", ("mail.eml", inner)));

        Assert.Contains(message.Parts, p => p.Path == "2/mail.eml/2/a.exe" && p.Kind == FileKind.WindowsProgram);
    }

    [Fact]
    public void ProgramAsBody_IsSeen()
    {
        using var message = Letters.Open([.. Encoding.ASCII.GetBytes("From: a@b.test\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"), .. Encoding.ASCII.GetBytes(Convert.ToBase64String(Samples.Program()))]);

        Assert.Equal(FileKind.WindowsProgram, Assert.Single(message.Parts).Kind);
    }

    [Fact]
    public void JapaneseName_IsDecoded()
    {
        using var message = Letters.Text("""
            From: a@b.test
            Content-Type: application/octet-stream; name="=?ISO-2022-JP?B?GyRCQEE1YT1xGyhCLmV4ZQ==?="
            Content-Disposition: attachment; filename*=UTF-8''%E8%AB%8B%E6%B1%82%E6%9B%B8.doc

            x
            """);

        var part = Assert.Single(message.Parts);
        Assert.Equal("請求書.doc", part.Name);
        Assert.Equal("請求書.exe", part.OtherName);
    }

    [Fact]
    public void NotALetter_IsLookedAtAsAFile()
    {
        using var message = Letters.Open(Samples.Program());

        Assert.Contains(message.Problems, p => p.Reason == ReadProblemReason.BrokenMail);
        Assert.Contains(message.Parts, p => p.Kind == FileKind.WindowsProgram);
    }

    [Fact]
    public void NoOctetsAtAll_AreNoException()
    {
        using var message = Letters.Open([]);
        using var document = Letters.OpenDocument("", []);

        Assert.NotEmpty(message.Problems);
        Assert.Equal(FileKind.Empty, Assert.Single(document.Parts).Kind);
    }

    [Fact]
    public void TwoFromFields_AreAProblem()
    {
        using var message = Letters.Text("From: a@b.test\nFrom: c@d.test\nSubject: x\n\nhi");

        Assert.Equal(ReadProblemReason.AmbiguousHeader, Assert.Single(message.Problems).Reason);
    }

    [Fact]
    public void TwoContentTypes_AreAProblem()
    {
        using var message = Letters.Text("From: a@b.test\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\nContent-Type: application/x-msdownload\n\nhi\n--b--\n");

        var problem = Assert.Single(message.Problems);
        Assert.Equal(ReadProblemReason.AmbiguousHeader, problem.Reason);
        Assert.Equal("1", problem.Place);
    }

    [Fact]
    public void EncryptedZip_NamesItsMembers()
    {
        using var message = Letters.OpenDocument("a.zip", ZipWriter.Encrypted("inner.exe", new byte[10], "8Gh!aa-0"));

        Assert.Equal(ReadProblemReason.EncryptedArchive, Assert.Single(message.Problems).Reason);
        Assert.True(message.Parts[1].IsSealed);
        Assert.Equal("inner.exe", message.Parts[1].Name);
        Assert.Equal(0, message.Parts[1].OpenRead().Length);
    }

    [Fact]
    public void BrokenArchive_IsAProblem()
    {
        var zip = ZipWriter.Plain(("a.txt", new byte[1000]));
        using var message = Letters.OpenDocument("a.zip", zip[..^30]);

        Assert.Equal(ReadProblemReason.Broken, Assert.Single(message.Problems).Reason);
    }

    [Fact]
    public void ZipBehindRubbish_IsOpened()
    {
        byte[] file = [.. new byte[100], .. ZipWriter.Plain(("a.exe", Samples.Program()))];
        using var message = Letters.OpenDocument("a.zip", file);

        Assert.True(message.Parts.Any(p => p.Kind == FileKind.WindowsProgram) || message.Problems.Count > 0);
        Assert.Equal(FileKind.Zip, message.Parts[0].Kind);
    }

    [Fact]
    public void Nesting_EndsAtItsLimit()
    {
        var zip = ZipWriter.Plain(("end.txt", [1]));
        for (var i = 0; i < 20; i++)
        {
            zip = ZipWriter.Plain(("next.zip", zip));
        }

        using var message = Letters.OpenDocument("a.zip", zip);

        Assert.Equal(ReadProblemReason.TooDeep, Assert.Single(message.Problems).Reason);
    }

    [Fact]
    public void NestedMultiparts_EndAtTheirLimit()
    {
        var letter = new StringBuilder("From: a@b.test\r\n");
        for (var i = 0; i < 3000; i++)
        {
            letter.Append($"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n");
        }

        using var message = Letters.Open(Encoding.ASCII.GetBytes(letter.ToString()));

        Assert.Contains(message.Problems, p => p.Reason == ReadProblemReason.TooDeep);
    }

    [Fact]
    public void Parts_EndAtTheirLimit()
    {
        var zip = ZipWriter.Plain([.. Enumerable.Range(0, 30).Select(i => ($"{i}.txt", new byte[] { 65 }))]);
        using var message = Letters.OpenDocument("a.zip", zip, new ReadLimits { MaxParts = 10 });

        Assert.Equal(ReadProblemReason.TooMany, Assert.Single(message.Problems).Reason);
        Assert.True(message.Parts.Count <= 10);
    }

    [Fact]
    public void Unpacking_EndsAtItsLimit()
    {
        var zip = ZipWriter.Plain(("bomb", new byte[30 << 20]));
        using var message = Letters.OpenDocument("a.zip", zip, new ReadLimits { MaxUnpacked = 20 << 20 });

        Assert.Equal(ReadProblemReason.TooLarge, Assert.Single(message.Problems).Reason);
    }

    [Fact]
    public void Time_EndsOpening()
    {
        // Every look at the clock takes ten seconds.
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(10) };
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "x", ("a.zip", ZipWriter.Plain(("a", new byte[10]), ("b", new byte[10])))), time: time);

        Assert.Equal(ReadProblemReason.TimeUp, Assert.Single(message.Problems).Reason);
    }

    [Fact]
    public void LargeAttachment_IsReadThroughAView()
    {
        var content = new byte[3 << 20];
        new Random(3).NextBytes(content);
        "%PDF-"u8.CopyTo(content);
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "x", ("a.pdf", content)), new ReadLimits { MaxPartInMemory = 1 << 20 });

        var part = message.Parts[1];
        Assert.Equal(content.Length, part.Length);
        Assert.Equal(FileKind.Pdf, part.Kind);
        Assert.True(part.Memory.IsEmpty);
        using var stream = part.OpenRead();
        foreach (var at in new[] { 2_000_000, 5, 3_000_000, 1_234_567, 0 })
        {
            stream.Position = at;
            Assert.Equal(content[at], stream.ReadByte());
        }
    }

    [Fact]
    public void LargeMacroDocument_IsOpenedThroughAView()
    {
        var file = new CompoundFileWriter().Add("WordDocument", new byte[4 << 20]);
        new VbaProjectWriter().Add("ThisDocument", Samples.AutoOpenSource).AddTo(file, "Macros");
        var document = file.ToArray();
        var limits = new ReadLimits { MaxPartInMemory = 1 << 20 };

        using var attached = Letters.Open(LetterWriter.WithAttachments("x", "x", ("a.doc", document)), limits);
        using var zipped = Letters.OpenDocument("a.zip", ZipWriter.Plain(("a.doc", document)), limits);

        Assert.Contains(attached.Parts, p => p.Vba.Count == 1);
        Assert.Contains(zipped.Parts, p => p.Vba.Count == 1);
    }

    [Fact]
    public void FlatOpcAndMhtml_AreOpenedToTheMacro()
    {
        using var packed = new MemoryStream();
        packed.Write("ActiveMime"u8);
        packed.Write(new byte[0x32 - 10]);
        using (var zlib = new ZLibStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            zlib.Write(Samples.VbaProject(Samples.AutoOpenSource));
        }

        var base64 = Convert.ToBase64String(packed.ToArray());
        var xml = Encoding.UTF8.GetBytes($"<?xml version=\"1.0\"?><?mso-application progid=\"Word.Document\"?><w:wordDocument><w:docSuppData><w:binData w:name=\"editdata.mso\">{base64}</w:binData></w:docSuppData></w:wordDocument>");
        var mhtml = Encoding.ASCII.GetBytes($"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<html>\r\n--b\r\nContent-Type: application/x-mso\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64}\r\n--b--\r\n");

        using var word = Letters.OpenDocument("a.doc", xml);
        using var mail = Letters.OpenDocument("b.doc", mhtml);

        Assert.Contains(word.Parts, p => p.Vba.Count == 1);
        Assert.Contains(mail.Parts, p => p.Vba.Count == 1);
    }

    [Fact]
    public void Cancelling_GivesUp()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => MessageReader.Read(Letters.Envelope, new MemoryStream(LetterWriter.Plain("x", "y")), new ReadLimits(), TimeProvider.System, cancel.Token));
    }

    [Fact]
    public void TheLettersStream_StaysOpen()
    {
        var octets = new MemoryStream(LetterWriter.WithAttachments("x", "y", ("a.bin", new byte[100])));
        using (MessageReader.Read(Letters.Envelope, octets, new ReadLimits(), TimeProvider.System, CancellationToken.None))
        {
        }

        Assert.True(octets.CanRead);
    }
}
