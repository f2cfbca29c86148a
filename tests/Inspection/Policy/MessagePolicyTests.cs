using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Policy;

namespace Sekisho.Inspection.Tests.Policy;

public class MessagePolicyTests
{
    private static readonly FindingKind Light = new("LIGHT", 40, "light", "軽");
    private static readonly FindingKind Heavy = new("HEAVY", 70, "heavy", "重");

    [Fact]
    public void NothingFound_IsDelivered()
    {
        var verdict = new MessagePolicy(new PolicyOptions()).Judge([]);

        Assert.Equal((Disposition.Deliver, 0), (verdict.Disposition, verdict.Score));
    }

    /// <summary>What our own people send is evidence when it is bad, and a letter that is refused is not kept.</summary>
    [Theory]
    [InlineData(false, Disposition.Reject)]
    [InlineData(true, Disposition.Quarantine)]
    public void WhatLeavesTheHouse_IsNeverRefused(bool isOutbound, Disposition disposition)
    {
        var options = new PolicyOptions { RejectAt = 100, Overrides = [new PolicyOverride { Domain = "strict.test", QuarantineAt = 10 }] };
        var envelope = Letters.Envelope with { IsOutbound = isOutbound };
        Assert.Equal(disposition, new MessagePolicy(options).Judge([Light.At("1", ""), Heavy.At("1", "")], envelope).Disposition);
        Assert.Equal(disposition, new MessagePolicy(options with { Overrides = [] }).Judge([Light.At("1", ""), Heavy.At("1", "")], envelope).Disposition);
    }

    [Fact]
    public void SameCode_CountsOnce()
    {
        var verdict = new MessagePolicy(new PolicyOptions()).Judge([Light.At("1", ""), Light.At("2", ""), Light.At("3", "")]);

        Assert.Equal((Disposition.Deliver, 40), (verdict.Disposition, verdict.Score));
        Assert.Equal(3, verdict.Findings.Count);
    }

    [Fact]
    public void DifferentCodes_AddUp_HeaviestFirst()
    {
        var verdict = new MessagePolicy(new PolicyOptions()).Judge([Light.At("1", ""), Heavy.At("1", "")]);

        Assert.Equal((Disposition.Quarantine, 110), (verdict.Disposition, verdict.Score));
        Assert.Equal(["HEAVY", "LIGHT"], verdict.Findings.Select(f => f.Kind.Code));
    }

    [Fact]
    public void ObservedCode_ScoresNothingAndIsShown()
    {
        var verdict = new MessagePolicy(new PolicyOptions { ObserveOnly = ["HEAVY"] }).Judge([Light.At("1", ""), Heavy.At("1", "")]);

        Assert.Equal((Disposition.Deliver, 40), (verdict.Disposition, verdict.Score));
        Assert.Equal(["LIGHT", "HEAVY"], verdict.Findings.Select(f => f.Kind.Code));
        Assert.Equal(["HEAVY"], verdict.Observed);
    }

    [Fact]
    public void Weights_AndThresholds_AreThePolicys()
    {
        var options = new PolicyOptions { Weights = new() { ["LIGHT"] = 500 }, QuarantineAt = 50, RejectAt = 500 };

        Assert.Equal(Disposition.Reject, new MessagePolicy(options).Judge([Light.At("1", "")]).Disposition);
        Assert.Equal(Disposition.Quarantine, new MessagePolicy(options).Judge([Heavy.At("1", "")]).Disposition);
    }

