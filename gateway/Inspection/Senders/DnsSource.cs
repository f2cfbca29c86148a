namespace Sekisho.Inspection.Senders;

/// <summary>How a DNS question ended (RFC 2308, RFC 8020).</summary>
public enum DnsStatus
{
    /// <summary>There are records.</summary>
    Found,

    /// <summary>The name is there, records of this type are not.</summary>
    NoData,

    /// <summary>There is no such name (NXDOMAIN), nor any below it.</summary>
    NoName,

    /// <summary>No answer in time, or one that says nothing (SERVFAIL, REFUSED, broken): ask again later.</summary>
    Failed,
}

/// <summary>The record types that sender checks ask for, by their numbers (RFC 1035 section 3.2.2, RFC 3596).</summary>
public enum DnsType
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>Another name for the same.</summary>
    Cname = 5,

    /// <summary>The name of an address.</summary>
    Ptr = 12,

    /// <summary>A mail exchanger.</summary>
    Mx = 15,

    /// <summary>Text.</summary>
    Txt = 16,

    /// <summary>An IPv6 address.</summary>
    Aaaa = 28,
}

/// <summary>An answer of DNS.</summary>
/// <param name="Status">How the question ended.</param>
/// <param name="Records">The records' data as text: an address; a host name without final dot; for MX <c>10 mail.example</c>; for TXT the strings of one record joined (RFC 7208 section 3.3), octets as Latin-1.</param>
/// <param name="IsAuthentic">True where the resolver vouches for it with DNSSEC (the AD bit, RFC 6840 section 5.8).</param>
public sealed record DnsAnswer(DnsStatus Status, IReadOnlyList<string> Records, bool IsAuthentic = false)
{
    /// <summary>No answer.</summary>
    public static readonly DnsAnswer Silence = new(DnsStatus.Failed, []);

    /// <summary>There is no such name.</summary>
    public static readonly DnsAnswer NoSuchName = new(DnsStatus.NoName, []);

    /// <summary>The name has no records of this type.</summary>
    public static readonly DnsAnswer Nothing = new(DnsStatus.NoData, []);
}

/// <summary>Where DNS answers come from: the network, or a zone file for trying out.</summary>
public abstract class DnsSource
{
    /// <summary>Asks. Never throws but for <paramref name="cancel"/>: what goes wrong is <see cref="DnsStatus.Failed"/>.</summary>
    /// <param name="name">A domain name, with or without final dot; one that is no valid name (a label over 63 octets, RFC 1035 section 2.3.4) is answered <see cref="DnsStatus.NoName"/> without asking.</param>
    /// <param name="type">The record type.</param>
    /// <param name="cancel">Gives up.</param>
    public abstract ValueTask<DnsAnswer> QueryAsync(string name, DnsType type, CancellationToken cancel);

    /// <summary>True for what can be asked: labels of 1 to 63 octets, 253 in all (RFC 1035 section 2.3.4).</summary>
    public static bool IsName(string name)
    {
        name = name.EndsWith('.') ? name[..^1] : name;
        return name.Length is > 0 and <= 253 && name.Split('.').All(static label => label.Length is > 0 and <= 63);
    }
}
