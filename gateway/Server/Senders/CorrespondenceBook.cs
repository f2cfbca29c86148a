using System.Threading.Channels;
using Microsoft.Extensions.Caching.Memory;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Senders;

/// <summary>The correspondence ledger at hand for every letter: asked before detection, taught after a letter is kept, tidied up once a day.</summary>
/// <remarks>It waits for nobody: while the store is slow or down letters are inspected without it, and what is learnt in the last second before a crash is lost.</remarks>
public sealed partial class CorrespondenceBook(MessageStore store, SekishoOptions options, TimeProvider time, ILogger<CorrespondenceBook> logger) : BackgroundService
{
    /// <summary>Recipients of one letter that are looked up.</summary>
    private const int MostRecipients = 30;

    /// <summary>Letters written at once.</summary>
    private const int Group = 1000;

    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly Channel<Exchange> _learnt = Channel.CreateBounded<Exchange>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = 20_000, CompactionPercentage = 0.1 });
    private readonly StorePatience _patience = new(time);
    private DateOnly? _since;

    /// <summary>What the ledger says of a letter that comes in; null for one that goes out, where no ledger is kept, and where it does not answer within a second.</summary>
    /// <param name="exchange">Who writes to whom.</param>
    /// <param name="cancel">Gives up altogether.</param>
    public async ValueTask<Correspondence?> RecallAsync(Exchange exchange, CancellationToken cancel)
    {
        var settings = options.Senders.Correspondence;
        if (exchange.IsOutbound || settings.KeepDays == 0)
        {
            return null;
        }

        var wanted = store.CorrespondenceRows(exchange, MostRecipients);
        return await RowsAsync(wanted, cancel) is { } rows ? Told(exchange, wanted, rows, settings.WarmUpDays) : null;
    }

    /// <summary>Whether a mailing list is one that the hospital knows; false where the ledger does not answer.</summary>
    /// <param name="list">The list.</param>
    /// <param name="envelope">Of the letter that it brings.</param>
    /// <param name="cancel">Gives up altogether.</param>
    public async ValueTask<bool> KnowsListAsync(MailingList list, Envelope envelope, CancellationToken cancel)
    {
        if (options.Senders.Correspondence.KeepDays == 0)
        {
            return false;
        }

        var row = store.CorrespondenceRow(list.Address);
        return await RowsAsync([row], cancel) is { } rows && MailingList.IsKnown(rows[row]?.Contact, DateOnly.FromDateTime(envelope.ReceivedAt.UtcDateTime));
    }

    /// <summary>Rows of the ledger, null for one that is not there; null altogether where it does not answer within a second.</summary>
    private async ValueTask<Dictionary<long, LedgerRow?>?> RowsAsync(IReadOnlyList<long> wanted, CancellationToken cancel)
    {
        var rows = new Dictionary<long, LedgerRow?>(wanted.Count);
        var now = time.GetUtcNow();
        foreach (var row in wanted)
        {
            if (_cache.TryGetValue(row, out Cached? cached) && now - cached!.At < Fresh)
            {
                rows[row] = cached.Row;
            }
        }

        if (rows.Count < wanted.Count || _since is null)
        {
            var missing = wanted.Where(row => !rows.ContainsKey(row)).Distinct().ToList();
            if (await _patience.AskAsync(stop => ReadAsync(missing, stop), LogNotAsked, cancel).ConfigureAwait(false) is not { } found)
            {
                return null;
            }

            foreach (var row in missing)
            {
                var kept = rows[row] = found.GetValueOrDefault(row);
                _cache.Set(row, new Cached(kept, now), new MemoryCacheEntryOptions { Size = 1 });
            }
        }

        return rows;
    }

    /// <summary>Takes note of a letter that goes on; comes back at once. What is too much at a time is not learnt.</summary>
    /// <param name="exchange">Who writes to whom; null for nobody.</param>
    public void Learn(Exchange? exchange)
    {
        if (exchange is { IsAutomatic: false } && options.Senders.Correspondence.KeepDays > 0)
        {
            _learnt.Writer.TryWrite(exchange);
            if (exchange.List is { } list)
            {
                _learnt.Writer.TryWrite(exchange with { Outside = [list], Route = null, List = null });
            }
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _cache.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var tidying = TidyAsync(stoppingToken);
        try
        {
            while (await _learnt.Reader.WaitToReadAsync(stoppingToken).ConfigureAwait(false))
            {
                await Task.Delay(Gathering, time, stoppingToken).ConfigureAwait(false);
                await WriteAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteAsync().ConfigureAwait(false); // The store closes after its users.
        }

        await tidying.ConfigureAwait(false);
    }

    private async Task WriteAsync()
    {
        var group = new List<Exchange>();
        while (_learnt.Reader.TryRead(out var exchange))
        {
            group.Add(exchange);
            if (group.Count < Group && _learnt.Reader.TryPeek(out _))
            {
                continue;
            }

            try
            {
                foreach (var row in await store.LearnAsync(group, CancellationToken.None).ConfigureAwait(false))
                {
                    _cache.Remove(row);
                }
            }
            catch (Exception e) // whatever it is, it must not end the gateway
            {
                if (_patience.MaySpeak())
                {
                    LogNotLearnt(e, group.Count);
                }
            }

            group.Clear();
        }
    }

    /// <summary>Forgets once a day who was silent for too long, for the first time an hour after the start.</summary>
    private async Task TidyAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(TimeSpan.FromHours(1), time, stop).ConfigureAwait(false);
            while (true)
            {
                try
                {
                    var days = options.Senders.Correspondence.KeepDays;
                    var gone = await store.ForgetSilentAsync(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-days), stop).ConfigureAwait(false);
                    if (gone > 0)
                    {
                        LogForgotten(gone);
                    }
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    LogNotForgotten(e);
                }

                await Task.Delay(TimeSpan.FromDays(1), time, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The house is closed.
        }
    }

    private async Task<IReadOnlyDictionary<long, LedgerRow>> ReadAsync(IReadOnlyList<long> missing, CancellationToken cancel)
    {
        _since ??= await store.CorrespondenceSinceAsync(cancel).ConfigureAwait(false);
        return await store.CorrespondenceAsync(missing, cancel).ConfigureAwait(false);
    }

    private Correspondence Told(Exchange exchange, IReadOnlyList<long> wanted, Dictionary<long, LedgerRow?> rows, int warmUpDays)
    {
        var (address, domain) = (rows[wanted[0]], rows[wanted[1]]);
        var signer = store.SignerMark(exchange.Route?.Signer ?? "");
        return new Correspondence
        {
            Address = exchange.Outside[0],
            Today = exchange.Day,
            IsWarmingUp = _since is not { } since || exchange.Day.DayNumber - since.DayNumber < warmUpDays,
            Contact = address?.Contact,
            Domain = domain?.Contact,
            Recipients = wanted.Count - 2,
            KnownRecipients = wanted.Skip(2).Count(row => rows[row] is not null),
            Routes = Usual(address, signer),
            DomainRoutes = Usual(domain, signer),
            Route = exchange.Route,
        };
    }

    /// <summary>The ways of a row, in the words of inspection.</summary>
    internal static IReadOnlyList<UsualRoute> Usual(LedgerRow? row, uint signer) =>
        row is null ? [] : [.. row.Routes.Select(r => new UsualRoute(r.Network, r.Proof, signer != 0 && r.Signer == signer, LedgerRow.DayOf(r.First), LedgerRow.DayOf(r.Last), r.Letters))];

    private sealed record Cached(LedgerRow? Row, DateTimeOffset At);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the correspondence ledger does not answer; letters are inspected without it")]
    private partial void LogNotAsked(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the correspondence ledger could not learn from {count} letters")]
    private partial void LogNotLearnt(Exception e, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "the correspondence ledger forgot {count} rows that were silent for too long")]
    private partial void LogForgotten(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the correspondence ledger could not be tidied up; tried again in a day")]
    private partial void LogNotForgotten(Exception e);
}
