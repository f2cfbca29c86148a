using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds senders whose domain is made to be taken for the hospital's or a partner's.</summary>
internal sealed class LookalikeDomain : IDetector
{
    public static readonly FindingKind LooksAlike = new("LOOKALIKE_DOMAIN", 80,
        "The sender's domain looks like ours or a partner's, but is another one.", "差出人のドメインが、当院または取引先のドメインに似せられています。", "T1656");

    public IEnumerable<FindingKind> Kinds => [LooksAlike];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var (house, mime) = (context.Household, context.Message.Mime);
        if (house.OwnDomains.Count + house.Partners.Count == 0 || mime is null)
        {
            yield break;
        }

        var bait = context.Signatures.List("domain-words");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (place, domain) in ClaimedSender.Of(context.Message).Select(s => ("From", s.Domain))
            .Append(("MAIL FROM", ClaimedSender.DomainOf(context.Message.Envelope.Sender)))
            .Concat(mime.ReplyTo.Mailboxes.Take(5).Select(m => ("Reply-To", ClaimedSender.DomainOf(m.Address)))))
        {
            if (domain.Length > 0 && seen.Add(domain) && !house.IsOwn(domain) && !house.IsPartner(domain) && !house.IsForwarder(domain)
                && house.LookAlikes.Find(domain, bait.Contains) is { } found)
            {
                yield return LooksAlike.At(place, $"{domain} for {found.Known}: {found.How}");
            }
        }
    }
}
