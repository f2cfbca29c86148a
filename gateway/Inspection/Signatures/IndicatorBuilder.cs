using System.Buffers.Binary;
using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Signatures;

/// <summary>How an indicator is known; empty texts and nulls where that is not said.</summary>
public readonly ref struct IndicatorFacts
{
    /// <summary>Who says so.</summary>
    public ReadOnlySpan<char> Source { get; init; }

    /// <summary>When it was seen first.</summary>
    public DateTimeOffset? FirstSeen { get; init; }

    /// <summary>From when on it no longer counts.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Where more can be read.</summary>
    public ReadOnlySpan<char> Reference { get; init; }

    /// <summary>Malware family and tags, separated by commas.</summary>
    public ReadOnlySpan<char> Tags { get; init; }
}

/// <summary>Collects indicators and makes an <see cref="IndicatorSet"/> of them. For one thread.</summary>
/// <param name="sharedHosts">Hosts that everybody uses: as bare domains they are refused, and addresses on them count only exactly.</param>
public sealed class IndicatorBuilder(WordList sharedHosts)
{
    /// <summary>The most indicators of one set.</summary>
    public const int MaxIndicators = 10_000_000;

    private const int MaxSources = 100_000;
    private const int MaxWildcards = 10_000;

    private readonly HashSet<string> shared = new(sharedHosts.Entries, StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> sources = new(StringComparer.Ordinal);
    private readonly List<string> sourceNames = [];
    private readonly IndicatorTexts texts = new();
    private readonly PendingIndicators[] pending = [.. IndicatorSet.Widths.Select(w => new PendingIndicators(w))];
    private int wildcards;

    /// <summary>Without hosts that everybody uses.</summary>
    public IndicatorBuilder()
        : this(WordList.Empty)
    {
    }

    /// <summary>Indicators taken so far, those said twice counted twice.</summary>
    public int Count { get; private set; }

    /// <summary>Takes an indicator. A hash is filed by its length, whatever kind of hash it is said to be.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="value">Its value, defanged or not; a URL that ends in <c>*</c> stands for all that begins with it.</param>
    /// <param name="facts">How it is known.</param>
    /// <returns>Null where it was taken; else why not, as the end of an English sentence that begins with the value.</returns>
    /// <exception cref="InvalidDataException">There are more than <see cref="MaxIndicators"/>, or too many sources.</exception>
    public string? Add(IndicatorKind kind, ReadOnlySpan<char> value, in IndicatorFacts facts)
    {
        value = value.Trim();
        if (value.Length is 0 or > IndicatorKey.Longest)
        {
            return value.IsEmpty ? "is empty" : "is too long";
        }

        if (kind.HashLength() > 0)
        {
            return AddHash(kind, value, facts);
        }

        if (kind == IndicatorKind.Url)
        {
            return AddUrl(value, facts);
        }

        var text = kind switch
        {
            IndicatorKind.Subject => IndicatorKey.Subject(value.ToString()),
            IndicatorKind.Domain => IndicatorKey.Domain(Refanged(value)),
            IndicatorKind.Address => IndicatorKey.Address(Refanged(value)),
            IndicatorKind.Ip => IndicatorKey.Ip(Refanged(value)),
            _ => IndicatorKey.IpPort(Refanged(value)),
        };
        if (kind == IndicatorKind.Domain && text is not null && IsShared(text))
        {
            return "is a host that everybody uses (lists/shared-hosts.txt)";
        }

        if (text is null or { Length: < 3 })
        {
            return kind switch
            {
                IndicatorKind.Subject => "is too short for a subject",
                IndicatorKind.Domain => "is no domain that could be an indicator",
                IndicatorKind.Address => "is no mail address",
                IndicatorKind.Ip => "is no IP address",
                _ => "is no IP address with a port",
            };
        }

        AddText((int)kind, text, text, 0, facts);
        return null;
    }

    /// <summary>Ready: sorted, what one source says twice merged. The builder is used up.</summary>
    /// <param name="feeds">What the indicators were read from.</param>
    public IndicatorSet Build(IReadOnlyList<FeedReport>? feeds = null)
    {
        texts.Trim();
        var tables = new IndicatorTable[pending.Length];
        for (var i = 0; i < tables.Length; i++)
        {
            tables[i] = pending[i].Sort(texts);
        }

        return new IndicatorSet(tables, texts, [.. sourceNames], feeds ?? []);
    }

    /// <summary>How far it has come, for <see cref="GoBack"/>.</summary>
    internal int[] Mark() => [.. pending.Select(p => p.Count)];

    /// <summary>Forgets what was taken since a mark.</summary>
    internal void GoBack(int[] mark)
    {
        for (var i = 0; i < mark.Length; i++)
        {
            pending[i].Count = mark[i];
        }

        Count = mark.Sum();
    }

    private static ReadOnlySpan<char> Refanged(ReadOnlySpan<char> value) => value.ContainsAny("[({\\") ? LinkTargets.Refang(value.ToString(), out _) : value;

    private string? AddHash(IndicatorKind kind, ReadOnlySpan<char> value, in IndicatorFacts facts)
    {
        Span<byte> hash = stackalloc byte[32];
        if (value.Length is not (32 or 40 or 64) || Convert.FromHexString(value, hash, out _, out var length) != System.Buffers.OperationStatus.Done
            || (kind == IndicatorKind.MacroSha256 && length != 32))
        {
            return $"is no {kind.Name()} hash";
        }

        if (kind != IndicatorKind.MacroSha256)
        {
            kind = length switch { 16 => IndicatorKind.Md5, 20 => IndicatorKind.Sha1, _ => IndicatorKind.Sha256 };
        }

        if (hash[..length].IndexOfAnyExcept(hash[0]) < 0 || IsOfNothing(hash[..length]))
        {
            return "is the hash of an empty file, or no hash at all";
        }

        pending[(int)kind].Add(hash[..length], Entry(0, 0, facts));
        return null;
    }

    private string? AddUrl(ReadOnlySpan<char> value, in IndicatorFacts facts)
    {
        var isPrefix = value[^1] == '*';
        value = isPrefix ? value[..^1] : value;
        if (LinkTargets.Parse(value.ToString()) is not { Host.Length: > 0 } link || !(link.IsAddress || IndicatorKey.Domain(link.Host) is not null))
        {
            return "is no address of a site";
        }

        var key = IndicatorKey.Url(link.Target);
        var slash = key.IndexOf("://") is >= 0 and var scheme ? scheme + 3 + key[(scheme + 3)..].IndexOf('/') : key.IndexOf('/');
        var isShared = IsShared(link.Host);
        if (slash < 0 || slash == key.Length - 1)
        {
            if (isPrefix || isShared)
            {
                return isPrefix ? "would stand for a whole site" : "is the front page of a host that everybody uses (lists/shared-hosts.txt)";
            }
        }
        else if (isPrefix)
        {
            if (++wildcards > MaxWildcards)
            {
                throw new InvalidDataException($"More than {MaxWildcards:N0} addresses end in an asterisk.");
            }
        }
        else
        {
            // Payloads lie below a folder of their own. On a host that everybody uses a folder may be everybody's, and some folders every site has.
            isPrefix = key[^1] == '/' && !isShared && !IsEverySites(key[..^1]);
        }

        var text = key.ToString();
        var flags = (isPrefix ? IndicatorEntry.Prefix : 0) | (link.Target.StartsWith("https:", StringComparison.Ordinal) ? IndicatorEntry.Https : 0);
        AddText(isPrefix ? IndicatorSet.PrefixTable : (int)IndicatorKind.Url, isPrefix ? text[..(text.LastIndexOf('/') + 1)] : text, text, flags, facts);
        return null;
    }

    private void AddText(int table, string keyText, string text, int flags, in IndicatorFacts facts)
    {
        Span<byte> key = stackalloc byte[8];
        var place = texts.Add(text);
        if (ReferenceEquals(keyText, text))
        {
            IndicatorKey.Hash(texts.At(place), key);
        }
        else
        {
            IndicatorKey.Hash(Encoding.UTF8.GetBytes(keyText), key);
        }

        pending[table].Add(key, Entry(place, flags, facts));
    }

    private IndicatorEntry Entry(int text, int flags, in IndicatorFacts facts)
    {
        if (Count >= MaxIndicators)
        {
            throw new InvalidDataException($"More than {MaxIndicators:N0} indicators.");
        }

        var known = sources.GetAlternateLookup<ReadOnlySpan<char>>();
        var name = facts.Source.Length > 200 ? facts.Source[..200] : facts.Source;
        if (!known.TryGetValue(name, out var source))
        {
            if (sourceNames.Count >= MaxSources)
            {
                throw new InvalidDataException($"More than {MaxSources:N0} sources.");
            }

            source = sourceNames.Count;
            sourceNames.Add(name.ToString());
            sources[sourceNames[^1]] = source;
        }

        Count++;
        return new IndicatorEntry(Seconds(facts.FirstSeen), Seconds(facts.Expires), source | flags, text, texts.Add(facts.Reference), texts.Add(facts.Tags, isShared: true));
    }

    private static uint Seconds(DateTimeOffset? time) => time is { } t ? (uint)Math.Clamp(t.ToUnixTimeSeconds(), 1, uint.MaxValue) : 0;

    private bool IsShared(string host) => shared.Contains(host) || (host.StartsWith("www.", StringComparison.Ordinal) && shared.Contains(host[4..]));

    private static bool IsEverySites(ReadOnlySpan<char> folder) => folder[(folder.LastIndexOf('/') + 1)..]
        is "wp-content" or "wp-admin" or "wp-includes" or "uploads" or "themes" or "plugins" or "cgi-bin" or "images" or "image" or "img" or "css" or "js" or "assets" or "static"
        or "files" or "file" or "media" or "blog" or "admin" or "administrator" or "include" or "includes" or "templates" or "download" or "downloads" or "en" or "jp";

    /// <summary>MD5, SHA-1 and SHA-256 of no octets at all, which careless feeds hold.</summary>
    private static bool IsOfNothing(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64BigEndian(hash) is 0xD41D8CD98F00B204 or 0xDA39A3EE5E6B4B0D or 0xE3B0C44298FC1C14;
}

/// <summary>Indicators of one table on their way into an <see cref="IndicatorTable"/>.</summary>
/// <param name="width">Octets of a key.</param>
internal sealed class PendingIndicators(int width)
{
    /// <summary>More sources than this for one value say nothing new.</summary>
    private const int MostOfOne = 16;

    private byte[] keys = [];
    private IndicatorEntry[] entries = [];

    public int Count { get; set; }

    public void Add(ReadOnlySpan<byte> key, in IndicatorEntry entry)
    {
        if (Count == entries.Length)
        {
            var more = Math.Max(64, Count + (Count / 2));
            Array.Resize(ref entries, more);
            Array.Resize(ref keys, more * width);
        }

        key.CopyTo(keys.AsSpan(Count * width));
        entries[Count++] = entry;
    }

    /// <summary>Sorts, merges and lets go of what it held.</summary>
    public IndicatorTable Sort(IndicatorTexts texts)
    {
        var order = new int[Count];
        var heads = new ulong[Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            heads[i] = BinaryPrimitives.ReadUInt64BigEndian(keys.AsSpan(i * width));
        }

        Array.Sort(heads, order);

        // Hashes whose first 8 octets are the same are mostly the same; where not, the rest decides.
        for (var from = 0; from < order.Length && width > 8;)
        {
            var to = from + 1;
            while (to < order.Length && heads[to] == heads[from])
            {
                to++;
            }

            if (to - from > 1)
            {
                order.AsSpan(from, to - from).Sort((a, b) => Key(a).SequenceCompareTo(Key(b)));
            }

            from = to;
        }

        var sortedKeys = new byte[Count * width];
        var sorted = new IndicatorEntry[Count];
        var kept = 0;
        var runStart = 0;
        foreach (var index in order)
        {
            var key = Key(index);
            if (kept > 0 && !key.SequenceEqual(sortedKeys.AsSpan((kept - 1) * width, width)))
            {
                runStart = kept;
            }

            if (!TryMerge(sorted.AsSpan(runStart, kept - runStart), entries[index], texts))
            {
                key.CopyTo(sortedKeys.AsSpan(kept * width));
                sorted[kept++] = entries[index];
            }
        }

        keys = [];
        entries = [];
        if (kept < sorted.Length)
        {
            Array.Resize(ref sorted, kept);
            Array.Resize(ref sortedKeys, kept * width);
        }

        return new IndicatorTable(sortedKeys, width, sorted);
    }

    private static bool TryMerge(Span<IndicatorEntry> run, in IndicatorEntry entry, IndicatorTexts texts)
    {
        var same = 0;
        for (var i = 0; i < run.Length; i++)
        {
            ref var other = ref run[i];
            if (other.Text != entry.Text && !texts.At(other.Text).SequenceEqual(texts.At(entry.Text)))
            {
                continue;
            }

            if (other.Source == entry.Source)
            {
                other = other with
                {
                    FirstSeen = other.FirstSeen == 0 || (entry.FirstSeen > 0 && entry.FirstSeen < other.FirstSeen) ? entry.FirstSeen : other.FirstSeen,
                    Expires = other.Expires == 0 || entry.Expires == 0 ? 0 : Math.Max(other.Expires, entry.Expires),
                    Reference = other.Reference == 0 ? entry.Reference : other.Reference,
                    Tags = other.Tags == 0 ? entry.Tags : other.Tags,
                };
                return true;
            }

            same++;
        }

        return same >= MostOfOne;
    }

    private ReadOnlySpan<byte> Key(int index) => keys.AsSpan(index * width, width);
}
