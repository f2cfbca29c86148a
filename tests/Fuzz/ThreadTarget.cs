using System.Net;
using System.Text;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker.Senders;

namespace Sekisho.Fuzz;

/// <summary>The marks of hostile letters: nothing may throw, and no letter gives more than its share.</summary>
internal static class ThreadTarget
{
    private static readonly ThreadKey Key = new("0123456789abcdef"u8);
    private static readonly Household House = new([Hospital.Domain], Hospital.Names, [], StaffDirectory.Empty, [], [IPNetwork.Parse("10.0.0.0/8")]);

    public static IEnumerable<byte[]> Letters() =>
        ThreadLetters.Attacks.Concat(ThreadLetters.Honest).Select(k => ThreadLetters.Make(k, 1).Letter.Octets).Append(Encoding.UTF8.GetBytes($"From: t@{Hospital.Domain}\nTo: a@b.example\nReferences: <1@x> <2@y>\nSubject: Re[2]: [x] 転送: y\n\nOn Mon, a@b.example\nwrote:\n> x\n"));

    public static void Run(byte[] octets)
    {
        var envelope = new Envelope(Guid.Empty, DateTimeOffset.UnixEpoch, IPAddress.Parse("10.0.0.1"), "x.example", "a@x.example", [new EnvelopeRecipient("b@hospital.example")]);
        using var message = MessageReader.Read(envelope, new MemoryStream(octets), new ReadLimits(), TimeProvider.System, CancellationToken.None);
        if (ThreadMarks.Of(message, House, SignatureSet.Shipped.List("free-mailers"), Key) is not { } marks)
        {
            return;
        }

        var asked = ThreadMatch.Asked(marks);
        var rows = asked.Select((m, i) => new ThreadRow(m, i % 3, i % 2 == 0)).ToList();
        var facts = new ThreadFacts(marks, Key, [.. ThreadMatch.Rank(marks, rows).Select(h => new KnownThread(h, new HashSet<long> { 1, 2 }))]);
        if (asked.Count > 180 || marks.Parties.Count > 40 || facts.Threads.Count > ThreadMatch.MostThreads || (ThreadMatch.Learn(marks, rows, facts) is { } lesson && (lesson.Marks.Count > 26 || lesson.Parties.Count > 123)))
        {
            throw new InvalidOperationException("more marks than there may be");
        }
    }
}
