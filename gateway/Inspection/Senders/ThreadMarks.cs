using System.Buffers.Binary;
using System.Net;
using System.Text;
using MimeKit;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Senders;

/// <summary>In what place of a letter somebody stands.</summary>
public enum ThreadRole
{
    /// <summary>From.</summary>
    Author,

    /// <summary>Sender, Reply-To, To, Cc, or the envelope of a letter of ours.</summary>
    Other,
}

/// <summary>Somebody outside who took part in a conversation, in marks; 0 for what is not known, or says nothing.</summary>
/// <param name="Role">Where he stands.</param>
/// <param name="Address">His address.</param>
/// <param name="Domain">His registered domain; 0 for a free mailer's, where anybody has an address.</param>
/// <param name="Name">His name as it is shown.</param>
public readonly record struct ThreadParty(ThreadRole Role, long Address, long Domain, long Name);

/// <summary>What a letter can be known again by when another quotes it: hashes under a secret key, no text.</summary>
public sealed class ThreadMarks
{
    /// <summary>Marks of new words: more than are kept, since common ones are passed over.</summary>
    internal const int MostWords = 48;

    /// <summary>Marks of quoted words: a long quotation hides a short letter in it.</summary>
    internal const int MostQuoted = 96;

    private const int MaxReferences = 32;
    private const int MaxParties = 40;
    private const int MaxBodies = 4;
    private const int LeastSubject = 10;

    private static readonly string[] Replies = ["re", "aw", "sv", "antw", "返信", "回复", "答复", "回答"];
    private static readonly string[] Forwards = ["fw", "fwd", "wg", "転送", "转发"];

    internal ThreadMarks()
    {
    }

    /// <summary>Its Message-ID; 0 for none.</summary>
    public long Letter { get; internal init; }

    /// <summary>What In-Reply-To and References name, at most 32.</summary>
    public IReadOnlyList<long> References { get; internal init; } = [];

    /// <summary>Its subject without Re: and 【】; 0 for none, or one that is too short to tell anything.</summary>
    public long Subject { get; internal init; }

    /// <summary>True where the subject says that it answers.</summary>
    public bool IsReply { get; internal init; }

    /// <summary>True where the subject says that it forwards.</summary>
    public bool IsForward { get; internal init; }

    /// <summary>What its author wrote himself, at most 48, the smallest first.</summary>
    public IReadOnlyList<long> Words { get; internal init; } = [];

    /// <summary>What it quotes, at most 96, the smallest first.</summary>
    public IReadOnlyList<long> Quoted { get; internal init; } = [];

    /// <summary>True where the quotation or the references say that we wrote what is quoted.</summary>
    public bool QuotesUs { get; internal init; }

    /// <summary>True where a heading within the quotation names the letter's author: somebody wrote to him, or passed it on to him.</summary>
    public bool NamesAuthor { get; internal init; }

    /// <summary>Everybody outside who stands in it, at most 40; our own people are known anyway.</summary>
    public IReadOnlyList<ThreadParty> Parties { get; internal init; } = [];

    /// <summary>The network and the host that handed it over; empty for a letter of ours.</summary>
    public IReadOnlyList<long> Routes { get; internal init; } = [];

    /// <summary>True for a letter of ours that goes out: our domain, from our own servers.</summary>
    public bool IsOutgoing { get; internal init; }

    /// <summary>True where a domain of ours stands in From.</summary>
    public bool IsOwn { get; internal init; }

    /// <summary>True for what begins no conversation: newsletters, lists, automatic answers, bounces.</summary>
    public bool IsAutomatic { get; internal init; }

