using System.Collections.Frozen;
using System.Net;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Senders;

/// <summary>Whose gateway this is: the hospital's domains, names, people and partners, and who else may write in its name. Immutable; swapped whole.</summary>
public sealed class Household
{
    /// <summary>Nobody's.</summary>
    public static readonly Household Empty = new([], [], [], StaffDirectory.Empty, [], []);

    private readonly IPNetwork[] forwarderNetworks;
    private readonly FrozenSet<string> own;
    private readonly FrozenSet<string> partners;
    private readonly FrozenSet<string> forwarders;

    /// <summary>Makes one.</summary>
    /// <param name="ownDomains">The hospital's domains; all below them are its own, too.</param>
    /// <param name="names">What it is called, such as <c>関所病院</c>.</param>
    /// <param name="partners">Partners, <c>name = domain domain</c> or a bare domain each.</param>
    /// <param name="staff">Its people.</param>
    /// <param name="forwarders">Forwarders and services that send in its name: envelope domains, or networks (CIDR).</param>
    /// <param name="inside">Networks of its own mail servers.</param>
    public Household(
        IReadOnlyList<string> ownDomains, IReadOnlyList<string> names, IReadOnlyList<string> partners, StaffDirectory staff, IReadOnlyList<string> forwarders, IReadOnlyList<IPNetwork> inside)
    {
        OwnDomains = [.. ownDomains.Select(d => LinkTargets.Ascii(d.TrimStart('.', '@'))).Where(d => d.Length > 0).Distinct(StringComparer.Ordinal)];
        Names = [.. names.Where(n => n.Length > 1)];
        Partners = [.. partners.Select(NamedDomains.Parse).Where(p => p.Domains.Count > 0)];
        Staff = staff;
        forwarderNetworks = [.. forwarders.Where(f => f.Contains('/', StringComparison.Ordinal)).Select(IPNetwork.Parse)];
        Forwarders = [.. forwarders.Where(f => !f.Contains('/', StringComparison.Ordinal)).Select(f => f.TrimStart('.', '@').ToLowerInvariant())];
        Inside = inside;
        own = OwnDomains.ToFrozenSet(StringComparer.Ordinal);
        this.partners = Partners.SelectMany(p => p.Domains).ToFrozenSet(StringComparer.Ordinal);
        this.forwarders = Forwarders.ToFrozenSet(StringComparer.Ordinal);
        LookAlikes = new LookAlikeDomains([.. OwnDomains, .. Partners.SelectMany(p => p.Domains)]);
    }

    /// <summary>The hospital's domains, in A-labels and lower case.</summary>
    public IReadOnlyList<string> OwnDomains { get; }

    /// <summary>What it is called.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Partners with their domains; the name may be empty.</summary>
    public IReadOnlyList<NamedDomains> Partners { get; }

    /// <summary>Its people.</summary>
    public StaffDirectory Staff { get; private set; }

    /// <summary>Envelope domains of forwarders and services.</summary>
    public IReadOnlyList<string> Forwarders { get; }

    /// <summary>Networks of its own mail servers.</summary>
    public IReadOnlyList<IPNetwork> Inside { get; }

    /// <summary>Tells domains that look like its own and its partners'.</summary>
    internal LookAlikeDomains LookAlikes { get; }

    /// <summary>The same house with other people.</summary>
    public Household With(StaffDirectory staff)
    {
        var other = (Household)MemberwiseClone();
        other.Staff = staff;
        return other;
    }

    /// <summary>True for one of its domains, or one below.</summary>
    /// <param name="domain">In A-labels and lower case.</param>
    public bool IsOwn(string domain) => IsOrBelow(domain, own);

    /// <summary>True for a partner's domain, or one below.</summary>
    /// <param name="domain">In A-labels and lower case.</param>
    public bool IsPartner(string domain) => IsOrBelow(domain, partners);

    /// <summary>True for a client within.</summary>
    public bool IsInside(IPAddress client) => Inside.Any(n => n.Contains(client));

    /// <summary>True for a listed forwarder's client.</summary>
    public bool IsForwarder(IPAddress client) => Array.Exists(forwarderNetworks, n => n.Contains(client));

    /// <summary>True for a listed forwarder's envelope domain, or one below. Only as good as the proof that the domain sent it.</summary>
    /// <param name="domain">In lower case.</param>
    public bool IsForwarder(string domain) => IsOrBelow(domain, forwarders);

    private static bool IsOrBelow(string domain, FrozenSet<string> known)
    {
        if (known.Count == 0)
        {
            return false;
        }

        for (var at = 0; at >= 0 && at < domain.Length; at = domain.IndexOf('.', at) is var dot and >= 0 ? dot + 1 : -1)
        {
            if (known.Contains(domain[at..]))
            {
                return true;
            }
        }

        return false;
    }
}
