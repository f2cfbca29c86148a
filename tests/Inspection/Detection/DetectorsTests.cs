using Microsoft.Extensions.Time.Testing;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection;

public class DetectorsTests
{
    [Fact]
    public void PlainLetter_HasNoFindings()
    {
        using var message = Letters.Open(LetterWriter.Plain("x", "y"));

        Assert.Empty(Detectors.Inspect(Detectors.All, new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped)));
    }

    [Fact]
    public void DetectorThatThrows_IsAFindingAndStopsNobody()
    {
        using var message = Letters.OpenDocument("a.exe", Samples.Program());

        var findings = Detectors.Inspect([new Broken(), .. Detectors.All], new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped));

        Assert.Contains(findings, f => f.Kind.Code == "DETECTOR_FAILED" && f.Place == "Broken");
        Assert.Contains(findings, f => f.Kind.Code == "EXECUTABLE_CONTENT");
    }

    [Fact]
    public void TimeUpBeforeDetection_IsAFinding()
    {
        var time = new FakeTimeProvider();
        using var message = Letters.Open(LetterWriter.Plain("x", "y"), time: time);
        time.Advance(TimeSpan.FromMinutes(1));

        var findings = Detectors.Inspect(Detectors.All, new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped));

        Assert.Equal(["LIMIT_REACHED"], findings.Select(f => f.Kind.Code));
    }

    private sealed class Broken : IDetector
    {
        public IEnumerable<FindingKind> Kinds => [];

        public IEnumerable<Finding> Inspect(InspectionContext context) => throw new InvalidOperationException("on purpose");
    }
}
