namespace Sekisho.Inspection.Senders;

/// <summary>What a domain's DMARC record says, defaults filled in, as aggregate reports repeat it (RFC 9990 appendix A).</summary>
/// <param name="Policy">For letters of the domain itself (<c>p</c>).</param>
/// <param name="Below">For domains below it that exist (<c>sp</c>).</param>
/// <param name="Missing">For domains below it that do not (<c>np</c>).</param>
/// <param name="IsTesting">True where the domain says that it is testing (<c>t=y</c>).</param>
/// <param name="IsStrictDkim">True for <c>adkim=s</c>.</param>
/// <param name="IsStrictSpf">True for <c>aspf=s</c>.</param>
/// <param name="Reports">Where aggregate reports are to go (<c>rua</c>), as it is written; empty for nowhere.</param>
public sealed record DmarcPublished(DmarcPolicy Policy, DmarcPolicy Below, DmarcPolicy Missing, bool IsTesting, bool IsStrictDkim, bool IsStrictSpf, string Reports)
{
    /// <summary>Reads a record; null for text that is none.</summary>
    /// <param name="text">A record as <see cref="ToString"/> writes it, or as it stands in DNS.</param>
    public static DmarcPublished? Parse(string text) => DmarcRecord.Parse(text) is { } record ? Of(record) : null;

    /// <summary>The record with all that is known of it, the same for equal ones.</summary>
    public override string ToString() =>
        $"v=DMARC1; p={AuthenticationResultsField.Word(Policy)}; sp={AuthenticationResultsField.Word(Below)}; np={AuthenticationResultsField.Word(Missing)}; t={(IsTesting ? 'y' : 'n')}; adkim={(IsStrictDkim ? 's' : 'r')}; aspf={(IsStrictSpf ? 's' : 'r')}; rua={Reports}";

    internal static DmarcPublished Of(DmarcRecord record)
    {
        var policy = record.Policy ?? DmarcPolicy.None;
        var below = record.Below ?? policy;
        return new DmarcPublished(policy, below, record.Missing ?? below, record.IsTesting, record.IsStrictDkim, record.IsStrictSpf, record.Reports);
    }
}
