using MimeKit;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Senders;

/// <summary>The mailing list that brings a letter (RFC 2919): its own domain sent it, and it is written to it.</summary>
/// <param name="Domain">The registered domain of its name.</param>
/// <param name="Address">Its address in To or Cc, in the ledger's form.</param>
public sealed record MailingList(string Domain, string Address)
{
    private const int MaxField = 1000;
    private const int MaxRecipients = 200;

    /// <summary>The list of a letter; null for everything else, and where SPF says that the list's domain did not send it.</summary>
    /// <param name="message">The letter.</param>
    /// <param name="facts">What authentication found.</param>
    public static MailingList? Of(InboundMessage message, SenderFacts facts)
    {
        if (message.Mime is not { } mime || mime.Headers[HeaderId.ListId] is not { Length: > 0 and < MaxField } field || Proofs.OfEnvelope(facts) == Proof.None)
        {
            return null;
        }

        var (open, close) = (field.LastIndexOf('<'), field.LastIndexOf('>'));
        var id = (open >= 0 && close > open ? field[(open + 1)..close] : field).Trim().ToLowerInvariant();
        var domain = LinkTargets.Registered(LinkTargets.Ascii(id));
        return domain.Length > 0 && LinkTargets.Registered(ClaimedSender.DomainOf(message.Envelope.Sender)) == domain
            && mime.To.Mailboxes.Concat(mime.Cc.Mailboxes).Take(MaxRecipients).FirstOrDefault(m => LinkTargets.Registered(ClaimedSender.DomainOf(m.Address)) == domain) is { } posted
            && Exchange.AddressOf(posted.Address) is { } address ? new MailingList(domain, address) : null;
    }

    /// <summary>The same, where the list is one that the hospital knows: named in the settings, believed by a trusted sealer, or known to the ledger. Anybody with a domain of his own can run a list, and put his victims on it.</summary>
    /// <param name="message">The letter.</param>
    /// <param name="facts">What authentication and the ledger found.</param>
    /// <param name="house">Whose gateway this is.</param>
    public static MailingList? Known(InboundMessage message, SenderFacts facts, Household house) =>
        Of(message, facts) is { } list && (facts.KnowsList || facts.IsVouchedFor || house.IsForwarder(list.Domain) || house.IsForwarder(ClaimedSender.DomainOf(list.Address)) || house.IsPartner(list.Domain)) ? list : null;

    /// <summary>True where the ledger's word on a list's domain is enough to know it: somebody of ours wrote to it, or it has brought letters for a month.</summary>
    /// <param name="contact">What was exchanged with the list's domain; null for nothing.</param>
    /// <param name="today">The day, UTC.</param>
    public static bool IsKnown(Contact? contact, DateOnly today) => contact is { Out: > 0 } || (contact is { In: >= 5 } && today.DayNumber - contact.First.DayNumber >= 30);
}
