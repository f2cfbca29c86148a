using System.Net;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker.Senders;
using Xunit.Abstractions;

namespace Sekisho.Inspection.Tests.Senders;

/// <summary>Lies about senders are found; the letters of an honest hospital's day get through.</summary>
public class ImpersonationTests(ITestOutputHelper output)
{
    private const int Each = 240;

    internal static readonly Household House = new([Hospital.Domain], Hospital.Names, Hospital.Partners, new StaffDirectory(StaffFile.Read(new MemoryStream(Hospital.StaffList()))), Hospital.Forwarders, [IPNetwork.Parse("10.0.0.0/8")]);

    private static readonly HashSet<string> Subject = Detectors.All.Where(d => d.GetType().Namespace == "Sekisho.Inspection.Detection.Senders").SelectMany(d => d.Kinds).Select(k => k.Code)
        .Except(["SENDER_FIELDS_DISAGREE", "OWN_DOMAIN_BY_LIST", "REPLY_OUTSIDE_THREAD"]).ToHashSet(StringComparer.Ordinal);

    [Fact]
    public void Spoofs_AreFound()
    {
        var all = Spoofs.All(Each, 1).Select(s => (Sample: s, Verdict: Judge(s))).ToList();
        Tell(all);
        foreach (var kind in all.GroupBy(a => a.Sample.Kind))
        {
            var missed = kind.Where(a => !a.Verdict.Findings.Any(f => Subject.Contains(f.Kind.Code))).ToList();
            Assert.True(missed.Count * 100 <= kind.Count(), $"{kind.Key}: {missed.Count} of {kind.Count()} are not found, such as\n" + string.Join('\n', missed.Take(20).Select(m => Head(m.Sample))));
            missed.ForEach(m => output.WriteLine("missed: " + Head(m.Sample)));
        }

        // Our own domain is not only found.
        Assert.All(all.Where(a => a.Sample.Kind == "own-domain"), a => Assert.Equal(Disposition.Quarantine, a.Verdict.Disposition));
    }

    [Fact]
    public void HonestLetters_AreDelivered()
    {
        var all = HonestLetters.All(Each, 1).Select(s => (Sample: s, Verdict: Judge(s))).ToList();
        Tell(all);
        var held = all.Where(a => a.Verdict.Disposition != Disposition.Deliver).ToList();
        Assert.True(held.Count * 200 <= all.Count, $"{held.Count} of {all.Count} are quarantined, such as\n" + string.Join('\n', held.Take(20).Select(h => $"{h.Sample.Kind} {string.Join(' ', h.Verdict.Findings.Select(f => f.Kind.Code))}\n{Head(h.Sample)}")));
    }

    /// <summary>What DNS would say is not needed to find them, only to be sure.</summary>
    [Fact]
    public void Spoofs_AreFound_WithoutLookUps()
    {
        var all = Spoofs.All(100, 2).ToList();
        var missed = all.Where(s => !Judge(s with { Authentication = new Dictionary<string, string>() }).Findings.Any(f => Subject.Contains(f.Kind.Code))).ToList();
        Assert.True(missed.Count * 100 <= all.Count, string.Join('\n', missed.Select(Head)));
    }

    /// <summary>But for a form on the web: our own domain from outside with answers to free mail is a spoof as long as nothing is proven.</summary>
    [Fact]
    public void HonestLetters_AreDelivered_WithoutLookUps() =>
        Assert.All(HonestLetters.All(100, 2).Where(s => s.Kind != "web-form"), s => Assert.Equal(Disposition.Deliver, Judge(s with { Authentication = new Dictionary<string, string>() }).Disposition));

    /// <summary>Without look-ups and without a household nothing is forged.</summary>
    [Fact]
    public void Nobodys_Household_AccusesNobody()
    {
        foreach (var sample in HonestLetters.All(3, 2))
        {
            using var message = Open(sample);
            var verdict = new MessagePolicy(new PolicyOptions()).Judge(Detectors.Inspect(Detectors.All, new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped)), message.Envelope);
            Assert.Equal(Disposition.Deliver, verdict.Disposition);
            Assert.DoesNotContain(verdict.Findings, f => f.Kind.Code.StartsWith("OWN_", StringComparison.Ordinal) || f.Kind.Code.StartsWith("COLLEAGUE_", StringComparison.Ordinal));
        }
    }

    internal static InboundMessage Open(SenderSample sample) => MessageReader.Read(
        new Envelope(Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, sample.Client, sample.Helo, sample.MailFrom, [.. sample.Recipients.Select(r => new EnvelopeRecipient(r))]),
        new MemoryStream(sample.Octets), new ReadLimits(), TimeProvider.System, CancellationToken.None);

    private static Verdict Judge(SenderSample sample)
    {
        using var message = Open(sample);
        // The hospital knows its lists; a liar's it does not.
        var facts = new SenderFacts { Authentication = sample.Authentication, KnowsList = HonestLetters.IsByKnownList(sample) };
        return new MessagePolicy(new PolicyOptions()).Judge(Detectors.Inspect(Detectors.All, new InspectionContext(message, facts, SignatureSet.Shipped) { Household = House }), message.Envelope);
    }

    private static string Head(SenderSample sample) => System.Text.Encoding.UTF8.GetString(sample.Octets).Split("\r\n\r\n")[0] + $"\n<{sample.MailFrom}>";

    private void Tell(List<(SenderSample Sample, Verdict Verdict)> all)
    {
        foreach (var kind in all.GroupBy(a => a.Sample.Kind))
        {
            output.WriteLine($"{kind.Key}: {kind.Count()}, found {kind.Count(k => k.Verdict.Findings.Any(f => Subject.Contains(f.Kind.Code)))}, quarantined {kind.Count(k => k.Verdict.Disposition != Disposition.Deliver)}; "
                + string.Join(' ', kind.SelectMany(k => k.Verdict.Findings.Select(f => f.Kind.Code).Distinct()).GroupBy(c => c).Select(g => $"{g.Key} {g.Count()}")));
        }
    }
}
