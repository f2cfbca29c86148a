namespace Sekisho.Options;

/// <summary>Settings on who we are and who may write in our name. Our own domains are <see cref="SmtpOptions.RelayDomains"/>, our own servers <see cref="SmtpOptions.TrustedNetworks"/>.</summary>
public sealed class SenderOptions
{
    /// <summary>What the hospital is called in senders' names, such as 関所病院 and "Sekisho Hospital"; two characters or more each. Default: none.</summary>
    public List<string> Names { get; set; } = [];

    /// <summary>Partners' domains, all below them included: <c>lab.example</c>, or with the name that only they may bear, <c>関所検査センター = lab.example lab.co.example</c>. Default: none.</summary>
    public List<string> PartnerDomains { get; set; } = [];

    /// <summary>A CSV file of the hospital's people, <c>name,kana,address,department</c>, in UTF-8 or CP932: 田中 太郎,タナカ タロウ,tanaka@hospital.example;taro@private.example,内科. Null compares no names. Default: null.</summary>
    public string? StaffFile { get; set; }

    /// <summary>Forwarders, mailing list hosts and services that send in our name: envelope domains, believed where SPF passes (<c>bounce.newsletter.example</c>), or networks (<c>192.0.2.0/24</c>). Default: none.</summary>
    public List<string> Forwarders { get; set; } = [];

    /// <summary>Ask DNS whether a letter comes from whom it says (SPF, DKIM, ARC, DMARC) and write Authentication-Results. Clients on this machine and in <see cref="SmtpOptions.TrustedNetworks"/> are not asked about. Default: true.</summary>
    public bool Authenticate { get; set; } = true;

    /// <summary>Our name in Authentication-Results fields (RFC 8601 section 2.5); fields of that name in letters that come in are taken out. Empty is <see cref="SmtpOptions.HostName"/>. Default: empty.</summary>
    public string AuthservId { get; set; } = "";

    /// <summary>How long DNS may take for one letter; what is not answered then is a temporary error, which never stops a letter. Default: 2 seconds.</summary>
    public TimeSpan DnsBudget { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Domains of forwarders whose ARC seals (RFC 8617) are believed, such as <c>google.com</c>. Default: none.</summary>
    public List<string> TrustedSealers { get; set; } = [];

    /// <summary>The memory of conversations.</summary>
    public ThreadOptions Threads { get; set; } = new();

    /// <summary>Own servers that take mail from the Internet and hand it on to the gateway: behind them the client is the one that their Received field names. Default: none, the gateway stands at the border itself.</summary>
    public List<BorderOptions> Borders { get; set; } = [];

    /// <summary>Addresses of ours that DMARC aggregate reports are sent to (the <c>rua</c> of our own DMARC record), such as <c>dmarc@hospital.example</c>: reports in letters to them are read (<c>sekisho reports summary</c>), and the letters delivered as ever. Default: none.</summary>
    public List<string> ReportAddresses { get; set; } = [];

    /// <summary>DMARC aggregate reports that we send to others.</summary>
    public SendReportsOptions SendReports { get; set; } = new();

    /// <summary>Who writes to whom.</summary>
    public CorrespondenceOptions Correspondence { get; set; } = new();
}

/// <summary>A server of our own in front of the gateway.</summary>
public sealed class BorderOptions
{
    /// <summary>Its addresses (CIDR), such as <c>192.0.2.25/32</c>.</summary>
    public List<string> Networks { get; set; } = [];

    /// <summary>The name in its Authentication-Results fields, whose SPF result is believed where its client cannot be told. Empty: it writes none. Default: empty.</summary>
    public string AuthservId { get; set; } = "";
}
