using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds letters from outside that claim to be the hospital's own, and that nothing stands for.</summary>
/// <remarks>Listed forwarders and services are let through where SPF proves that the letter is theirs; a mailing list that brings a colleague's letter back weighs little.</remarks>
internal sealed class OwnDomainForged : IDetector
{
    public static readonly FindingKind Forged = new("OWN_DOMAIN_FORGED", 100,
        "The mail claims to come from our own domain, but it came from outside and is not authenticated.", "当院のドメインを名乗っていますが、外部から届いたもので、送信元の認証に失敗しています(なりすまし)。", "T1656");

    public static readonly FindingKind Unproven = new("OWN_DOMAIN_UNPROVEN", 60,
        "The mail claims to come from our own domain, but it came from outside and could not be checked.", "当院のドメインを名乗って外部から届きました。送信元を確認できていません。", "T1656");

    public static readonly FindingKind ByList = new("OWN_DOMAIN_BY_LIST", 20,
        "A mailing list outside that we know brings a mail that claims to come from our own domain.", "外部のメーリングリスト経由で、当院のドメインを名乗るメールが届きました。", "T1656");

    public IEnumerable<FindingKind> Kinds => [Forged, Unproven, ByList];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var (house, envelope) = (context.Household, context.Message.Envelope);
        var client = context.Sender.Client ?? envelope.Client; // before a border MTA of ours
        if (ClaimedSender.Of(context.Message).FirstOrDefault(s => s.Domain.Length > 0 && house.IsOwn(s.Domain)) is not { } sender || house.IsInside(client) || house.IsForwarder(client))
        {
            yield break;
        }

        var proof = Proofs.OfAuthor(context.Sender, envelope, sender.Domain);
        var path = Proofs.OfEnvelope(context.Sender);
        if (proof == Proof.Given || (path is Proof.Given or Proof.Unknown && house.IsForwarder(ClaimedSender.DomainOf(envelope.Sender))))
        {
            yield break;
        }

        var isList = path is Proof.Given or Proof.Unknown && MailingList.Known(context.Message, context.Sender, house) is { } list && !house.IsOwn(list.Domain);
        var said = string.Join(' ', context.Sender.Authentication.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"));
        yield return (isList ? ByList : proof == Proof.None ? Forged : Unproven).At("From", $"{sender.Address}, envelope <{envelope.Sender}>, client {client} {said}".TrimEnd());
    }
}
