using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using DnsClient;
using DnsClient.Protocol;
using Microsoft.Extensions.Caching.Memory;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Senders;

/// <summary>Asks DNS servers, keeps answers for their time, and lets no slow or lying domain harm the others.</summary>
/// <remarks>Equal questions on their way are one. What cannot be understood is <see cref="DnsStatus.Failed"/>.</remarks>
public sealed class NetworkDns : DnsSource, IDisposable
{
    private const int MaxAliases = 10;

    /// <summary>Silences in a row after which a domain's further questions are not sent for <see cref="DnsLimits.SilenceKept"/>.</summary>
    private const int SilencesUntilClosed = 3;

    /// <summary>Domains remembered as slow before those whose time is up are forgotten.</summary>
    private const int MostDomains = 10_000;

    /// <summary>A server that answered a datagram this lately can do without TCP: it is the domain that is silent.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(30);

    private readonly ILookupClient client;
    private readonly TimeProvider time;
    private readonly DnsLimits limits;
    private readonly MemoryCache cache;
    private readonly SemaphoreSlim total;
    private readonly ConcurrentDictionary<string, Lazy<Task<DnsAnswer>>> inFlight = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Lane> lanes = new(StringComparer.Ordinal);
    private readonly DnsQueryAndServerOptions datagrams;
    private readonly DnsQueryAndServerOptions streams;
    private long answeredAt;

    /// <summary>Makes a source over a client.</summary>
    /// <param name="client">Knows the servers; its own cache and times are not used.</param>
    /// <param name="time">The clock of the cache and of the bounds.</param>
    /// <param name="limits">Null for the usual ones.</param>
    public NetworkDns(ILookupClient client, TimeProvider time, DnsLimits? limits = null)
    {
        this.client = client;
        this.time = time;
        this.limits = limits ?? new DnsLimits();
        cache = new MemoryCache(new MemoryCacheOptions { SizeLimit = this.limits.CacheSize, CompactionPercentage = 0.1 });
        total = new SemaphoreSlim(this.limits.InFlight);
        datagrams = Asking(this.limits.Datagram, retries: 2, tcpOnly: false);
        streams = Asking(this.limits.Time, retries: 0, tcpOnly: true);
    }

    /// <summary>A client for the given servers, or for those of the system.</summary>
    public static LookupClient ClientFor(params IPEndPoint[] servers) =>
        new(servers.Length == 0 ? new LookupClientOptions { UseCache = false } : new LookupClientOptions([.. servers.Select(static s => new NameServer(s))]) { UseCache = false });

    /// <inheritdoc />
    public override ValueTask<DnsAnswer> QueryAsync(string name, DnsType type, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (!IsName(name))
        {
            return new(DnsAnswer.NoSuchName);
        }

        name = name.TrimEnd('.').ToLowerInvariant();
        var key = string.Concat(((int)type).ToString(CultureInfo.InvariantCulture), " ", name);
        if (cache.TryGetValue(key, out Kept? kept) && kept!.Until > time.GetUtcNow())
        {
            return new(kept.Answer);
        }

        // The question belongs to all who ask it: one letter that gives up does not end it.
        var asked = inFlight.GetOrAdd(key, _ => new Lazy<Task<DnsAnswer>>(() => AskAsync(key, name, type)));
        return new(asked.Value.WaitAsync(cancel));
    }

    /// <inheritdoc />
    public void Dispose() => cache.Dispose();

    /// <summary>The text of DnsClient's escaped form as octets: <c>\DDD</c> is an octet, a backslash before anything else stands for that.</summary>
    internal static string Unescaped(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                if (i + 3 < text.Length && int.TryParse(text.AsSpan(i + 1, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var octet) && octet < 256)
                {
                    plain.Append((char)octet);
                    i += 3;
                    continue;
                }

                i++;
            }

            plain.Append(text[i]);
        }

