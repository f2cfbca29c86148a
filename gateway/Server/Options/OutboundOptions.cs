namespace Sekisho.Options;

/// <summary>Settings of the second door, for the hospital's own mail server that sends to the outside. Sizes, times, name and certificate are those of <see cref="SmtpOptions"/>.</summary>
/// <remarks>What a macro that leaves the house weighs is <c>Policy:Weights:OUTBOUND_MACRO</c>.</remarks>
public sealed class OutboundOptions
{
    /// <summary>Addresses to listen on, <c>ADDR:PORT</c>. Default: none, the door is not there.</summary>
    public List<string> Listen { get; set; } = [];

    /// <summary>Networks (CIDR) of the hospital's own mail servers: nobody else may use the door. Must be given where <see cref="Listen"/> is.</summary>
    public List<string> Networks { get; set; } = [];

    /// <summary>Networks (CIDR) of load balancers before this door whose PROXY protocol header is required and believed; those of <see cref="SmtpOptions.ProxyNetworks"/> are not. Default: none.</summary>
    public List<string> ProxyNetworks { get; set; } = [];

    /// <summary>Domains that may stand in MAIL FROM, besides the null sender; a leading dot takes all sub-domains, <c>*</c> takes any, for servers that forward with the stranger's name. Default: <see cref="SmtpOptions.RelayDomains"/>.</summary>
    public List<string> SenderDomains { get; set; } = [];

    /// <summary>Hosts that take what leaves the house, <c>HOST</c> or <c>HOST:PORT</c>, tried in order. Default: none, by MX look-up. A route of <see cref="DeliveryOptions.Routes"/> for the very domain comes first; <c>*</c> does not count here.</summary>
    public List<string> Hosts { get; set; } = [];

    /// <summary>TLS towards <see cref="Hosts"/>. Default: Opportunistic.</summary>
    public TlsPolicy Tls { get; set; } = TlsPolicy.Opportunistic;

    /// <summary>Letters to the outside a sender (MAIL FROM or From, whichever has sent more) and hour; more are found as <c>OUTBOUND_BURST</c>. Bounces and answers by program have no sender: of these a server of ours may send ten times as many. 1 to 1,000,000. Default: 100.</summary>
    public int MaxMessages { get; set; } = 100;

    /// <summary>Recipients outside a sender and hour, each as often as he is written to, counted alike; more are found as <c>OUTBOUND_BURST</c>. 1 to 1,000,000. Default: 300.</summary>
    public int MaxRecipients { get; set; } = 300;

    /// <summary>Distinct recipients outside that the same attachment, or the same subject with the same link, may reach within an hour, whoever sends it; more are found as <c>OUTBOUND_CAMPAIGN</c>. 1 to 10,000. Default: 50.</summary>
    public int MaxCampaign { get; set; } = 50;

    /// <summary>Senders that are not counted, in MAIL FROM for the whole letter, in From for that name, such as a newsletter's: <c>tayori@hospital.example</c>, or <c>@news.hospital.example</c> for all of a domain. Their letters are inspected all the same. Default: none.</summary>
    public HashSet<string> Exempt { get; set; } = new(StringComparer.OrdinalIgnoreCase);
}
