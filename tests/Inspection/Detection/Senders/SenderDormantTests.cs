using Sekisho.Inspection.Detection.Senders;
using Sekisho.Inspection.Tests.Senders;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class SenderDormantTests
{
    private static readonly byte[] WithPaper = LetterWriter.WithAttachments("請求書", "x", ("請求書.pdf", "%PDF-1.4\n%%EOF\n"u8.ToArray()));

    [Theory]
    [InlineData(89, false)]
    [InlineData(90, true)]
    [InlineData(400, true)]
    public void AfterNinetyDays_AnAttachmentIsFound(int days, bool found) =>
        Assert.Equal(found ? ["SENDER_DORMANT"] : [], FirstContactTests.Ask(new SenderDormant(), CorrespondenceTests.Of(null, days: 500, silent: days), WithPaper).Select(f => f.Kind.Code));

    [Theory]
    [InlineData("お久しぶりです。", false)]
    [InlineData("こちらをご覧ください https://files.elsewhere.test/x", true)]
    [InlineData("敬具\r\nhttps://www.clinic.example/", false)] // his own pages, under his name
    public void ALinkElsewhere_IsFound(string text, bool found) =>
        Assert.Equal(found, FirstContactTests.Ask(new SenderDormant(), CorrespondenceTests.Of(null, days: 500, silent: 200), LetterWriter.Plain("ご無沙汰", text)).Count == 1);

    [Fact]
    public void AStranger_IsNotDormant()
    {
        Assert.Empty(FirstContactTests.Ask(new SenderDormant(), null, WithPaper));
        Assert.Empty(FirstContactTests.Ask(new SenderDormant(), CorrespondenceTests.Of(null, silent: 200, ofDomain: true), WithPaper));
    }
}
