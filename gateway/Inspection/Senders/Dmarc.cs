namespace Sekisho.Inspection.Senders;

/// <summary>How a DMARC check ended (RFC 9989 section 5.4, RFC 8601 section 2.7.1 and RFC 7489 section 11.2 for the words).</summary>
public enum DmarcResult
{
    /// <summary>No policy applies, or the letter has no one author domain.</summary>
    None,

    /// <summary>A passing SPF or DKIM result is of the author's domain.</summary>
    Pass,

    /// <summary>None is.</summary>
    Fail,

    /// <summary>DNS did not answer: not known.</summary>
    TempError,

    /// <summary>The record is wrong, or the letter has several From fields.</summary>
    PermError,
}

/// <summary>What a DMARC check found.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Domain">The author's domain (From), A-labels in lower case; empty where there is none.</param>
public sealed record DmarcOutcome(DmarcResult Result, string Domain)
{
    /// <summary>What the domain asks to be done with a letter that fails, the tag <c>t</c> reckoned in: a testing domain asks for one step less.</summary>
    public DmarcPolicy Policy { get; init; }

    /// <summary>The same without reckoning in the tag <c>t</c>.</summary>
    public DmarcPolicy Stated { get; init; }

    /// <summary>The record, as aggregate reports repeat it; null where there is none that can be used.</summary>
    public DmarcPublished? Published { get; init; }

    /// <summary>Where the record stands; empty where there is none.</summary>
    public string PolicyDomain { get; init; } = "";

    /// <summary>The author's organisational domain, found by the walk; empty where none was made.</summary>
    public string Organization { get; init; } = "";

    /// <summary>True where the domain says that it is testing (<c>t=y</c>).</summary>
    public bool IsTesting { get; init; }

    /// <summary>True where SPF passed for a domain in alignment.</summary>
    public bool IsSpfAligned { get; init; }

    /// <summary>True where a DKIM signature passed of a domain in alignment.</summary>
    public bool IsDkimAligned { get; init; }

    /// <summary>Why it is neither pass nor fail, in plain English; empty otherwise.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>Checks whether the domain in From stands behind the letter (RFC 9989), with the tree walk in place of a list of public suffixes.</summary>
/// <param name="dns">Answers the questions.</param>
public sealed class Dmarc(DnsSource dns)
{
    /// <summary>Checks a letter.</summary>
    /// <param name="authors">The domains in From, each once; several distinct ones are exempt (section 5.3.1).</param>
    /// <param name="spf">What SPF said of MAIL FROM; null where it was not asked.</param>
    /// <param name="dkim">What the signatures gave.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<DmarcOutcome> CheckAsync(IReadOnlyList<string> authors, SpfOutcome? spf, IReadOnlyList<DkimOutcome> dkim, CancellationToken cancel)
    {
        var domains = authors.Select(Domains.Ascii).OfType<string>().Distinct().ToList();
        return domains is [var author]
            ? await CheckAsync(await DmarcWalk.ForAuthorAsync(dns, author, cancel).ConfigureAwait(false), spf, dkim, cancel).ConfigureAwait(false)
            : new DmarcOutcome(DmarcResult.None, "") { Reason = domains.Count == 0 ? "no domain in From" : "several domains in From" };
    }

    /// <summary>Checks a letter for whose author the walk is made.</summary>
    internal async Task<DmarcOutcome> CheckAsync(DmarcWalk walk, SpfOutcome? spf, IReadOnlyList<DkimOutcome> dkim, CancellationToken cancel)
    {
        var outcome = new DmarcOutcome(DmarcResult.None, walk.Domain) { Organization = walk.Organization };
        var hasOwn = walk.Found.Count > 0 && walk.Found[0].Name == walk.Domain;
        if (walk.IsBroken && !hasOwn)
        {
            return outcome with { Result = DmarcResult.TempError, Reason = "no answer for the policy" };
        }

        if (walk.Policy is not { } policy)
        {
            return outcome with { Reason = "no policy" };
        }

        var record = policy.Record;
        outcome = outcome with { PolicyDomain = policy.Name, IsTesting = record.IsTesting };
        if (record.IsUnusable)
        {
            return outcome with { Result = DmarcResult.PermError, Reason = "the policy's record is wrong" };
        }

        var stated = PolicyOf(walk, policy.Name, record);
        outcome = outcome with { Policy = Asked(record, stated), Stated = stated, Published = DmarcPublished.Of(record) };
        var unsure = false;
        async Task<bool> AlignedAsync(string domain, bool isStrict, bool isPass, bool isUnknown)
        {
            if ((!isPass && !isUnknown) || Domains.Ascii(domain) is not { } identifier)
            {
                return false;
            }

            var aligned = identifier == walk.Domain ? true : isStrict ? false : await SameOrganizationAsync(walk, identifier, cancel).ConfigureAwait(false);
            unsure |= (aligned is null && isPass) || (aligned != false && isUnknown);
            return isPass && aligned == true;
        }

        // A domain that signs twice is looked at once.
        var spfAligned = spf is not null && await AlignedAsync(spf.Domain, record.IsStrictSpf, spf.Result == SpfResult.Pass, spf.Result == SpfResult.TempError).ConfigureAwait(false);
        var dkimAligned = false;
        foreach (var (domain, isPass) in dkim.Where(static d => d.Result is DkimResult.Pass or DkimResult.TempError).Select(static d => (d.Domain, d.Result == DkimResult.Pass)).Distinct())
        {
            dkimAligned |= await AlignedAsync(domain, record.IsStrictDkim, isPass, !isPass).ConfigureAwait(false);
        }

        // Section 5.3.2: without an answer nobody may say that it failed.
        return outcome with
        {
            IsSpfAligned = spfAligned,
            IsDkimAligned = dkimAligned,
            Result = spfAligned || dkimAligned ? DmarcResult.Pass : unsure ? DmarcResult.TempError : DmarcResult.Fail,
            Reason = spfAligned || dkimAligned || !unsure ? "" : "no answer for SPF, a key or the organisation",
        };
    }

    /// <summary>Section 4.7, the tag t: one step below what is asked.</summary>
    private static DmarcPolicy Asked(DmarcRecord record, DmarcPolicy policy) =>
        !record.IsTesting ? policy : policy == DmarcPolicy.Reject ? DmarcPolicy.Quarantine : DmarcPolicy.None;

    /// <summary>Section 4.10.1: p for the domain that has the record, below it np, sp or p.</summary>
    private static DmarcPolicy PolicyOf(DmarcWalk walk, string at, DmarcRecord record) =>
        (at == walk.Domain ? null : (walk.IsMissing ? record.Missing : null) ?? record.Below) ?? record.Policy!.Value;

    /// <summary>Relaxed alignment (section 4.10.2); null where DNS did not answer.</summary>
    private async Task<bool?> SameOrganizationAsync(DmarcWalk walk, string identifier, CancellationToken cancel)
    {
        if (walk.IsBroken)
        {
            // The organisation is not known; a domain that has not even the last two labels in common is no relative.
            return Domains.Last(identifier, 2) == Domains.Last(walk.Domain, 2) ? null : false;
        }

        // Who has the same organisation is that organisation or below it, so strangers cost no question, and a dead one cannot hide a failure.
        if (!Domains.IsOrBelow(identifier, walk.Organization))
        {
            return false;
        }

        var other = await DmarcWalk.FromAsync(dns, identifier, cancel).ConfigureAwait(false);
        return other.Organization == walk.Organization ? true : other.IsBroken ? null : false;
    }
}
