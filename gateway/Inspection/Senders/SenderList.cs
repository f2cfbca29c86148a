using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Net;

namespace Sekisho.Inspection.Senders;

/// <summary>The senders that admins allow and block, made for looking up: by address, by domain and what is above it, by the client's network. Immutable; swapped whole.</summary>
public sealed class SenderList
{
    /// <summary>Nobody is listed.</summary>
    public static readonly SenderList Empty = new([]);

    private readonly FrozenDictionary<string, SenderListEntry[]> senders;
    private readonly FrozenDictionary<(UInt128 Start, int Bits, bool IsFour), SenderListEntry[]> networks;
    private readonly int[] lengthsOfFour;
    private readonly int[] lengthsOfSix;

    /// <summary>Makes one.</summary>
    /// <param name="entries">Their senders in the form of <see cref="SenderListEntry.Normal"/>.</param>
    public SenderList(IReadOnlyCollection<SenderListEntry> entries)
    {
        Count = entries.Count;
        senders = entries.Where(static e => !e.IsNetwork).GroupBy(static e => e.Sender, StringComparer.Ordinal)
            .ToFrozenDictionary(static g => g.Key, static g => g.ToArray(), StringComparer.Ordinal);
        networks = entries.Where(static e => e.IsNetwork).GroupBy(static e => Key(IPNetwork.Parse(e.Sender))).ToFrozenDictionary(static g => g.Key, static g => g.ToArray());
        lengthsOfFour = [.. networks.Keys.Where(static k => k.IsFour).Select(static k => k.Bits).Distinct()];
        lengthsOfSix = [.. networks.Keys.Where(static k => !k.IsFour).Select(static k => k.Bits).Distinct()];
    }

    /// <summary>How many entries there are, expired ones included.</summary>
    public int Count { get; }

    /// <summary>Entries for an address: its own, its domain's, and those of all domains above.</summary>
    /// <param name="address">In lower case, its domain in A-labels.</param>
    public IEnumerable<SenderListEntry> OfAddress(string address) =>
        senders.Count == 0 || address.Length == 0 ? [] : Of(address).Concat(OfDomain(address[(address.LastIndexOf('@') + 1)..]));

    /// <summary>Entries for a domain and those of all domains above.</summary>
    /// <param name="domain">A-labels in lower case.</param>
    public IEnumerable<SenderListEntry> OfDomain(string domain)
    {
        if (senders.Count == 0 || domain.Length == 0)
        {
            yield break;
        }

        foreach (var entry in Of(domain))
        {
            yield return entry;
        }

        for (var dot = domain.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = domain.IndexOf('.', dot + 1))
        {
            foreach (var entry in Of(domain[dot..]))
            {
                yield return entry;
            }
        }
    }

    /// <summary>Entries for a client.</summary>
    public IEnumerable<SenderListEntry> OfClient(IPAddress client)
    {
        if (networks.Count == 0)
        {
            yield break;
        }

        var (number, isFour) = Number(client);
        foreach (var bits in isFour ? lengthsOfFour : lengthsOfSix)
        {
            if (networks.TryGetValue((Masked(number, bits, isFour), bits, isFour), out var found))
            {
                foreach (var entry in found)
                {
                    yield return entry;
                }
            }
        }
    }

    private SenderListEntry[] Of(string sender) => senders.TryGetValue(sender, out var found) ? found : [];

    private static (UInt128 Start, int Bits, bool IsFour) Key(IPNetwork network)
    {
        var (number, isFour) = Number(network.BaseAddress);
        return (Masked(number, network.PrefixLength, isFour), network.PrefixLength, isFour);
    }

    private static UInt128 Masked(UInt128 number, int bits, bool isFour) =>
        bits == 0 ? 0 : number & (UInt128.MaxValue << ((isFour ? 32 : 128) - bits));

    private static (UInt128 Number, bool IsFour) Number(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        address.TryWriteBytes(octets, out var length);
        return length == 4 ? (BinaryPrimitives.ReadUInt32BigEndian(octets), true) : (BinaryPrimitives.ReadUInt128BigEndian(octets), false);
    }
}
