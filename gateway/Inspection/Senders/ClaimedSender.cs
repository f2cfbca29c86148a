using MimeKit;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Senders;

/// <summary>Who a letter says has written it: one address of its From.</summary>
/// <param name="Name">The display name, normalised; empty where there is none.</param>
/// <param name="Address">The address in lower case, its domain in A-labels.</param>
/// <param name="Domain">Its domain; empty where there is none.</param>
internal sealed record ClaimedSender(string Name, string Address, string Domain)
{
    private const int MaxSenders = 20;

    /// <summary>All of them, at most 20; of Sender where there is no From.</summary>
    public static IReadOnlyList<ClaimedSender> Of(InboundMessage message)
    {
        if (message.Mime is not { } mime)
        {
            return [];
        }

        var from = mime.From.Mailboxes.Take(MaxSenders).Select(Of).ToList();
        return from.Count > 0 || mime.Sender is null ? from : [Of(mime.Sender)];
    }

    /// <summary>One mailbox.</summary>
    public static ClaimedSender Of(MailboxAddress mailbox)
    {
        var address = mailbox.Address ?? "";
        return new ClaimedSender(TextNormal.Of(mailbox.Name ?? "").Trim(), AddressOf(address), DomainOf(address));
    }

    /// <summary>An address in lower case, its domain in A-labels.</summary>
    public static string AddressOf(string address)
    {
        var at = address.LastIndexOf('@');
        return at < 0 ? address.ToLowerInvariant() : $"{address[..at].ToLowerInvariant()}@{DomainOf(address)}";
    }

    /// <summary>The domain of an address in A-labels and lower case; empty where there is none.</summary>
    public static string DomainOf(string? address)
    {
        var at = address?.LastIndexOf('@') ?? -1;
        return at < 0 ? "" : LinkTargets.Ascii(address![(at + 1)..].Trim().TrimEnd('>', '.'));
    }

    /// <summary>The domain of a mailing list's name (RFC 2919), if its letters are sent by that domain and go to it; null for everything else, and where SPF says that the domain did not send it.</summary>
    public static string? ListOf(InboundMessage message, SenderFacts facts)
    {
        if (message.Mime is not { } mime || mime.Headers[HeaderId.ListId] is not { Length: > 0 and < 1000 } field || Proofs.OfEnvelope(facts) == Proof.None)
        {
            return null;
        }

        var (open, close) = (field.LastIndexOf('<'), field.LastIndexOf('>'));
        var id = (open >= 0 && close > open ? field[(open + 1)..close] : field).Trim().ToLowerInvariant();
        var list = LinkTargets.Registered(LinkTargets.Ascii(id));
        return list.Length > 0 && LinkTargets.Registered(DomainOf(message.Envelope.Sender)) == list
            && mime.To.Mailboxes.Concat(mime.Cc.Mailboxes).Take(200).Any(m => LinkTargets.Registered(DomainOf(m.Address)) == list) ? list : null;
    }
}
