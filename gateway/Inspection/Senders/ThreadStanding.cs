using MimeKit;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Senders;

/// <summary>How who writes a letter stands to the conversation it belongs to, or pretends to.</summary>
internal enum ThreadStanding
{
    /// <summary>It belongs to none that is known, or to be looked at is no use.</summary>
    None,

    /// <summary>He took part, or stands with proof for somebody who did.</summary>
    Inside,

    /// <summary>He took no part, but it may well have been passed on to him.</summary>
    PassedOn,

    /// <summary>He took no part, and nothing says how he came by it.</summary>
    Outside,
}

/// <summary>Tells conversation that rightly moves from stolen one.</summary>
internal static class ThreadStandings
{
    /// <summary>The standing of a letter's author.</summary>
    public static ThreadStanding Of(InboundMessage message, SenderFacts facts, Household house)
    {
        if (facts.Thread is not { Threads.Count: > 0 } thread || thread.Letter.IsOwn || message.Mime is not { } mime || IsBounce(message, mime))
        {
            return ThreadStanding.None;
        }

        if (thread.AuthorTookPart || IsProven(message, facts, thread))
        {
            return ThreadStanding.Inside;
        }

        var client = facts.Client ?? message.Envelope.Client;
        var mailFrom = ClaimedSender.DomainOf(message.Envelope.Sender);
        return (thread.RefersToIt && !Carries(message)) || thread.ParticipantIsThere || thread.Letter.NamesAuthor || IsColleague(message, house) || (MailingList.Of(message, facts) is { } list && (MailingList.Known(message, facts, house) is not null || thread.TookPart(list.Domain)))
            || house.IsForwarder(client) || (house.IsForwarder(mailFrom) && Proofs.OfEnvelope(facts) is Proof.Given or Proof.Unknown)
            || (mime.Headers[HeaderId.AutoSubmitted]?.Trim().StartsWith("auto-replied", StringComparison.OrdinalIgnoreCase) == true && !Carries(message))
            ? ThreadStanding.PassedOn : ThreadStanding.Outside;
    }

    /// <summary>True where a letter brings a file that is more than a picture, or a link in the author's own words.</summary>
    public static bool Carries(InboundMessage message) =>
        message.Parts.Any(p => p.Container is null && !p.IsBody && !p.DeclaredType.StartsWith("image/", StringComparison.Ordinal)
            && !p.DeclaredType.StartsWith("multipart/", StringComparison.Ordinal) && !p.DeclaredType.StartsWith("message/", StringComparison.Ordinal))
        || (message.Text.Main is { } body && (body.New.Contains("http://", StringComparison.OrdinalIgnoreCase) || body.New.Contains("https://", StringComparison.OrdinalIgnoreCase)));

    /// <summary>A delivery report, which quotes what we sent: the null sender, and either the form (RFC 6522) or the name. One that carries files is none.</summary>
    private static bool IsBounce(InboundMessage message, MimeMessage mime) =>
        message.Envelope.Sender.Length == 0 && !Carries(message)
        && ((mime.Body?.ContentType.IsMimeType("multipart", "report") ?? false)
            || ClaimedSender.Of(message).All(s => s.Address.StartsWith("mailer-daemon@", StringComparison.Ordinal) || s.Address.StartsWith("postmaster@", StringComparison.Ordinal)));

    /// <summary>A domain that took part signed the letter, or sent it.</summary>
    private static bool IsProven(InboundMessage message, SenderFacts facts, ThreadFacts thread) =>
        facts.Dkim.Any(d => d.Result == DkimResult.Pass && thread.TookPart(d.Domain))
        || (Proofs.OfEnvelope(facts) == Proof.Given && thread.TookPart(ClaimedSender.DomainOf(message.Envelope.Sender)));

    /// <summary>One of our people at an address that the staff list knows, or who writes to himself.</summary>
    private static bool IsColleague(InboundMessage message, Household house) => ClaimedSender.Of(message).Any(s =>
        house.Staff.At(s.Address).Count > 0
        || (house.Staff.Find(s.Name, house.Names) is { People.Count: > 0 } match && message.Envelope.Recipients.All(r => house.Staff.At(r.Address).Any(match.People.Contains))));
}
