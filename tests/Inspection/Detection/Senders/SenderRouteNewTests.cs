using System.Net;
using System.Text;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Detection.Senders;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.Inspection.Tests.Senders;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class SenderRouteNewTests
{
    private static readonly byte[] Plain = LetterWriter.Plain("先日の件", "お世話になっております。");

    [Fact]
    public void ABorrowedName_IsFound()
    {
        var finding = Assert.Single(Ask(CorrespondenceTests.Of(CorrespondenceTests.Way())));
        Assert.Equal("SENDER_ROUTE_UNPROVEN", finding.Kind.Code);
        Assert.Equal("a@clinic.example: now 203.0.113.0/24, usually 192.0.2.0/24 authenticated (40 letters since 2025-11-23)", finding.Evidence);
        Assert.Equal("SENDER_ROUTE_NEW", Assert.Single(Ask(CorrespondenceTests.Of(CorrespondenceTests.Way(), letters: 5))).Kind.Code);
        Assert.Equal("SENDER_ROUTE_NEW", Assert.Single(Ask(CorrespondenceTests.Of(CorrespondenceTests.Way(), ofDomain: true))).Kind.Code);
    }

    [Fact]
    public void WhoCameAsAlways_IsNot()
    {
        Assert.Empty(Ask(null));
        Assert.Empty(Ask(CorrespondenceTests.Of(null)));
        Assert.Empty(Ask(CorrespondenceTests.Of(CorrespondenceTests.Way(proof: RouteProof.Author))));
    }

    /// <summary>Lists and listed forwarders bring a letter another way by their nature.</summary>
    [Fact]
    public void HonestCarriers_AreNot()
    {
        var far = CorrespondenceTests.Of(CorrespondenceTests.Way());
        var facts = new SenderFacts { Client = IPAddress.Parse("203.0.113.9"), Authentication = new Dictionary<string, string> { ["spf"] = "pass", ["dmarc"] = "fail" } };
        Assert.Empty(Ask(far, house: new Household(["hospital.example"], [], [], StaffDirectory.Empty, ["203.0.113.0/24"], []), facts: facts));
        Assert.Empty(Ask(far, house: new Household(["hospital.example"], [], [], StaffDirectory.Empty, ["sender.test"], []), facts: facts));
        Assert.Empty(Ask(far, house: new Household(["hospital.example"], [], [], StaffDirectory.Empty, [], [IPNetwork.Parse("203.0.113.0/24")]), facts: facts));
        var list = Encoding.UTF8.GetBytes("From: a@clinic.example\r\nTo: members@sender.test\r\nList-Id: <members.sender.test>\r\nSubject: x\r\n\r\nhello\r\n");
        Assert.Empty(Ask(far, list, facts: facts with { KnowsList = true }));
        Assert.NotEmpty(Ask(far, list, facts: facts)); // and anybody runs one
        Assert.NotEmpty(Ask(far, list, facts: facts with { KnowsList = true, Authentication = new Dictionary<string, string> { ["spf"] = "fail", ["dmarc"] = "fail" } })); // anybody writes a List-Id
    }

    /// <summary>A partner whose new provider is not set up well is noted, and still gets through.</summary>
    [Fact]
    public void APartnerWithABadNewProvider_IsDelivered()
    {
        var facts = new SenderFacts
        {
            Client = IPAddress.Parse("203.0.113.9"), Spf = new SpfOutcome(SpfResult.Fail, "clinic.example", "-all"), Dmarc = new DmarcOutcome(DmarcResult.Fail, "clinic.example"),
            Authentication = new Dictionary<string, string> { ["spf"] = "fail", ["dmarc"] = "fail", ["dkim"] = "none" }, Correspondence = CorrespondenceTests.Of(CorrespondenceTests.Way()),
        };
        using var message = Letters.Open(Plain);
        var findings = Detectors.Inspect(Detectors.All, new InspectionContext(message, facts, SignatureSet.Shipped));
        Assert.Contains(findings, f => f.Kind == SenderRouteNew.Unproven);
        Assert.Equal(Disposition.Deliver, new MessagePolicy(new PolicyOptions()).Judge(findings).Disposition);
    }

    private static IReadOnlyList<Finding> Ask(Correspondence? ledger, byte[]? letter = null, Household? house = null, SenderFacts? facts = null) => FirstContactTests.Ask(new SenderRouteNew(), ledger, letter ?? Plain, house, facts);
}
