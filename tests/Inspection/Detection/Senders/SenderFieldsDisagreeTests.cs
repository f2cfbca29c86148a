using Sekisho.Inspection.Detection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class SenderFieldsDisagreeTests
{
    [Theory]
    [InlineData("a@bank.invalid", "<1@mailbox.example>", "from x by mx.relay.invalid; Mon", "", "SENDER_FIELDS_DISAGREE")]
    [InlineData("a@bank.invalid", "<1@mailbox.example>", "from x by mx.relay.invalid; Mon", "dmarc=pass", "")]
    [InlineData("a@bank.invalid", "<1@mail.bank.invalid>", "from x by mx.relay.invalid; Mon", "", "")]
    [InlineData("a@bank.invalid", "<1@mailbox.example>", "from x by mx.bank.invalid; Mon", "", "")]
    [InlineData("a@mailbox.example", "<1@x.invalid>", "from x by mx.relay.invalid; Mon", "", "")]
    public void Traces(string from, string id, string received, string results, string code) =>
        Assert.Equal(code, Asked.Codes(new SenderFieldsDisagree(), Asked.From(from, $"Message-ID: {id}\nReceived: {received}, 23 Nov 2026 10:00:00 +0900\n"), results));

    [Fact]
    public void LittleToGoBy_IsNotEnough() => Assert.Equal("", Asked.Codes(new SenderFieldsDisagree(), Asked.From("a@bank.invalid"), helo: "[192.0.2.1]"));
}
