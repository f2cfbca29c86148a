using System.Text.Json.Serialization;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;

namespace Sekisho.Options;

/// <summary>Every setting of the gateway: <c>sekisho.json</c> in the home folder, each also as an environment variable (<c>SEKISHO_Smtp__HostName</c>). Relative paths begin at the home folder.</summary>
public sealed class SekishoOptions
{
    /// <summary>The folder that holds all state. Set by <c>--home</c> or <c>SEKISHO_HOME</c>, never in the file.</summary>
    public string Home { get; set; } = "";

    /// <summary>The door in.</summary>
    public SmtpOptions Smtp { get; set; } = new();

    /// <summary>The door for what leaves the house.</summary>
    public OutboundOptions Outbound { get; set; } = new();

    /// <summary>How deep and how long a letter is opened.</summary>
    public ReadLimits Limits { get; set; } = new();

    /// <summary>The judge's numbers.</summary>
    public PolicyOptions Policy { get; set; } = new();

    /// <summary>What is known beforehand.</summary>
    public SignatureOptions Signatures { get; set; } = new();

    /// <summary>What is done about letters that are kept back.</summary>
    public QuarantineOptions Quarantine { get; set; } = new();

    /// <summary>Who we are, and who may write in our name.</summary>
    public SenderOptions Senders { get; set; } = new();

    /// <summary>The directory of our people.</summary>
    public StaffOptions Staff { get; set; } = new();

    /// <summary>Our name in Authentication-Results fields (RFC 8601 section 2.5): <see cref="SenderOptions.AuthservId"/>, or the host name.</summary>
    [JsonIgnore]
    public string AuthservId => Senders.AuthservId is { Length: > 0 } given ? given : Smtp.HostName;

    /// <summary>The memory.</summary>
    public StoreOptions Store { get; set; } = new();

    /// <summary>The way out.</summary>
    public DeliveryOptions Delivery { get; set; } = new();

    /// <summary>Health, metrics and the status page.</summary>
    public WebOptions Web { get; set; } = new();

    /// <summary>The log.</summary>
    public LogOptions Log { get; set; } = new();
}

/// <summary>Settings of the SMTP door.</summary>
public sealed class SmtpOptions
{
    /// <summary>Addresses to listen on, <c>ADDR:PORT</c>. Default: 127.0.0.1:2525.</summary>
    public List<string> Listen { get; set; } = [];

    /// <summary>The gateway's own name in greeting, EHLO and Received. Default: this machine's name.</summary>
    public string HostName { get; set; } = "";

    /// <summary>Domains that letters are taken for; a leading dot takes all sub-domains. Default: hospital.test, for trying out.</summary>
    public List<string> RelayDomains { get; set; } = [];

    /// <summary>Networks (CIDR) whose clients may send to any domain. Default: none.</summary>
    public List<string> TrustedNetworks { get; set; } = [];

    /// <summary>A file of known recipients, one a line (<c>nurse@hospital.example</c>, or <c>@hospital.example</c> for all of a domain; <c>#</c> starts a comment). Null takes every recipient of a relay domain.</summary>
    public string? RecipientList { get; set; }

    /// <summary>
    /// Refuse recipients (550 5.1.1) whom neither the staff (<see cref="StaffOptions"/>, <see cref="SenderOptions.StaffFile"/>) nor <see cref="RecipientList"/> knows. While the directory
    /// was never read, or not of late, they are put off with 451 instead. Default: false.
    /// </summary>
    public bool RecipientsFromDirectory { get; set; }

    /// <summary>What separates a user from an extension in <c>user+ext@domain</c> (RFC 5233). Empty switches it off. Default: +.</summary>
    public string RecipientDelimiter { get; set; } = "+";

    /// <summary>Networks (CIDR) of load balancers whose PROXY protocol header (v1 or v2) is required and believed. Default: none.</summary>
    public List<string> ProxyNetworks { get; set; } = [];

    /// <summary>PEM file with the certificate chain for STARTTLS; null offers no STARTTLS.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file with the private key; null when it is in <see cref="CertificateFile"/>.</summary>
    public string? CertificateKeyFile { get; set; }

