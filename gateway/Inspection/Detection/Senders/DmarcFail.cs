using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds letters whose author's domain says that it did not send them (RFC 9989), by what it asks to be done with such letters.</summary>
/// <remarks>Forwarders and mailing lists break what signatures cover (RFC 7960): where a believed sealer saw the letter pass, or a list that is itself authenticated sent it, it weighs less.</remarks>
internal sealed class DmarcFail : IDetector
{
    public static readonly FindingKind Reject = new("DMARC_FAIL_REJECT", 100,
        "The domain in From did not send this, and asks for such mail to be refused (DMARC).", "差出人のドメインから送られたものではありません。そのドメインは、なりすましメールの拒否を求めています(DMARC)。", "T1672");

    public static readonly FindingKind Quarantine = new("DMARC_FAIL_QUARANTINE", 60,
        "The domain in From did not send this, and calls such mail suspicious (DMARC).", "差出人のドメインから送られたものではありません。そのドメインは、なりすましメールを不審として扱うよう求めています(DMARC)。", "T1672");

    public static readonly FindingKind None = new("DMARC_FAIL_NONE", 10,
        "Nothing shows that the domain in From sent this; the domain asks for nothing to be done (DMARC).", "差出人のドメインから送られたことを確認できません(DMARC。ドメイン側の処置の指定なし)。", "T1672");

    public static readonly FindingKind Forwarded = new("DMARC_FAIL_FORWARDED", 30,
        "The domain in From did not send this itself; it came through a mailing list or a known forwarder (DMARC).", "差出人のドメインから直接送られたものではなく、メーリングリストまたは既知の転送元を経由しています(DMARC)。", "T1672");

    public IEnumerable<FindingKind> Kinds => [Reject, Quarantine, None, Forwarded];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var facts = context.Sender;

        // Of several authors the one that asks for most counts: a second address must not exempt the first.
        var failed = facts.Dmarc is { Result: DmarcResult.Fail } one ? one
            : facts.DmarcOfEach.Where(static d => d.Result == DmarcResult.Fail && d.Policy != DmarcPolicy.None).MaxBy(static d => d.Policy);
        if (failed is not { } dmarc)
        {
            yield break;
        }

        var forwarded = facts.IsVouchedFor || IsList(context);
        if (dmarc.Policy == DmarcPolicy.None)
        {
            if (!forwarded)
            {
                yield return None.At("From", Evidence(facts, dmarc));
            }
        }
        else
        {
            yield return (forwarded ? Forwarded : dmarc.Policy == DmarcPolicy.Reject ? Reject : Quarantine).At("From", Evidence(facts, dmarc));
        }
    }

    /// <summary>A List-Id costs a spoofer one line, and a list of his own not much more: a list is one that we know, whose own domain sent or signed the letter, and that the letter is written to.</summary>
    private static bool IsList(InspectionContext context) =>
        MailingList.Known(context.Message, context.Sender, context.Household) is { } list
        && (context.Sender.Spf?.Result == SpfResult.Pass || context.Sender.Dkim.Any(d => d.Result == DkimResult.Pass && LinkTargets.Registered(d.Domain) == list.Domain));

    private static string Evidence(SenderFacts facts, DmarcOutcome dmarc)
    {
        var signed = string.Join(", ", facts.Dkim.Where(static d => d.Result == DkimResult.Pass).Select(static d => d.Domain).Distinct().Take(3));
        return $"{dmarc.Domain} ({AuthenticationResultsField.Word(dmarc.Policy)}), sent by {facts.Client?.ToString() ?? "an unknown client"} for <{facts.MailFrom}>, signed by {(signed.Length == 0 ? "nobody" : signed)}";
    }
}
