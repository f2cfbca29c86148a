using Sekisho.Inspection.Detection.Attachments;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Attachments;

public class TypeMismatchTests
{
    [Fact]
    public void PictureThatIsAPage_IsFound() => Assert.Equal(["TYPE_MISMATCH"], Letters.Codes(new TypeMismatch(), "a.jpg", "<html><body>"u8.ToArray()));

    [Fact]
    public void MacroUnderAHarmlessName_IsHeavier()
    {
        var macro = OoxmlWriter.Document(Samples.VbaProject(Samples.QuietSource));

        Assert.Equal(["MACRO_DISGUISED"], Letters.Codes(new TypeMismatch(), "a.docx", macro));
        Assert.Equal(["MACRO_DISGUISED"], Letters.Codes(new TypeMismatch(), "a.jpg", macro));
    }

    [Theory]
    [InlineData("a.doc", "{\\rtf1 x}")]
    [InlineData("a.xls", "<html><table>")]
    [InlineData("a.xls", "a,b,c")]
    [InlineData("a.csv", "a,b,c")]
    [InlineData("a.unknown", "<html>")]
    public void CommonHabits_AreNot(string name, string content) => Assert.Empty(Letters.Codes(new TypeMismatch(), name, System.Text.Encoding.ASCII.GetBytes(content)));

    [Fact]
    public void RightNames_AreNot()
    {
        Assert.Empty(Letters.Codes(new TypeMismatch(), "a.docm", OoxmlWriter.Document(Samples.VbaProject(Samples.QuietSource))));
        Assert.Empty(Letters.Codes(new TypeMismatch(), "a.docx", OoxmlWriter.Document()));
        Assert.Empty(Letters.Codes(new TypeMismatch(), "a.doc", Samples.OldDocument(Samples.QuietSource)));
    }
}
