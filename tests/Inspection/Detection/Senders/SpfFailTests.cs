using System.Net;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Detection.Senders;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class SpfFailTests
{
    [Theory]
    [InlineData(SpfResult.Fail, DmarcResult.None, false, true)]
    [InlineData(SpfResult.Fail, DmarcResult.Fail, false, true)]
    [InlineData(SpfResult.Fail, DmarcResult.Pass, false, false)] // a forwarder: the signature still stands
    [InlineData(SpfResult.Fail, DmarcResult.Fail, true, false)]
    [InlineData(SpfResult.SoftFail, DmarcResult.None, false, false)]
    [InlineData(SpfResult.None, DmarcResult.None, false, false)]
    [InlineData(SpfResult.TempError, DmarcResult.TempError, false, false)]
    public void AFail_IsFound(SpfResult spf, DmarcResult dmarc, bool vouched, bool found)
    {
        var facts = new SenderFacts { Client = IPAddress.Parse("203.0.113.9"), Spf = new SpfOutcome(spf, "mail.example", "-all", "go\r\naway"), Dmarc = new DmarcOutcome(dmarc, "mail.example"), IsVouchedFor = vouched };
        var findings = Ask(new SpfFail(), facts);
        Assert.Equal(found ? ["SPF_FAIL"] : [], findings.Select(f => f.Kind.Code));
        Assert.All(findings, f => Assert.StartsWith("203.0.113.9 for mail.example: -all", f.Evidence));
    }

    [Fact]
    public void WhatIsNotKnown_IsNotFound()
    {
        foreach (var detector in (IDetector[])[new SpfFail(), new DmarcFail(), new DkimPartialBody(), new AuthenticationUnknown()])
        {
            Assert.Empty(Ask(detector, SenderFacts.Unknown));
        }
    }

    internal static IReadOnlyList<Finding> Ask(IDetector detector, SenderFacts facts, string letter = "From: a@mail.example\nSubject: x\n\nbody\n")
    {
        using var message = Letters.Text(letter);
        return [.. detector.Inspect(new InspectionContext(message, facts, SignatureSet.Shipped))];
    }
}
