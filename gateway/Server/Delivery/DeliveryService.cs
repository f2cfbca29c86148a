using System.Net;
using DnsClient;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Delivery;

/// <summary>Takes kept letters to their next hops: at once those handed over in memory, from the store those that wait.</summary>
public sealed class DeliveryService : BackgroundService
{
    /// <summary>Letters that may be handed over in memory at a time.</summary>
    internal const int MostReserved = 2000;

    /// <summary>Octets of letters that may be handed over in memory at a time.</summary>
    internal const long MostReservedOctets = 64L << 20;

    /// <summary>Letters that the poller has in hand at a time, besides those handed over in memory.</summary>
    internal const int MostClaimed = 500;

    private const int ClaimedAtOnce = 100;

    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(25);

    private readonly MessageStore store;
    private readonly SekishoOptions settings;
    private readonly DeliveryOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<DeliveryService> logger;
    private readonly DeliveryMetrics metrics;
    private readonly RouteTable routes;
    private readonly ConnectionPool pool;
    private readonly Dispatcher dispatcher;
    private readonly OutcomeJudge judge;
    private readonly SemaphoreSlim wake = new(0, 1);
    private readonly CancellationTokenSource giveUpRecording = new();
    private readonly TaskCompletionSource allRecorded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private int reserved;
    private long reservedOctets;
    private int claimed;
    private int inHand;
    private int untried;
    private bool stopping;

    /// <summary>Wires the way out. Nothing runs before the host starts the service.</summary>
    /// <param name="store">The kept letters.</param>
    /// <param name="spool">Takes the octets of notifications.</param>
    /// <param name="options">The settings; <c>Smtp.HostName</c> is the name in EHLO.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">One event for each attempt at a destination.</param>
    /// <param name="metrics">Figures.</param>
    public DeliveryService(MessageStore store, Spool spool, SekishoOptions options, TimeProvider time, ILogger<DeliveryService> logger, DeliveryMetrics metrics)
    {
        this.store = store;
        settings = options;
        this.options = options.Delivery;
        this.time = time;
        this.logger = logger;
        this.metrics = metrics;
        var hostName = options.Smtp.HostName.Length > 0 ? options.Smtp.HostName : Environment.MachineName;
        var folder = options.Delivery.Maildir.Length > 0 ? options.Delivery.Maildir : Path.Combine(options.Home, "maildir");
        routes = new RouteTable(options.Delivery, hostName, () => options.Outbound, () => options.Smtp.RelayDomains);
        pool = new ConnectionPool(options.Delivery, hostName, time, metrics);
        var sender = new SmtpSender(pool, new HopFinder(Resolver(options.Delivery.DnsServer), hostName), metrics);
        dispatcher = new Dispatcher(options.Delivery, sender, new Maildir(folder, hostName), time, logger);
        judge = new OutcomeJudge(
            new RetrySchedule(options.Delivery.RetrySchedule, options.Delivery.GiveUpAfter),
            new BounceWriter(spool, hostName, options.Delivery.GiveUpAfter, time),
            time,
            logger,
            metrics);
    }

    /// <summary>Asks for room to hand a letter over in memory, before it is kept. True must be followed by <see cref="Enqueue"/> or <see cref="Release"/>.</summary>
    /// <param name="octets">Octets of the letter.</param>
    /// <returns>False when there is no room: keep the letter unclaimed, the service finds it in the store.</returns>
    public bool TryReserve(long octets)
    {
        lock (gate)
        {
            if (stopping || reserved >= MostReserved || (reserved > 0 && reservedOctets + octets > MostReservedOctets))
            {
                return false;
            }

            reserved++;
            reservedOctets += octets;
            return true;
        }
    }

    /// <summary>Gives room back when the letter was not kept after all.</summary>
    /// <param name="octets">The number given to <see cref="TryReserve"/>.</param>
    public void Release(long octets)
    {
        lock (gate)
        {
            reserved--;
            reservedOctets -= octets;
        }
    }

