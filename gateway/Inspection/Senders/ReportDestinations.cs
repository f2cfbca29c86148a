using System.Globalization;

namespace Sekisho.Inspection.Senders;

/// <summary>An address that wants DMARC aggregate reports, of one URI of the tag <c>rua</c>.</summary>
/// <param name="Address">The address: ASCII, its domain in A-labels and lower case.</param>
/// <param name="MaxOctets">The largest letter that it takes, in octets; <see cref="long.MaxValue"/> where it sets no limit.</param>
public sealed record ReportUri(string Address, long MaxOctets)
{
    /// <summary>URIs of one record that are used; senders may have limits of their own (RFC 9989 section 4.7).</summary>
    public const int Most = 5;

    private const int MostPieces = 64;
    private const int LongestLocalPart = 64;

    /// <summary>The part behind the @.</summary>
    public string Host => Address[(Address.LastIndexOf('@') + 1)..];

    /// <summary>Reads the value of a tag <c>rua</c>: mail addresses, each once, at most <see cref="Most"/> in their order. What is no sound <c>mailto:</c> of one address is left out.</summary>
    /// <param name="tag">The value; a size limit may follow each URI (<c>!10m</c>, RFC 7489 section 6.2).</param>
    public static IReadOnlyList<ReportUri> Read(string tag)
    {
        var found = new List<ReportUri>();
        foreach (var piece in tag.Split(',', MostPieces))
        {
            if (found.Count < Most && One(piece.Trim(' ', '\t')) is { } uri && !found.Exists(f => f.Address.Equals(uri.Address, StringComparison.OrdinalIgnoreCase)))
            {
                found.Add(uri);
            }
        }

        return found;
    }

    /// <summary>The URI in one form for equal ones, which <see cref="Read"/> reads again.</summary>
    public override string ToString() =>
        $"mailto:{Uri.EscapeDataString(Address[..Address.LastIndexOf('@')])}@{Host}{(MaxOctets == long.MaxValue ? "" : string.Create(CultureInfo.InvariantCulture, $"!{MaxOctets}"))}";

    private static ReportUri? One(string text)
    {
        const string Scheme = "mailto:";
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var uri = text.AsSpan(Scheme.Length);
        var most = long.MaxValue;
        if (uri.LastIndexOf('!') is var mark and >= 0)
        {
            if (Size(uri[(mark + 1)..]) is not { } size)
            {
                return null;
            }

            uri = uri[..mark];
            most = size;
        }

        // What mailto: may say besides the address (RFC 6068 section 2) is not for a stranger to say here.
        var query = uri.IndexOfAny('?', '#');
        var address = Uri.UnescapeDataString((query < 0 ? uri : uri[..query]).ToString());
        var at = address.LastIndexOf('@');
        return at is > 0 and <= LongestLocalPart && IsDotAtom(address.AsSpan(0, at)) && System.Text.Ascii.IsValid(address) && Domains.Ascii(address[(at + 1)..]) is { } host && host.Contains('.', StringComparison.Ordinal) && !host.EndsWith('.')
            ? new ReportUri($"{address[..at]}@{host}", most)
            : null;
    }

    /// <summary>Digits and a power of 1,024; null for anything else.</summary>
    private static long? Size(ReadOnlySpan<char> text)
    {
        var shift = text.IsEmpty ? 0 : char.ToLowerInvariant(text[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, 't' => 40, _ => 0 };
        text = shift == 0 ? text : text[..^1];
        return !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? null : number > long.MaxValue >> shift ? long.MaxValue : number << shift;
    }

    /// <summary>RFC 5322 section 3.2.3: no quotes, no blanks, nothing that a header or SMTP would have to escape.</summary>
    private static bool IsDotAtom(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-/=?^_`{|}~.".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return !text.IsEmpty && text[0] != '.' && text[^1] != '.' && text.IndexOf("..", StringComparison.Ordinal) < 0;
    }
}

/// <summary>Where a domain's reports may go.</summary>
/// <param name="Uris">The addresses; where the receiving domain names another of its own instead, that.</param>
/// <param name="Refused">Addresses in domains that did not say that they want these reports.</param>
/// <param name="IsUnsure">True where DNS did not answer about an address: it may be asked again.</param>
public sealed record ReportTargets(IReadOnlyList<ReportUri> Uris, IReadOnlyList<string> Refused, bool IsUnsure);

/// <summary>Finds out whether addresses that a DMARC record names want its reports: those of another organisation must say so themselves (RFC 9990, verifying external destinations).</summary>
/// <param name="dns">Answers the questions.</param>
public sealed class ReportDestinations(DnsSource dns)
{
    /// <summary>Asks about all addresses of a record.</summary>
    /// <param name="domain">The domain that has the record, A-labels in lower case.</param>
    /// <param name="uris">What its <c>rua</c> names.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<ReportTargets> FindAsync(string domain, IReadOnlyList<ReportUri> uris, CancellationToken cancel)
    {
        var found = new List<ReportUri>();
        var refused = new List<string>();
        var isUnsure = false;
        var own = new Lazy<Task<DmarcWalk>>(() => DmarcWalk.FromAsync(dns, domain, cancel));
        foreach (var uri in uris)
        {
            if (uri.Host == domain)
            {
                found.Add(uri);
                continue;
            }

            // Who has the same organisation is below the same name; strangers cost one question only.
            var (mine, other) = (await own.Value.ConfigureAwait(false), await DmarcWalk.FromAsync(dns, uri.Host, cancel).ConfigureAwait(false));
            if (!mine.IsBroken && !other.IsBroken && mine.Organization == other.Organization)
            {
                found.Add(uri);
                continue;
            }

            var answer = await dns.QueryAsync($"{domain}._report._dmarc.{uri.Host}", DnsType.Txt, cancel).ConfigureAwait(false);
            var records = answer.Records.Select(DmarcRecord.Parse).OfType<DmarcRecord>().ToList();
            if (records.Count > 0)
            {
                // The receiver may name another address instead, but of the same host: nobody sends our reports to third parties.
                var instead = records.Find(static r => r.Reports.Length > 0) is { } record ? ReportUri.Read(record.Reports) : [uri];
                if (instead.Count > 0 && instead.All(i => i.Host == uri.Host))
                {
                    found.AddRange(instead);
                    continue;
                }
            }
            else if (answer.Status == DnsStatus.Failed || mine.IsBroken || other.IsBroken)
            {
                isUnsure = true;
                continue;
            }

            refused.Add(uri.Address);
        }

        return new ReportTargets([.. found.DistinctBy(static f => f.Address, StringComparer.OrdinalIgnoreCase).Take(ReportUri.Most)], refused, isUnsure);
    }
}