    [Theory]
    [InlineData(0, 30, "", Disposition.Hold)] // only the password is missing
    [InlineData(70, 30, "", Disposition.Hold)]
    [InlineData(100, 30, "", Disposition.Quarantine)] // bad enough without
    [InlineData(0, 0, "", Disposition.Quarantine)] // the hospital does not wait
    [InlineData(0, 30, "kensa@lab.example", Disposition.Deliver)]
    [InlineData(0, 30, "KENSA@LAB.EXAMPLE", Disposition.Deliver)]
    [InlineData(0, 30, "x@partner.example", Disposition.Deliver)]
    [InlineData(0, 30, "x@sub.partner.example", Disposition.Hold)]
    [InlineData(100, 30, "kensa@lab.example", Disposition.Quarantine)]
    public void EncryptedAttachment_WaitsForItsPassword(int besides, int minutes, string sender, Disposition expected)
    {
        var policy = new MessagePolicy(new PolicyOptions { HoldForPassword = TimeSpan.FromMinutes(minutes), PassEncryptedFrom = { "kensa@lab.example", "@partner.example" } });
        List<Finding> findings = [Sekisho.Inspection.Detection.Reading.EncryptedContent.Archive.At("2/a.zip", "")];
        if (besides > 0)
        {
            findings.Add(new FindingKind("OTHER", besides, "other", "他").At("1", ""));
        }

        Assert.Equal(expected, policy.Judge(findings, Letters.Envelope with { Sender = sender }).Disposition);
    }

    [Theory]
    [InlineData(PolicyPreset.Watch, 500, Disposition.Deliver)]
    [InlineData(PolicyPreset.Standard, 99, Disposition.Deliver)]
    [InlineData(PolicyPreset.Standard, 100, Disposition.Quarantine)]
    [InlineData(PolicyPreset.Strict, 79, Disposition.Deliver)]
    [InlineData(PolicyPreset.Strict, 80, Disposition.Quarantine)]
    public void Presets_StartFromTheirOwnThreshold(PolicyPreset preset, int weight, Disposition expected) =>
        Assert.Equal(expected, new MessagePolicy(new PolicyOptions { Preset = preset }).Judge([new FindingKind("ANY", weight, "any", "何か").At("1", "")]).Disposition);

    [Fact]
    public void Strict_QuarantinesEveryMacro_WhatStandardDoesNot()
    {
        var harmless = Sekisho.Inspection.Detection.Macros.XlmPresent.Present.At("1", "");
        Assert.Equal(Disposition.Deliver, new MessagePolicy(new PolicyOptions()).Judge([harmless]).Disposition);
        Assert.Equal(Disposition.Quarantine, new MessagePolicy(new PolicyOptions { Preset = PolicyPreset.Strict }).Judge([harmless]).Disposition);
        Assert.Equal(Disposition.Deliver, new MessagePolicy(new PolicyOptions { Preset = PolicyPreset.Strict, Weights = { ["XLM_PRESENT"] = 10 } }).Judge([harmless]).Disposition);
    }

    [Fact]
    public void EveryCodeOfAPreset_Exists() =>
        Assert.All(Enum.GetValues<PolicyPreset>().SelectMany(p => PresetRules.Of(p).Weights.Keys), code => Assert.Contains(Detectors.Kinds, k => k.Code == code));

    [Theory]
    [InlineData("nurse@hospital.example", Disposition.Deliver)]
    [InlineData("nurse@clinic.example", Disposition.Quarantine)] // its own preset
    [InlineData("nurse@ward.lab.example", Disposition.Quarantine)] // its own weight, for all sub-domains
    [InlineData("nurse@lab.example", Disposition.Deliver)]
    [InlineData("nurse@test.example", Disposition.Deliver)] // watched only
    [InlineData("nurse@test.example doctor@clinic.example", Disposition.Quarantine)] // the strictest of several
    public void RecipientDomains_MayDiffer(string recipients, Disposition expected)
    {
        var policy = new MessagePolicy(new PolicyOptions
        {
            Overrides =
            {
                new PolicyOverride { Domain = "clinic.example", Preset = PolicyPreset.Strict },
                new PolicyOverride { Domain = ".lab.example", Weights = { ["XLM_PRESENT"] = 100 } },
                new PolicyOverride { Domain = "test.example", Preset = PolicyPreset.Watch },
            },
        });
        var envelope = Letters.Envelope with { Recipients = [.. recipients.Split(' ').Select(r => new Sekisho.Inspection.Messages.EnvelopeRecipient(r))] };
        Assert.Equal(expected, policy.Judge([Sekisho.Inspection.Detection.Macros.XlmPresent.Present.At("1", "")], envelope).Disposition);
    }
}
