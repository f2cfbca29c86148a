using System.Globalization;
using System.Net;
using Sekisho.Inspection.Policy;
using Sekisho.Smtp;

namespace Sekisho.Options;

/// <summary>Tells everything that is wrong with the settings at once, each with an example of a right value.</summary>
public static partial class OptionsCheck
{
    /// <summary>One line a fault; none when the settings are good.</summary>
    public static IReadOnlyList<string> Faults(SekishoOptions options)
    {
        var faults = new List<string>();
        Smtp(options.Smtp, faults);
        Outbound(options, faults);
        Limits(options, faults);
        Policy(options, faults);
        Signatures(options.Signatures, faults);
        Senders(options.Senders, faults);
        Staff(options, faults);
        Store(options.Store, faults);
        Delivery(options.Delivery, faults);
        EndPointAt("Web:Listen", options.Web.Listen, "127.0.0.1:8080", faults);
        if (!Enum.TryParse<LogLevel>(options.Log.Level, ignoreCase: true, out _))
        {
            faults.Add($"Log:Level: \"{options.Log.Level}\" is no level. One of Trace, Debug, Information, Warning, Error. Example: \"Information\"");
        }

        return faults;
    }

    /// <summary>Reads <c>ADDR:PORT</c> or <c>[ADDR]:PORT</c>; <c>*:PORT</c> is every address.</summary>
    public static bool TryEndPoint(string text, out IPEndPoint endPoint)
    {
        endPoint = new IPEndPoint(IPAddress.IPv6Any, 0);
        if (text.StartsWith("*:", StringComparison.Ordinal) && ushort.TryParse(text.AsSpan(2), CultureInfo.InvariantCulture, out var any))
        {
            endPoint.Port = any;
            return true;
        }

        if (text.LastIndexOf(':') is var colon and > 0 && IPEndPoint.TryParse(text, out var parsed) && text[(colon - 1)] != ':' && (text.Count(c => c == ':') == 1 || text[0] == '['))
        {
            endPoint = parsed;
            return true;
        }

        return false;
    }

