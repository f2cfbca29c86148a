using Sekisho.Inspection.Detection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class ReplyToElsewhereTests
{
    [Theory]
    [InlineData("a@shop.example", "b@other.invalid", "REPLY_TO_ELSEWHERE")]
    [InlineData("a@shop.example", "shop@freemail.example", "REPLY_TO_FREE_MAIL")]
    [InlineData("a@gmail.com", "b@freemail.example", "REPLY_TO_ELSEWHERE")]
    [InlineData("a@shop.example", "b@mail.shop.example", "")]
    [InlineData("a@shop.example", "tanaka@sekisho-hp.example", "")]
    [InlineData("a@shop.example", "tanaka.taro@freemail.example", "")] // a colleague's, as the directory says
    [InlineData("a@shop.example", "x@sekisho-kensa.example", "")]
    public void Answers(string from, string replyTo, string code) => Assert.Equal(code, Asked.Codes(new ReplyToElsewhere(), Asked.From(from, $"Reply-To: {replyTo}\n")));

    [Fact]
    public void List_MayHaveItsOwn() => Assert.Equal("", Asked.Codes(
        new ReplyToElsewhere(), "From: a@shop.example\nTo: m@ml.example\nReply-To: m@ml.example\nList-Id: <m.ml.example>\n\nx\n", mailFrom: "m-bounces@ml.example"));
}
