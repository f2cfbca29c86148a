using System.Globalization;
using System.Net;
using MimeKit;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Recognises senders that an admin allows or blocks.</summary>
/// <remarks>
/// A block holds for the name alone: From, the envelope or the client, for any one recipient. An allowance asks for more: From has one address, that address is
/// authenticated, and it holds for every recipient. An allowed network stands for no name, and its servers may serve others, too: it asks for the same, or for an
/// envelope that SPF proves. Where both match, the more exact one holds; of equals, the block.
/// What an allowance does to other findings is the policy's affair (<see cref="Policy.MessagePolicy"/>).
/// </remarks>
internal sealed class SenderListed : IDetector
{
    public static readonly FindingKind Blocked = new("SENDER_BLOCKED", 100,
        "An administrator blocks this sender.", "管理者が受信拒否リストに登録した差出人です。");

    public static readonly FindingKind Allowed = new("SENDER_ALLOWED", 1,
        "An administrator allows this sender, and the mail is proven to come from it.", "管理者が許可した差出人で、本人からのメールであることも確認できました。");

    public static readonly FindingKind NotProven = new("SENDER_ALLOW_NOT_PROVEN", 1,
        "An administrator allows this sender, but nothing proves that the mail comes from it: the allowance does not hold.",
        "管理者が許可した差出人を名乗っていますが、本人からのメールと確認できないため、許可は適用しません。");

    public IEnumerable<FindingKind> Kinds => [Blocked, Allowed, NotProven];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var list = context.Sender.Listed;
        if (list.Count == 0)
        {
            yield break;
        }

        var (facts, envelope) = (context.Sender, context.Message.Envelope);
        var authors = ClaimedSender.Of(context.Message);
        var blocks = new List<Match>();
        var allows = new List<Match>();
        var unproven = new List<Match>();
        var networks = new List<Match>();
        foreach (var author in authors)
        {
            Sort(list.OfAddress(author.Address), "From", author.Address, blocks, author == authors[0] ? unproven : []);
        }

        // Of a From field that is no list of addresses the domains are known all the same.
        foreach (var domain in facts.AuthorDomains.Where(d => authors.All(a => a.Domain != d)))
        {
            Sort(list.OfDomain(domain), "From", domain, blocks, []);
        }

        if (envelope.Sender.Length > 0)
        {
            Sort(list.OfAddress(ClaimedSender.AddressOf(envelope.Sender)), "MAIL FROM", envelope.Sender, blocks, []);
        }

        // Behind a border server whose Received field cannot be read, the client is not known.
        var client = facts.Client ?? (facts.Authentication.Count == 0 ? envelope.Client : IPAddress.None);
        if (!client.Equals(IPAddress.None))
        {
            Sort(list.OfClient(client), "client", client.ToString(), blocks, networks);
        }

        var why = unproven.Count + networks.Count > 0 ? WhyNot(context, authors) : "";
        if (why.Length == 0)
        {
            allows.AddRange(unproven);
            unproven.Clear();
        }

        (why.Length == 0 || Proofs.OfEnvelope(facts) == Proof.Given ? allows : unproven).AddRange(networks);

        string[] recipients = envelope.Recipients.Count == 0 ? [""] : [.. envelope.Recipients.Select(static r => r.Address)];
        var (block, allow, allowed) = Weigh(recipients, blocks, allows);
        if (block is not null)
        {
            yield return Blocked.At(block.Field, Words(block));
        }
        else if (allowed)
        {
            yield return Allowed.At(allow!.Field, Words(allow));
        }
        else if (unproven.Where(m => recipients.Any(m.Entry.HoldsFor)).MaxBy(static m => m.Entry.Exactness) is { } failed)
        {
            yield return NotProven.At(failed.Field, $"{why}: {Words(failed)}");
        }

        void Sort(IEnumerable<SenderListEntry> found, string field, string seen, List<Match> block, List<Match> allow)
        {
            foreach (var entry in found)
            {
                if (entry.ExpiresAt is not { } end || envelope.ReceivedAt < end)
                {
                    (entry.Kind == SenderListKind.Block ? block : allow).Add(new Match(entry, field, seen));
                }
            }
        }
    }

    /// <summary>The block that holds for some recipient, or an allowance, and whether every recipient has one.</summary>
    private static (Match? Block, Match? Allow, bool Allowed) Weigh(string[] recipients, List<Match> blocks, List<Match> allows)
    {
        Match? allow = null;
        var allowed = allows.Count > 0;
        if (blocks.Count + allows.Count > 0)
        {
            foreach (var recipient in recipients)
            {
                var block = Best(blocks, recipient);
                var own = Best(allows, recipient);
                if (block is not null && (own is null || own.Entry.Exactness <= block.Entry.Exactness))
                {
                    return (block, null, false);
                }

                allowed &= own is not null;
                allow ??= own;
            }
        }

        return (null, allow, allowed);
    }

    private static Match? Best(List<Match> matches, string recipient) => matches.Where(m => m.Entry.HoldsFor(recipient)).MaxBy(static m => m.Entry.Exactness);

    /// <summary>Why nobody stands for the author; empty where it is proven.</summary>
    private static string WhyNot(InspectionContext context, IReadOnlyList<ClaimedSender> authors)
    {
        var facts = context.Sender;
        if (authors.Count != 1 || context.Message.Mime!.Headers.Count(static h => h.Id == HeaderId.From) != 1 || facts.AuthorDomains.Any(d => d != authors[0].Domain))
        {
            return "From names more than one address, or none that can be read";
        }

        return Proofs.ForAllowed(facts, context.Message.Envelope, authors[0].Domain) switch
        {
            Proof.Given => "",
            Proof.Unknown => "the sender was not checked",
            Proof.Silent => "DNS did not answer",
            _ => $"not authenticated ({string.Join(' ', facts.Authentication.OrderBy(static a => a.Key, StringComparer.Ordinal).Select(static a => $"{a.Key}={a.Value}"))})",
        };
    }

    private static string Words(Match match)
    {
        var entry = match.Entry;
        return string.Create(CultureInfo.InvariantCulture,
            $"{match.Seen}: {(entry.Kind == SenderListKind.Block ? "block" : "allow")} {entry.Sender} for {entry.Scope}, by {entry.Author} on {entry.CreatedAt:yyyy-MM-dd}{(entry.ExpiresAt is { } end ? $" until {end:yyyy-MM-dd}" : "")}: {entry.Reason}");
    }

    private sealed record Match(SenderListEntry Entry, string Field, string Seen);
}
