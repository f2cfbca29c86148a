using System.Text;
using Sekisho.Inspection.Detection.Attachments;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Attachments;

public class EicarTestFileTests
{
    [Fact]
    public void TestFile_IsFoundAlsoInArchivesAndAsABody()
    {
        Assert.Equal(["EICAR_TEST_FILE"], Letters.Codes(new EicarTestFile(), "eicar.com", Samples.Eicar()));
        Assert.Equal(["EICAR_TEST_FILE"], Letters.Codes(new EicarTestFile(), "a.zip", ZipWriter.Plain(("eicar.txt", Samples.Eicar()))));
        using var letter = Letters.Open(LetterWriter.Plain("x", "\r\n" + Encoding.ASCII.GetString(Samples.Eicar()) + "\r\n"));
        Assert.Single(Letters.Ask(new EicarTestFile(), letter));
    }

    [Fact]
    public void TalkAboutIt_IsNot() =>
        Assert.Empty(Letters.Codes(new EicarTestFile(), "a.txt", [.. "The test file reads: "u8, .. Samples.Eicar()]));
}
