using MimeKit;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds letters whose From agrees with nothing else: neither envelope nor Message-ID nor the server that handed it over.</summary>
/// <remarks>Honest newsletters do so, too: it only tips the scales.</remarks>
internal sealed class SenderFieldsDisagree : IDetector
{
    public static readonly FindingKind Disagree = new("SENDER_FIELDS_DISAGREE", 10,
        "The sender's domain agrees with none of the mail's other traces.", "差出人のドメインが、送信経路のどの情報とも一致しません。", "T1656");

    public IEnumerable<FindingKind> Kinds => [Disagree];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var message = context.Message;
        if (message.Mime is not { } mime || ClaimedSender.Of(message) is not [var sender, ..] || sender.Domain.Length == 0
            || Proofs.OfAuthor(context.Sender, message.Envelope, sender.Domain) == Proof.Given)
        {
            yield break;
        }

        var traces = new List<(string Name, string Domain)>();
        Add("envelope", ClaimedSender.DomainOf(message.Envelope.Sender));
        Add("Message-ID", ClaimedSender.DomainOf(mime.MessageId));
        Add("HELO", message.Envelope.Helo.ToLowerInvariant());
        for (var i = mime.Headers.Count - 1; i >= 0; i--)
        {
            if (mime.Headers[i].Id == HeaderId.Received)
            {
                Add("Received", HostOf(mime.Headers[i].Value)); // the first server, which wrote last
                break;
            }
        }

        var domain = LinkTargets.Registered(sender.Domain);
        if (traces.Count >= 3 && traces.TrueForAll(t => LinkTargets.Registered(t.Domain) != domain))
        {
            yield return Disagree.At("From", $"{sender.Domain}; {string.Join(", ", traces.Select(t => $"{t.Name} {t.Domain}"))}");
        }

        void Add(string name, string host)
        {
            if (host.Contains('.', StringComparison.Ordinal) && host[0] != '[' && host.Length <= 253)
            {
                traces.Add((name, host));
            }
        }
    }

    /// <summary>The host that took the letter in first: <c>by HOST</c>.</summary>
    private static string HostOf(string received)
    {
        var words = (received.Length > 1000 ? received[..1000] : received).Split([' ', '\t', '\r', '\n', ';'], StringSplitOptions.RemoveEmptyEntries);
        var at = Array.IndexOf(words, "by");
        return at >= 0 && at + 1 < words.Length ? words[at + 1].ToLowerInvariant() : "";
    }
}
