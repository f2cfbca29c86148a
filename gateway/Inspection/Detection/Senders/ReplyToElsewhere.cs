using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds letters whose answers go to another domain than the one they come from, a free mailer's above all.</summary>
internal sealed class ReplyToElsewhere : IDetector
{
    public static readonly FindingKind Elsewhere = new("REPLY_TO_ELSEWHERE", 25,
        "Answers to this mail go to another domain than the sender's.", "返信先が、差出人とは別のドメインになっています。", "T1656");

    public static readonly FindingKind FreeMail = new("REPLY_TO_FREE_MAIL", 50,
        "The mail comes from a company, but answers to it go to a free mail address.", "企業・組織を名乗るメールですが、返信先がフリーメールになっています。", "T1656");

    public IEnumerable<FindingKind> Kinds => [Elsewhere, FreeMail];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var (house, mime) = (context.Household, context.Message.Mime);
        var from = ClaimedSender.Of(context.Message);
        if (mime is null || from.Count == 0 || MailingList.Of(context.Message, context.Sender) is not null)
        {
            yield break;
        }

        var free = context.Signatures.List("free-mailers");
        var own = from.Select(s => LinkTargets.Registered(s.Domain)).ToHashSet(StringComparer.Ordinal);
        foreach (var mailbox in mime.ReplyTo.Mailboxes.Take(20))
        {
            var domain = ClaimedSender.DomainOf(mailbox.Address);
            if (domain.Length == 0 || own.Contains(LinkTargets.Registered(domain)) || house.IsOwn(domain) || house.IsPartner(domain) || house.Staff.At(mailbox.Address).Count > 0)
            {
                continue;
            }

            var isFree = free.Contains(domain) && from.All(s => s.Domain.Length > 0 && !free.Contains(s.Domain));
            yield return (isFree ? FreeMail : Elsewhere).At("Reply-To", $"{mailbox.Address}, From {from[0].Address}");
            yield break;
        }
    }
}
