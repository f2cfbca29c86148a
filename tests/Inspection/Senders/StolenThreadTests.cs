using System.Text;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker.Senders;
using Xunit.Abstractions;

namespace Sekisho.Inspection.Tests.Senders;

/// <summary>Stolen conversations are found; those that rightly move get through.</summary>
public class StolenThreadTests(ITestOutputHelper output)
{
    private const int Each = 120;

    private static readonly string[] Codes = ["STOLEN_THREAD", "STOLEN_THREAD_NAME", "STOLEN_THREAD_PERHAPS", "STOLEN_THREAD_HACKED", "THREAD_REPLY_WITHOUT_REFERENCE"];

    [Fact]
    public void StolenConversations_AreFound()
    {
        var all = Run(ThreadLetters.Attacks);
        var missed = all.Where(a => !a.Verdict.Findings.Any(f => Codes.Contains(f.Kind.Code))).ToList();
        Assert.True(missed.Count * 100 <= all.Count, $"{missed.Count} of {all.Count} are not found: {string.Join(' ', missed.Take(20).Select(m => $"{m.Kind}/{m.Number}"))}");
        foreach (var kind in all.Where(a => a.Kind is "emotet-pre" or "whole-quote" or "rewrapped" or "other-charset" or "without-re" or "without-name").GroupBy(a => a.Kind))
        {
            Assert.True(kind.Count(k => k.Verdict.Disposition == Disposition.Quarantine) * 100 >= kind.Count() * 99, $"{kind.Key}: {kind.Count(k => k.Verdict.Disposition != Disposition.Quarantine)} are delivered");
        }
    }

    [Fact]
    public void HonestConversations_AreDelivered()
    {
        var all = Run(ThreadLetters.Honest);
        var held = all.Where(a => a.Verdict.Disposition != Disposition.Deliver).ToList();
        Assert.True(held.Count * 200 <= all.Count, $"{held.Count} of {all.Count} are quarantined: {string.Join(' ', held.Take(20).Select(m => $"{m.Kind}/{m.Number}"))}");
        foreach (var kind in all.Where(a => a.Kind is "reply" or "reply-with-file" or "reply-without-reference" or "colleague-in-cc" or "assistant" or "mailing-list" or "group" or "vacation" or "bounce" or "same-template" or "new-provider").GroupBy(a => a.Kind))
        {
            Assert.Equal((kind.Key, 0), (kind.Key, kind.Count(k => k.Verdict.Findings.Any(f => f.Kind.Code is "STOLEN_THREAD" or "STOLEN_THREAD_NAME"))));
        }
    }

    /// <summary>A harmless letter first, and a reference to it, make nobody a participant of a conversation that is not his.</summary>
    [Fact]
    public void AThiefWhoWroteBefore_IsStillNone()
    {
        for (var number = 0; number < 20; number++)
        {
            var memory = new ThreadMemory(ImpersonationTests.House);
            var sample = ThreadLetters.Make("whole-quote", number);
            Learn(memory, sample.History);
            var from = Encoding.UTF8.GetString(sample.Letter.Octets).Split("\r\n").First(l => l.StartsWith("From:", StringComparison.Ordinal));
            Learn(memory, [sample.Letter with { Octets = Encoding.UTF8.GetBytes($"{from}\r\nTo: {sample.Letter.Recipients[0]}\r\nSubject: your catalogue number {number}\r\nMessage-ID: <first-{number}@thief.example>\r\n\r\nDear all, please find our new catalogue on our site, and let us know what you would like to see.\r\n") }]);
            var verdict = Judge(memory, sample.Letter with { Octets = [.. Encoding.ASCII.GetBytes($"References: <first-{number}@thief.example>\r\nIn-Reply-To: <first-{number}@thief.example>\r\n"), .. sample.Letter.Octets] });
            Assert.Equal(Disposition.Quarantine, verdict.Disposition);
        }
    }

    /// <summary>Who is not remembered accuses nobody.</summary>
    [Fact]
    public void AnEmptyMemory_SaysNothing()
    {
        foreach (var kind in ThreadLetters.Attacks.Concat(ThreadLetters.Honest))
        {
            Assert.DoesNotContain(Judge(new ThreadMemory(ImpersonationTests.House), ThreadLetters.Make(kind, 1).Letter).Findings, f => Codes.Contains(f.Kind.Code));
        }
    }

    private List<(string Kind, int Number, Verdict Verdict)> Run(IReadOnlyList<string> kinds)
    {
        // Others have the same manners: what they share must not count.
        var memory = new ThreadMemory(ImpersonationTests.House);
        for (var i = 0; i < 150; i++)
        {
            Learn(memory, ThreadLetters.Make("reply", 900_000 + i).History);
        }

        var all = new List<(string Kind, int Number, Verdict Verdict)>();
        foreach (var kind in kinds)
        {
            for (var number = 0; number < Each; number++)
            {
                var sample = ThreadLetters.Make(kind, number);
                Learn(memory, sample.History);
                all.Add((kind, number, Judge(memory, sample.Letter)));
            }
        }

        foreach (var kind in all.GroupBy(a => a.Kind))
        {
            output.WriteLine($"{kind.Key}: {kind.Count()}, found {kind.Count(k => k.Verdict.Findings.Any(f => Codes.Contains(f.Kind.Code)))}, quarantined {kind.Count(k => k.Verdict.Disposition != Disposition.Deliver)}; "
                + string.Join(' ', kind.SelectMany(k => k.Verdict.Findings.Select(f => f.Kind.Code).Distinct()).GroupBy(c => c).Select(g => $"{g.Key} {g.Count()}")));
        }

        return all;
    }

    private static void Learn(ThreadMemory memory, IReadOnlyList<SenderSample> letters)
    {
        foreach (var letter in letters)
        {
            using var message = ImpersonationTests.Open(letter);
            memory.Learn(message);
        }
    }

    private static Verdict Judge(ThreadMemory memory, SenderSample sample)
    {
        using var message = ImpersonationTests.Open(sample);
        var facts = new SenderFacts { Authentication = sample.Authentication, Thread = memory.Ask(message) };
        return new MessagePolicy(new PolicyOptions()).Judge(Detectors.Inspect(Detectors.All, new InspectionContext(message, facts, SignatureSet.Shipped) { Household = ImpersonationTests.House }), message.Envelope);
    }
}
