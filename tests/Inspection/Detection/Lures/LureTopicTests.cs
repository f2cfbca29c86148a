using Sekisho.Inspection.Detection.Lures;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Lures;

public class LureTopicTests
{
    [Theory]
    [InlineData("賞与支払届", "添付のとおりです。", "LURE_TOPIC")]
    [InlineData("ﾀﾞｲｼﾞ ｾｲｷｭｳ 請求書の件", "至急ご確認ください。", "LURE_TOPIC LURE_URGENCY")]
    [InlineData("Your INVOICE", "see attachment", "LURE_TOPIC")]
    [InlineData("回覧", "来週の予定です。", "")]
    public void Topics_AreFound_WhereThereIsSomethingToOpen(string subject, string text, string codes)
    {
        using var message = Letters.Open(LetterWriter.WithAttachments(subject, text, ("yotei.pdf", "%PDF-1.4"u8.ToArray())));
        Assert.Equal(codes, string.Join(' ', Letters.Ask(new LureTopic(), message).Select(f => f.Kind.Code)));
    }

    [Fact]
    public void TheAttachmentsName_Counts()
    {
        using var message = Letters.Open(LetterWriter.WithAttachments("回覧", "x", ("【重要】請求書.pdf", "%PDF-1.4"u8.ToArray())));
        Assert.Equal("請求書", Assert.Single(Letters.Ask(new LureTopic(), message)).Evidence);
    }

    [Fact]
    public void WordsAlone_AreNotLookedAt()
    {
        using var message = Letters.Open(LetterWriter.Plain("請求書の件", "至急お願いします。"));
        Assert.Empty(Letters.Ask(new LureTopic(), message));
    }
}
