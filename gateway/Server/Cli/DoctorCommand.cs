using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Sekisho.Housekeeping;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Senders;
using Sekisho.Store;

namespace Sekisho.Cli;

/// <summary><c>sekisho doctor</c>: looks at everything the gateway needs, and says what is wrong and what to do.</summary>
internal static class DoctorCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private enum State
    {
        Good,
        Warning,
        Bad,
    }

    public static Command Create()
    {
        var command = new Command("doctor", """
            Examine ports, DNS, next hop, TLS, disk, clock, libyara, permissions, store and staff directory. Exit code 1 when something is bad.

            Example:
              sekisho doctor
            """);
        command.SetAction(async (parsed, cancel) =>
        {
            var (options, faults) = OptionsLoader.Read(CommonOptions.HomeOf(parsed));
            var checks = new List<Check>();
            checks.Add(faults.Count == 0 ? Good("settings", "all good") : Bad("settings", string.Join("; ", faults), "correct sekisho.json; see: sekisho config check"));
            if (faults.Count == 0)
            {
                checks.AddRange(await AllAsync(options, cancel));
            }

            foreach (var check in checks)
            {
                if (parsed.GetValue(CommonOptions.Json))
                {
                    Answer.Json(new { check = check.Name, state = check.State, detail = check.Detail, advice = check.Advice });
                }
                else
                {
                    Console.Out.WriteLine($"{(check.State switch { State.Good => "良 ok  ", State.Warning => "注 warn", _ => "否 BAD " })} {check.Name,-12} {check.Detail}");
                    if (check.Advice is not null)
                    {
                        Console.Out.WriteLine($"                     → {check.Advice}");
                    }
                }
            }

            return checks.Any(c => c.State == State.Bad) ? ExitCodes.Found : ExitCodes.Done;
        });
        return command;
    }

    private static async Task<IEnumerable<Check>> AllAsync(SekishoOptions options, CancellationToken cancel)
    {
        var checks = new List<Check>();
        var running = await ReadyAsync(options, cancel);
        checks.Add(running.State == State.Bad ? new Check("gateway", State.Warning, running.Detail, "start it with: sekisho serve") : running);
        checks.AddRange(Ports(options, running.State == State.Good));
        checks.AddRange(await NextHopsAsync(options, cancel));
        foreach (var host in options.Outbound.Listen.Count > 0 ? options.Outbound.Hosts : [])
        {
            checks.Add(await NextHopAsync(host, cancel));
        }

        checks.Add(await DnsAsync(options, cancel));
        checks.Add(await SendersAsync(options, cancel));
        checks.Add(Certificate(options.Smtp));
        checks.AddRange(Home(options));
        checks.Add(await StoreAsync(options));
        checks.Add(Clock());
        checks.Add(Signatures(options));
        checks.Add(Relaying(options));
        checks.AddRange(StaffAnswers.Health(options).Select(h => new Check("directory", h.Bad is null ? State.Good : h.Bad == true ? State.Bad : State.Warning, h.Detail, h.Advice)));
        checks.Add(Outbound(options));
        checks.Add(SendReports(options));
        return checks;
    }

    private static async Task<Check> ReadyAsync(SekishoOptions options, CancellationToken cancel)
    {
        OptionsCheck.TryEndPoint(options.Web.Listen, out var web);
        var host = web.Address.Equals(IPAddress.Any) || web.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.Loopback, web.Port) : web;
        try
        {
            using var http = new HttpClient { Timeout = Patience };
            using var response = await http.GetAsync($"http://{host}/health/ready", cancel);
            var said = (await response.Content.ReadAsStringAsync(cancel)).Trim();
            return response.IsSuccessStatusCode ? Good("gateway", $"runs and takes mail (http://{host})") : Bad("gateway", $"runs but is not ready: {said}", "see the gateway's log");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return Bad("gateway", $"does not answer on http://{host}", "start it with: sekisho serve");
        }
    }

    private static IEnumerable<Check> Ports(SekishoOptions options, bool running)
    {
        if (running)
        {
            yield break; // the gateway itself holds them
        }

        foreach (var listen in options.Smtp.Listen.Concat(options.Outbound.Listen).Append(options.Web.Listen))
        {
            OptionsCheck.TryEndPoint(listen, out var endPoint);
            Check check;
            try
            {
                using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(endPoint);
                check = Good("port", $"{listen} is free");
            }
            catch (SocketException e)
            {
                check = Bad("port", $"{listen}: {e.Message}", e.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse => $"another program has it; see: ss -ltnp 'sport = :{endPoint.Port}'",
                    SocketError.AccessDenied => "a port under 1024 takes CAP_NET_BIND_SERVICE: see docker/sekisho.service, or listen on 2525 and forward",
                    _ => "is this one of the machine's addresses? see: ip address",
                });
            }

            yield return check;
        }
    }

    private static async Task<IEnumerable<Check>> NextHopsAsync(SekishoOptions options, CancellationToken cancel)
    {
        if (options.Delivery.Routes.Count == 0)
        {
            return [options.Delivery.UseMx
                ? Good("next hop", "by MX look-up")
                : new Check("next hop", State.Warning, $"none set: mail goes into Maildirs under {options.Delivery.Maildir}", "set Delivery:Routes, or start with --next-hop mail.hospital.example:25")];
        }

        var checks = new List<Check>();
        foreach (var host in options.Delivery.Routes.SelectMany(r => r.Hosts).Distinct())
        {
            checks.Add(await NextHopAsync(host, cancel));
        }

        return checks;
    }

    private static async Task<Check> NextHopAsync(string host, CancellationToken cancel)
    {
        var colon = host.LastIndexOf(':');
        var (name, port) = colon > 0 && !host.EndsWith(']') && int.TryParse(host[(colon + 1)..], CultureInfo.InvariantCulture, out var given) ? (host[..colon], given) : (host, 25);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(name.Trim('[', ']'), port, timeout.Token);
            using var reader = new StreamReader(client.GetStream());
            var greeting = await reader.ReadLineAsync(timeout.Token);
            return greeting?.StartsWith("220", StringComparison.Ordinal) == true
                ? Good("next hop", $"{host} greets: {greeting}")
                : Bad("next hop", $"{host} does not greet with 220 but: {greeting}", "is this the mail server's SMTP port, and may this machine send to it?");
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return Bad("next hop", $"{host}: {(e is OperationCanceledException ? "no answer in 5 seconds" : e.Message)}", "check name, port and firewall; mail waits in the queue meanwhile");
        }
    }

    private static async Task<Check> DnsAsync(SekishoOptions options, CancellationToken cancel)
    {
        if (!options.Delivery.UseMx && options.Outbound is { Listen.Count: 0 } or { Hosts.Count: > 0 })
        {
            return Good("dns", "no MX look-ups are made");
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(options.Smtp.HostName, cancel).WaitAsync(Patience, cancel);
            return Good("dns", $"{options.Smtp.HostName} is {string.Join(", ", addresses.Select(a => a.ToString()))}");
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            return Bad("dns", $"{options.Smtp.HostName}: {e.Message}", "check /etc/resolv.conf and Smtp:HostName");
        }
    }

    /// <summary>Any answer of DNS is a good one: without it no sender can be checked.</summary>
    private static async Task<Check> SendersAsync(SekishoOptions options, CancellationToken cancel)
    {
        if (!options.Senders.Authenticate)
        {
            return new Check("senders", State.Warning, "are not checked (SPF, DKIM, DMARC)", "set Senders:Authenticate to true");
        }

        using var dns = SenderLookup.DnsFor(options, TimeProvider.System);
        var domain = options.Smtp.RelayDomains.Select(d => d.TrimStart('.')).FirstOrDefault() ?? "example.com";
        var server = options.Delivery.DnsServer.Length > 0 ? options.Delivery.DnsServer : "the system's resolver";
        return (await dns.QueryAsync(domain, DnsType.Txt, cancel)).Status == DnsStatus.Failed
            ? new Check("senders", State.Warning, $"cannot be checked: {server} does not answer about {domain}; letters go on with AUTH_TEMPERROR", "check /etc/resolv.conf, Delivery:DnsServer and the firewall (UDP and TCP port 53)")
            : Good("senders", $"are checked (SPF, DKIM, ARC, DMARC) as {options.AuthservId}; {server} answers");
    }

    private static Check Certificate(SmtpOptions smtp)
    {
        if (smtp.CertificateFile is not { Length: > 0 } file)
        {
            return new Check("tls", State.Warning, "no certificate: STARTTLS is not offered", "set Smtp:CertificateFile (and Smtp:CertificateKeyFile)");
        }

        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(file, smtp.CertificateKeyFile is { Length: > 0 } key ? key : file);
            var left = certificate.NotAfter.ToUniversalTime() - TimeProvider.System.GetUtcNow().UtcDateTime;
            return left < TimeSpan.Zero ? Bad("tls", $"the certificate ended on {certificate.NotAfter:yyyy-MM-dd}", "renew it, then send SIGHUP")
                : left < TimeSpan.FromDays(14) ? new Check("tls", State.Warning, $"the certificate ends on {certificate.NotAfter:yyyy-MM-dd}", "renew it, then send SIGHUP")
                : Good("tls", $"certificate good until {certificate.NotAfter:yyyy-MM-dd}");
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            return Bad("tls", e.Message, "certificate chain and private key must be PEM and belong together");
        }
    }

    private static IEnumerable<Check> Home(SekishoOptions options)
    {
        if (!Directory.Exists(options.Home))
        {
            yield return Good("home", $"{options.Home} will be created at the first start");
            yield break;
        }

        var mode = File.GetUnixFileMode(options.Home);
        yield return (mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute)) == 0
            ? Good("home", options.Home)
            : Bad("home", $"{options.Home} is open to other users", $"chmod 700 {options.Home}");
        var free = HomeFolder.FreeMegabytes(options.Home);
        yield return free >= options.Store.MinFreeMegabytes
            ? Good("disk", $"{free:N0} MiB free")
            : Bad("disk", $"{free:N0} MiB free, less than Store:MinFreeMegabytes ({options.Store.MinFreeMegabytes}): mail is answered 452", "make room, or shorten Store:KeepDeliveredDays");
        if (File.Exists(options.Store.MasterKeyFile))
        {
            yield return (File.GetUnixFileMode(options.Store.MasterKeyFile) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) == 0
                ? Good("master key", $"{options.Store.MasterKeyFile} (keep a copy elsewhere: without it the store cannot be read)")
                : Bad("master key", $"{options.Store.MasterKeyFile} can be read by other users", $"chmod 600 {options.Store.MasterKeyFile}");
        }
    }

    private static async Task<Check> StoreAsync(SekishoOptions options)
    {
        var where = options.Store.Postgres.Length > 0 ? "PostgreSQL" : "SQLite";
        if (options.Store.Postgres.Length == 0 && !File.Exists(Path.Combine(options.Home, "sekisho.db")))
        {
            return Good("store", "SQLite, will be created at the first start");
        }

        try
        {
            using var spool = new Spool(Path.Combine(options.Home, "spool-cli"));
            await using var store = await MessageStore.OpenAsync(options, spool, TimeProvider.System, CancellationToken.None);
            var counts = await store.CountsAsync();
            return Good("store", $"{where}: {string.Join(", ", counts.ByState.Where(c => c.Value > 0).Select(c => $"{c.Key} {c.Value}"))}");
        }
        catch (StoreException e)
        {
            return Bad("store", $"{where}: {e.Message}", "the gateway answers 451 until this is mended; no mail is lost");
        }
    }

    private static Check Clock()
    {
        // The deadlines of incident reports and the audit log hang on it.
        var synchronised = File.Exists("/run/systemd/timesync/synchronized") || Directory.Exists("/run/chrony") || Directory.Exists("/run/ntpd");
        var now = TimeProvider.System.GetUtcNow();
        return now.Year < 2025 ? Bad("clock", $"{now:u} cannot be right", "set the clock, and install systemd-timesyncd or chrony")
            : synchronised ? Good("clock", $"{now:u}, synchronised")
            : new Check("clock", State.Warning, $"{now:u}, no sign of time synchronisation", "apt-get install systemd-timesyncd (or chrony)");
    }

    private static Check Signatures(SekishoOptions options)
    {
        try
        {
            var set = options.Signatures.Load(options.Home);
            var detail = $"generation {set.Generation}, {set.Yara.Rules.Count} YARA rules";
            return set.Yara.Fault is { } fault
                ? Bad("libyara", fault, "apt-get install libyara9, then restart; until then every letter carries YARA_UNAVAILABLE")
                : set.Faults.Count == 0 ? Good("signatures", detail)
                : new Check("signatures", State.Warning, $"{detail}, {set.Faults.Count} files left out: {string.Join("; ", set.Faults.Take(5).Select(f => $"{f.File}: {f.Reason}"))}", "correct or remove them; the rest is in force");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Bad("signatures", e.Message, "make the folder readable for the gateway's user");
        }
    }

    private static Check Relaying(SekishoOptions options) =>
        options.Smtp.RelayDomains is ["hospital.test"]
            ? new Check("domains", State.Warning, "mail is taken for hospital.test only: the default, for trying out", "set Smtp:RelayDomains, or start with --relay-domain hospital.example")
            : Good("domains", string.Join(", ", options.Smtp.RelayDomains));

    private static Check Outbound(SekishoOptions options)
    {
        var outbound = options.Outbound;
        if (outbound.Listen.Count == 0)
        {
            return Good("outbound", "off: mail that leaves the hospital does not pass here");
        }

        var way = outbound.Hosts.Count > 0 ? string.Join(", ", outbound.Hosts) : "MX look-up";
        var detail = $"on at {string.Join(", ", outbound.Listen)} for {string.Join(", ", outbound.Networks)}, on by {way}; a sender and hour: {outbound.MaxMessages} mails, {outbound.MaxRecipients} recipients";
        return outbound.Networks.Where(n => !PrivateNetworks.Hold(IPNetwork.Parse(n))).ToList() is { Count: > 0 } open
            ? new Check("outbound", State.Warning, $"{detail}; {string.Join(", ", open)} is more than private addresses", "anybody there can send in the hospital's name: name only its own mail servers in Outbound:Networks, such as 10.1.2.25/32")
            : outbound.SenderDomains.Contains("*")
            ? new Check("outbound", State.Warning, $"{detail}; any sender may stand in MAIL FROM", "name the hospital's domains in Outbound:SenderDomains unless its server forwards with the stranger's name")
            : Good("outbound", detail);
    }

    private static Check SendReports(SekishoOptions options)
    {
        var from = options.Senders.SendReports.From;
        return !options.Senders.SendReports.Enabled ? Good("reports", "off: no DMARC reports are sent to others")
            : DomainList.Holds(options.Smtp.RelayDomains, DomainList.DomainOf(from)) ? Good("reports", $"DMARC reports are sent as {from}")
            : new Check("reports", State.Warning, $"DMARC reports are sent as {from}, which is none of our domains", "name an address of a domain in Smtp:RelayDomains: what comes back of them reaches nobody");
    }

    private static Check Good(string name, string detail) => new(name, State.Good, detail, null);

    private static Check Bad(string name, string detail, string advice) => new(name, State.Bad, detail, advice);

    private sealed record Check(string Name, State State, string Detail, string? Advice);
}
