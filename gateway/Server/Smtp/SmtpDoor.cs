using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Sekisho.Inspection.Messages;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Smtp;

/// <summary>What all SMTP sessions share: settings, rules, certificate, spool, and the way into the line. Settings are snapshots, swapped whole on reload.</summary>
public sealed class SmtpDoor
{
    /// <summary>How long a letter may trickle before <c>MinDataRate</c> counts.</summary>
    internal static readonly TimeSpan DataRateGrace = TimeSpan.FromSeconds(30);

    /// <summary>How many times <c>MaxMessageSize</c> of a letter already refused is read before the connection is cut.</summary>
    internal const int SwallowedLetters = 16;

    private readonly Func<string, bool?>? _directory;
    private Snapshot _snapshot;

    /// <summary>Opens the door's books: rules, recipient list, certificate.</summary>
    /// <param name="options">All settings; <c>Smtp</c> is read anew for each session.</param>
    /// <param name="spool">Where letters in transit go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="metrics">What is counted.</param>
    /// <param name="accept">The line. It owns the octets from the call on, and its task never faults: trouble is a 4xx reply.</param>
    /// <param name="directory">Whether an address is somebody's of the house; null where that cannot be said.</param>
    /// <exception cref="IOException">The recipient list or certificate cannot be read.</exception>
    public SmtpDoor(
        SekishoOptions options, Spool spool, TimeProvider time, SmtpMetrics metrics,
        Func<Envelope, MessageOctets, SessionFacts, Task<SmtpReply>> accept, Func<string, bool?>? directory = null)
    {
        Options = options;
        Spool = spool;
        Time = time;
        Metrics = metrics;
        Accept = accept;
        _directory = directory;
        _snapshot = Snapshot.Load(options.Smtp, directory);
    }

    /// <summary>All settings in force.</summary>
    public SekishoOptions Options { get; }

    /// <summary>Where letters in transit go.</summary>
    public Spool Spool { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>What is counted.</summary>
    public SmtpMetrics Metrics { get; }

    /// <summary>The line.</summary>
    public Func<Envelope, MessageOctets, SessionFacts, Task<SmtpReply>> Accept { get; }

    /// <summary>Who may send to whom.</summary>
    public RelayRules Rules => _snapshot.Rules;

    /// <summary>The first line that a client sees.</summary>
    public SmtpReply Greeting => _snapshot.Greeting;

    /// <summary>Open connections.</summary>
    public ConnectionLimiter Limiter { get; } = new();

    /// <summary>False while the disk has less than <c>Store:MinFreeMegabytes</c>: new letters get 452.</summary>
    public bool HasSpace { get; set; } = true;

    /// <summary>The certificate for STARTTLS; null offers none.</summary>
    internal SslServerAuthenticationOptions? Tls => _snapshot.Tls;

    /// <summary>Reads rules, recipient list and certificate anew. On an exception the old ones stay in force.</summary>
    /// <exception cref="IOException">The recipient list or certificate cannot be read.</exception>
    public void Reload() => _snapshot = Snapshot.Load(Options.Smtp, _directory);

    private sealed record Snapshot(RelayRules Rules, SmtpReply Greeting, SslServerAuthenticationOptions? Tls)
    {
        public static Snapshot Load(SmtpOptions options, Func<string, bool?>? directory) =>
            new(RelayRules.Load(options, directory), new SmtpReply(220, $"{options.HostName} ESMTP Sekisho"), LoadTls(options));

        private static SslServerAuthenticationOptions? LoadTls(SmtpOptions options)
        {
            if (options.CertificateFile is not { Length: > 0 } file)
            {
                return null;
            }

            using var pem = X509Certificate2.CreateFromPemFile(file, options.CertificateKeyFile is { Length: > 0 } key ? key : file);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            // Through PKCS #12, because a key straight from PEM is ephemeral and some TLS stacks refuse it.
            var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
            return new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
#pragma warning disable CA5398 // RFC 8996 ends TLS 1.0 and 1.1; letting the system choose would let an old system choose them.
                EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13,
#pragma warning restore CA5398
                AllowRenegotiation = false,
            };
        }
    }
}
