using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Detection.Outbound;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Outbound;

public class OutboundBurstTests
{
    private const string Letter = "Received: from mail (mail [10.0.0.2]) by gw with ESMTP; x\nReceived: from PC-NURSE3 ([10.1.2.3]) by mail with ESMTPA; x\nFrom: nurse@hospital.test\nSubject: x\n\nhello\n";

    [Theory]
    [InlineData(100, 300, false)]
    [InlineData(101, 101, true)]
    [InlineData(1, 301, true)]
    public void MoreThanTheSenderMay(int messages, int recipients, bool found)
    {
        var findings = Leaving.Ask(new OutboundBurst(), Letter, new OutboundFacts(messages, recipients, 100, 300, null, 50));
        Assert.Equal(found, findings.Count == 1);
        Assert.All(findings, f => Assert.Equal(
            $"<nurse@hospital.test>: {messages} mails to {recipients} recipients outside within an hour (limits 100 and 300); written at PC-NURSE3 ([10.1.2.3])", f.Evidence));
    }

    /// <summary>It says who was counted: MAIL FROM may be made up.</summary>
    [Theory]
    [InlineData("nurse@hospital.test", "MAIL FROM", "<nurse@hospital.test>: 101")]
    [InlineData("director@hospital.test", "From", "<director@hospital.test>: 101")]
    [InlineData("[10.0.0.2]", "client", "[10.0.0.2]: 101")]
    public void WhoWasCountedIsTold(string who, string place, string begins)
    {
        var finding = Assert.Single(Leaving.Ask(new OutboundBurst(), Letter, new OutboundFacts(101, 101, 100, 300, null, 50) { Sender = who }));
        Assert.Equal(place, finding.Place);
        Assert.StartsWith(begins, finding.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void NobodyCounts_NothingIsFound() => Assert.Empty(Leaving.Ask(new OutboundBurst(), Letter, null));

    /// <summary>Of our own people nobody asks whether they are who they say; everything else is asked.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void WhoLeavesTheHouseIsNoStranger(bool isOutbound, bool found)
    {
        const string Forged = "From: \"director@hospital.test\" <nurse@elsewhere.test>\nReply-To: x@gmail.com\nSubject: x\n\nhttp://192.0.2.7/a\n";
        using var message = Leaving.Text(Forged, Leaving.Envelope with { IsOutbound = isOutbound });
        var codes = Detectors.Inspect(Detectors.All, Leaving.Context(message)).Select(f => f.Kind.Code).ToList();
        Assert.Equal(found, codes.Contains("FROM_NAME_IS_OTHER_ADDRESS"));
        Assert.Equal(found, codes.Contains("REPLY_TO_FREE_MAIL"));
        Assert.Contains("LINK_TO_ADDRESS", codes);
    }
}
