using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting.Systemd;
using Prometheus;
using Sekisho.Delivery;
using Sekisho.Housekeeping;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Outbound;
using Sekisho.Quarantine;
using Sekisho.Reports;
using Sekisho.Senders;
using Sekisho.Signatures;
using Sekisho.Smtp;
using Sekisho.Staff;
using Sekisho.Store;
using Sekisho.Web;

namespace Sekisho;

/// <summary>The running gateway: wires the rooms, opens the doors, reloads on SIGHUP, drains on SIGTERM.</summary>
public sealed partial class Gateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IDisposable _home;
    private readonly MessageStore _store;
    private readonly Spool _spool;
    private readonly InspectionJournal _journal;
    private readonly InspectionLanes _lanes;
    private readonly Func<(SekishoOptions Options, IReadOnlyList<string> Faults)> _readOptions;

    private Gateway(
        WebApplication app, IDisposable home, MessageStore store, Spool spool, InspectionJournal journal, InspectionLanes lanes,
        Func<(SekishoOptions Options, IReadOnlyList<string> Faults)> readOptions)
    {
        _app = app;
        _home = home;
        _store = store;
        _spool = spool;
        _journal = journal;
        _lanes = lanes;
        _readOptions = readOptions;
    }

    /// <summary>The rooms, for tests that look behind the doors.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>The memory.</summary>
    public MessageStore Store => _store;

    /// <summary>Builds the gateway; nothing listens yet.</summary>
    /// <param name="options">Checked settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="readOptions">Reads the settings anew on SIGHUP; null keeps the first ones.</param>
    /// <exception cref="StoreException">The store cannot be opened.</exception>
    /// <exception cref="OptionsException">The staff list cannot be read.</exception>
    public static async Task<Gateway> BuildAsync(
        SekishoOptions options, TimeProvider time, Func<(SekishoOptions Options, IReadOnlyList<string> Faults)>? readOptions = null)
    {
        var household = new HouseholdBook(HouseholdBook.Read(options));
        HomeFolder.Create(options.Home);
        var home = HomeFolder.Take(options.Home);

        // Inspection is work for the processor, in the pool's threads: with more of them than cores a long one shares its core instead of blocking it.
        ThreadPool.SetMinThreads(Math.Max(16, Environment.ProcessorCount * 8), Math.Max(16, Environment.ProcessorCount * 8));
        Prometheus.Metrics.SuppressDefaultMetrics(new SuppressDefaultMetricOptions { SuppressEventCounters = true, SuppressMeters = true });

        var spool = new Spool(Path.Combine(options.Home, "spool"));
        var store = await MessageStore.OpenAsync(options, spool, time, CancellationToken.None);
        var journal = new InspectionJournal(options.Home);
        var lanes = new InspectionLanes();

        // Static files and settings lie beside the program, which is started from anywhere.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = Environments.Production });
        builder.Configuration.Sources.Clear();
        Logging(builder.Logging, options.Log);
        builder.Services.AddSystemd();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services
            .AddSingleton(options).AddSingleton(time).AddSingleton(spool).AddSingleton(store).AddSingleton(journal).AddSingleton(lanes)
            .AddSingleton<SmtpMetrics>().AddSingleton(household)
            .AddSingleton(_ => SenderLookup.DnsFor(options, time)).AddSingleton(services => new SenderLookup(
                options, services.GetRequiredService<NetworkDns>(), time, () => services.GetRequiredService<SenderLists>().Current, services.GetRequiredService<CorrespondenceBook>(), services.GetRequiredService<ThreadBook>()))
            .AddSingleton<CorrespondenceBook>().AddHostedService(services => services.GetRequiredService<CorrespondenceBook>())
            .AddSingleton(_ => new DeliveryMetrics())
            .AddSingleton<DeliveryService>().AddHostedService(services => services.GetRequiredService<DeliveryService>())
            .AddSingleton<OutboundWatch>().AddHostedService(services => services.GetRequiredService<OutboundWatch>())
            .AddSingleton<MacroAllowances>().AddHostedService(services => services.GetRequiredService<MacroAllowances>())
            .AddSingleton<SenderLists>().AddHostedService(services => services.GetRequiredService<SenderLists>())
            .AddSingleton<DmarcReports>().AddHostedService(services => services.GetRequiredService<DmarcReports>())
            .AddSingleton(services => new ReportSender(store, spool, options, services.GetRequiredService<NetworkDns>(), time, services.GetRequiredService<ILogger<ReportSender>>()))
            .AddSingleton<DmarcResults>().AddHostedService(services => services.GetRequiredService<DmarcResults>())
            .AddSingleton<StaffService>().AddHostedService(services => services.GetRequiredService<StaffService>())
            .AddSingleton(services => new ThreadBook(
                store, options, () => household.Current, () => services.GetRequiredService<SignatureService>().Current, time, services.GetRequiredService<ILogger<ThreadBook>>())).AddHostedService(services => services.GetRequiredService<ThreadBook>())
            .AddSingleton<SignatureService>().AddHostedService(services => services.GetRequiredService<SignatureService>())
            .AddSingleton(services => new Inspector(
                options, () => services.GetRequiredService<SignatureService>().Current, time, services.GetRequiredService<SenderLookup>(), services.GetRequiredService<MacroAllowances>().For, () => household.Current, services.GetRequiredService<OutboundWatch>().Look)).AddSingleton<SecondLook>()
            .AddSingleton<PasswordResolver>().AddHostedService(services => services.GetRequiredService<PasswordResolver>())
            .AddSingleton<Pipeline>()
            .AddSingleton(services => new SmtpDoor(options, spool, time, services.GetRequiredService<SmtpMetrics>(), services.GetRequiredService<Pipeline>().AcceptAsync, services.GetRequiredService<StaffService>().Knows))
            .AddSingleton<GatewayHealth>()
            .AddSingleton<SmtpConnectionHandler>()
            .AddHostedService<HousekeepingService>();

        builder.WebHost.UseSockets(sockets =>
        {
            // What one connection may pile up unread; 3,000 of them must fit.
            sockets.MaxReadBufferSize = 64 << 10;
            sockets.MaxWriteBufferSize = 64 << 10;
            sockets.Backlog = 4096;
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            foreach (var listen in options.Smtp.Listen)
            {
                Listen(kestrel, listen, door => door.UseConnectionHandler<SmtpConnectionHandler>());
            }

            foreach (var listen in options.Outbound.Listen)
            {
                Listen(kestrel, listen, door => door.Run(connection => door.ApplicationServices.GetRequiredService<SmtpConnectionHandler>().OnOutboundAsync(connection)));
            }

            Listen(kestrel, options.Web.Listen, _ => { });
        });

        var app = builder.Build();
        HealthEndpoints.Map(app);
        StatusPage.Map(app);
        app.MapMetrics();
        return new Gateway(app, home, store, spool, journal, lanes, readOptions ?? (() => (options, [])));
    }

    /// <summary>Opens the doors and comes back once they listen.</summary>
    /// <exception cref="IOException">An address is taken or not allowed.</exception>
    public async Task StartAsync(CancellationToken cancel = default)
    {
        _ = _app.Services.GetRequiredService<SmtpDoor>(); // reads certificate and recipient list now, not at the first connection
        await _app.StartAsync(cancel);
        var options = _app.Services.GetRequiredService<SekishoOptions>();
        LogStarted(Logger, string.Join(' ', options.Smtp.Listen), options.Web.Listen, options.Home);
        if (options.Outbound.Listen.Count > 0)
        {
            LogOutbound(Logger, string.Join(' ', options.Outbound.Listen), string.Join(' ', options.Outbound.Networks), options.Outbound.Hosts.Count > 0 ? string.Join(' ', options.Outbound.Hosts) : "MX");
        }
    }

    /// <summary>Runs until SIGTERM or SIGINT, then drains: sessions end after their letter, deliveries under way are finished.</summary>
    public async Task RunAsync(CancellationToken cancel = default)
    {
        using var reload = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            Reload();
        });
        try
        {
            await StartAsync(cancel);
        }
        catch (OperationCanceledException) when (_app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return; // told to end before it had begun
        }

        await _app.WaitForShutdownAsync(cancel);
        var dead = Services.GetServices<IHostedService>().OfType<BackgroundService>().FirstOrDefault(s => s.ExecuteTask is { IsFaulted: true });
        if (dead is not null)
        {
            throw new InvalidOperationException($"{dead.GetType().Name} died, and the gateway with it", dead.ExecuteTask!.Exception);
        }
    }

    /// <summary>Closes the doors and finishes what is under way.</summary>
    public Task StopAsync(CancellationToken cancel = default) => _app.StopAsync(cancel);

    /// <summary>Reads settings, certificate, recipient and staff list and signatures anew. What is wrong is logged, and the old ones stay in force.</summary>
    public void Reload()
    {
        try
        {
            var (fresh, faults) = _readOptions();
            if (faults.Count > 0)
            {
                LogNotReloaded(Logger, string.Join("; ", faults));
                return;
            }

            var options = _app.Services.GetRequiredService<SekishoOptions>();
            var household = HouseholdBook.Read(fresh);
            var before = (options.Smtp, options.Staff, options.Outbound);
            (options.Smtp, options.Staff, options.Outbound) = (fresh.Smtp, fresh.Staff, fresh.Outbound);
            try
            {
                _app.Services.GetRequiredService<SmtpDoor>().Reload();
            }
            catch
            {
                (options.Smtp, options.Staff, options.Outbound) = before;
                throw;
            }

            (options.Policy, options.Limits, options.Signatures, options.Senders, options.Quarantine) = (fresh.Policy, fresh.Limits, fresh.Signatures, fresh.Senders, fresh.Quarantine);
            _app.Services.GetRequiredService<HouseholdBook>().Current = household;
            _app.Services.GetRequiredService<StaffService>().Reload();
            _app.Services.GetRequiredService<SignatureService>().Reload();
            LogReloaded(Logger);
        }
        catch (Exception e)
        {
            LogNotReloaded(Logger, e.Message);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _store.DisposeAsync();
        _spool.Dispose();
        _journal.Dispose();
        _lanes.Dispose();
        _home.Dispose();
    }

    private ILogger Logger => _app.Services.GetRequiredService<ILogger<Gateway>>();

    private static void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, string address, Action<Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions> door)
    {
        OptionsCheck.TryEndPoint(address, out var endPoint);
        if (endPoint.Address.Equals(IPAddress.IPv6Any))
        {
            kestrel.ListenAnyIP(endPoint.Port, door);
        }
        else
        {
            kestrel.Listen(endPoint, door);
        }
    }

    private static void Logging(ILoggingBuilder logging, LogOptions options)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(Enum.Parse<LogLevel>(options.Level, ignoreCase: true));
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        // The host would write a stack trace where a port is taken; whoever called RunAsync says it in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        if (options.Json)
        {
            logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else if (SystemdHelpers.IsSystemdService())
        {
            logging.AddSystemdConsole();
        }
        else
        {
            logging.AddSimpleConsole(text =>
            {
                text.SingleLine = true;
                text.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
            });
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "listening: SMTP {smtp}, web {web}; state in {home}")]
    private static partial void LogStarted(ILogger logger, string smtp, string web, string home);

    [LoggerMessage(Level = LogLevel.Information, Message = "listening for outbound mail: {listen} for {networks}, on to {hosts}")]
    private static partial void LogOutbound(ILogger logger, string listen, string networks, string hosts);

    [LoggerMessage(Level = LogLevel.Information, Message = "settings, certificate, recipient and staff list and signatures read anew (Delivery, Store, Web, Log, Smtp:Listen and Outbound:Listen take a restart)")]
    private static partial void LogReloaded(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "nothing reloaded, the old settings stay in force: {reason}")]
    private static partial void LogNotReloaded(ILogger logger, string reason);
}
