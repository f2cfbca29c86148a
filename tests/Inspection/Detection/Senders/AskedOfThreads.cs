using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.Inspection.Tests.Senders;
using Sekisho.SampleMaker.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

/// <summary>A short way to ask a detector about a letter that goes on with a conversation.</summary>
internal static class AskedOfThreads
{
    /// <summary>What it finds in five letters of a kind, each time the same.</summary>
    public static string Codes(IDetector detector, string kind)
    {
        var found = Enumerable.Range(1, 5).Select(number => Ask(detector, ThreadLetters.Make(kind, number))).Distinct().ToList();
        return string.Join('|', found);
    }

    private static string Ask(IDetector detector, ThreadSample sample)
    {
        var memory = new ThreadMemory(ImpersonationTests.House);
        foreach (var letter in sample.History)
        {
            using var earlier = ImpersonationTests.Open(letter);
            memory.Learn(earlier);
        }

        using var message = ImpersonationTests.Open(sample.Letter);
        var facts = new SenderFacts { Authentication = sample.Letter.Authentication, Thread = memory.Ask(message) };
        var all = detector.Inspect(new InspectionContext(message, facts, SignatureSet.Shipped) { Household = ImpersonationTests.House }).ToList();
        Assert.All(all, f => Assert.Contains(detector.Kinds, k => k.Code == f.Kind.Code));
        return string.Join(' ', all.Select(f => f.Kind.Code));
    }
}
