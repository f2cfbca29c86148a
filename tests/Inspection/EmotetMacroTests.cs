using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests;

/// <summary>Every generation of Emotet's VBA is quarantined for what it does: no name, no address, no hash is known to the detectors asked here.</summary>
public class EmotetMacroTests
{
    public static TheoryData<string> Waves => [.. EmotetMacros.All.Keys];

    [Theory]
    [MemberData(nameof(Waves))]
    public void Wave_IsQuarantinedByBehaviour(string wave)
    {
        var (name, content) = EmotetMacros.All[wave];
        using var message = Letters.OpenDocument(name, content);
        var detectors = Detectors.All.Where(d => d.GetType().Namespace!.EndsWith(".Macros", StringComparison.Ordinal)).ToList();

        var verdict = new MessagePolicy(new PolicyOptions()).Judge(Detectors.Inspect(detectors, new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped)));

        Assert.Equal(Disposition.Quarantine, verdict.Disposition);
        Assert.Contains(verdict.Findings, f => f.Kind.Code == "MACRO_RUNS_PROGRAM");
    }
}