    /// <summary>Normalise bare CR or LF in the body to CRLF instead of refusing the letter. NUL is refused always. Default: false.</summary>
    public bool NormaliseBareLineEnds { get; set; }

    /// <summary>Largest letter in octets. RFC 5321 section 4.5.3.1.7 asks for at least 64 KiB. Default: 64 MiB.</summary>
    public long MaxMessageSize { get; set; } = 64L << 20;

    /// <summary>Recipients a letter. RFC 5321 section 4.5.3.1.8 asks for at least 100; the 1,001st gets 452. Default: 1,000.</summary>
    public int MaxRecipients { get; set; } = 1000;

    /// <summary>Octets of a command line with CRLF. RFC 5321 section 4.5.3.1.4 asks for 512 and room for extensions (RFC 6531, RFC 3461 add about 1,000). Default: 4,096.</summary>
    public int MaxCommandLine { get; set; } = 4096;

    /// <summary>Octets of one line of DATA with CRLF. RFC 5321 section 4.5.3.1.6 says 998 + CRLF, yet real senders exceed it; null takes any length. Default: null.</summary>
    public int? MaxDataLine { get; set; }

    /// <summary>Octets of the header block; more is refused with 552. Default: 256 KiB.</summary>
    public int MaxHeaderBlock { get; set; } = 256 << 10;

    /// <summary>Received fields before a letter counts as looping (RFC 5321 section 6.3 says at least 100). Default: 100.</summary>
    public int MaxHops { get; set; } = 100;

    /// <summary>Commands without a letter accepted between them before the session ends with 421. Default: 200.</summary>
    public int MaxIdleCommands { get; set; } = 200;

    /// <summary>Refused commands a session before it ends with 421. Default: 20.</summary>
    public int MaxErrors { get; set; } = 20;

    /// <summary>Letters a session before it ends with 421; the client comes again. Default: 10,000.</summary>
    public int MaxMessagesPerSession { get; set; } = 10_000;

    /// <summary>How long to wait for a command. RFC 5321 section 4.5.3.2.7 says at least 5 minutes. Default: 5 minutes.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long to wait for the next octets of DATA. RFC 5321 section 4.5.3.2.5 says 3 minutes. Default: 3 minutes.</summary>
    public TimeSpan DataTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Octets a second that a letter must keep up on average after its first 30 seconds; 0 switches it off. Default: 100.</summary>
    public int MinDataRate { get; set; } = 100;

    /// <summary>How long to wait before greeting; a client that talks first is refused with 554. Zero looks without waiting. Default: zero.</summary>
    public TimeSpan GreetingDelay { get; set; } = TimeSpan.Zero;

    /// <summary>Connections in all; the next gets 421. An idle one costs about 20 KB. Default: 4,000.</summary>
    public int MaxConnections { get; set; } = 4000;

    /// <summary>Connections from one address; trusted networks and this machine are exempt. Default: 50.</summary>
    public int MaxConnectionsPerAddress { get; set; } = 50;

    /// <summary>Connections from one /24 (IPv4) or /64 (IPv6); trusted networks and this machine are exempt. Default: 200.</summary>
    public int MaxConnectionsPerNetwork { get; set; } = 200;
}

/// <summary>Settings of the store.</summary>
public sealed class StoreOptions
{
    /// <summary>A PostgreSQL connection string (<c>Host=…;Database=…;Username=…</c>); empty keeps SQLite in <c>HOME/sekisho.db</c>.</summary>
    public string Postgres { get; set; } = "";

    /// <summary>The file with the master key, mode 0600; created at the first start. Default: <c>HOME/master.key</c>. The environment variable <c>SEKISHO_MASTER_KEY</c> (base64, 32 octets) takes its place.</summary>
    public string MasterKeyFile { get; set; } = "";

    /// <summary>Days that a delivered letter's octets are kept, so that a later report or indicator can still be checked against them. 0 destroys them at once. Default: 14.</summary>
    public int KeepDeliveredDays { get; set; } = 14;

    /// <summary>Days that a quarantined letter waits for release before it is discarded. Default: 30.</summary>
    public int KeepQuarantinedDays { get; set; } = 30;

