using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds letters of a known correspondent that come unproven and another way than his letters always came.</summary>
/// <remarks>
/// A partner who changes his provider and authenticates well is not found; one who does not is, but never quarantined for it alone. Mailing lists and listed
/// forwarders bring letters another way by their nature. A hacked account comes the usual way: this is about those who only borrow a name.
/// </remarks>
internal sealed class SenderRouteNew : IDetector
{
    public static readonly FindingKind New = new("SENDER_ROUTE_NEW", 20,
        "A known correspondent's mail came another way than usual, without authentication.", "いつもの差出人ですが、普段とは異なる経路から、認証なしで届きました。", "T1656");

    public static readonly FindingKind Unproven = new("SENDER_ROUTE_UNPROVEN", 50,
        "A correspondent whose mail has long been authenticated now writes without authentication from a network never seen before.",
        "これまで認証済みのメールを送ってきた差出人ですが、今回は認証がなく、初めてのネットワークから届きました(なりすましの疑い)。", "T1656");

    public IEnumerable<FindingKind> Kinds => [New, Unproven];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        if (context.Sender.Correspondence is not { Route: { } route, RouteChange: not RouteChange.None } ledger)
        {
            yield break;
        }

        var (house, message) = (context.Household, context.Message);
        var client = context.Sender.Client ?? message.Envelope.Client;
        if (house.IsInside(client) || house.IsForwarder(client) || MailingList.Known(message, context.Sender, house) is not null
            || (house.IsForwarder(ClaimedSender.DomainOf(message.Envelope.Sender)) && Proofs.OfEnvelope(context.Sender) == Proof.Given))
        {
            yield break;
        }

        var (history, routes) = ledger.Contact is { In: >= 3 } ? (ledger.Contact, ledger.Routes) : (ledger.Domain!, ledger.DomainRoutes);
        var usual = string.Join(", ", routes.OrderByDescending(static r => r.Letters).Take(3).Select(static r => $"{r.Network}{(r.IsProven ? " authenticated" : "")}"));
        yield return (ledger.RouteChange == RouteChange.Unproven ? Unproven : New).At("From", $"{ledger.Address}: now {route.Network}, usually {usual} ({history.In} letters since {history.First:yyyy-MM-dd})");
    }
}
