using System.Net;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Options;

namespace Sekisho.Senders;

/// <summary>Step (2) of the line: asks DNS and our own memory who sends a letter.</summary>
/// <param name="options">The settings; those of senders may change between letters.</param>
/// <param name="dns">Answers the questions; shared by all letters.</param>
/// <param name="time">The clock.</param>
/// <param name="listed">The senders that admins allow and block, as they stand now; null for none.</param>
/// <param name="ledger">Our own memory of who writes to whom; null for none.</param>
/// <param name="threads">Our own memory of conversations; null for none.</param>
public sealed class SenderLookup(SekishoOptions options, DnsSource dns, TimeProvider time, Func<SenderList>? listed = null, CorrespondenceBook? ledger = null, ThreadBook? threads = null)
{
    private volatile Desk? _desk;

    /// <summary>A source of DNS answers over the server that the settings name, or the system's.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="time">The clock.</param>
    public static NetworkDns DnsFor(SekishoOptions options, TimeProvider time) => new(
        NetworkDns.ClientFor(options.Delivery.DnsServer.Length == 0 ? [] : [ServerOf(IPEndPoint.Parse(options.Delivery.DnsServer))]), time);

    /// <summary>What DNS says about a letter's sender: <see cref="SenderFacts.Unknown"/> for clients of our own.</summary>
    /// <param name="envelope">What SMTP said.</param>
    /// <param name="octets">The letter, seekable. Read before this returns, and not touched afterwards.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<SenderFacts> CheckAsync(Envelope envelope, Stream octets, CancellationToken cancel)
    {
        var desk = DeskNow();
        return !envelope.IsOutbound && desk.Asks(envelope.Client) ? desk.Check!.CheckAsync(envelope, octets, cancel) : Task.FromResult(SenderFacts.Unknown);
    }

    /// <summary>True where DNS is asked about a letter: not about one that leaves the house, nor of a client on this machine or in a trusted network, but behind a border server always.</summary>
    /// <param name="envelope">What SMTP said.</param>
    public bool AsksAbout(Envelope envelope) => !envelope.IsOutbound && DeskNow().Asks(envelope.Client);

    /// <summary>Adds what we know ourselves, for letters of our own clients as well: the listed senders, what the ledger says of the opened letter's author and recipients, and to which conversations it belongs.</summary>
    /// <param name="message">The letter.</param>
    /// <param name="facts">What <see cref="CheckAsync"/> found.</param>
    /// <param name="house">Whose gateway this is.</param>
    /// <param name="cancel">Gives up altogether.</param>
    /// <returns>All that is known, and what there is to learn from the letter once it goes on; null for nothing.</returns>
    public async ValueTask<(SenderFacts Facts, Exchange? Exchange)> RecallAsync(InboundMessage message, SenderFacts facts, Household house, CancellationToken cancel)
    {
        facts = listed is null ? facts : facts with { Listed = listed() };
        var exchange = ledger is null ? null : Exchange.Of(message, facts, house);
        var thread = threads?.AskAsync(message, facts.Client, cancel); // both are asked at once
        if (exchange is not null)
        {
            facts = facts with { Correspondence = await ledger!.RecallAsync(exchange, cancel) };
        }

        if (ledger is not null && MailingList.Of(message, facts) is { } list)
        {
            facts = facts with { KnowsList = await ledger.KnowsListAsync(list, message.Envelope, cancel) };
        }

        return (thread is null ? facts : facts with { Thread = await thread }, exchange);
    }

    /// <summary>Learns from a letter that goes on. Never waits.</summary>
    /// <param name="facts">What <see cref="RecallAsync"/> said.</param>
    /// <param name="exchange">What it gave to learn; null for nothing.</param>
    /// <param name="verdict">What became of the letter; nothing is learnt from one that is not delivered.</param>
    public void Learn(SenderFacts facts, Exchange? exchange, Verdict verdict)
    {
        if (verdict.Disposition == Disposition.Deliver)
        {
            ledger?.Learn(exchange is not null && IsDoubtful(verdict) ? exchange with { Route = null } : exchange);
            threads?.Learn(facts.Thread, verdict);
        }
    }

    /// <summary>The Authentication-Results field of what was found (RFC 8601), ended by CRLF; empty where nobody was asked.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="facts">What was found.</param>
    public static string ResultsField(SekishoOptions options, SenderFacts facts) =>
        facts.Authentication.Count == 0 ? "" : AuthenticationResultsField.Write(options.AuthservId, facts);

    /// <summary>How the settings say that senders are checked.</summary>
    /// <param name="options">The settings.</param>
    public static SenderCheckOptions CheckOptionsOf(SekishoOptions options) => new()
    {
        AuthservId = options.AuthservId, DnsBudget = options.Senders.DnsBudget, TrustedSealers = options.Senders.TrustedSealers,
        Borders = [.. options.Senders.Borders.Select(b => new BorderServer([.. b.Networks.Select(IPNetwork.Parse)], b.AuthservId))],
    };

    /// <summary>True where the way a letter came is not to become a usual one: somebody may only borrow the name, and practise.</summary>
    private static bool IsDoubtful(Verdict verdict) => verdict.Findings.Any(static f =>
        f.Kind.Code.StartsWith("SENDER_ROUTE_", StringComparison.Ordinal) || f.Kind.Code.StartsWith("DMARC_FAIL_", StringComparison.Ordinal) || f.Kind.Code.StartsWith("OWN_DOMAIN_", StringComparison.Ordinal));

    private static IPEndPoint ServerOf(IPEndPoint given) => given.Port == 0 ? new IPEndPoint(given.Address, 53) : given;

    private Desk DeskNow() => _desk is { } desk && ReferenceEquals(desk.Senders, options.Senders) && ReferenceEquals(desk.Smtp, options.Smtp) ? desk : _desk = new Desk(options, dns, time);

    /// <summary>What follows from one state of the settings.</summary>
    private sealed class Desk
    {
        private readonly IReadOnlyList<BorderServer> _borders;
        private readonly IReadOnlyList<IPNetwork> _trusted;

        public Desk(SekishoOptions options, DnsSource dns, TimeProvider time)
        {
            (Senders, Smtp) = (options.Senders, options.Smtp);
            var check = CheckOptionsOf(options);
            _borders = check.Borders;
            _trusted = [.. Smtp.TrustedNetworks.Select(IPNetwork.Parse)];
            Check = !Senders.Authenticate ? null : new SenderCheck(dns, time, check);
        }

        public SenderOptions Senders { get; }

        public SmtpOptions Smtp { get; }

        public SenderCheck? Check { get; }

        public bool Asks(IPAddress client)
        {
            client = client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client;
            return Check is not null && (!(IPAddress.IsLoopback(client) || Within(_trusted, client)) || _borders.Any(b => Within(b.Networks, client)));
        }

        private static bool Within(IReadOnlyList<IPNetwork> networks, IPAddress client) => networks.Any(n => n.Contains(client));
    }
}