    /// <summary>Hands over a letter that was kept with <c>ClaimedHere</c> after <see cref="TryReserve"/> gave room for <c>job.Size</c> octets. Comes back at once; <c>job.Octets</c> is the service's from now on.</summary>
    /// <param name="job">The letter.</param>
    public void Enqueue(DeliveryJob job) => Start(job, job.Size);

    /// <summary>Tells that the store has something due: a release, a letter kept unclaimed. Comes back at once; may be called at any time.</summary>
    public void Wake()
    {
        try
        {
            wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody has already rung.
        }
    }

    /// <summary>Finishes what is under way (at most 25 seconds), gives the rest back to the store untried.</summary>
    /// <param name="cancellationToken">Ends the wait early.</param>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        lock (gate)
        {
            if (stopping)
            {
                return;
            }

            stopping = true;
            if (inHand == 0)
            {
                allRecorded.TrySetResult();
            }
        }

        await dispatcher.StopAsync(DrainPatience).ConfigureAwait(false);
        giveUpRecording.CancelAfter(TimeSpan.FromSeconds(3));
        await allRecorded.Task.ConfigureAwait(false);
        await pool.SweepAsync(all: true).ConfigureAwait(false);
        DeliveryLog.Drained(logger, untried);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        wake.Dispose();
        giveUpRecording.Dispose();
    }

    /// <summary>The poller and the housekeeping beside it.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host waits for the first await: nobody shall wait for the store here.
        await Task.Yield();
        try
        {
            await Task.WhenAll(PollAsync(stoppingToken), SweepAsync(stoppingToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The ordinary end.
        }
    }

    private async Task PollAsync(CancellationToken stop)
    {
        while (true)
        {
            TimeSpan sleep;
            try
            {
                sleep = await ClaimAsync(stop).ConfigureAwait(false);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                sleep = TimeSpan.FromSeconds(2);
                DeliveryLog.StoreTrouble(logger, e, "give letters for delivery", sleep.TotalSeconds);
                await Task.Delay(sleep, time, stop).ConfigureAwait(false);
                continue;
            }

            if (sleep > TimeSpan.Zero)
            {
                await SleepAsync(sleep, stop).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Claims what is due and there is room for; says how long to sleep.</summary>
    private async Task<TimeSpan> ClaimAsync(CancellationToken stop)
    {
        lock (gate)
        {
            if (claimed > MostClaimed - ClaimedAtOnce)
            {
                // The letter that makes room rings.
                return LongestSleep;
            }
        }

        // Not to be broken off: what is claimed and not received here would wait for the end of its claim.
        var jobs = await store.ClaimDueAsync(ClaimedAtOnce, CancellationToken.None).ConfigureAwait(false);
        foreach (var job in jobs)
        {
            Start(job, -1);
        }

        if (jobs.Count >= ClaimedAtOnce)
        {
            return TimeSpan.Zero;
        }

        var due = await store.NextDueAsync(stop).ConfigureAwait(false);
        var wait = due is { } at ? at - time.GetUtcNow() : LongestSleep;

        // Something due now that was not given just now is another process's, or fell due this moment: look again soon, not in a circle.
        return wait < TimeSpan.FromMilliseconds(50) ? TimeSpan.FromMilliseconds(50) : wait > LongestSleep ? LongestSleep : wait;
    }

    private async Task SleepAsync(TimeSpan sleep, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(sleep, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await wake.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Slept enough.
        }
    }

    private async Task SweepAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
        {
            dispatcher.Sweep();
            await pool.SweepAsync(all: false).ConfigureAwait(false);
        }
    }

    private void Start(DeliveryJob job, long reservedFor)
    {
        int letters;
        var late = false;
        lock (gate)
        {
            letters = ++inHand;
            claimed += reservedFor < 0 ? 1 : 0;
            late = allRecorded.Task.IsCompleted;
        }

        metrics.InHand(letters);
        var message = new MessageInHand(job, reservedFor, cancel => OpenAsync(job, cancel), settings.AuthservId, m => _ = FinishAsync(m));
        if (late || job.Pending.Count == 0)
        {
            message.Expect(1);
            message.PartDone([], null);
            return;
        }

        var parts = DeliveryPart.Split(message, routes);
        message.Expect(parts.Count);
        foreach (var part in parts)
        {
            dispatcher.Add(part);
        }
    }

    /// <summary>The octets from memory where they are still there, else from the store.</summary>
    private async ValueTask<Stream> OpenAsync(DeliveryJob job, CancellationToken cancel) =>
        job.Octets is { } here ? here.OpenRead() : await store.OpenOctetsAsync(job.Envelope.Id, cancel).ConfigureAwait(false);

    /// <summary>Writes down how an attempt ended and lets go of the letter. Never throws.</summary>
    private async Task FinishAsync(MessageInHand message)
    {
        NewMessage? notification = null;
        var id = message.Job.Envelope.Id;
        try
        {
            if (message.Replies.Count == 0)
            {
                await PersistAsync(() => store.UnclaimAsync(id, giveUpRecording.Token)).ConfigureAwait(false);
                Interlocked.Increment(ref untried);
            }
            else
            {
                var outcome = await judge.JudgeAsync(message, giveUpRecording.Token).ConfigureAwait(false);
                notification = outcome.Notification;
                await PersistAsync(() => store.RecordAttemptAsync(id, outcome, giveUpRecording.Token)).ConfigureAwait(false);
                Count(message, outcome);
            }
        }
        catch (Exception e)
        {
            // The claim runs out and the letter is tried again: better twice than never.
            DeliveryLog.NotRecorded(logger, e, id);
        }

        notification?.Octets.Dispose();
        message.Job.Octets?.Dispose();
        LetGo(message, rang: notification is not null);
    }

    private void LetGo(MessageInHand message, bool rang)
    {
        int letters;
        lock (gate)
        {
            letters = --inHand;
            if (message.Reserved >= 0)
            {
                reserved--;
                reservedOctets -= message.Reserved;
            }
            else
            {
                rang |= --claimed == MostClaimed - ClaimedAtOnce;
            }

            if (stopping && letters == 0)
            {
                allRecorded.TrySetResult();
            }
        }

        metrics.InHand(letters);
        if (rang && !stopping)
        {
            Wake();
        }
    }

    /// <summary>Writes to the store until it takes it, or until stopping leaves no more time.</summary>
    private async Task PersistAsync(Func<Task> write)
    {
        for (var wait = TimeSpan.FromSeconds(0.5); ; wait = wait < TimeSpan.FromSeconds(10) ? wait * 2 : wait)
        {
            try
            {
                await write().ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (!giveUpRecording.IsCancellationRequested)
            {
                DeliveryLog.StoreTrouble(logger, e, "take the result of a delivery", wait.TotalSeconds);
            }

            await Task.Delay(wait, time, giveUpRecording.Token).ConfigureAwait(false);
        }
    }

    private void Count(MessageInHand message, DeliveryOutcome outcome)
    {
        var since = time.GetUtcNow() - message.Job.Envelope.ReceivedAt;
        foreach (var result in outcome.Results)
        {
            switch (result.State)
            {
                case RecipientState.Delivered:
                    metrics.Delivered(since);
                    break;
                case RecipientState.Failed:
                    metrics.Failed();
                    break;
                default:
                    metrics.Deferred();
                    break;
            }
        }
    }

    /// <summary>The resolver for MX look-ups: the configured server, or the system's.</summary>
    private static LookupClient Resolver(string server)
    {
        var settings = new LookupClientOptions { UseCache = true, Timeout = TimeSpan.FromSeconds(5), Retries = 1, ThrowDnsErrors = false };
        if (server.Length > 0)
        {
            var (name, port) = HopFinder.Split(server, otherwise: 53);
            var address = IPAddress.TryParse(name, out var literal) ? literal : Dns.GetHostAddresses(name)[0];
            settings = new LookupClientOptions(new NameServer(address, port)) { UseCache = true, Timeout = TimeSpan.FromSeconds(5), Retries = 1, ThrowDnsErrors = false };
        }

        return new LookupClient(settings);
    }
}
