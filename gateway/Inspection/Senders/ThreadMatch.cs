namespace Sekisho.Inspection.Senders;

/// <summary>One mark as it is kept.</summary>
/// <param name="Mark">The mark: of a Message-ID, a subject, or words.</param>
/// <param name="Thread">The conversation.</param>
/// <param name="IsOurs">True where we wrote it.</param>
public readonly record struct ThreadRow(long Mark, long Thread, bool IsOurs);

/// <summary>How a letter belongs to a conversation that is known.</summary>
/// <param name="Thread">Which.</param>
/// <param name="Ours">What it repeats of our words, in quarters of a mark: a mark that few conversations have counts 4, a commoner one 2 or 1.</param>
/// <param name="OursQuoted">The part of it that is quoted as such.</param>
/// <param name="Theirs">What it repeats of others' words.</param>
/// <param name="ByReference">True where it refers to one of its letters.</param>
/// <param name="BySubject">True where it has the subject.</param>
public sealed record ThreadHit(long Thread, int Ours, int OursQuoted, int Theirs, bool ByReference, bool BySubject)
{
    /// <summary>From how many quarters on words are the same words, not the same manners.</summary>
    internal const int Enough = 12;

    /// <summary>True where it repeats what we wrote there; with the subject less is enough, and least where it is quoted.</summary>
    public bool RepeatsUs => Ours >= Enough || (BySubject && (OursQuoted >= Enough / 3 || Ours >= Enough * 2 / 3));

    /// <summary>True where it repeats what others wrote there.</summary>
    public bool RepeatsOthers => Theirs >= (BySubject ? Enough * 2 / 3 : Enough);
}

/// <summary>What is to be remembered of a letter.</summary>
/// <param name="Thread">The conversation that it belongs to; null begins one.</param>
/// <param name="Marks">Marks, and whether we wrote that.</param>
/// <param name="Parties">Who took part, and by which way: addresses, domains, names, networks, hosts.</param>
public sealed record ThreadLesson(long? Thread, IReadOnlyList<(long Mark, bool IsOurs)> Marks, IReadOnlyList<long> Parties);

/// <summary>Compares a letter with conversations that are remembered; pure, whatever remembers them.</summary>
public static class ThreadMatch
{
    /// <summary>Conversations that may have a mark before it is common and tells nothing: greetings, names of firms, disclaimers. No more are kept.</summary>
    public const int Common = 9;

    /// <summary>Conversations looked at for one letter, best first.</summary>
    public const int MostThreads = 16;

    /// <summary>Stands among the parties where letters came in, so that it is known by which ways they come.</summary>
    internal const long CameIn = 1;

    private const int OurWords = 16;
    private const int TheirWords = 8;

    /// <summary>All marks to look up for a letter, each once; at most 180.</summary>
    public static IReadOnlyList<long> Asked(ThreadMarks letter) =>
        [.. letter.References.Append(letter.Subject).Append(letter.Letter).Concat(letter.Quoted).Concat(letter.Words).Where(m => m != 0).Distinct()];

    /// <summary>The conversations that a letter belongs to, best first, at most 16.</summary>
    /// <param name="letter">The letter.</param>
    /// <param name="rows">All that is kept of the marks that <see cref="Asked"/> names.</param>
    public static IReadOnlyList<ThreadHit> Rank(ThreadMarks letter, IReadOnlyList<ThreadRow> rows)
    {
        var references = letter.References.Append(letter.Letter).Where(m => m != 0).ToHashSet();
        var quoted = letter.Quoted.ToHashSet();
        var hits = new Dictionary<long, ThreadHit>();
        foreach (var mark in rows.GroupBy(r => r.Mark))
        {
            var threads = mark.Select(r => r.Thread).Distinct().Count();
            var worth = threads >= Common ? 0 : threads > 4 ? 1 : threads > 2 ? 2 : 4;
            var isReference = references.Contains(mark.Key);
            foreach (var row in mark)
            {
                if (worth == 0 && !isReference)
                {
                    continue;
                }

                var hit = hits.GetValueOrDefault(row.Thread) ?? new ThreadHit(row.Thread, 0, 0, 0, false, false);
                hits[row.Thread] = isReference ? hit with { ByReference = true }
                    : mark.Key == letter.Subject ? hit with { BySubject = true }
                    : !row.IsOurs ? hit with { Theirs = hit.Theirs + worth }
                    : hit with { Ours = hit.Ours + worth, OursQuoted = hit.OursQuoted + (quoted.Contains(row.Mark) ? worth : 0) };
            }
        }

        return [.. hits.Values.Where(h => h.ByReference || h.BySubject || h.RepeatsUs || h.RepeatsOthers)
            .OrderByDescending(h => h.ByReference).ThenByDescending(h => h.Ours).ThenByDescending(h => h.Theirs).ThenBy(h => h.Thread).Take(MostThreads)];
    }

    /// <summary>What to remember of a letter that was delivered; null for nothing.</summary>
    /// <remarks>Who took no part in a conversation does not become a part of it by quoting it: we must have written to him, or a participant must have named him.</remarks>
    /// <param name="letter">The letter.</param>
    /// <param name="rows">As for <see cref="Rank"/>.</param>
    /// <param name="known">What is known of the conversations.</param>
    public static ThreadLesson? Learn(ThreadMarks letter, IReadOnlyList<ThreadRow> rows, ThreadFacts known)
    {
        if (letter.IsAutomatic || letter.Parties.Count == 0 || (letter.IsOwn && !letter.IsOutgoing))
        {
            return null;
        }

        var belongs = known.Threads.Where(t => t.Hit.ByReference || t.Hit.OursQuoted >= ThreadHit.Enough || (t.Hit.BySubject && t.Hit.OursQuoted > 0)).ToList();
        var joined = letter.IsOutgoing ? belongs.FirstOrDefault() : belongs.FirstOrDefault(t => letter.Parties.Any(p => p.Role == ThreadRole.Author && t.Has(p)));
        if (joined is null && belongs.Count > 0)
        {
            return null;
        }

        var common = rows.GroupBy(r => r.Mark).Where(g => g.Count() >= Common).Select(g => g.Key).ToHashSet();
        var marks = new List<(long, bool)>();
        if (letter.Letter != 0)
        {
            marks.Add((letter.Letter, letter.IsOutgoing));
        }

        if (letter.Subject != 0 && !common.Contains(letter.Subject))
        {
            marks.Add((letter.Subject, letter.IsOutgoing));
        }

        // What a participant quotes of ours is ours as well: so the memory grows where no outgoing mail passes.
        var ours = letter.IsOutgoing ? letter.Words : letter.QuotesUs && joined is null ? letter.Quoted : [];
        marks.AddRange(ours.Where(m => !common.Contains(m)).Take(OurWords).Select(m => (m, true)));
        if (!letter.IsOutgoing)
        {
            marks.AddRange(letter.Words.Where(m => !common.Contains(m)).Take(TheirWords).Select(m => (m, false)));
        }

        var parties = letter.Parties.SelectMany(p => (IEnumerable<long>)[p.Address, p.Domain, p.Name]).Concat(letter.Routes).Where(m => m != 0).Distinct().Concat(letter.IsOutgoing ? [] : [CameIn]).ToList();
        return new ThreadLesson(joined?.Hit.Thread, marks, parties);
    }
}
