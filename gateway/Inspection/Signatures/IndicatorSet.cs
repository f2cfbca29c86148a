using System.Buffers;
using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Signatures;

/// <summary>All indicators, for looking up: immutable, compact, any number of threads. A look-up that finds nothing takes no memory.</summary>
/// <remarks>One that has expired at the time that is asked for does not match. Where several sources know a value, one that is in force answers.</remarks>
public sealed class IndicatorSet
{
    /// <summary>The table of URLs that stand for what begins with them, filed under their folder; the other tables have their kind's number.</summary>
    internal const int PrefixTable = 10;

    /// <summary>Octets of a key, by table.</summary>
    internal static readonly int[] Widths = [16, 20, 32, 32, 8, 8, 8, 8, 8, 8, 8];

    private const int MostFolders = 64;

    private readonly IndicatorTable[] tables;
    private readonly IndicatorTexts texts;
    private readonly string[] sources;

    internal IndicatorSet(IndicatorTable[] tables, IndicatorTexts texts, string[] sources, IReadOnlyList<FeedReport> feeds)
    {
        this.tables = tables;
        this.texts = texts;
        this.sources = sources;
        Feeds = feeds;
    }

    /// <summary>Knows nothing.</summary>
    public static IndicatorSet Empty { get; } = new IndicatorBuilder().Build();

    /// <summary>The files they were read from, and what was left out of each.</summary>
    public IReadOnlyList<FeedReport> Feeds { get; }

    /// <summary>Indicators in all, expired ones included.</summary>
    public int Count => tables.Sum(t => t.Count);

    /// <summary>Indicators of a kind, expired ones included.</summary>
    public int CountOf(IndicatorKind kind) => tables[(int)kind].Count + (kind == IndicatorKind.Url ? tables[PrefixTable].Count : 0);

    /// <summary>A file's, or a macro's, hash.</summary>
    /// <param name="kind">A kind of hash.</param>
    /// <param name="hash">As many octets as the kind has.</param>
    /// <param name="now">The time to judge expiry by.</param>
    public Indicator? FindHash(IndicatorKind kind, ReadOnlySpan<byte> hash, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, kind.HashLength());
        var table = tables[(int)kind];
        if (table.Count == 0)
        {
            return null;
        }

        var seconds = Seconds(now);
        var (from, to) = table.Find(hash);
        for (var i = from; i < to; i++)
        {
            if (table[i].IsInForce(seconds))
            {
                return Make((int)kind, i);
            }
        }

