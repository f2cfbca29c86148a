using System.Globalization;
using System.Net;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Reports;

/// <summary>What a report tells of a letter: what DMARC said of it, and what was done.</summary>
internal static class LetterResult
{
    private const int MostSignatures = 10;
    private const int LongestName = 253;

    /// <summary>The row that a letter belongs to; null where there is no one to tell: no record, no address in it, several authors, an unknown client.</summary>
    /// <param name="envelope">What SMTP said.</param>
    /// <param name="facts">What was found out about its sender.</param>
    /// <param name="verdict">What became of it.</param>
    public static DmarcResultRow? Of(Envelope envelope, SenderFacts facts, Verdict verdict)
    {
        if (facts.Dmarc is not { Published: { Reports.Length: > 0 } published, Result: DmarcResult.Pass or DmarcResult.Fail or DmarcResult.TempError } dmarc || facts.Client is not { } client
            || ReportUri.Read(published.Reports) is not { Count: > 0 } uris)
        {
            return null;
        }

        var (disposition, reason) = Done(facts, dmarc, verdict);
        return new DmarcResultRow(
            DateOnly.FromDateTime(envelope.ReceivedAt.UtcDateTime),
            dmarc.PolicyDomain,
            (published with { Reports = string.Join(',', uris) }).ToString(),
            (client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : new IPAddress(client.GetAddressBytes())).ToString(), // without a zone, which means nothing elsewhere
            disposition,
            dmarc.IsDkimAligned,
            dmarc.IsSpfAligned,
            reason,
            dmarc.Domain,
            Plain(DomainList.DomainOf(facts.MailFrom)),
            Signatures(facts.Dkim, dmarc),
            facts.Spf is { Domain.Length: > 0 } spf ? $"{Plain(spf.Domain)} {AuthenticationResultsField.Word(spf.Result)}" : "");
    }

    /// <summary>What DMARC led to, and why that is not what the domain asks for (RFC 9990, the element <c>disposition</c> and policy override reasons). What other findings led to is told only where it is what DMARC asks for.</summary>
    private static (string Disposition, string Reason) Done(SenderFacts facts, DmarcOutcome dmarc, Verdict verdict)
    {
        if (dmarc.IsDkimAligned || dmarc.IsSpfAligned)
        {
            return (dmarc.Stated == DmarcPolicy.None ? "none" : "pass", "");
        }

        if (dmarc.Stated == DmarcPolicy.None)
        {
            return ("none", "");
        }

        if (dmarc.Result == DmarcResult.TempError)
        {
            return ("none", "other"); // DNS did not answer: nobody may say that it failed
        }

        // A held letter waits for its password, not for its sender's name.
        var done = verdict.Disposition switch { Disposition.Reject => DmarcPolicy.Reject, Disposition.Quarantine => DmarcPolicy.Quarantine, _ => DmarcPolicy.None };
        var reason = done == dmarc.Stated ? ""
            : done == dmarc.Policy ? "policy_test_mode"
            : facts.IsVouchedFor ? "trusted_forwarder"
            : verdict.Findings.Any(static f => f.Kind.Code == "DMARC_FAIL_FORWARDED") ? "mailing_list"
            : "local_policy";
        return (AuthenticationResultsField.Word(done), reason);
    }

    /// <summary>Those that matter most come first (RFC 9990, DKIM signatures in aggregate reports).</summary>
    private static string Signatures(IReadOnlyList<DkimOutcome> dkim, DmarcOutcome dmarc) => dkim.Count == 0 ? "" : string.Join(',', dkim
        .Where(static d => d.Domain.Length > 0)
        .OrderBy(d => d.Result != DkimResult.Pass ? 3 : d.Domain == dmarc.Domain ? 0 : d.Domain.EndsWith(dmarc.Organization, StringComparison.Ordinal) ? 1 : 2)
        .Take(MostSignatures)
        .Select(static d => $"{Plain(d.Domain)} {Plain(d.Selector) switch { "" => "?", var selector => selector }} {AuthenticationResultsField.Word(d.Result)}")
        .Distinct());

    /// <summary>A name as strangers wrote it, safe to keep and to part by blanks and commas: what no domain name has becomes a question mark.</summary>
    private static string Plain(string name)
    {
        if (!System.Text.Ascii.IsValid(name))
        {
            try
            {
                name = new IdnMapping { AllowUnassigned = true }.GetAscii(name);
            }
            catch (ArgumentException)
            {
                // Question marks, then.
            }
        }

        return string.Create(Math.Min(name.Length, LongestName), name, static (plain, name) =>
        {
            for (var i = 0; i < plain.Length; i++)
            {
                plain[i] = char.IsAsciiLetterOrDigit(name[i]) || name[i] is '.' or '-' or '_' or '[' or ']' or ':' ? char.ToLowerInvariant(name[i]) : '?';
            }
        });
    }
}
