using System.Buffers.Binary;
using System.Net;
using Sekisho.Inspection.Senders;

namespace Sekisho.Store;

/// <summary>A way that a correspondent's letters came, as the ledger keeps it: 14 octets with an IPv4 network, 17 with one of IPv6.</summary>
/// <param name="Network">A /24 or /48.</param>
/// <param name="Proof">What proved the letters.</param>
/// <param name="Signer">A keyed hash of the signing domain; 0 for none.</param>
/// <param name="First">The first day, counted from 1970.</param>
/// <param name="Last">The last day.</param>
/// <param name="Letters">How many, at most 65,535.</param>
public sealed record KeptRoute(IPNetwork Network, RouteProof Proof, uint Signer, int First, int Last, int Letters)
{
    private const byte Version6 = 0x80;
    private const int Fixed = 11;

    /// <summary>Letters from which on an unproven way is a usual one.</summary>
    private const int Frequent = 3;

    /// <summary>Days after which an unproven way that nothing comes by is a usual one no more.</summary>
    private const int Stale = 180;

    /// <summary>Unproven ways that have not settled.</summary>
    private const int MostYoung = 2;

    private bool IsProven => Proof.HasFlag(RouteProof.Author);

    /// <summary>Reads routes; what is cut off is left out.</summary>
    public static IReadOnlyList<KeptRoute> Read(ReadOnlySpan<byte> kept)
    {
        var routes = new List<KeptRoute>();
        Span<byte> whole = stackalloc byte[16];
        while (kept.Length > 0 && ((kept[0] & Version6) != 0) is var six && kept.Length >= (six ? 6 : 3) + Fixed)
        {
            var address = whole[..(six ? 16 : 4)];
            address.Clear();
            var size = six ? 6 : 3;
            kept.Slice(1, size).CopyTo(address);
            var rest = kept[(1 + size)..];
            routes.Add(new KeptRoute(
                new IPNetwork(new IPAddress(address), size * 8), (RouteProof)(kept[0] & 7), BinaryPrimitives.ReadUInt32LittleEndian(rest),
                BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]), BinaryPrimitives.ReadUInt16LittleEndian(rest[6..]), BinaryPrimitives.ReadUInt16LittleEndian(rest[8..])));
            kept = kept[(size + Fixed)..];
        }

        return routes;
    }

    /// <summary>Writes routes.</summary>
    public static byte[] Write(IReadOnlyList<KeptRoute> routes)
    {
        using var kept = new MemoryStream(routes.Count * 17);
        Span<byte> one = stackalloc byte[17];
        foreach (var route in routes)
        {
            var address = route.Network.BaseAddress.GetAddressBytes();
            var size = address.Length == 4 ? 3 : 6;
            one[0] = (byte)((int)route.Proof | (size == 6 ? Version6 : 0));
            address.AsSpan(0, size).CopyTo(one[1..]);
            var rest = one[(1 + size)..];
            BinaryPrimitives.WriteUInt32LittleEndian(rest, route.Signer);
            BinaryPrimitives.WriteUInt16LittleEndian(rest[4..], (ushort)Math.Clamp(route.First, 0, ushort.MaxValue));
            BinaryPrimitives.WriteUInt16LittleEndian(rest[6..], (ushort)Math.Clamp(route.Last, 0, ushort.MaxValue));
            BinaryPrimitives.WriteUInt16LittleEndian(rest[8..], (ushort)Math.Clamp(route.Letters, 0, ushort.MaxValue));
            kept.Write(one[..(size + Fixed)]);
        }

        return kept.ToArray();
    }

    /// <summary>Adds what was seen to what is known: the same way is counted on.</summary>
    /// <param name="known">Known ways.</param>
    /// <param name="seen">Ways of new letters.</param>
    public static IReadOnlyList<KeptRoute> Add(IReadOnlyList<KeptRoute> known, IReadOnlyList<KeptRoute> seen)
    {
        var all = known.ToList();
        foreach (var route in seen)
        {
            var at = all.FindIndex(r => r.Proof == route.Proof && r.Signer == route.Signer && r.Network.Equals(route.Network));
            if (at < 0)
            {
                all.Add(route);
            }
            else
            {
                all[at] = all[at] with { First = Math.Min(all[at].First, route.First), Last = Math.Max(all[at].Last, route.Last), Letters = Math.Min(ushort.MaxValue, all[at].Letters + route.Letters) };
            }
        }

        return all;
    }

    /// <summary>The ways worth keeping, the last seen first.</summary>
    /// <remarks>
    /// Harmless letters that nothing proves, sent from here and there, must not push the usual ways out of memory. A proven way gives place only to a proven one; one place is never
    /// a proven one's, so that there is room to learn of others. An unproven one of long standing comes before a new one, and of new ones two stay, those that came first.
    /// </remarks>
    /// <param name="all">Known ways, those of new letters among them.</param>
    /// <param name="most">How many to keep; at least 2.</param>
    public static IReadOnlyList<KeptRoute> Choose(IReadOnlyList<KeptRoute> all, int most)
    {
        var today = all.Count == 0 ? 0 : all.Max(static r => r.Last);
        var unproven = all.Where(static r => !r.IsProven).ToLookup(r =>
            today - r.First < Correspondence.DaysToSettle ? Standing.Young : r.Letters >= Frequent && today - r.Last <= Stale ? Standing.Frequent : Standing.Rare);
        return
        [
            .. all.Where(static r => r.IsProven).OrderByDescending(static r => r.Last).ThenByDescending(static r => r.Letters).Take(most - 1)
                .Concat(unproven[Standing.Frequent].OrderBy(static r => r.First).ThenByDescending(static r => r.Letters))
                .Concat(unproven[Standing.Young].OrderBy(static r => r.First).ThenByDescending(static r => r.Letters).Take(MostYoung))
                .Concat(unproven[Standing.Rare].OrderByDescending(static r => r.Last).ThenByDescending(static r => r.Letters))
                .Take(most)
                .OrderByDescending(static r => r.Last).ThenByDescending(static r => r.Letters),
        ];
    }

    private enum Standing
    {
        Young,
        Frequent,
        Rare,
    }
}