    /// <summary>Computes them; about a millisecond for a letter of 64 Ki characters, bounded for every other.</summary>
    /// <param name="message">The opened letter.</param>
    /// <param name="house">Whose gateway this is.</param>
    /// <param name="freeMailers">Domains where anybody has an address.</param>
    /// <param name="key">The secret.</param>
    /// <param name="client">Who really sent it, where a border server tells; null for the SMTP client.</param>
    /// <returns>Null for what is no mail, or without From.</returns>
    public static ThreadMarks? Of(InboundMessage message, Household house, WordList freeMailers, ThreadKey key, IPAddress? client = null)
    {
        var authors = ClaimedSender.Of(message);
        if (message.Mime is not { } mime || authors.Count == 0)
        {
            return null;
        }

        var helo = client is null || client.Equals(message.Envelope.Client) ? message.Envelope.Helo : ""; // a border server's greeting tells nothing of the sender
        client ??= message.Envelope.Client;
        var isOwn = authors.Any(a => house.IsOwn(a.Domain));
        var isOutgoing = isOwn && (message.Envelope.IsOutbound || house.IsInside(client));
        var (subject, isReply, isForward) = Plain(message.Text.Subject);
        var fresh = new StringBuilder();
        var quoted = new StringBuilder();
        foreach (var body in message.Text.Bodies.Take(MaxBodies))
        {
            var (own, others) = ThreadText.Split(body);
            fresh.Append(own.AsSpan(0, Math.Min(own.Length, ThreadText.MaxText / MaxBodies))).Append('\n');
            quoted.Append(others.AsSpan(0, Math.Min(others.Length, ThreadText.MaxText / MaxBodies))).Append('\n');
        }

        var quotation = quoted.ToString();
        var named = ThreadText.Named(quotation);
        var references = ReferencesOf(mime);
        return new ThreadMarks
        {
            Letter = key.Of(ThreadMark.MessageId, mime.MessageId),
            References = [.. references.Select(r => key.Of(ThreadMark.MessageId, r)).Where(m => m != 0).Distinct()],
            Subject = subject.Sum(c => c < '\u2E80' ? 1 : 2) < LeastSubject ? 0 : key.Of(ThreadMark.Subject, subject),
            IsReply = isReply,
            IsForward = isForward,
            Words = ThreadText.Marks(key, fresh.ToString(), MostWords),
            Quoted = ThreadText.Marks(key, quotation, MostQuoted),
            QuotesUs = named.Any(n => n.IsAuthor && house.IsOwn(ClaimedSender.DomainOf(n.Address))) || references.Any(r => house.IsOwn(ClaimedSender.DomainOf(r))),
            NamesAuthor = named.Any(n => authors.Any(a => a.Address == n.Address)),
            Parties = PartiesOf(message, mime, authors, house, freeMailers, key, isOutgoing),
            Routes = isOutgoing ? [] : RoutesOf(client, helo, key),
            IsOutgoing = isOutgoing,
            IsOwn = isOwn,
            IsAutomatic = message.Envelope.Sender.Length == 0 || mime.Headers.Contains("List-Unsubscribe") || mime.Headers[HeaderId.Precedence]?.Trim().ToLowerInvariant() is "bulk" or "junk" or "list"
                || mime.Headers[HeaderId.AutoSubmitted] is { } automatic && !automatic.Trim().Equals("no", StringComparison.OrdinalIgnoreCase),
        };
    }

    /// <summary>The mark of a registered domain that took part.</summary>
    internal static long DomainMark(ThreadKey key, string domain) => key.Of(ThreadMark.Domain, LinkTargets.Registered(domain));

