using System.Net;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Detection.Senders;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests.Detection.Senders;

/// <summary>A block holds for a name, an allowance only for a proven one.</summary>
public class SenderListedTests
{
    private const string Plain = "From: \"検査\" <Kensa@Lab.example>\nSubject: x\n\nbody\n";

    [Theory]
    [InlineData("block kensa@lab.example", "SENDER_BLOCKED")]
    [InlineData("block lab.example", "SENDER_BLOCKED")]
    [InlineData("block .example", "SENDER_BLOCKED")]
    [InlineData("block .lab.example", "")]
    [InlineData("block bounce@mailer.example", "SENDER_BLOCKED")] // the envelope's
    [InlineData("block 203.0.113.0/24", "SENDER_BLOCKED")]
    [InlineData("block 198.51.100.0/24", "")]
    [InlineData("block lab.example doctor@hospital.example", "SENDER_BLOCKED")] // one of the recipients is enough
    [InlineData("block lab.example other@hospital.example", "")]
    [InlineData("", "")]
    public void ABlock_HoldsForTheNameAlone(string list, string code) => Assert.Equal(code, Codes(list, "dmarc=fail"));

    [Theory]
    [InlineData("allow kensa@lab.example", "dmarc=pass", "SENDER_ALLOWED")]
    [InlineData("allow lab.example", "dmarc=pass", "SENDER_ALLOWED")]
    [InlineData("allow lab.example", "dmarc=fail spf=pass dkim=fail", "SENDER_ALLOW_NOT_PROVEN")] // SPF is the mailer's, not the lab's
    [InlineData("allow lab.example", "dmarc=temperror", "SENDER_ALLOW_NOT_PROVEN")]
    [InlineData("allow lab.example", "", "SENDER_ALLOW_NOT_PROVEN")] // nobody looked
    [InlineData("allow mailer.example", "dmarc=fail spf=pass", "")] // the envelope alone is nobody's name
    [InlineData("allow 203.0.113.9/32", "dmarc=fail", "SENDER_ALLOW_NOT_PROVEN")] // whoever rents a server there
    [InlineData("allow 203.0.113.9/32", "dmarc=fail spf=fail", "SENDER_ALLOW_NOT_PROVEN")]
    [InlineData("allow 203.0.113.9/32", "", "SENDER_ALLOW_NOT_PROVEN")]
    [InlineData("allow 203.0.113.9/32", "dmarc=fail spf=pass", "SENDER_ALLOWED")] // the envelope is proven
    [InlineData("allow 203.0.113.9/32", "dmarc=pass", "SENDER_ALLOWED")]
    [InlineData("allow 203.0.113.9/32;allow lab.example", "dmarc=fail spf=none", "SENDER_ALLOW_NOT_PROVEN")]
    [InlineData("allow lab.example nurse@hospital.example", "dmarc=pass", "")] // not for the doctor
    [InlineData("allow lab.example nurse@hospital.example;allow lab.example doctor@hospital.example", "dmarc=pass", "SENDER_ALLOWED")]
    [InlineData("allow lab.example nurse@hospital.example;allow 203.0.113.0/24", "dmarc=pass", "SENDER_ALLOWED")]
    public void AnAllowance_AsksForProof(string list, string results, string code) => Assert.Equal(code, Codes(list, results));

    [Theory]
    [InlineData("allow kensa@lab.example;block lab.example", "dmarc=pass", "SENDER_ALLOWED")] // the more exact
    [InlineData("allow kensa@lab.example;block lab.example", "dmarc=fail", "SENDER_BLOCKED SENDER_ALLOW_NOT_PROVEN")]
    [InlineData("allow lab.example;block kensa@lab.example", "dmarc=pass", "SENDER_BLOCKED")]
    [InlineData("allow lab.example;block 203.0.113.9/32", "dmarc=pass", "SENDER_ALLOWED")]
    [InlineData("allow 203.0.113.9/32;block lab.example", "dmarc=pass", "SENDER_BLOCKED")]
    [InlineData("allow lab.example;block lab.example doctor@hospital.example", "dmarc=pass", "SENDER_BLOCKED")] // of equals, the block
    public void TheMoreExact_GoesFirst(string list, string results, string code) => Assert.Equal(code.Split(' ')[0], Codes(list, results));

