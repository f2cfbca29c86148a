using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Messages;

public class MimeAlternativesTests
{
    public static TheoryData<string> Names => [.. OddLetters.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryReading_IsInspected(string name)
    {
        using var message = Letters.Open(OddLetters.All[name]);

        Assert.Contains(message.Parts, p => p.Kind == FileKind.WindowsProgram);
        Assert.DoesNotContain(message.Problems, p => p.Text.StartsWith(MessageOpening.UnexpectedMark, StringComparison.Ordinal));
        if (name is not ("uuencode" or "yenc" or "no-terminator" or "boundary-with-comment" or "blank-before-colon"))
        {
            Assert.Contains(message.Problems, p => p.Reason is ReadProblemReason.AmbiguousMime or ReadProblemReason.AmbiguousHeader or ReadProblemReason.PartialMail);
        }
    }

    [Theory]
    [InlineData("base64")]
    [InlineData("quoted-printable")]
    public void EncodedMultipart_IsDecoded(string encoding)
    {
        var body = $"--aa\r\nContent-Type: application/octet-stream; name=x.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(Samples.Program())}\r\n--aa--\r\n";
        var encoded = encoding == "base64" ? Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(body)) : body.Replace("=", "=3D", StringComparison.Ordinal).Replace("-", "=2D", StringComparison.Ordinal);
        using var message = Letters.Text($"From: a@b.test\nContent-Type: multipart/mixed; boundary=aa\nContent-Transfer-Encoding: {encoding}\n\n{encoded}");

        Assert.Contains(message.Parts, p => p is { Kind: FileKind.WindowsProgram, Name: "x.dat" });
        Assert.Contains(message.Problems, p => p.Reason == ReadProblemReason.AmbiguousMime);
    }

    [Theory]
    [InlineData("quoted-printable")]
    [InlineData("base64")]
    [InlineData("7bit")]
    public void EncodingNamedByHabit_ChangesNothing(string encoding)
    {
        using var message = Letters.Text($"From: a@b.test\nContent-Type: multipart/mixed; boundary=aa\nContent-Transfer-Encoding: {encoding}\n\n--aa\nContent-Type: text/plain\n\nhi = there\n--aa--\n");

        Assert.Empty(message.Problems);
        Assert.Single(message.Parts);
    }

    [Fact]
    public void OrdinaryLetters_AreReadOnce()
    {
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "= 1 =XY begin the day\n--not a boundary\n", ("a.pdf", "%PDF-1.4"u8.ToArray()), ("b.bin", new byte[10_000])));

        Assert.Empty(message.Problems);
        Assert.Equal(3, message.Parts.Count);
    }

    [Fact]
    public void AlternativesOfAlternatives_End()
    {
        var text = string.Concat(Enumerable.Range(0, 200).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\nContent-Type: multipart/mixed; boundary=c{i}\n\n--b{i}\n--c{i}\n"));
        using var message = Letters.Open(OddLetters.Letter(text));

        Assert.NotEmpty(message.Problems);
        Assert.True(message.Parts.Count < 5000);
    }

    [Fact]
    public void ExternalBody_IsNoted()
    {
        using var message = Letters.Open(OddLetters.Letter("Content-Type: message/external-body; access-type=URL; URL=\"http://files.test/a.exe\"\n\nContent-Type: application/octet-stream\n\n"));

        var problem = Assert.Single(message.Problems, p => p.Reason == ReadProblemReason.ExternalBody);
        Assert.Contains("http://files.test/a.exe", problem.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("multipart/mixed; boundary=\"a b\"", "a b")]
    [InlineData("multipart/mixed; boundary*0=\"ab\"; boundary*1=\"cd\"", "ab|abcd")]
    [InlineData("multipart/mixed; BOUNDARY = x; boundary=y", "x|y")]
    [InlineData("multipart/mixed; boundary='x'", "x|'x'")]
    [InlineData("multipart/mixed boundary=\"never closed", "never closed")]
    [InlineData("multipart/mixed; boundary=x (comment)", "x (comment)|x")]
    [InlineData("multipart/mixed", "")]
    public void Boundaries_AreReadEveryWay(string value, string expected) =>
        Assert.Equal(expected, string.Join('|', MimeAlternatives.Boundaries(value)));
}