    /// <summary>A subject without what answers, forwards, lists and tickets put in front of it, in lower case and without blanks.</summary>
    internal static (string Subject, bool IsReply, bool IsForward) Plain(string subject)
    {
        var rest = subject.AsSpan(0, Math.Min(subject.Length, 998)).Trim();
        var (isReply, isForward) = (false, false);
        for (var again = true; again;)
        {
            again = false;
            if (rest is ['[' or '【' or '(', ..] && rest.IndexOfAny("]】)") is > 0 and < 40 and var close && !rest[(close + 1)..].IsWhiteSpace())
            {
                rest = rest[(close + 1)..].TrimStart();
                again = true;
                continue;
            }

            var colon = rest[..Math.Min(rest.Length, 10)].IndexOf(':');
            var name = colon > 0 ? rest[..colon].TrimEnd() : [];
            name = name.IndexOfAny("[(^") is > 0 and var count ? name[..count] : name; // Re[2]:
            again = In(name, Replies, ref isReply) | In(name, Forwards, ref isForward);
            rest = again ? rest[(colon + 1)..].TrimStart() : rest;
        }

        var plain = new StringBuilder(rest.Length);
        foreach (var c in rest)
        {
            if (!char.IsWhiteSpace(c))
            {
                plain.Append(char.ToLowerInvariant(c));
            }
        }

        return (plain.ToString(), isReply, isForward);

        static bool In(ReadOnlySpan<char> name, string[] prefixes, ref bool found)
        {
            foreach (var prefix in prefixes)
            {
                if (name.Equals(prefix, StringComparison.OrdinalIgnoreCase))
                {
                    return found = true;
                }
            }

            return false;
        }
    }

    private static List<string> ReferencesOf(MimeMessage mime)
    {
        var all = mime.References.Count > MaxReferences ? [.. mime.References.Take(MaxReferences / 2), .. mime.References.TakeLast((MaxReferences / 2) - 1)] : mime.References.ToList();
        if (!string.IsNullOrEmpty(mime.InReplyTo))
        {
            all.Add(mime.InReplyTo);
        }

        return all;
    }

    private static List<ThreadParty> PartiesOf(
        InboundMessage message, MimeMessage mime, IReadOnlyList<ClaimedSender> authors, Household house, WordList freeMailers, ThreadKey key, bool isOutgoing)
    {
        var parties = new List<ThreadParty>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var author in authors)
        {
            Add(ThreadRole.Author, author);
        }

        foreach (var other in mime.To.Mailboxes.Concat(mime.Cc.Mailboxes).Concat(mime.ReplyTo.Mailboxes).Take(MaxParties * 5))
        {
            Add(ThreadRole.Other, ClaimedSender.Of(other));
        }

        if (mime.Sender is { } sender)
        {
            Add(ThreadRole.Other, ClaimedSender.Of(sender));
        }

        if (isOutgoing)
        {
            foreach (var recipient in message.Envelope.Recipients.Take(MaxParties))
            {
                Add(ThreadRole.Other, new ClaimedSender("", recipient.Address.ToLowerInvariant(), ClaimedSender.DomainOf(recipient.Address)));
            }
        }

        return parties;

        void Add(ThreadRole role, ClaimedSender who)
        {
            if (parties.Count < MaxParties && who.Domain.Length > 0 && !house.IsOwn(who.Domain) && seen.Add(who.Address))
            {
                var name = who.Name.Length > 200 || who.Name.Contains('@', StringComparison.Ordinal) ? "" : string.Concat(who.Name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
                parties.Add(new ThreadParty(
                    role, key.Of(ThreadMark.Address, who.Address), freeMailers.Contains(who.Domain) ? 0 : DomainMark(key, who.Domain), name.Length < 2 ? 0 : key.Of(ThreadMark.Name, name)));
            }
        }
    }

    private static IReadOnlyList<long> RoutesOf(IPAddress client, string helo, ThreadKey key)
    {
        client = client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client;
        Span<byte> address = stackalloc byte[16];
        client.TryWriteBytes(address, out var length);
        var network = length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(address) & 0xFFFFFF00 : BinaryPrimitives.ReadUInt64BigEndian(address) & 0xFFFFFFFFFFFF0000;
        var isName = helo.Contains('.', StringComparison.Ordinal) && helo[0] != '[' && !IPAddress.TryParse(helo, out _);
        return isName && LinkTargets.Registered(helo.ToLowerInvariant()) is { Length: > 0 } host ? [key.Of(ThreadMark.Network, network), key.Of(ThreadMark.Host, host)] : [key.Of(ThreadMark.Network, network)];
    }
}