    private static void Smtp(SmtpOptions smtp, List<string> faults)
    {
        foreach (var listen in smtp.Listen)
        {
            EndPointAt("Smtp:Listen", listen, "0.0.0.0:25", faults);
        }

        if (!MailPath.IsDomain(smtp.HostName) || !MailPath.IsAscii(smtp.HostName))
        {
            faults.Add($"Smtp:HostName: \"{smtp.HostName}\" is no host name. Example: \"gateway.hospital.example\"");
        }

        foreach (var domain in smtp.RelayDomains.Where(d => !IsDomainOrSuffix(d)))
        {
            faults.Add($"Smtp:RelayDomains: \"{domain}\" is no domain. Example: \"hospital.example\", or \".hospital.example\" for all its sub-domains");
        }

        Networks("Smtp:TrustedNetworks", smtp.TrustedNetworks, faults);
        Networks("Smtp:ProxyNetworks", smtp.ProxyNetworks, faults);
        FileAt("Smtp:RecipientList", smtp.RecipientList, "/etc/sekisho/recipients.txt", faults);
        FileAt("Smtp:CertificateFile", smtp.CertificateFile, "/etc/sekisho/fullchain.pem", faults);
        FileAt("Smtp:CertificateKeyFile", smtp.CertificateKeyFile, "/etc/sekisho/privkey.pem", faults);
        if (smtp.CertificateKeyFile is { Length: > 0 } && smtp.CertificateFile is not { Length: > 0 })
        {
            faults.Add("Smtp:CertificateFile is missing beside Smtp:CertificateKeyFile. Example: \"/etc/sekisho/fullchain.pem\"");
        }

        Range("Smtp:MaxMessageSize", smtp.MaxMessageSize, 65_536, 2_000_000_000, 67_108_864, faults);
        Range("Smtp:MaxRecipients", smtp.MaxRecipients, 1, 100_000, 1000, faults);
        Range("Smtp:MaxCommandLine", smtp.MaxCommandLine, 512, 65_536, 4096, faults);
        if (smtp.MaxDataLine is { } line)
        {
            Range("Smtp:MaxDataLine", line, 1000, int.MaxValue, 100_000, faults);
        }

        Range("Smtp:MaxHeaderBlock", smtp.MaxHeaderBlock, 1024, 1 << 20, 262_144, faults);
        Range("Smtp:MaxHops", smtp.MaxHops, 10, 1000, 100, faults);
        Range("Smtp:MaxIdleCommands", smtp.MaxIdleCommands, 5, 1_000_000, 200, faults);
        Range("Smtp:MaxErrors", smtp.MaxErrors, 1, 1_000_000, 20, faults);
        Range("Smtp:MaxMessagesPerSession", smtp.MaxMessagesPerSession, 1, 1_000_000_000, 10_000, faults);
        Range("Smtp:MinDataRate", smtp.MinDataRate, 0, 1_000_000, 100, faults);
        Range("Smtp:MaxConnections", smtp.MaxConnections, 1, 100_000, 4000, faults);
        Range("Smtp:MaxConnectionsPerAddress", smtp.MaxConnectionsPerAddress, 1, 100_000, 50, faults);
        Range("Smtp:MaxConnectionsPerNetwork", smtp.MaxConnectionsPerNetwork, 1, 100_000, 200, faults);
        Span("Smtp:CommandTimeout", smtp.CommandTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), "00:05:00", faults);
        Span("Smtp:DataTimeout", smtp.DataTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), "00:03:00", faults);
        Span("Smtp:GreetingDelay", smtp.GreetingDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1), "00:00:02", faults);
    }

    private static void Limits(SekishoOptions options, List<string> faults)
    {
        var limits = options.Limits;
        Span("Limits:Time", limits.Time, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10), "00:00:30", faults);
        Range("Limits:MaxDepth", limits.MaxDepth, 1, 100, 12, faults);
        Range("Limits:MaxParts", limits.MaxParts, 1, 1_000_000, 10_000, faults);
        Range("Limits:MaxUnpacked", limits.MaxUnpacked, 1 << 20, 100L << 30, 1 << 30, faults);
        Range("Limits:MaxPartInMemory", limits.MaxPartInMemory, 64 << 10, 512 << 20, 16 << 20, faults);
    }

    private static void Policy(SekishoOptions options, List<string> faults)
    {
        var policy = options.Policy;
        if (policy.QuarantineAt is { } threshold)
        {
            Range("Policy:QuarantineAt", threshold, 1, 10_000, 100, faults);
        }

        if (policy.RejectAt is { } reject)
        {
            var highest = policy.Overrides.Select(o => o.QuarantineAt ?? 0).Append(policy.QuarantineAt ?? PresetRules.Of(policy.Preset).QuarantineAt).Max();
            Range("Policy:RejectAt", reject, highest, 100_000, Math.Max(300, highest), faults);
        }

        Span("Policy:HoldForPassword", policy.HoldForPassword, TimeSpan.Zero, TimeSpan.FromHours(24), "00:30:00", faults);
        foreach (var sender in policy.PassEncryptedFrom.Where(s => s.LastIndexOf('@') is var at && (at < 0 || !MailPath.IsDomain(s.Substring(at + 1)))))
        {
            faults.Add($"Policy:PassEncryptedFrom: \"{sender}\" is no sender. Example: \"kensa@lab.example\", or \"@lab.example\" for all of a domain");
        }

        var codes = GatewayKinds.All.Select(k => k.Code).ToHashSet();
        if (!policy.Overrides.SelectMany(o => o.Weights.Keys.Concat(o.ObserveOnly)).Concat(policy.Weights.Keys).Concat(policy.ObserveOnly).All(codes.Contains))
        {
            // Perhaps a YARA rule's: those are read only when they are asked for.
            codes.UnionWith(RuleCodes(options));
        }

        Weights("Policy", policy.Weights, policy.ObserveOnly, codes, faults);
        foreach (var (special, at) in policy.Overrides.Select((o, i) => (o, i)))
        {
            if (!IsDomainOrSuffix(special.Domain))
            {
                faults.Add($"Policy:Overrides:{at}:Domain: \"{special.Domain}\" is no domain. Example: \"clinic.example\", or \".clinic.example\" for all its sub-domains");
            }

            if (special.QuarantineAt is { } own)
            {
                Range($"Policy:Overrides:{at}:QuarantineAt", own, 1, 10_000, 100, faults);
            }

            Weights($"Policy:Overrides:{at}", special.Weights, special.ObserveOnly, codes, faults);
        }
    }

    private static void Weights(string group, Dictionary<string, int> weights, HashSet<string> observeOnly, HashSet<string> codes, List<string> faults)
    {
        foreach (var (code, weight) in weights)
        {
            Code($"{group}:Weights", code, codes, faults);
            Range($"{group}:Weights:{code}", weight, 0, 10_000, 50, faults);
        }

        foreach (var code in observeOnly)
        {
            Code($"{group}:ObserveOnly", code, codes, faults);
        }
    }

    private static IEnumerable<string> RuleCodes(SekishoOptions options)
    {
        try
        {
            return Inspection.Detection.Detectors.KindsOf(options.Signatures.Load(options.Home)).Select(k => k.Code);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // SignatureService says so.
        }
    }

    private static void Signatures(SignatureOptions signatures, List<string> faults)
    {
        foreach (var folder in signatures.Folders.Where(f => !Directory.Exists(f)))
        {
            faults.Add($"Signatures:Folders: there is no folder \"{folder}\". Example: \"/etc/sekisho/signatures\"");
        }

        Span("Signatures:YaraTimeout", signatures.YaraTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), "00:00:02", faults);
        if (signatures.YaraTimeout.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            faults.Add($"Signatures:YaraTimeout: {signatures.YaraTimeout:c} is no whole number of seconds. Example: \"00:00:02\"");
        }

        Span("Signatures:PollInterval", signatures.PollInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), "00:00:05", faults);
    }

    private static void Code(string name, string code, HashSet<string> codes, List<string> faults)
    {
        // A rule that an update took away must not keep the gateway from starting: codes of rules are known by their beginning.
        if (!codes.Contains(code) && !code.StartsWith("YARA_", StringComparison.Ordinal))
        {
            // The one that begins most alike: most faults here are typing errors.
            var meant = codes.Order(StringComparer.Ordinal).MaxBy(known => known.AsSpan().CommonPrefixLength(code));
            faults.Add($"{name}: \"{code}\" is no finding code. Example: \"{meant}\". All of them stand in gateway/README.md, those of YARA rules in the rules");
        }
    }

    private static void Senders(SenderOptions senders, List<string> faults)
    {
        foreach (var name in senders.Names.Where(n => n.Trim().Length < 2))
        {
            faults.Add($"Senders:Names: \"{name}\" is too short for a name. Example: \"関所病院\"");
        }

        foreach (var partner in senders.PartnerDomains)
        {
            var sign = partner.LastIndexOf('=');
            var domains = partner[(sign + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (domains.Length == 0 || !Array.TrueForAll(domains, static d => IsDomainOrSuffix(d) && d.Contains('.', StringComparison.Ordinal)) || (sign >= 0 && partner[..sign].Trim().Length < 2))
            {
                faults.Add($"Senders:PartnerDomains: \"{partner}\" is no domain. Example: \"lab.example\", or \"関所検査センター = lab.example\"");
            }
        }

        FileAt("Senders:StaffFile", senders.StaffFile, "/etc/sekisho/staff.csv", faults);
        foreach (var forwarder in senders.Forwarders.Where(f => f.Contains('/', StringComparison.Ordinal) ? !IPNetwork.TryParse(f, out _) : !IsDomainOrSuffix(f) || !f.Contains('.', StringComparison.Ordinal)))
        {
            faults.Add($"Senders:Forwarders: \"{forwarder}\" is neither domain nor network. Example: \"bounce.newsletter.example\", or \"192.0.2.0/24\"");
        }

        if (senders.AuthservId.Length > 0 && !MailPath.IsDomain(senders.AuthservId))
        {
            faults.Add($"Senders:AuthservId: \"{senders.AuthservId}\" is no host name. Example: \"gateway.hospital.example\"");
        }

        Range("Senders:Correspondence:KeepDays", senders.Correspondence.KeepDays, senders.Correspondence.KeepDays == 0 ? 0 : 30, 3650, 730, faults);
        Range("Senders:Correspondence:WarmUpDays", senders.Correspondence.WarmUpDays, 0, 365, 30, faults);
        Span("Senders:Threads:Retention", senders.Threads.Retention, TimeSpan.FromDays(1), TimeSpan.FromDays(4000), "400.00:00:00", faults);
        Span("Senders:Threads:LearnFirst", senders.Threads.LearnFirst, TimeSpan.Zero, TimeSpan.FromDays(365), "7.00:00:00", faults);
        if (senders.Threads.LettersADay is < 1 or > 10_000_000)
        {
            faults.Add($"Senders:Threads:LettersADay: {senders.Threads.LettersADay} is not between 1 and 10000000. Example: 50000");
        }

        Span("Senders:DnsBudget", senders.DnsBudget, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30), "00:00:02", faults);
        foreach (var sealer in senders.TrustedSealers.Where(d => !MailPath.IsDomain(d)))
        {
            faults.Add($"Senders:TrustedSealers: \"{sealer}\" is no domain. Example: \"google.com\"");
        }

        for (var i = 0; i < senders.Borders.Count; i++)
        {
            Networks($"Senders:Borders:{i}:Networks", senders.Borders[i].Networks, faults);
            if (senders.Borders[i].Networks.Count == 0)
            {
                faults.Add($"Senders:Borders:{i}:Networks is missing. Example: [ \"192.0.2.25/32\" ]");
            }
        }

        foreach (var address in senders.ReportAddresses.Where(a => a.LastIndexOf('@') is var at && (at < 1 || !MailPath.IsDomain(a.AsSpan(at + 1)))))
        {
            faults.Add($"Senders:ReportAddresses: \"{address}\" is no address. Example: \"dmarc@hospital.example\"");
        }

        SendReports(senders, faults);
    }

    private static void Store(StoreOptions store, List<string> faults)
    {
        Range("Store:KeepDeliveredDays", store.KeepDeliveredDays, 0, 3650, 14, faults);
        Range("Store:KeepQuarantinedDays", store.KeepQuarantinedDays, 1, 3650, 30, faults);
        Range("Store:MinFreeMegabytes", store.MinFreeMegabytes, 0, 1_000_000, 200, faults);
        if (store.Postgres.Length > 0)
        {
            try
            {
                if (string.IsNullOrEmpty(new Npgsql.NpgsqlConnectionStringBuilder(store.Postgres).Host))
                {
                    faults.Add("Store:Postgres names no host. Example: \"Host=db.hospital.example;Database=sekisho;Username=sekisho;Password=…\"");
                }
            }
            catch (ArgumentException e)
            {
                faults.Add($"Store:Postgres: {e.Message} Example: \"Host=db.hospital.example;Database=sekisho;Username=sekisho;Password=…\"");
            }
        }
    }

    private static void Delivery(DeliveryOptions delivery, List<string> faults)
    {
        for (var i = 0; i < delivery.Routes.Count; i++)
        {
            var route = delivery.Routes[i];
            if (route.Domain != "*" && !IsDomainOrSuffix(route.Domain))
            {
                faults.Add($"Delivery:Routes:{i}:Domain: \"{route.Domain}\" is no domain. Example: \"hospital.example\", or \"*\" for all the rest");
            }

            if (route.Hosts.Count == 0)
            {
                faults.Add($"Delivery:Routes:{i}:Hosts is missing. Example: [ \"mail.hospital.example:25\" ]");
            }

            foreach (var host in route.Hosts.Where(h => !IsHost(h)))
            {
                faults.Add($"Delivery:Routes:{i}:Hosts: \"{host}\" is neither HOST nor HOST:PORT. Example: \"mail.hospital.example:25\"");
            }
        }

        foreach (var twice in delivery.Routes.GroupBy(r => r.Domain, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            faults.Add($"Delivery:Routes: \"{twice.Key}\" stands {twice.Count()} times. Put its hosts into one route: \"Hosts\": [ \"mail1.hospital.example\", \"mail2.hospital.example\" ]");
        }

        foreach (var wait in delivery.RetrySchedule)
        {
            Span("Delivery:RetrySchedule", wait, TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1), "00:05:00", faults);
        }

        Span("Delivery:GiveUpAfter", delivery.GiveUpAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30), "5.00:00:00", faults);
        Span("Delivery:IdleTimeout", delivery.IdleTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(5), "00:00:05", faults);
        Span("Delivery:ConnectTimeout", delivery.ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10), "00:00:30", faults);
        Span("Delivery:CommandTimeout", delivery.CommandTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), "00:05:00", faults);
        Span("Delivery:DataDoneTimeout", delivery.DataDoneTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), "00:10:00", faults);
        Range("Delivery:MaxConnectionsPerDestination", delivery.MaxConnectionsPerDestination, 1, 10_000, 20, faults);
        Range("Delivery:MaxConnections", delivery.MaxConnections, 1, 10_000, 100, faults);
        Range("Delivery:MaxMessagesPerConnection", delivery.MaxMessagesPerConnection, 1, 1_000_000, 1000, faults);
        if (delivery.DnsServer.Length > 0 && !IPAddress.TryParse(delivery.DnsServer, out _) && !TryEndPoint(delivery.DnsServer, out _))
        {
            faults.Add($"Delivery:DnsServer: \"{delivery.DnsServer}\" is no address. Example: \"192.0.2.53\" or \"192.0.2.53:53\"");
        }
    }

    private static bool IsDomainOrSuffix(string domain) => MailPath.IsDomain(domain.AsSpan().TrimStart('.'));

    private static bool IsHost(string host)
    {
        if (host.StartsWith('['))
        {
            return IPEndPoint.TryParse(host, out _);
        }

        var colon = host.LastIndexOf(':');
        return colon < 0
            ? MailPath.IsDomain(host)
            : MailPath.IsDomain(host.AsSpan(0, colon)) && ushort.TryParse(host.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var port) && port > 0;
    }

    private static void EndPointAt(string name, string text, string example, List<string> faults)
    {
        if (!TryEndPoint(text, out _))
        {
            faults.Add($"{name}: \"{text}\" is not ADDR:PORT. Example: \"{example}\"");
        }
    }

    private static void Networks(string name, List<string> networks, List<string> faults)
    {
        foreach (var network in networks.Where(n => !IPNetwork.TryParse(n, out _)))
        {
            faults.Add($"{name}: \"{network}\" is no network. Example: \"192.0.2.0/24\", or \"192.0.2.1/32\" for one address");
        }
    }

    private static void FileAt(string name, string? file, string example, List<string> faults)
    {
        if (file is { Length: > 0 } && !File.Exists(file))
        {
            faults.Add($"{name}: there is no file \"{file}\". Example: \"{example}\"");
        }
    }

    private static void Range(string name, long value, long least, long most, long example, List<string> faults)
    {
        if (value < least || value > most)
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: {value} is not between {least} and {most}. Example: {example}"));
        }
    }

    private static void Span(string name, TimeSpan value, TimeSpan least, TimeSpan most, string example, List<string> faults)
    {
        if (value < least || value > most)
        {
            faults.Add($"{name}: {value:c} is not between {least:c} and {most:c}. Example: \"{example}\"");
        }
    }
}
