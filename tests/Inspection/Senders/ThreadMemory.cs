using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests.Senders;

/// <summary>A memory of conversations without a database.</summary>
internal sealed class ThreadMemory(Household house)
{
    public static readonly ThreadKey Key = new("0123456789abcdef"u8);

    private readonly Dictionary<long, List<ThreadRow>> rows = [];
    private readonly Dictionary<long, HashSet<long>> parties = [];
    private long next;

    public ThreadFacts? Ask(InboundMessage message) =>
        ThreadMarks.Of(message, house, SignatureSet.Shipped.List("free-mailers"), Key) is { } marks ? Ask(marks) : null;

    public void Learn(InboundMessage message)
    {
        if (Ask(message) is not { } facts || ThreadMatch.Learn(facts.Letter, RowsOf(facts.Letter), facts) is not { } lesson)
        {
            return;
        }

        var thread = lesson.Thread ?? ++next;
        foreach (var (mark, isOurs) in lesson.Marks)
        {
            (rows.TryGetValue(mark, out var list) ? list : rows[mark] = []).Add(new ThreadRow(mark, thread, isOurs));
        }

        (parties.TryGetValue(thread, out var set) ? set : parties[thread] = []).UnionWith(lesson.Parties);
    }

    private ThreadFacts Ask(ThreadMarks marks) =>
        new(marks, Key, [.. ThreadMatch.Rank(marks, RowsOf(marks)).Select(h => new KnownThread(h, parties.GetValueOrDefault(h.Thread) ?? []))]);

    private List<ThreadRow> RowsOf(ThreadMarks marks) => [.. ThreadMatch.Asked(marks).SelectMany(m => rows.GetValueOrDefault(m) ?? []).DistinctBy(r => (r.Mark, r.Thread))];
}