        return plain.ToString();
    }

    /// <summary>Whose servers are asked, roughly: the registered domain; for the names of addresses the network, /24 or /48.</summary>
    internal static string LaneOf(string name) =>
        name.EndsWith(".in-addr.arpa", StringComparison.Ordinal) ? Domains.Last(name, 5)
        : name.EndsWith(".ip6.arpa", StringComparison.Ordinal) ? Domains.Last(name, 14)
        : LinkTargets.Registered(name);

    private async Task<DnsAnswer> AskAsync(string key, string name, DnsType type)
    {
        await Task.Yield(); // nobody who asks waits for the sending
        var kept = new Kept(DnsAnswer.Silence, default);
        var lane = Enter(LaneOf(name));
        try
        {
            if (!lane.IsClosed(time))
            {
                kept = await SentAsync(lane, name, type).ConfigureAwait(false);
            }
        }
        finally
        {
            Leave(lane);
            Keep(key, kept);
            inFlight.TryRemove(key, out _);
        }

        return kept.Answer;
    }

    private async Task<Kept> SentAsync(Lane lane, string name, DnsType type)
    {
        using var end = new CancellationTokenSource(limits.Time, time);
        var isTurn = false;
        var isSent = false;
        try
        {
            await lane.Gate.WaitAsync(end.Token).ConfigureAwait(false);
            isTurn = true;
            if (lane.IsClosed(time))
            {
                return Silence();
            }

            await total.WaitAsync(end.Token).ConfigureAwait(false);
            isSent = true;
            var kept = await ResponseAsync(name, type, end.Token).ConfigureAwait(false);
            lane.Answered();
            return kept;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // No answer in time, or one that cannot be read.
            if (isSent && (end.IsCancellationRequested || e is DnsResponseException { Code: DnsResponseCode.ConnectionTimeout }))
            {
                lane.Silent(time, limits.SilenceKept);
            }

            return Silence();
        }
        finally
        {
            if (isSent)
            {
                total.Release();
            }

            if (isTurn)
            {
                lane.Gate.Release();
            }
        }
    }

    private async Task<Kept> ResponseAsync(string name, DnsType type, CancellationToken cancel)
    {
        var question = new DnsQuestion(name, (QueryType)(int)type);
        IDnsQueryResponse response;
        try
        {
            response = await client.QueryAsync(question, datagrams, cancel).WaitAsync(cancel).ConfigureAwait(false);
            Volatile.Write(ref answeredAt, time.GetUtcNow().Ticks);
        }
        catch (DnsResponseException e) when (e.Code == DnsResponseCode.ConnectionTimeout && time.GetUtcNow().Ticks - Volatile.Read(ref answeredAt) > Lately.Ticks)
        {
            response = await client.QueryAsync(question, streams, cancel).WaitAsync(cancel).ConfigureAwait(false);
        }

        return Read(response, name, type);
    }

    private Kept Read(IDnsQueryResponse response, string name, DnsType type)
    {
        var isAuthentic = response.Header.IsAuthenticData;
        if (response.Header.ResponseCode == DnsHeaderResponseCode.NotExistentDomain)
        {
            return Negative(DnsStatus.NoName);
        }

        if (response.Header.ResponseCode != DnsHeaderResponseCode.NoError || response.Header.ResultTruncated)
        {
            return Silence();
        }

        // Follow the aliases from the question; what belongs to another name was not asked for.
        var owner = name;
        var ttl = (int)limits.LongestKept.TotalSeconds;
        for (var alias = 0; alias <= MaxAliases; alias++)
        {
            List<string>? records = null;
            string? target = null;
            foreach (var record in response.Answers)
            {
                if ((int)record.RecordType != (int)type && record.RecordType != ResourceRecordType.CNAME)
                {
                    continue;
                }

                if (NameOf(record.DomainName).Equals(owner, StringComparison.OrdinalIgnoreCase))
                {
                    ttl = Math.Min(ttl, record.InitialTimeToLive);
                    if (record is CNameRecord next && type != DnsType.Cname)
                    {
                        target ??= NameOf(next.CanonicalName);
                    }
                    else if (Data(record) is { } data && (records ??= []).Count < limits.Records)
                    {
                        records.Add(data);
                        if (data.Length > limits.TextLength)
                        {
                            return Silence();
                        }
                    }
                }
            }

            if (records is not null)
            {
                return Until(new DnsAnswer(DnsStatus.Found, records, isAuthentic), TimeSpan.FromSeconds(Math.Max(ttl, 1)));
            }

            if (target is null)
            {
                return Negative(DnsStatus.NoData);
            }

            owner = target;
        }

        return Silence();

        Kept Negative(DnsStatus status)
        {
            var soa = response.Authorities.OfType<SoaRecord>().FirstOrDefault();
            var seconds = soa is null ? 60 : Math.Min(soa.InitialTimeToLive, soa.Minimum);
            var longest = limits.LongestNegative;
            return Until(new DnsAnswer(status, [], isAuthentic), seconds >= longest.TotalSeconds ? longest : TimeSpan.FromSeconds(Math.Max(seconds, 1)));
        }
    }

    /// <summary>A name as it was sent: DnsClient's other form of it has U-labels.</summary>
    private static string NameOf(DnsString name) => name.Original.TrimEnd('.');

    private static string? Data(DnsResourceRecord record) => record switch
    {
        TxtRecord text => Unescaped(string.Concat(text.EscapedText)),
        AddressRecord address => address.Address.ToString(),
        MxRecord mx => string.Create(CultureInfo.InvariantCulture, $"{mx.Preference} {NameOf(mx.Exchange)}"),
        PtrRecord pointer => NameOf(pointer.PtrDomainName),
        CNameRecord alias => NameOf(alias.CanonicalName),
        _ => null,
    };

    private Kept Silence() => Until(DnsAnswer.Silence, limits.SilenceKept);

    private Kept Until(DnsAnswer answer, TimeSpan kept) => new(answer, time.GetUtcNow() + kept);

    private void Keep(string key, Kept kept)
    {
        var left = kept.Until - time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            var size = 300L + (2 * key.Length) + kept.Answer.Records.Sum(static r => 40L + (2 * r.Length));
            try
            {
                cache.Set(key, kept, new MemoryCacheEntryOptions { Size = size, AbsoluteExpirationRelativeToNow = left });
            }
            catch (ObjectDisposedException)
            {
                // The gateway stops while an answer is on its way.
            }
        }
    }

    private Lane Enter(string domain)
    {
        lock (lanes)
        {
            if (!lanes.TryGetValue(domain, out var lane))
            {
                if (lanes.Count >= MostDomains)
                {
                    foreach (var idle in lanes.Values.Where(l => l.Users == 0 && !l.IsClosed(time)).ToList())
                    {
                        lanes.Remove(idle.Domain);
                    }
                }

                lanes[domain] = lane = new Lane(domain, limits.InFlightPerDomain);
            }

            lane.Users++;
            return lane;
        }
    }

    private void Leave(Lane lane)
    {
        lock (lanes)
        {
            if (--lane.Users == 0 && lane.Silences == 0)
            {
                lanes.Remove(lane.Domain);
            }
        }
    }

    private DnsQueryAndServerOptions Asking(TimeSpan timeout, int retries, bool tcpOnly)
    {
        var asking = new DnsQueryAndServerOptions([.. client.NameServers]);
        asking.UseCache = false;
        asking.ThrowDnsErrors = false;
        asking.ContinueOnDnsError = true;
        asking.Timeout = timeout;
        asking.Retries = retries;
        asking.UseTcpOnly = tcpOnly;
        asking.UseTcpFallback = true;
        asking.RequestDnsSecRecords = true; // DO: without it a validating resolver need not say AD (RFC 6840 section 5.8)
        asking.ExtendedDnsBufferSize = 1232; // passes everywhere unfragmented
        return asking;
    }

    private sealed record Kept(DnsAnswer Answer, DateTimeOffset Until);

    /// <summary>A registered domain's share of the questions on their way.</summary>
    private sealed class Lane(string domain, int share)
    {
        private long closedUntil;
        private int silences;

        public string Domain { get; } = domain;

        public SemaphoreSlim Gate { get; } = new(share);

        public int Users { get; set; }

        public int Silences => Volatile.Read(ref silences);

        public bool IsClosed(TimeProvider time) => Volatile.Read(ref closedUntil) > time.GetUtcNow().Ticks;

        public void Answered() => Volatile.Write(ref silences, 0);

        public void Silent(TimeProvider time, TimeSpan closed)
        {
            if (Interlocked.Increment(ref silences) >= SilencesUntilClosed)
            {
                Volatile.Write(ref closedUntil, (time.GetUtcNow() + closed).Ticks);
            }
        }
    }
}
