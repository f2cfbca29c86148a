using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Detection.Senders;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class FirstContactTests
{
    private static readonly Correspondence Stranger = new() { Address = "alice@sender.test", Today = new DateOnly(2026, 11, 23), Recipients = 1 };
    private static readonly byte[] Plain = LetterWriter.Plain("ご紹介", "患者様をご紹介します。");

    [Fact]
    public void AStranger_IsNoted()
    {
        var finding = Assert.Single(Ask(new FirstContact(), Stranger, Plain));
        Assert.Equal(("FIRST_CONTACT", "alice@sender.test: its domain is unknown, too"), (finding.Kind.Code, finding.Evidence));
        var known = Stranger with { Domain = new Contact(new DateOnly(2026, 1, 2), new DateOnly(2026, 1, 2), null, 3, 1) };
        Assert.Contains("known since 2026-01-02 (3 letters in, 1 out)", Assert.Single(Ask(new FirstContact(), known, Plain)).Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void WhoIsKnownOrMayBe_IsNot()
    {
        Assert.Empty(Ask(new FirstContact(), null, Plain));
        Assert.Empty(Ask(new FirstContact(), Stranger with { IsWarmingUp = true }, Plain));
        Assert.Empty(Ask(new FirstContact(), Stranger with { Contact = new Contact(new DateOnly(2026, 1, 2), null, new DateOnly(2026, 1, 2), 0, 1) }, Plain));
    }

    /// <summary>A new clinic's letter with its papers is no more than noted; a stranger's macro weighs.</summary>
    [Fact]
    public void WhatAStrangerBrings_Matters()
    {
        Assert.Equal(["FIRST_CONTACT"], Codes(LetterWriter.WithAttachments("紹介状", "x", ("紹介状.pdf", "%PDF-1.4\n%%EOF\n"u8.ToArray()))));
        Assert.Equal(["FIRST_CONTACT", "FIRST_CONTACT_PROGRAM"], Codes(LetterWriter.WithAttachments("申請書", "x", ("申請書.doc", Samples.OldDocument("Sub Tidy()\r\nActiveCell.Value = 1\r\nEnd Sub\r\n")))));
        Assert.Equal(["FIRST_CONTACT", "FIRST_CONTACT_PROGRAM"], Codes(LetterWriter.WithAttachments("x", "x", ("form.html", "<!DOCTYPE html><html><body>hello</body></html>"u8.ToArray()))));

        static IEnumerable<string> Codes(byte[] letter) => Ask(new FirstContact(), Stranger, letter).Select(f => f.Kind.Code);
    }

    /// <summary>New patients, clinics and firms with their forms get through.</summary>
    [Fact]
    public void AStrangersHarmlessLetter_IsDelivered()
    {
        foreach (var letter in new[] { Plain, LetterWriter.WithAttachments("申請書", "x", ("申請書.doc", Samples.OldDocument("Sub Tidy()\r\nActiveCell.Value = 1\r\nEnd Sub\r\n"))) })
        {
            using var message = Letters.Open(letter);
            var findings = Detectors.Inspect(Detectors.All, new InspectionContext(message, SenderFacts.Unknown with { Correspondence = Stranger }, SignatureSet.Shipped));
            Assert.Contains(findings, f => f.Kind == FirstContact.First);
            Assert.Equal(Disposition.Deliver, new MessagePolicy(new PolicyOptions()).Judge(findings).Disposition);
        }
    }

    internal static IReadOnlyList<Finding> Ask(IDetector detector, Correspondence? ledger, byte[] letter, Household? house = null, SenderFacts? facts = null)
    {
        using var message = Letters.Open(letter);
        var found = detector.Inspect(new InspectionContext(message, (facts ?? SenderFacts.Unknown) with { Correspondence = ledger }, SignatureSet.Shipped) { Household = house ?? Household.Empty }).ToList();
        Assert.All(found, f => Assert.Contains(f.Kind, detector.Kinds));
        return found;
    }
}
