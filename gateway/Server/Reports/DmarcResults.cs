using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Reports;

/// <summary>Counts what DMARC says of letters that come in, and has reports about each day sent on the next one. Nothing of it happens unless <see cref="SendReportsOptions.Enabled"/>.</summary>
/// <remarks>It waits for nobody: what is too much at a time, or comes in the last second before a crash, is not counted.</remarks>
public sealed partial class DmarcResults(MessageStore store, ReportSender sender, SekishoOptions options, TimeProvider time, ILogger<DmarcResults> logger) : BackgroundService
{
    /// <summary>Rows of one day; what is alike goes on being counted beyond that, what is new is not. Looked at once a minute.</summary>
    internal const int MostRows = 200_000;

    /// <summary>Days that a report may wait in vain, for DNS or because nobody sent it.</summary>
    private const int DaysKept = 3;

    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Round = TimeSpan.FromHours(1);
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Channel<DmarcResultRow> _heard = Channel.CreateBounded<DmarcResultRow>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private (DateOnly Day, DateTimeOffset Until, bool Full) _room;
    private DateTimeOffset _quietUntil;

    /// <summary>A letter was kept or refused: it is counted soon. Never waits.</summary>
    /// <param name="envelope">What SMTP said.</param>
    /// <param name="facts">What was found out about its sender.</param>
    /// <param name="verdict">What became of it.</param>
    public void Hear(Envelope envelope, SenderFacts facts, Verdict verdict)
    {
        if (options.Senders.SendReports.Enabled && facts.Dmarc is not null && !IsAboutReports(envelope) && LetterResult.Of(envelope, facts, verdict) is { } row)
        {
            _heard.Writer.TryWrite(row);
        }
    }

    /// <summary>When the reports about the day before go out: from 10 minutes to 5 hours after midnight, by the gateway's name, so that not all gateways of the world write at once.</summary>
    /// <param name="hostName">The gateway's name.</param>
    internal static TimeSpan AfterMidnight(string hostName) =>
        TimeSpan.FromMinutes(10 + (BitConverter.ToUInt16(SHA256.HashData(Encoding.UTF8.GetBytes(hostName))) % 290));

    /// <summary>When to look for reports next.</summary>
    internal static DateTimeOffset NextRound(DateTimeOffset now, TimeSpan afterMidnight)
    {
        var due = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) + afterMidnight;
        return now < due ? due : (now + Round).UtcDateTime.Date == now.UtcDateTime.Date ? now + Round : due.AddDays(1);
    }

    /// <summary>Writes down what waits to be counted. For tests, and on the way out.</summary>
    internal async Task WriteDownAsync()
    {
        var counted = new Dictionary<DmarcResultRow, int>();
        while (_heard.Reader.TryRead(out var row))
        {
            counted[row] = counted.GetValueOrDefault(row) + 1;
        }

        if (counted.Count == 0)
        {
            return;
        }

        try
        {
            await store.CountResultsAsync(counted, await IsFullAsync(counted.Keys.Max(static r => r.Day)).ConfigureAwait(false), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) // whatever it is, it must not end the gateway
        {
            if (MaySpeak())
            {
                LogNotCounted(e, counted.Values.Sum());
            }
        }
    }

    /// <summary>Sends what is due about the days before today, and forgets what was never sent.</summary>
    internal async Task SendDueAsync(CancellationToken cancel)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (options.Senders.SendReports.Enabled)
        {
            for (var day = today.AddDays(-DaysKept); day < today; day = day.AddDays(1))
            {
                await sender.SendAsync(day, "gateway", null, cancel).ConfigureAwait(false);
            }
        }

        if (await store.ForgetResultsAsync(today.AddDays(-DaysKept), cancel).ConfigureAwait(false) is > 0 and var gone)
        {
            LogForgotten(gone);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var sending = SendDailyAsync(stoppingToken);
        try
        {
            while (await _heard.Reader.WaitToReadAsync(stoppingToken).ConfigureAwait(false))
            {
                await Task.Delay(Gathering, time, stoppingToken).ConfigureAwait(false);
                await WriteDownAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteDownAsync().ConfigureAwait(false); // The store closes after its users.
        }

        await sending.ConfigureAwait(false);
    }

    private async Task SendDailyAsync(CancellationToken stop)
    {
        var afterMidnight = AfterMidnight(options.Smtp.HostName);
        try
        {
            while (true)
            {
                var now = time.GetUtcNow();
                await Task.Delay(NextRound(now, afterMidnight) - now, time, stop).ConfigureAwait(false);
                try
                {
                    await SendDueAsync(stop).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    LogNotSent(e);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The house is closed.
        }
    }

    /// <summary>Reports that others send us, and what comes back of ours: who reported about these would have to report for ever.</summary>
    private bool IsAboutReports(Envelope envelope) => envelope.Recipients.All(r =>
        (envelope.Sender.Length == 0 && r.Address.Equals(options.Senders.SendReports.From, StringComparison.OrdinalIgnoreCase))
        || options.Senders.ReportAddresses.Exists(a => a.Equals(r.Address, StringComparison.OrdinalIgnoreCase)));

    private async Task<bool> IsFullAsync(DateOnly day)
    {
        var now = time.GetUtcNow();
        if (day != _room.Day || now >= _room.Until)
        {
            var full = await store.ResultRowsAsync(day).ConfigureAwait(false) >= MostRows;
            if (full && !(_room.Full && _room.Day == day))
            {
                LogFull(MostRows);
            }

            _room = (day, now + TimeSpan.FromMinutes(1), full);
        }

        return _room.Full;
    }

    private bool MaySpeak()
    {
        var now = time.GetUtcNow();
        if (now < _quietUntil)
        {
            return false;
        }

        _quietUntil = now + Quiet;
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "what DMARC says of {count} letters could not be counted for the reports")]
    private partial void LogNotCounted(Exception e, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "today's DMARC reports have {count} lines: senders that are new today are left out of them")]
    private partial void LogFull(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{count} lines of DMARC reports were forgotten: nobody could send them within three days")]
    private partial void LogForgotten(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "DMARC reports could not be sent; tried again within the hour")]
    private partial void LogNotSent(Exception e);
}
