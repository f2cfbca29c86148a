namespace Sekisho.Inspection.Senders;

/// <summary>A conversation that a letter belongs to, or pretends to.</summary>
/// <param name="Hit">How it does.</param>
/// <param name="Parties">Marks of everybody outside who took part, and of the ways their letters came.</param>
public sealed record KnownThread(ThreadHit Hit, IReadOnlySet<long> Parties)
{
    /// <summary>True where he took part, or somebody of his domain.</summary>
    public bool Has(ThreadParty party) => Parties.Contains(party.Address) || Parties.Contains(party.Domain);
}

/// <summary>What the memory of conversations says about a letter. Immutable.</summary>
/// <param name="letter">The letter's marks.</param>
/// <param name="key">The secret they were made with.</param>
/// <param name="threads">The conversations it belongs to, best first.</param>
public sealed class ThreadFacts(ThreadMarks letter, ThreadKey key, IReadOnlyList<KnownThread> threads)
{
    /// <summary>The letter's marks.</summary>
    public ThreadMarks Letter => letter;

    /// <summary>The conversations, best first; empty where it belongs to none.</summary>
    public IReadOnlyList<KnownThread> Threads => threads;

    /// <summary>True where it repeats words that we wrote.</summary>
    public bool RepeatsUs { get; } = threads.Any(t => t.Hit.RepeatsUs);

    /// <summary>True where it repeats words that somebody wrote to us.</summary>
    public bool RepeatsOthers { get; } = threads.Any(t => t.Hit.RepeatsOthers);

    /// <summary>True where it refers to a letter that we know.</summary>
    public bool Refers { get; } = threads.Any(t => t.Hit.ByReference);

    /// <summary>True where it refers to a letter of the very conversation whose words it repeats.</summary>
    public bool RefersToIt { get; } = Meant(threads).Any(t => t.Hit.ByReference);

    /// <summary>True where its subject is that of a conversation we know.</summary>
    public bool HasSubject { get; } = threads.Any(t => t.Hit.BySubject);

    /// <summary>True where its author, or somebody of his domain, took part.</summary>
    public bool AuthorTookPart { get; } = letter.Parties.Any(p => p.Role == ThreadRole.Author && Meant(threads).Any(t => t.Has(p)));

    /// <summary>True where somebody who took part stands in To, Cc, Reply-To or Sender: he may have passed it on.</summary>
    public bool ParticipantIsThere { get; } = letter.Parties.Any(p => p.Role == ThreadRole.Other && Meant(threads).Any(t => t.Has(p)));

    /// <summary>True where its author is shown by the name of somebody who took part.</summary>
    public bool AuthorHasName { get; } = letter.Parties.Any(p => p.Role == ThreadRole.Author && p.Name != 0 && Meant(threads).Any(t => t.Parties.Contains(p.Name)));

    /// <summary>True where letters of these conversations came in before, but none by this way. Meaningful only where the author took part.</summary>
    public bool IsNewRoute { get; } = letter.Routes.Count > 0 && threads.Any(t => t.Parties.Contains(ThreadMatch.CameIn)) && !letter.Routes.Any(r => threads.Any(t => t.Parties.Contains(r)));

    /// <summary>True where a domain took part that proves to be behind the letter, though From names another.</summary>
    /// <param name="domain">A domain that authentication passed for.</param>
    public bool TookPart(string domain)
    {
        var mark = domain.Length == 0 ? 0 : ThreadMarks.DomainMark(key, domain);
        return mark != 0 && Meant(threads).Any(t => t.Parties.Contains(mark));
    }

    /// <summary>The conversations that it depends on: those whose words of ours it repeats, best first; where it repeats none, all. Otherwise a harmless letter first, and a reference to it, would make anybody a participant.</summary>
    private static IEnumerable<KnownThread> Meant(IReadOnlyList<KnownThread> threads) =>
        threads.Select(static t => t.Hit.RepeatsUs ? t.Hit.Ours : 0).DefaultIfEmpty().Max() is > 0 and var most ? threads.Where(t => t.Hit.RepeatsUs && t.Hit.Ours * 2 >= most) : threads;
}