    [Theory]
    [InlineData("From: kensa@lab.example, x@evil.example\n")]
    [InlineData("From: kensa@lab.example\nFrom: x@evil.example\n")]
    public void OfTwoAuthors_NeitherIsAllowed(string from)
    {
        Assert.Equal("SENDER_ALLOW_NOT_PROVEN", Codes("allow lab.example", "dmarc=pass", from + "\nbody\n"));
        Assert.Equal("SENDER_BLOCKED", Codes("block lab.example", "", from + "\nbody\n"));
    }

    [Fact]
    public void WhatStandsForTheAuthor()
    {
        var none = Facts("allow lab.example", "dmarc=none spf=none dkim=pass");
        DkimOutcome Signed(string domain) => new(DkimResult.Pass, domain, "s", "rsa-sha256");
        Assert.Equal("SENDER_ALLOW_NOT_PROVEN", Codes(none));
        Assert.Equal("SENDER_ALLOWED", Codes(none with { IsVouchedFor = true }));
        Assert.Equal("SENDER_ALLOWED", Codes(none with { Dkim = [Signed("mail.lab.example")] })); // its own signature, where it publishes no DMARC
        Assert.Equal("SENDER_ALLOW_NOT_PROVEN", Codes(none with { Dkim = [Signed("evil.example"), Signed("lab.example") with { UnsignedOctets = 5 }, Signed("lab.example") with { IsTesting = true }] }));
        Assert.Equal("SENDER_ALLOWED", Codes(none with { Border = Border("lab.example") }));
        Assert.Equal("SENDER_ALLOW_NOT_PROVEN", Codes(none with { Border = Border("evil.example") }));
        Assert.Equal("SENDER_ALLOW_NOT_PROVEN", Codes(none with { Authentication = new Dictionary<string, string> { ["dmarc"] = "pass" }, AuthorDomains = ["lab.example", "evil.example"] }));

        static ReportedResults Border(string domain) => new("border.hospital.example", [new ReportedResult("dmarc", "pass", new Dictionary<string, string> { ["header.from"] = domain })]);
    }

    [Fact]
    public void ADomainInAFromFieldThatCannotBeRead_IsBlocked_AndAnOddEnvelopeDoesNoHarm()
    {
        Assert.Equal("SENDER_BLOCKED", Codes(Facts("block evil.example", "dmarc=fail") with { AuthorDomains = ["evil.example"] }, "From: <<x@@evil.example\n\nbody\n"));
        Assert.Equal("", Codes(Facts("block evil.example", "dmarc=fail"), Plain, "\"a @,<\"@[203.0.113.1]"));
        Assert.Equal("SENDER_BLOCKED", Codes(Facts("block 検査.example".Replace("検査.example", SenderListEntry.Normal("検査.example"), StringComparison.Ordinal), ""), Plain, "x@検査.example"));
    }

    [Fact]
    public void BehindABorderThatNamesNoClient_NetworksSayNothing()
    {
        Assert.Equal("", Codes(Facts("allow 203.0.113.0/24;block 192.0.2.0/24", "dmarc=fail")));
        Assert.Equal("SENDER_BLOCKED", Codes(Facts("block 192.0.2.0/24", "dmarc=fail") with { Client = IPAddress.Parse("192.0.2.5") }));
    }

