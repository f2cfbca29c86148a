using Sekisho.Store;

namespace Sekisho.Delivery;

/// <summary>A claimed letter during one attempt: one or more parts, each for one destination, and the answers as they come in.</summary>
/// <param name="job">The letter.</param>
/// <param name="reserved">Octets reserved for it in the fast path; -1 when the poller claimed it.</param>
/// <param name="open">Opens the octets, without the trace header.</param>
/// <param name="authservId">Our name in Authentication-Results fields.</param>
/// <param name="done">Called once, when the last part has its answer.</param>
internal sealed class MessageInHand(DeliveryJob job, long reserved, Func<CancellationToken, ValueTask<Stream>> open, string authservId, Action<MessageInHand> done)
{
    private readonly Dictionary<int, RecipientReply> replies = new(job.Pending.Count);
    private readonly Lock gate = new();
    private int left;

    /// <summary>The letter.</summary>
    public DeliveryJob Job => job;

    /// <summary>Octets reserved for it in the fast path; -1 when the poller claimed it.</summary>
    public long Reserved => reserved;

    /// <summary>The answers, by position. A position without one was not tried.</summary>
    public IReadOnlyDictionary<int, RecipientReply> Replies => replies;

    /// <summary>Says how many parts will call <see cref="PartDone"/>.</summary>
    public void Expect(int parts) => left = parts;

    /// <summary>Opens the octets, without the trace header.</summary>
    public ValueTask<Stream> OpenAsync(CancellationToken cancel) => open(cancel);

    /// <summary>Opens what goes out: the trace header and the octets.</summary>
    /// <exception cref="StoreException">The store holds more or fewer octets than it said.</exception>
    public ValueTask<MessageContent> ContentAsync(CancellationToken cancel) => MessageContent.OpenAsync(job.TraceHeader, job.Size, open, authservId, cancel);

    /// <summary>Takes a part's answers; null when it was not tried.</summary>
    public void PartDone(IReadOnlyList<int> positions, IReadOnlyList<RecipientReply>? answers)
    {
        bool last;
        lock (gate)
        {
            for (var i = 0; answers is not null && i < positions.Count; i++)
            {
                replies[positions[i]] = answers[i];
            }

            last = --left == 0;
        }

        if (last)
        {
            done(this);
        }
    }
}

/// <summary>One letter for one destination: at most 100 recipients (RFC 5321 section 4.5.3.1.8).</summary>
/// <param name="Message">The letter.</param>
/// <param name="Route">Where it goes.</param>
/// <param name="Positions">Its recipients: indexes in the envelope.</param>
internal sealed record DeliveryPart(MessageInHand Message, Route Route, IReadOnlyList<int> Positions)
{
    /// <summary>Recipients in one transaction.</summary>
    internal const int MostRecipients = 100;

    /// <summary>Groups a letter's pending recipients by destination.</summary>
    public static List<DeliveryPart> Split(MessageInHand message, RouteTable routes)
    {
        var job = message.Job;
        Func<string, Route> route = job.Envelope.IsOutbound ? routes.Outside : routes.For;
        if (job.Pending is [var only])
        {
            return [new DeliveryPart(message, route(job.Envelope.Recipients[only].Address), job.Pending)];
        }

        return
        [
            .. job.Pending
                .Select(position => (position, route: route(job.Envelope.Recipients[position].Address)))
                .GroupBy(static x => x.route.Key, StringComparer.Ordinal)
                .SelectMany(group => group.Chunk(MostRecipients).Select(chunk => new DeliveryPart(message, chunk[0].route, [.. chunk.Select(static x => x.position)]))),
        ];
    }
}
