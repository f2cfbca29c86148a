using Sekisho.Inspection.Senders;
using Sekisho.Options;

namespace Sekisho.Outbound;

/// <summary>Counts what has left the house within the last hour, by sender and by what letters have in common. Bounded; for any number of threads.</summary>
/// <remarks>Letters that are kept back count, too: a burst does not end because it is stopped.</remarks>
internal sealed class SendingBook(TimeProvider time)
{
    /// <summary>How far it looks back.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private const int MostLetters = 200_000;
    private const int MostMarks = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Letter> _letters = [];
    private readonly Queue<(DateTimeOffset At, Guid Id)> _order = new();
    private readonly Dictionary<string, Sender> _senders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Reach> _marks = new(StringComparer.Ordinal);

    /// <summary>Counts a letter, and tells what that makes. One that was counted is told again and not counted again; one of long ago is not counted.</summary>
    /// <param name="id">The letter.</param>
    /// <param name="at">When it came.</param>
    /// <param name="senders">Who stands for it, at least one, each once: each is counted, and the one nearest to his limit told.</param>
    /// <param name="outside">Its recipients outside, each once.</param>
    /// <param name="marks">What may be the same in other letters.</param>
    /// <param name="limits">The limits in force.</param>
    /// <param name="times">How many times the limits these senders may send.</param>
    public Entry Enter(Guid id, DateTimeOffset at, IReadOnlyList<string> senders, IReadOnlyCollection<string> outside, IReadOnlyList<CampaignMark> marks, OutboundOptions limits, int times = 1)
    {
        lock (_lock)
        {
            var since = time.GetUtcNow() - Window;
            Expire(since);
            if (_letters.TryGetValue(id, out var known))
            {
                return new Entry(known.Facts);
            }

            if (at <= since)
            {
                return default;
            }

            Count(id, at, senders, outside.Count);
            var (who, one) = senders.Select(s => (s, _senders[s])).MaxBy(s => Math.Max(s.Item2.Messages * (long)limits.MaxRecipients, s.Item2.Recipients * (long)limits.MaxMessages));
            (CampaignMark Mark, Reach Reach)? widest = null;
            foreach (var mark in marks)
            {
                var reach = Mark(mark.Key, at, since, senders[0], outside, limits.MaxCampaign);
                widest = widest is { } other && other.Reach.Recipients >= reach.Recipients ? widest : (mark, reach);
            }

            var facts = new OutboundFacts(
                one.Messages, one.Recipients, limits.MaxMessages * times, limits.MaxRecipients * times,
                widest is { } most ? new CampaignCount(most.Mark, most.Reach.Recipients, most.Reach.Senders) : null, limits.MaxCampaign)
            {
                Sender = who,
            };
            _letters[id] = new Letter(senders, outside.Count, facts);
            return new Entry(facts, facts.IsBurst && one.Tells(at), facts.IsCampaign && widest!.Value.Reach.Tells(at));
        }
    }

    /// <summary>Counts a letter that the store remembers, or another gateway took; does nothing where it was counted.</summary>
    public void Recall(Guid id, DateTimeOffset at, IReadOnlyList<string> senders, int outside)
    {
        lock (_lock)
        {
            var since = time.GetUtcNow() - Window;
            Expire(since);
            if (at > since && !_letters.ContainsKey(id))
            {
                Count(id, at, senders, outside);
                _letters[id] = new Letter(senders, outside, null);
            }
        }
    }

    /// <summary>Takes back the count of a letter that was not kept after all: its sender comes with it again.</summary>
    public void Forget(Guid id)
    {
        lock (_lock)
        {
            Take(id);
        }
    }

    private void Count(Guid id, DateTimeOffset at, IReadOnlyList<string> senders, int outside)
    {
        _order.Enqueue((at, id));
        foreach (var sender in senders)
        {
            if (!_senders.TryGetValue(sender, out var one))
            {
                _senders[sender] = one = new Sender();
            }

            one.Messages++;
            one.Recipients += outside;
        }
    }

