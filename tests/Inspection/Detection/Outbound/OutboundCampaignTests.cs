using Sekisho.Inspection.Detection.Outbound;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Outbound;

public class OutboundCampaignTests
{
    private const string Letter = "X-Originating-IP: [10.9.8.7]\nFrom: nurse@hospital.test\nSubject: x\n\nhello\n";

    [Theory]
    [InlineData(50, false)]
    [InlineData(51, true)]
    public void TheSameThingToTooMany(int recipients, bool found)
    {
        var findings = Leaving.Ask(new OutboundCampaign(), Letter, new OutboundFacts(1, 1, 100, 300, new CampaignCount(Leaving.File, recipients, 3), 50));
        Assert.Equal(found, findings.Count == 1);
        Assert.All(findings, f => Assert.Equal(
            ("attachment", $"請求書.zip: to {recipients} recipients outside from 3 senders within an hour (limit 50); this one of <nurse@hospital.test>, written at 10.9.8.7"), (f.Place, f.Evidence)));
    }

    [Fact]
    public void NothingInCommon_NothingIsFound() => Assert.Empty(Leaving.Ask(new OutboundCampaign(), Letter, new OutboundFacts(1000, 1000, 1, 1, null, 50)));
}
