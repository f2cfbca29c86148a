using System.Globalization;
using MimeKit;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Senders;

/// <summary>Who of the outside and who of the hospital a letter connects: what the correspondence ledger is asked about and learns.</summary>
/// <param name="IsOutbound">True for a letter of the hospital's own that goes out.</param>
/// <param name="Outside">Addresses of the outside, in lower case with the domain in A-labels: the author of a letter that comes in, the recipients of one that goes out. At least one.</param>
/// <param name="Inside">Addresses of the hospital, alike: the recipients, or the author. At least one.</param>
/// <param name="Day">The day it came, UTC.</param>
public sealed record Exchange(bool IsOutbound, IReadOnlyList<string> Outside, IReadOnlyList<string> Inside, DateOnly Day)
{
    /// <summary>Which way a letter from outside came; null where that is not known.</summary>
    public SenderRoute? Route { get; init; }

    /// <summary>True for what no person sent: bounces, and answers of an absent colleague's program (RFC 3834), which make nobody a correspondent.</summary>
    public bool IsAutomatic { get; init; }

    /// <summary>The address of the mailing list that brought it; null for none. The ledger learns it beside the author.</summary>
    public string? List { get; init; }

    /// <summary>Of an opened letter; null where nobody of the outside, or nobody of the hospital takes part, or where one of ours only seems to.</summary>
    /// <param name="message">The letter.</param>
    /// <param name="facts">What is known about who sent it.</param>
    /// <param name="house">Whose gateway this is.</param>
    public static Exchange? Of(InboundMessage message, SenderFacts facts, Household house)
    {
        var envelope = message.Envelope;
        if (house.OwnDomains.Count == 0 || ClaimedSender.Of(message).FirstOrDefault(s => IsWhole(s.Address, s.Domain)) is not { } author)
        {
            return null;
        }

        var isOurs = house.IsOwn(author.Domain);
        return isOurs && !envelope.IsOutbound && !house.IsInside(facts.Client ?? envelope.Client)
            ? null
            : Of(envelope, author, house) is not { } exchange ? null
            : isOurs ? exchange with { IsAutomatic = exchange.IsAutomatic || IsAnsweredByProgram(message.Mime!) }
            : exchange with { Route = SenderRoute.Of(facts, envelope, author.Domain), List = MailingList.Of(message, facts)?.Address is { } list && list != author.Address ? list : null };
    }

    /// <summary>Of a kept letter, of which only envelope and From field are at hand: the way it came is not known any more.</summary>
    /// <param name="envelope">What SMTP said.</param>
    /// <param name="from">The From field, decoded.</param>
    /// <param name="house">Whose gateway this is.</param>
    public static Exchange? Of(Envelope envelope, string from, Household house) =>
        InternetAddressList.TryParse(from, out var list) && list.Mailboxes.Take(20).Select(ClaimedSender.Of).FirstOrDefault(s => IsWhole(s.Address, s.Domain)) is { } author
            && (!house.IsOwn(author.Domain) || envelope.IsOutbound || house.IsInside(envelope.Client)) ? Of(envelope, author, house) : null;

    /// <summary>An address as the ledger knows it; null for what is none.</summary>
    /// <param name="address">Such as <c>Doctor@Clinic.example</c>.</param>
    public static string? AddressOf(string address)
    {
        address = address.Trim();
        var at = address.LastIndexOf('@');
        var domain = ClaimedSender.DomainOf(address);
        return at > 0 && domain.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"{address[..at].ToLowerInvariant()}@{domain}") : null;
    }

    private static Exchange? Of(Envelope envelope, ClaimedSender author, Household house)
    {
        var isOutbound = house.IsOwn(author.Domain);
        var others = envelope.Recipients.Select(r => AddressOf(r.Address)).OfType<string>().Where(a => house.IsOwn(ClaimedSender.DomainOf(a)) != isOutbound).Distinct(StringComparer.Ordinal).ToList();
        return others.Count == 0 ? null : new Exchange(isOutbound, isOutbound ? others : [author.Address], isOutbound ? [author.Address] : others, DateOnly.FromDateTime(envelope.ReceivedAt.UtcDateTime))
        {
            IsAutomatic = envelope.Sender.Length == 0,
        };
    }

    private static bool IsWhole(string address, string domain) => domain.Length > 0 && address.LastIndexOf('@') > 0;

    private static bool IsAnsweredByProgram(MimeMessage mime) =>
        (mime.Headers["Auto-Submitted"] is { } field && !field.TrimStart().StartsWith("no", StringComparison.OrdinalIgnoreCase)) || mime.Headers.Contains("X-Autoreply") || mime.Headers.Contains("X-Autorespond")
        || mime.Headers["Precedence"]?.Trim().Equals("auto_reply", StringComparison.OrdinalIgnoreCase) == true;
}
