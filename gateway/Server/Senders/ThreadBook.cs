using System.Net;
using System.Threading.Channels;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Senders;

/// <summary>The memory of conversations: learns from letters that were delivered, and says to which a new one belongs. A store that is silent never stops a letter.</summary>
/// <param name="store">Where it is kept.</param>
/// <param name="options">The settings.</param>
/// <param name="household">Whose gateway this is, at this moment.</param>
/// <param name="signatures">The lists, at this moment.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of a store that does not answer.</param>
public sealed partial class ThreadBook(
    MessageStore store, SekishoOptions options, Func<Household> household, Func<SignatureSet> signatures, TimeProvider time, ILogger<ThreadBook> logger) : BackgroundService
{
    /// <summary>Letters written down in one piece of work: those that come in wait behind it.</summary>
    private const int MostAtOnce = 8;

    private static readonly TimeSpan ForgetEvery = TimeSpan.FromMinutes(10);

    private readonly Channel<ThreadMarks> _learning = Channel.CreateBounded<ThreadMarks>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly StorePatience _patience = new(time);
    private readonly Lock _counting = new();
    private DateTimeOffset _day;
    private int _today;
    private long _since = long.MaxValue; // UTC ticks of the oldest memory
    private int _slice;

    /// <summary>What is remembered of the conversations that a letter belongs to.</summary>
    /// <param name="message">The opened letter; read before this returns.</param>
    /// <param name="client">Who really sent it, where a border server tells; null for the SMTP client.</param>
    /// <param name="cancel">Gives up altogether.</param>
    /// <returns>Null where nothing is remembered, or the store does not answer within a second. The conversations are empty while the memory only learns.</returns>
    public Task<ThreadFacts?> AskAsync(InboundMessage message, IPAddress? client, CancellationToken cancel)
    {
        var house = household();
        return options.Senders.Threads.Remember && house.OwnDomains.Count > 0 && ThreadMarks.Of(message, house, signatures().List("free-mailers"), store.ThreadKey, client) is { } marks
            ? AskAsync(marks, cancel)
            : Task.FromResult<ThreadFacts?>(null);
    }

    /// <summary>Learns from a letter once it is kept; only from one that is delivered and was not found to be stolen. Never waits.</summary>
    /// <param name="facts">What <see cref="AskAsync(InboundMessage, IPAddress, CancellationToken)"/> said.</param>
    /// <param name="verdict">What became of it.</param>
    public void Learn(ThreadFacts? facts, Verdict verdict)
    {
        if (facts is null || verdict.Disposition != Disposition.Deliver
            || verdict.Findings.Any(f => f.Kind.Code.StartsWith("STOLEN_THREAD", StringComparison.Ordinal) || f.Kind.Code == "THREAD_REPLY_WITHOUT_REFERENCE"))
        {
            return;
        }

        lock (_counting)
        {
            var now = time.GetUtcNow();
            if (now - _day >= TimeSpan.FromDays(1))
            {
                (_day, _today) = (now, 0);
            }

            if (++_today > options.Senders.Threads.LettersADay)
            {
                return;
            }
        }

        _learning.Writer.TryWrite(facts.Letter);
    }

    /// <summary>Writes down what waits to be learnt. For tests, and on the way out.</summary>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    internal async Task WriteDownAsync(CancellationToken cancel)
    {
        var batch = new List<ThreadMarks>(MostAtOnce);
        do
        {
            batch.Clear();
            while (batch.Count < MostAtOnce && _learning.Reader.TryRead(out var marks))
            {
                batch.Add(marks);
            }

            if (batch.Count > 0 && await store.LearnThreadsAsync(batch, cancel) > 0 && Volatile.Read(ref _since) == long.MaxValue)
            {
                await ReadSinceAsync(cancel);
            }
        }
        while (batch.Count == MostAtOnce);
    }

    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await QuietlyAsync(ReadSinceAsync, cancellationToken); // before the door opens
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await QuietlyAsync(WriteDownAsync, cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var forgotten = time.GetTimestamp();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    if (Volatile.Read(ref _since) == long.MaxValue)
                    {
                        await ReadSinceAsync(stoppingToken);
                    }

                    var (more, round) = (_learning.Reader.WaitToReadAsync(stoppingToken).AsTask(), Task.Delay(ForgetEvery, time, stoppingToken));
                    await Task.WhenAny(more, round);
                    stoppingToken.ThrowIfCancellationRequested();
                    await WriteDownAsync(stoppingToken);
                    if (time.GetElapsedTime(forgotten) >= ForgetEvery)
                    {
                        forgotten = time.GetTimestamp();
                        await ForgetAsync(stoppingToken);
                    }

                    // Letters of a moment go into one transaction.
                    await Task.Delay(TimeSpan.FromMilliseconds(200), time, stoppingToken);
                }
                catch (Exception e) when (e is not OperationCanceledException) // what was to be learnt is lost, the gateway is not
                {
                    if (_patience.MaySpeak())
                    {
                        LogSilent(e.Message);
                    }

                    await Task.Delay(TimeSpan.FromSeconds(5), time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The house is closed.
        }
    }

    /// <summary>Forgets what is too old, a slice at a time: all of it within about a week.</summary>
    internal async Task ForgetAsync(CancellationToken cancel)
    {
        await store.ForgetThreadsAsync(time.GetUtcNow() - options.Senders.Threads.Retention, _slice, cancel);
        _slice = (_slice + 1) % MessageStore.ThreadSlices;
    }

    private async Task<ThreadFacts?> AskAsync(ThreadMarks marks, CancellationToken cancel)
    {
        if (time.GetUtcNow().UtcTicks - Volatile.Read(ref _since) < options.Senders.Threads.LearnFirst.Ticks)
        {
            return new ThreadFacts(marks, store.ThreadKey, []);
        }

        return await _patience.AskAsync(stop => store.FindThreadsAsync(marks, stop), e => LogSilent(e.Message), cancel);
    }

    private async Task QuietlyAsync(Func<CancellationToken, Task> work, CancellationToken cancel)
    {
        try
        {
            await work(cancel);
        }
        catch (StoreException e)
        {
            LogSilent(e.Message);
        }
    }

    private async Task ReadSinceAsync(CancellationToken cancel)
    {
        if (await store.ThreadsSinceAsync(cancel) is { } since)
        {
            Volatile.Write(ref _since, since.UtcTicks);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "the memory of conversations does not answer, letters go on without it: {reason}")]
    private partial void LogSilent(string reason);
}