        return null;
    }

    /// <summary>A link's address, exactly or by a folder above it. Its host alone never matches here.</summary>
    /// <param name="target">Normalised, as <see cref="Link.Target"/> is.</param>
    /// <param name="now">The time to judge expiry by.</param>
    public Indicator? FindUrl(string target, DateTimeOffset now)
    {
        if (CountOf(IndicatorKind.Url) == 0 || target.Length > IndicatorKey.Longest * 4)
        {
            return null;
        }

        var key = IndicatorKey.Url(target);
        if (key.IsEmpty)
        {
            return null;
        }

        var most = Encoding.UTF8.GetMaxByteCount(key.Length);
        var rented = most > 1024 ? ArrayPool<byte>.Shared.Rent(most) : null;
        var octets = rented ?? stackalloc byte[1024];
        ReadOnlySpan<byte> text = octets[..Encoding.UTF8.GetBytes(key, octets)];
        var seconds = Seconds(now);
        var found = Find((int)IndicatorKind.Url, text, text, seconds);
        if (found is null && tables[PrefixTable].Count > 0)
        {
            var slash = text.IndexOf("://"u8) is >= 0 and var scheme ? scheme + 3 : 0;
            for (var i = 0; i < MostFolders && found is null && text[slash..].IndexOf((byte)'/') is >= 0 and var next; i++)
            {
                slash += next + 1;
                found = Find(PrefixTable, text[..slash], text, seconds);
            }
        }

        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return found;
    }

    /// <summary>A host that is, or stands below, a domain that is an indicator itself.</summary>
    /// <param name="host">In ASCII and lower case, as <see cref="Link.Host"/> is.</param>
    /// <param name="now">The time to judge expiry by.</param>
    public Indicator? FindDomain(string host, DateTimeOffset now)
    {
        if (tables[(int)IndicatorKind.Domain].Count == 0 || host.Length is 0 or > 255)
        {
            return null;
        }

        Span<byte> octets = stackalloc byte[Encoding.UTF8.GetMaxByteCount(host.Length)];
        ReadOnlySpan<byte> name = octets[..Encoding.UTF8.GetBytes(host, octets)];
        var seconds = Seconds(now);
        while (name.Contains((byte)'.'))
        {
            if (Find((int)IndicatorKind.Domain, name, name, seconds) is { } found)
            {
                return found;
            }

            name = name[(name.IndexOf((byte)'.') + 1)..];
        }

        return null;
    }

    /// <summary>A mail address, in any case.</summary>
    public Indicator? FindAddress(string address, DateTimeOffset now) =>
        tables[(int)IndicatorKind.Address].Count > 0 && IndicatorKey.Address(address) is { } normal ? FindText(IndicatorKind.Address, normal, now) : null;

    /// <summary>An IP address in its usual form.</summary>
    public Indicator? FindIp(string address, DateTimeOffset now) => FindText(IndicatorKind.Ip, address, now);

    /// <summary>The host of a link and its port, or the host with an indicator for every port.</summary>
    /// <param name="address">The host as an IP address in its usual form.</param>
    /// <param name="port">0 to 65535.</param>
    /// <param name="now">The time to judge expiry by.</param>
    public Indicator? FindIpPort(string address, int port, DateTimeOffset now) =>
        tables[(int)IndicatorKind.IpPort].Count == 0 ? null
            : FindText(IndicatorKind.IpPort, IndicatorKey.IpPort(address, port), now) ?? FindText(IndicatorKind.IpPort, IndicatorKey.IpPort(address, 0), now);

    /// <summary>A whole subject; reply marks, case and blanks do not count.</summary>
    public Indicator? FindSubject(string subject, DateTimeOffset now) =>
        tables[(int)IndicatorKind.Subject].Count > 0 ? FindText(IndicatorKind.Subject, IndicatorKey.Subject(subject), now) : null;

    /// <summary>Every indicator, expired ones included, kind by kind.</summary>
    public IEnumerable<Indicator> All()
    {
        for (var table = 0; table < tables.Length; table++)
        {
            for (var i = 0; i < tables[table].Count; i++)
            {
                yield return Make(table, i);
            }
        }
    }

    private Indicator? FindText(IndicatorKind kind, string text, DateTimeOffset now)
    {
        if (tables[(int)kind].Count == 0 || text.Length is 0 or > 1024)
        {
            return null;
        }

        Span<byte> octets = stackalloc byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        ReadOnlySpan<byte> whole = octets[..Encoding.UTF8.GetBytes(text, octets)];
        return Find((int)kind, whole, whole, Seconds(now));
    }

    /// <summary>The first in force under a key's text whose own text is the whole, or begins it in the table of prefixes.</summary>
    private Indicator? Find(int number, ReadOnlySpan<byte> keyText, ReadOnlySpan<byte> whole, uint now)
    {
        Span<byte> key = stackalloc byte[8];
        IndicatorKey.Hash(keyText, key);
        var table = tables[number];
        var (from, to) = table.Find(key);
        for (var i = from; i < to; i++)
        {
            var text = texts.At(table[i].Text);
            if (table[i].IsInForce(now) && (number == PrefixTable ? whole.StartsWith(text) : whole.SequenceEqual(text)))
            {
                return Make(number, i);
            }
        }

        return null;
    }

    private Indicator Make(int number, int index)
    {
        var table = tables[number];
        ref readonly var entry = ref table[index];
        var kind = number == PrefixTable ? IndicatorKind.Url : (IndicatorKind)number;
        var value = kind.HashLength() > 0 ? Convert.ToHexStringLower(table.Key(index)) : texts.Text(entry.Text);
        if (kind == IndicatorKind.Url && !value.Contains("://", StringComparison.Ordinal))
        {
            value = (entry.Has(IndicatorEntry.Https) ? "https://" : "http://") + value;
        }

        return new Indicator(kind, value, sources[entry.Source])
        {
            FirstSeen = Time(entry.FirstSeen),
            Expires = Time(entry.Expires),
            Reference = texts.Text(entry.Reference),
            Tags = texts.Text(entry.Tags),
            IsPrefix = entry.Has(IndicatorEntry.Prefix),
        };
    }

    private static DateTimeOffset? Time(uint seconds) => seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds);

    private static uint Seconds(DateTimeOffset time) => (uint)Math.Clamp(time.ToUnixTimeSeconds(), 0, uint.MaxValue);
}
