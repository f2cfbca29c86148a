using MimeKit;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Detection.Known;

/// <summary>Finds letters whose sender's address, domain or mail server is known from attacks.</summary>
/// <remarks>Emotet sends from hacked accounts of real partners, who go on writing: this alone does not quarantine.</remarks>
internal sealed class KnownSender : IDetector
{
    public static readonly FindingKind Address = new("INDICATOR_ADDRESS", 60,
        "The sender's address is known from attacks; its account may be hacked.", "差出人のアドレスが、攻撃に使われたものとして知られています(アカウント乗っ取りの可能性)。", "T1566");

    public static readonly FindingKind Server = new("INDICATOR_IP", 60,
        "The mail was handed over by an IP address that is known from attacks.", "攻撃に使われたものとして知られているIPアドレスから送信されています。", "T1566");

    private const int MostAddresses = 20;

    public IEnumerable<FindingKind> Kinds => [Address, Server];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var known = context.Signatures.Indicators;
        var message = context.Message;
        var now = message.Envelope.ReceivedAt;
        if (known.CountOf(IndicatorKind.Ip) > 0)
        {
            var client = message.Envelope.Client;
            client = client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client;
            if (known.FindIp(client.ToString(), now) is { } server)
            {
                yield return Server.At("client", IndicatorWords.Of(server, now));
            }
        }

        if (known.CountOf(IndicatorKind.Address) + known.CountOf(IndicatorKind.Domain) == 0)
        {
            yield break;
        }

        var told = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (field, address) in Senders(message))
        {
            if (!told.Add(address))
            {
                continue;
            }

            var found = known.FindAddress(address, now);
            if (found is null && IndicatorKey.Domain(address.AsSpan(address.LastIndexOf('@') + 1)) is { } domain)
            {
                found = known.FindDomain(domain, now);
            }

            if (found is not null)
            {
                yield return Address.At(field, IndicatorWords.Of(found, now));
            }
        }
    }

    private static IEnumerable<(string Field, string Address)> Senders(InboundMessage message)
    {
        if (message.Envelope.Sender.Length > 0)
        {
            yield return ("MAIL FROM", message.Envelope.Sender);
        }

        if (message.Mime is { } mime)
        {
            foreach (var from in mime.From.Mailboxes.Take(MostAddresses))
            {
                yield return ("From", from.Address ?? "");
            }

            foreach (var reply in mime.ReplyTo.Mailboxes.Take(MostAddresses))
            {
                yield return ("Reply-To", reply.Address ?? "");
            }

            if (mime.Sender is MailboxAddress sender)
            {
                yield return ("Sender", sender.Address ?? "");
            }
        }
    }
}
