using Sekisho.Inspection.Detection.Reading;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Reading;

public class MimeAmbiguousTests
{
    [Theory]
    [InlineData("two-boundaries", "MIME_AMBIGUOUS")]
    [InlineData("part-in-epilogue", "MIME_AMBIGUOUS")]
    [InlineData("partial-first", "MIME_PARTIAL")]
    public void OddLetter_IsFound(string name, string code)
    {
        using var message = Letters.Open(OddLetters.All[name]);

        Assert.Contains(Letters.Ask(new MimeAmbiguous(), message), f => f.Kind.Code == code);
    }

    [Theory]
    [InlineData("no-terminator")]
    [InlineData("boundary-with-comment")]
    [InlineData("blank-before-colon")]
    public void LooseStructure_IsFoundOnce(string name)
    {
        using var message = Letters.Open(OddLetters.All[name]);

        Assert.Single(Letters.Ask(new MimeAmbiguous(), message), f => f.Kind.Code == "MIME_AMBIGUOUS");
    }

    [Theory]
    [InlineData("access-type=URL; URL=\"http://files.test/a.exe?x=1\"", true)]
    [InlineData("access-type=ANON-FTP; site=files.test; directory=pub; name=\"a.js\"", true)]
    [InlineData("access-type=URL; URL=\"http://files.com\"", false)]
    [InlineData("access-type=URL; URL=\"http://files.test/a.txt?a.exe\"", false)]
    [InlineData("access-type=LOCAL-FILE; name=\"/u/a.exe\"", false)]
    public void ExternalProgram_IsFound(string parameters, bool isFound)
    {
        using var message = Letters.Open(OddLetters.Letter($"Content-Type: message/external-body; {parameters}\n\nContent-Type: text/plain\n\n"));

        Assert.Equal(isFound, Letters.Ask(new MimeAmbiguous(), message).Any(f => f.Kind.Code == "MIME_EXTERNAL_PROGRAM"));
    }

    [Fact]
    public void ExternalBody_IsFound()
    {
        using var message = Letters.Open(OddLetters.Letter("Content-Type: message/external-body; access-type=URL; URL=\"http://files.test/a.exe\"\n\nContent-Type: text/plain\n\n"));

        Assert.Contains(Letters.Ask(new MimeAmbiguous(), message), f => f.Kind.Code == "MIME_EXTERNAL_BODY");
    }

    [Fact]
    public void OrdinaryLetter_IsNot()
    {
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "y", ("a.pdf", "%PDF-"u8.ToArray())));

        Assert.Empty(Letters.Ask(new MimeAmbiguous(), message));
    }
}
