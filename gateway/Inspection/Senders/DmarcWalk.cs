namespace Sekisho.Inspection.Senders;

/// <summary>The records on the way from a domain up to the top of the tree (RFC 9989 section 4.10), at most eight questions.</summary>
internal sealed class DmarcWalk
{
    /// <summary>A longer name goes from itself to its last seven labels at once.</summary>
    private const int MostLabels = 8;

    private readonly bool mayBeMissing;

    private DmarcWalk(string domain, List<(string Name, DmarcRecord Record)> found, bool isBroken, bool mayBeMissing)
    {
        Domain = domain;
        Found = found;
        IsBroken = isBroken;
        this.mayBeMissing = mayBeMissing;
        Organization = OrganizationOf(domain, found);
    }

    /// <summary>Where it started.</summary>
    public string Domain { get; }

    /// <summary>The records, the longest name first, up to the one that stops the walk.</summary>
    public IReadOnlyList<(string Name, DmarcRecord Record)> Found { get; }

    /// <summary>True where DNS did not answer on the way.</summary>
    public bool IsBroken { get; }

    /// <summary>True where the policy makes a difference between domains that exist and others, and this one does not; only known of an author's walk.</summary>
    public bool IsMissing { get; private set; }

    /// <summary>The organisational domain (section 4.10.2).</summary>
    public string Organization { get; }

    /// <summary>The record that applies to the domain, and where it stands (section 4.10.1): its own, its organisation's, its public suffix's.</summary>
    public (string Name, DmarcRecord Record)? Policy =>
        At(Domain) ?? At(Organization) ?? (Found.Count > 0 && Found[^1].Record.Suffix == 'y' ? Found[^1] : null);

    /// <summary>The names to ask about, the longest first.</summary>
    public static IReadOnlyList<string> Names(string domain)
    {
        var names = new List<string>(MostLabels) { domain };
        var labels = Domains.Labels(domain);
        for (var count = labels < MostLabels ? labels - 1 : MostLabels - 1; count > 0; count--)
        {
            names.Add(Domains.Last(domain, count));
        }

        return names;
    }

    /// <summary>Walks from the author's domain, and asks whether it exists where that counts: any answer but NXDOMAIN says so (appendix A.4), also one about a name below it (RFC 8020).</summary>
    public static async Task<DmarcWalk> ForAuthorAsync(DnsSource dns, string domain, CancellationToken cancel)
    {
        var walk = await FromAsync(dns, domain, cancel).ConfigureAwait(false);
        walk.IsMissing = walk.mayBeMissing && walk.Policy is { Record.Missing: not null } policy && policy.Name != domain
            && (await dns.QueryAsync(domain, DnsType.A, cancel).ConfigureAwait(false)).Status == DnsStatus.NoName;
        return walk;
    }

    /// <summary>Walks. All questions are asked at once: the answers decide together, and the cache has most.</summary>
    public static async Task<DmarcWalk> FromAsync(DnsSource dns, string domain, CancellationToken cancel)
    {
        var names = Names(domain);
        var answers = await Task.WhenAll(names.Select(name => dns.QueryAsync("_dmarc." + name, DnsType.Txt, cancel).AsTask())).ConfigureAwait(false);
        var found = new List<(string, DmarcRecord)>();
        var isBroken = false;
        for (var i = 0; i < names.Count; i++)
        {
            isBroken |= answers[i].Status == DnsStatus.Failed;
            var records = answers[i].Records.Select(DmarcRecord.Parse).OfType<DmarcRecord>().Take(2).ToList();
            if (records.Count == 1)
            {
                found.Add((names[i], records[0]));
                if (records[0].Suffix != 'u')
                {
                    break;
                }
            }
        }

        return new DmarcWalk(domain, found, isBroken, answers[0].Status is DnsStatus.NoName or DnsStatus.Failed);
    }

    private static string OrganizationOf(string domain, List<(string Name, DmarcRecord Record)> found)
    {
        foreach (var (name, record) in found)
        {
            if (record.Suffix == 'n')
            {
                return name;
            }

            if (record.Suffix == 'y' && name != domain)
            {
                return Domains.Last(domain, Domains.Labels(name) + 1);
            }
        }

        return found.Count > 0 ? found[^1].Name : domain;
    }

    private (string Name, DmarcRecord Record)? At(string name)
    {
        foreach (var entry in Found)
        {
            if (entry.Name == name)
            {
                return entry;
            }
        }

        return null;
    }
}
