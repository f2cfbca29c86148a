using Sekisho.Inspection.Policy;
using Sekisho.Quarantine;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Quarantine;

public sealed class OutboundSignsTests
{
    private static readonly Verdict Clean = new(Disposition.Deliver, 5, []);

    [Theory]
    [InlineData("OUTBOUND_BURST", false, true)]
    [InlineData("OUTBOUND_CAMPAIGN", false, true)]
    [InlineData("OUTBOUND_BURST", true, false)] // the policy only watches it
    [InlineData("ENCRYPTED_ARCHIVE", false, false)]
    [InlineData("OUTBOUND_MACRO", false, false)] // which the second look sees itself
    public void WhatALetterAloneDoesNotShow_Stays(string code, bool observed, bool stays)
    {
        var verdict = OutboundSigns.Keep(Clean, [new KeptFinding(code, 100, "MAIL FROM", "many", observed)]);
        Assert.Equal(stays ? (Disposition.Quarantine, 105, 1) : (Disposition.Deliver, 5, 0), (verdict.Disposition, verdict.Score, verdict.Findings.Count));
    }

    [Fact]
    public void WhatTheSecondLookSaysItself_IsNotSaidTwice()
    {
        var verdict = OutboundSigns.Keep(Clean, [new KeptFinding("OUTBOUND_BURST", 100, "MAIL FROM", "many", false)]);
        Assert.Same(verdict, OutboundSigns.Keep(verdict, [new KeptFinding("OUTBOUND_BURST", 100, "MAIL FROM", "many", false)]));
    }
}
