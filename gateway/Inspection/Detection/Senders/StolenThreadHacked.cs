using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds letters that go on with a conversation from the partner's own address, but not as his own letters do: a hacked account passes every authentication.</summary>
internal sealed class StolenThreadHacked : IDetector
{
    public static readonly FindingKind Hacked = new("STOLEN_THREAD_HACKED", 40,
        "The mail continues a conversation from the partner's address with a file or a link, but does not come as the partner's mails do.", "取引先のアドレスからやり取りの続きとして添付ファイルやリンクが届きましたが、普段の届き方と違います(アカウント乗っ取りの可能性)。", "T1586.002");

    public IEnumerable<FindingKind> Kinds => [Hacked];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        if (context.Sender.Thread is not { AuthorTookPart: true } thread || !(thread.RepeatsUs || thread.RepeatsOthers || thread.Letter.IsReply)
            || ThreadStandings.Of(context.Message, context.Sender, context.Household) != ThreadStanding.Inside)
        {
            yield break;
        }

        var sender = ClaimedSender.Of(context.Message)[0];
        var isLoose = !thread.Refers && thread.Letter.References.Count == 0;
        var isUnproven = Proofs.OfAuthor(context.Sender, context.Message.Envelope, sender.Domain) == Proof.None;
        if ((isUnproven && isLoose) || ((isLoose || thread.IsNewRoute) && ThreadStandings.Carries(context.Message)))
        {
            yield return Hacked.At("From", $"{sender.Address}{(isLoose ? ", no reference" : "")}{(thread.IsNewRoute ? ", a new server" : "")}{(isUnproven ? ", not authenticated" : "")}");
        }
    }
}
