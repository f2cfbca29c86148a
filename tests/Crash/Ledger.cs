using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Sekisho.Crash;

/// <summary>What was promised about one letter and what became of it.</summary>
public sealed class LedgerLetter(string id, IReadOnlyList<string> recipients, byte[] checksum, int size)
{
    /// <summary>Its unique id, in a header field and in the body.</summary>
    public string Id { get; } = id;

    /// <summary>Its recipients.</summary>
    public IReadOnlyList<string> Recipients { get; } = recipients;

    /// <summary>SHA-256 of the octets that were sent.</summary>
    public byte[] Checksum { get; } = checksum;

    /// <summary>How many octets that were.</summary>
    public int Size { get; } = size;

    /// <summary>True once the gateway answered 250: from then on it may not be lost.</summary>
    public volatile bool Accepted;

    /// <summary>True when the gateway answered 4xx or 5xx at the end of the letter.</summary>
    public volatile bool Refused;

    /// <summary>Arrivals by recipient.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<(long At, bool Answered)>> Arrivals { get; } = new();

    /// <summary>Bounces that named it.</summary>
    public int Bounces;
}

/// <summary>Keeps the books: every letter sent, every letter that came out, every kill.</summary>
public sealed class Ledger
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, LedgerLetter> letters = new();
    private readonly ConcurrentQueue<string> damaged = new();
    private readonly ConcurrentQueue<long> kills = new();
    private long arrivals;

    /// <summary>The header field that carries a letter's id; always its first.</summary>
    public const string IdField = "X-Crash-Id: ";

    /// <summary>All letters.</summary>
    public ICollection<LedgerLetter> Letters => letters.Values;

    /// <summary>Letters that came out in whatever order: grows while the queue drains.</summary>
    public long Progress => Interlocked.Read(ref arrivals);

    /// <summary>Letters that came out with other octets than they went in.</summary>
    public IReadOnlyCollection<string> Damaged => damaged;

    /// <summary>Notes a letter before its first octet is sent.</summary>
    public void Sending(LedgerLetter letter) => letters[letter.Id] = letter;

    /// <summary>Notes that the gateway was disturbed now: a letter under way may come out twice.</summary>
    public void Killed() => kills.Enqueue(Stopwatch.GetTimestamp());

    /// <summary>Notes what came out.</summary>
    public void Received(HopLetter letter)
    {
        Interlocked.Increment(ref arrivals);
        var start = IdPosition(letter.Octets, out var id);
        if (start < 0 || !letters.TryGetValue(id, out var known))
        {
            damaged.Enqueue($"a letter without a known id came out, from <{letter.Sender}>");
            return;
        }

        if (letter.Sender.Length == 0)
        {
            Interlocked.Increment(ref known.Bounces);
            return;
        }

        if (!SHA256.HashData(letter.Octets.AsSpan(start)).AsSpan().SequenceEqual(known.Checksum))
        {
            damaged.Enqueue($"{id}: {known.Size} octets went in, {letter.Octets.Length - start} came out, and they differ");
        }
        else if (start == 0 || !Encoding.Latin1.GetString(letter.Octets, 0, start).Contains("Received:", StringComparison.OrdinalIgnoreCase))
        {
            damaged.Enqueue($"{id}: no Received field in front");
        }

        foreach (var recipient in letter.Recipients)
        {
            if (!known.Recipients.Contains(recipient))
            {
                damaged.Enqueue($"{id}: came out for {recipient}, to whom it was not sent");
            }

            known.Arrivals.GetOrAdd(recipient, _ => new()).Enqueue((letter.At, letter.Answered));
        }
    }

    /// <summary>Promises not kept so far: an accepted letter that a recipient has not, nor the sender a bounce.</summary>
    public IReadOnlyList<string> Missing()
    {
        var missing = new List<string>();
        foreach (var letter in letters.Values)
        {
            if (!letter.Accepted)
            {
                continue;
            }

            foreach (var recipient in letter.Recipients)
            {
                if (IsNever(recipient) ? letter.Bounces == 0 : !letter.Arrivals.ContainsKey(recipient))
                {
                    missing.Add($"{letter.Id} ({letter.Size} octets) for {recipient}");
                }
            }
        }

        return missing;
    }

    /// <summary>Second copies: those that a lost answer or a kill explains, and those that nothing explains.</summary>
    public (int Explained, IReadOnlyList<string> Unexplained) Duplicates()
    {
        var explained = 0;
        var unexplained = new List<string>();
        var killTimes = kills.ToArray();
        foreach (var letter in letters.Values)
        {
            foreach (var (recipient, copies) in letter.Arrivals)
            {
                var sorted = copies.OrderBy(copy => copy.At).ToArray();
                for (var i = 1; i < sorted.Length; i++)
                {
                    var first = sorted[i - 1];

                    // The copy before was on the gateway's books only once its answer was read and committed: a kill within seconds comes between.
                    // What the dead had written before may be read here a moment after.
                    var killed = killTimes.Any(kill =>
                        kill <= sorted[i].At && Stopwatch.GetElapsedTime(first.At, kill) is var after && after > -Moment && after < TimeSpan.FromSeconds(20));
                    if (!first.Answered || killed)
                    {
                        explained++;
                    }
                    else
                    {
                        unexplained.Add($"{letter.Id} for {recipient}, {Stopwatch.GetElapsedTime(first.At, sorted[i].At).TotalSeconds:0.0} s apart");
                    }
                }
            }
        }

        return (explained, unexplained);
    }

    /// <summary>Recipients of this name are refused for good by the next hop; the sender must be told.</summary>
    public static bool IsNever(string recipient) => recipient.StartsWith("never", StringComparison.Ordinal);

    private static int IdPosition(byte[] octets, out string id)
    {
        var marker = Encoding.ASCII.GetBytes(IdField);
        var position = octets.AsSpan().IndexOf(marker);
        id = position < 0 || octets.Length < position + marker.Length + 32 ? "" : Encoding.ASCII.GetString(octets, position + marker.Length, 32);
        return id.Length == 0 ? -1 : position;
    }
}