    private Reach Mark(string key, DateTimeOffset at, DateTimeOffset since, string sender, IReadOnlyCollection<string> outside, int limit)
    {
        if (!_marks.TryGetValue(key, out var reach))
        {
            MakeRoom(since);
            _marks[key] = reach = new Reach();
        }

        reach.Add(at, since, sender, outside, limit);
        return reach;
    }

    private void Expire(DateTimeOffset since)
    {
        while (_order.TryPeek(out var oldest) && (oldest.At <= since || _order.Count > MostLetters))
        {
            _order.Dequeue();
            Take(oldest.Id);
        }
    }

    private void Take(Guid id)
    {
        if (!_letters.Remove(id, out var letter))
        {
            return;
        }

        foreach (var sender in letter.Senders)
        {
            if (_senders.TryGetValue(sender, out var one))
            {
                one.Messages--;
                one.Recipients -= letter.Outside;
                if (one.Messages == 0)
                {
                    _senders.Remove(sender);
                }
            }
        }
    }

    private void MakeRoom(DateTimeOffset since)
    {
        if (_marks.Count < MostMarks)
        {
            return;
        }

        // A tenth at a time, so that this is seldom; what few have got goes first, and a campaign stays.
        foreach (var (key, _) in _marks.OrderBy(m => m.Value.LastAt > since).ThenBy(static m => m.Value.Recipients).ThenBy(static m => m.Value.LastAt).Take(MostMarks / 10).ToList())
        {
            _marks.Remove(key);
        }
    }

    /// <summary>What a letter makes.</summary>
    /// <param name="Facts">The counts; null where it is not counted here.</param>
    /// <param name="BurstBegins">True for the first of a sender's letters over his limit, and then once an hour.</param>
    /// <param name="CampaignBegins">True for the first letter over the limit with something in common, and then once an hour.</param>
    internal readonly record struct Entry(OutboundFacts? Facts, bool BurstBegins = false, bool CampaignBegins = false);

    private sealed record Letter(IReadOnlyList<string> Senders, int Outside, OutboundFacts? Facts);

    private sealed class Sender
    {
        private DateTimeOffset? _told;

        public int Messages { get; set; }

        public int Recipients { get; set; }

        /// <summary>True where it is time to tell somebody, again.</summary>
        public bool Tells(DateTimeOffset at)
        {
            var tells = _told is not { } before || at - before >= Window;
            _told = tells ? at : _told;
            return tells;
        }
    }

    /// <summary>Whom one mark has reached.</summary>
    private sealed class Reach
    {
        private const int MostSenders = 20;
        private const int LeastKept = 2000;

        private readonly Dictionary<string, DateTimeOffset> _last = new(StringComparer.Ordinal);
        private readonly Queue<(DateTimeOffset At, string Recipient)> _order = new();
        private readonly HashSet<string> _senders = new(StringComparer.Ordinal);
        private DateTimeOffset? _told;

        public int Recipients => _last.Count;

        public int Senders => _senders.Count;

        public DateTimeOffset LastAt { get; private set; }

        public void Add(DateTimeOffset at, DateTimeOffset since, string sender, IReadOnlyCollection<string> outside, int limit)
        {
            LastAt = at;
            var most = Math.Max(LeastKept, limit + 1);
            Drop(since, most);
            if (_last.Count == 0)
            {
                _senders.Clear();
            }

            if (_senders.Count < MostSenders)
            {
                _senders.Add(sender);
            }

            foreach (var recipient in outside)
            {
                _last[recipient] = at;
                _order.Enqueue((at, recipient));
            }

            // The newest stay: while the campaign goes on, it stays over the limit.
            Drop(since, most);
        }

        public bool Tells(DateTimeOffset at)
        {
            var tells = _told is not { } before || at - before >= Window;
            _told = tells ? at : _told;
            return tells;
        }

        private void Drop(DateTimeOffset since, int most)
        {
            while (_order.TryPeek(out var oldest) && (oldest.At <= since || _last.Count > most || _order.Count > 4 * most))
            {
                _order.Dequeue();
                if (_last.TryGetValue(oldest.Recipient, out var last) && last == oldest.At)
                {
                    _last.Remove(oldest.Recipient);
                }
            }
        }
    }
}