    [Fact]
    public void AnEntryEnds_AndTheEvidenceTellsWhoWhyAndWhen()
    {
        var entry = new SenderListEntry(SenderListKind.Block, "lab.example", "*", "admin", "詐欺", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
        var finding = Assert.Single(Ask(new SenderFacts { Listed = new SenderList([entry]) }));
        Assert.Equal("From", finding.Place);
        Assert.Equal("kensa@lab.example: block lab.example for *, by admin on 1970-01-01 until 1970-01-02: 詐欺", finding.Evidence);
        Assert.Empty(Ask(new SenderFacts { Listed = new SenderList([entry with { ExpiresAt = DateTimeOffset.UnixEpoch }]) })); // the letter was received then
    }

    [Fact]
    public void AnAllowance_TakesAwayWhatIsSaidOfTheSender_NeverWhatIsAttached()
    {
        var kinds = Detectors.Kinds.ToDictionary(k => k.Code);
        Verdict Judge(params string[] codes) => new MessagePolicy(new PolicyOptions()).Judge([.. codes.Select(c => kinds[c].At("", ""))]);

        Assert.Equal(Disposition.Quarantine, Judge("LOOKALIKE_DOMAIN", "SPF_FAIL", "LURE_TOPIC").Disposition);
        var excused = Judge("SENDER_ALLOWED", "LOOKALIKE_DOMAIN", "SPF_FAIL", "LURE_TOPIC", "OWN_DOMAIN_BY_LIST", "DMARC_FAIL_REJECT");
        Assert.Equal((Disposition.Deliver, 1), (excused.Disposition, excused.Score));
        Assert.Contains("LOOKALIKE_DOMAIN", excused.Observed);
        Assert.Equal(6, excused.Findings.Count);

        // What is attached, known, unread or deceitful counts as ever.
        foreach (var code in Detectors.Kinds.Select(k => k.Code).Where(c => !SenderAllowance.Excuses(c)).Except(["SENDER_ALLOWED"]))
        {
            Assert.True(Judge("SENDER_ALLOWED", code).Score > 1, code);
        }

        Assert.All(
            ["SENDER_BLOCKED", "SENDER_ALLOW_NOT_PROVEN", "OWN_DOMAIN_FORGED", "OWN_DOMAIN_UNPROVEN", "COLLEAGUE_FORGED", "FROM_TRICKS", "FROM_OF_TWO_DOMAINS", "DKIM_PARTIAL_BODY", "LURE_DOCUMENT", "LURE_ENABLE_MACROS", "MACRO_RUNS_PROGRAM", "INDICATOR_ADDRESS", "INDICATOR_HASH", "EXECUTABLE_CONTENT", "LIMIT_REACHED", "DETECTOR_FAILED"],
            code => Assert.False(SenderAllowance.Excuses(code) || !kinds.ContainsKey(code), code));
        Assert.Equal(100, Judge("SENDER_BLOCKED").Score);
    }

    private static string Codes(string list, string results, string letter = Plain) =>
        Codes(Facts(list, results) with { Client = IPAddress.Parse("203.0.113.9") }, letter);

    private static string Codes(SenderFacts facts, string letter = Plain, string mailFrom = "bounce@mailer.example") => string.Join(' ', Ask(facts, letter, mailFrom).Select(f => f.Kind.Code));

    private static IReadOnlyList<Finding> Ask(SenderFacts facts, string letter = Plain, string mailFrom = "bounce@mailer.example")
    {
        var envelope = Letters.Envelope with { Sender = mailFrom, Client = IPAddress.Parse("203.0.113.9"), Recipients = [new EnvelopeRecipient("nurse@hospital.example"), new EnvelopeRecipient("doctor@hospital.example")] };
        using var message = MessageReader.Read(envelope, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(letter.ReplaceLineEndings("\r\n"))), new ReadLimits(), TimeProvider.System, CancellationToken.None);
        return [.. new SenderListed().Inspect(new InspectionContext(message, facts, SignatureSet.Shipped))];
    }

    private static SenderFacts Facts(string list, string results) => new()
    {
        Authentication = results.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(r => r.Split('=')).ToDictionary(r => r[0], r => r[1], StringComparer.Ordinal),
        Listed = new SenderList([.. list.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(e => e.Split(' ')).Select(e => new SenderListEntry(
            e[0] == "allow" ? SenderListKind.Allow : SenderListKind.Block, e[1], e.Length > 2 ? e[2] : "*", "admin", "why", DateTimeOffset.UnixEpoch, null))]),
    };
}