    /// <summary>Free space in MiB on the home folder's disk under which new letters are answered 452 4.3.1. Default: 200.</summary>
    public int MinFreeMegabytes { get; set; } = 200;
}

/// <summary>Settings of the way out.</summary>
public sealed class DeliveryOptions
{
    /// <summary>Next hops by recipient domain. Without a route for a domain: MX look-up if <see cref="UseMx"/>, else the local Maildir.</summary>
    public List<RouteOptions> Routes { get; set; } = [];

    /// <summary>Deliver to domains without a route by MX look-up (RFC 5321 section 5.1). Default: false, the local Maildir.</summary>
    public bool UseMx { get; set; }

    /// <summary>The folder of the local Maildirs. Default: <c>HOME/maildir</c>.</summary>
    public string Maildir { get; set; } = "";

    /// <summary>Waits between attempts; the last one repeats. RFC 5321 section 4.5.4.1 says at least 30 minutes on average; the first tries are closer, for greylisting. Default: 1, 5, 10, 30 minutes, then each hour.</summary>
    public List<TimeSpan> RetrySchedule { get; set; } = [];

    /// <summary>How long a letter is tried before it goes back. RFC 5321 section 4.5.4.1 says 4 to 5 days. Default: 5 days.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(5);

    /// <summary>Connections to one destination at a time. Default: 20.</summary>
    public int MaxConnectionsPerDestination { get; set; } = 20;

    /// <summary>Connections to all destinations. Default: 100.</summary>
    public int MaxConnections { get; set; } = 100;

    /// <summary>Letters over one connection before it is closed. Default: 1,000.</summary>
    public int MaxMessagesPerConnection { get; set; } = 1000;

    /// <summary>How long an idle connection is kept for the next letter. Default: 5 seconds.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for a connection. Default: 30 seconds.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait for a reply to a command. RFC 5321 section 4.5.3.2 says 5 minutes. Default: 5 minutes.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long to wait for the reply to the final dot. RFC 5321 section 4.5.3.2.6 says 10 minutes. Default: 10 minutes.</summary>
    public TimeSpan DataDoneTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>DNS server for MX look-ups and sender checks, <c>ADDR</c> or <c>ADDR:PORT</c>; empty takes the system's.</summary>
    public string DnsServer { get; set; } = "";
}

/// <summary>Where letters for a domain go.</summary>
public sealed class RouteOptions
{
    /// <summary>The recipient domain; <c>.hospital.example</c> for all its sub-domains, <c>*</c> for all the rest.</summary>
    public string Domain { get; set; } = "*";

    /// <summary>Next hops, <c>HOST</c> or <c>HOST:PORT</c> (port 25), tried in order.</summary>
    public List<string> Hosts { get; set; } = [];

    /// <summary>TLS towards these hosts. Default: Opportunistic.</summary>
    public TlsPolicy Tls { get; set; } = TlsPolicy.Opportunistic;
}

/// <summary>How a next hop is spoken to.</summary>
public enum TlsPolicy
{
    /// <summary>Never STARTTLS.</summary>
    None,

    /// <summary>STARTTLS where offered, any certificate; plain text otherwise (RFC 7435).</summary>
    Opportunistic,

    /// <summary>STARTTLS with a certificate that is valid for the host name, or no delivery.</summary>
    Required,
}

/// <summary>Settings of the web door.</summary>
public sealed class WebOptions
{
    /// <summary>Address to listen on, <c>ADDR:PORT</c>. Default: 127.0.0.1:8080.</summary>
    public string Listen { get; set; } = "127.0.0.1:8080";
}

/// <summary>Settings of the quarantine.</summary>
public sealed class QuarantineOptions
{
    /// <summary>Tell the recipients of a letter whose password did not come in time what they can do. Default: true.</summary>
    public bool NotifyRecipients { get; set; } = true;
}

/// <summary>Settings of the log.</summary>
public sealed class LogOptions
{
    /// <summary>One JSON object a line instead of text. Default: false.</summary>
    public bool Json { get; set; }

    /// <summary>The least level that is written: Trace, Debug, Information, Warning, Error. Default: Information.</summary>
    public string Level { get; set; } = "Information";
}
