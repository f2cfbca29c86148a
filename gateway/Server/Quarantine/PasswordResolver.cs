using System.Collections.Concurrent;
using Sekisho.Delivery;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Quarantine;

/// <summary>
/// Brings a letter with an encrypted attachment together with the mail that gives its password (PPAP), whichever comes first; then both go on.
/// When the time is up the letter is quarantined, and its recipients are told what to do.
/// </summary>
/// <remarks>A password mail is one of the same domain (envelope sender or From field) to one of the same recipients, within <see cref="PolicyOptions.HoldForPassword"/> before or after.</remarks>
public sealed partial class PasswordResolver(
    MessageStore store, SecondLook look, DeliveryService delivery, Spool spool, SekishoOptions options, TimeProvider time, ILogger<PasswordResolver> logger)
    : BackgroundService
{
    /// <summary>Passwords taken of all neighbours together.</summary>
    private const int MostPasswords = 140;

    /// <summary>Letters of other gateways on the same database are seen no later than this.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _ring = new(0, 1);

    /// <summary>Passwords of letters that came while one waited for them: their octets may be gone before they are looked at (KeepDeliveredDays of 0).</summary>
    private readonly ConcurrentDictionary<Guid, (DateTimeOffset At, IReadOnlyList<string> Passwords)> _heard = new();

    /// <summary>Passwords of the neighbours of each waiting letter, by neighbour, those that were tried.</summary>
    private readonly Dictionary<Guid, Dictionary<Guid, IReadOnlyList<string>>> _tried = [];

    private volatile IReadOnlyList<WaitingMessage> _waiting = [];

    /// <summary>Passwords of letters that came before the one that asks for them, likeliest first.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public async Task<IReadOnlyList<string>> BeforeAsync(Envelope envelope, MessageSummary summary)
    {
        var passwords = new List<IReadOnlyList<string>>();
        foreach (var id in await NeighboursAsync(envelope, summary, envelope.ReceivedAt - options.Policy.HoldForPassword, envelope.ReceivedAt))
        {
            passwords.Add(await PasswordsOfAsync(id, CancellationToken.None));
        }

        return Likeliest(passwords);
    }

    /// <summary>Listens to a letter on its way in: if one waits for a mail like it, its passwords are remembered. Costs nothing while none waits.</summary>
    public void Hear(Envelope envelope, Stream octets, long size)
    {
        if (size <= MessageStore.LongestPasswordMail && _heard.Count < 1000 && _waiting.Any(waiting => IsNeighbour(waiting, envelope)))
        {
            _heard[envelope.Id] = (time.GetUtcNow(), MessageReader.PasswordsIn(octets, CancellationToken.None));
        }
    }

    /// <summary>A letter was kept: one that waits begins its wait, one that may give a password is tried at once.</summary>
    public void Kept(Envelope envelope, MessageState state)
    {
        if (state == MessageState.Held || _heard.ContainsKey(envelope.Id))
        {
            Ring();
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RoundAsync(stoppingToken);
                await WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The letters are kept; nothing is lost by trying again.
                LogFailed(e);
                await Task.Delay(TimeSpan.FromSeconds(2), time, CancellationToken.None);
            }
        }
    }

    /// <summary>The likeliest of each letter first, then the second of each: a newsletter's words must not push the password mail's out.</summary>
    private static List<string> Likeliest(IReadOnlyCollection<IReadOnlyList<string>> letters) =>
        [.. Enumerable.Range(0, letters.Select(static l => l.Count).DefaultIfEmpty().Max())
            .SelectMany(rank => letters.Where(l => rank < l.Count).Select(l => l[rank])).Distinct(StringComparer.Ordinal).Take(MostPasswords)];

    private static bool IsNeighbour(WaitingMessage waiting, Envelope envelope) =>
        waiting.Envelope.Id != envelope.Id
        && waiting.Envelope.Recipients.Any(r => envelope.Recipients.Any(o => o.Address.Equals(r.Address, StringComparison.OrdinalIgnoreCase)));

    private static string DomainOf(string address)
    {
        var at = address.LastIndexOf('@');
        return at < 0 ? "" : address[(at + 1)..].Trim('>', ' ', '"').ToLowerInvariant();
    }

    private void Ring()
    {
        try
        {
            _ring.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody has already rung.
        }
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        var sleep = _waiting.Count > 0 && _waiting[0].Until - time.GetUtcNow() is var left && left < Round ? left : Round;
        if (sleep > TimeSpan.Zero)
        {
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(_ring.WaitAsync(cut.Token), Task.Delay(sleep, time, cut.Token));
            await cut.CancelAsync();
            stop.ThrowIfCancellationRequested();
        }
    }

    private async Task RoundAsync(CancellationToken stop)
    {
        var waiting = await store.WaitingAsync(stop);
        _waiting = waiting;
        foreach (var gone in _tried.Keys.Except(waiting.Select(static w => w.Envelope.Id)).ToList())
        {
            _tried.Remove(gone);
        }

        foreach (var letter in waiting)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                await ResolveAsync(letter, stop);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // One letter that cannot be looked at must not hold up those behind it.
                LogLetterFailed(e, letter.Envelope.Id);
                if (time.GetUtcNow() >= letter.Until)
                {
                    var unread = Detectors.Failed.At("message", e.Message);
                    var verdict = new Verdict(Disposition.Quarantine, unread.Kind.Weight, [unread, GatewayKinds.PasswordNeverCame.At("message", "")]);
                    await JudgeAsync(letter, new Inspected(verdict, letter.Summary, 0, SenderFacts.Unknown), "it could not be looked at again", [], stop);
                }
            }
        }

        _waiting = await store.WaitingAsync(stop);
        var oldest = time.GetUtcNow() - options.Policy.HoldForPassword;
        foreach (var (id, heard) in _heard)
        {
            if (heard.At < oldest || _waiting.Count == 0)
            {
                _heard.TryRemove(id, out _);
            }
        }
    }

    private async Task ResolveAsync(WaitingMessage letter, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var id = letter.Envelope.Id;
        var tried = _tried.TryGetValue(id, out var known) ? known : _tried[id] = [];
        var fresh = new Dictionary<Guid, IReadOnlyList<string>>();
        foreach (var neighbour in await NeighboursAsync(letter.Envelope, letter.Summary, letter.Envelope.ReceivedAt - options.Policy.HoldForPassword, now))
        {
            if (!tried.ContainsKey(neighbour))
            {
                fresh[neighbour] = _heard.TryGetValue(neighbour, out var heard) ? heard.Passwords : await PasswordsOfAsync(neighbour, stop);
            }
        }

        // Two archives may have two passwords in two mails: all that is known is tried together.
        var passwords = Likeliest([.. fresh.Values, .. tried.Values]);
        var opened = fresh.Values.Any(static p => p.Count > 0) ? await look.InspectAsync(letter.Envelope, letter.Size, passwords, stop) : null;
        foreach (var (neighbour, words) in fresh)
        {
            tried[neighbour] = words;
        }

        if (opened is { Verdict.Disposition: not Disposition.Hold })
        {
            await JudgeAsync(letter, opened, "the password came in another mail", [], stop);
        }
        else if (now >= letter.Until)
        {
            var again = await look.InspectAsync(letter.Envelope, letter.Size, passwords, stop);
            if (again.Verdict.Disposition != Disposition.Hold)
            {
                // The policy or a signature has changed meanwhile.
                await JudgeAsync(letter, again, "time is up", [], stop);
                return;
            }

            var late = again.Verdict with
            {
                Disposition = Disposition.Quarantine,
                Findings = [.. again.Verdict.Findings, GatewayKinds.PasswordNeverCame.At("message", $"{(letter.Until - letter.Envelope.ReceivedAt).TotalMinutes:0} min")],
            };
            var notices = Notices(letter, now);
            try
            {
                await JudgeAsync(letter, again with { Verdict = late }, "the password did not come", notices, stop);
            }
            finally
            {
                foreach (var notice in notices)
                {
                    notice.Octets.Dispose();
                }
            }
        }
    }

    /// <summary>Notices to the recipients in our own domains; none where they cannot be written, since the judgement must not wait for them.</summary>
    private IReadOnlyList<NewMessage> Notices(WaitingMessage letter, DateTimeOffset now)
    {
        if (!options.Quarantine.NotifyRecipients)
        {
            return [];
        }

        try
        {
            return RecipientNotice.Write(letter, IsOurs, options.Smtp.HostName, spool, now);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            LogLetterFailed(e, letter.Envelope.Id);
            return [];
        }

        bool IsOurs(string address) => options.Smtp.RelayDomains.Any(d =>
            d.StartsWith('.') ? address.EndsWith(d, StringComparison.OrdinalIgnoreCase) : address.EndsWith("@" + d, StringComparison.OrdinalIgnoreCase));
    }

    private async Task JudgeAsync(WaitingMessage letter, Inspected result, string reason, IReadOnlyList<NewMessage> notices, CancellationToken stop)
    {
        var verdict = result.Verdict;
        if (await store.JudgeAgainAsync(letter.Envelope.Id, MessageState.Held, verdict, SecondLook.StateOf(verdict), TraceHeader.Judged(letter.TraceHeader, verdict), "gateway", reason, notices, stop))
        {
            LogJudged(letter.Envelope.Id, verdict.Disposition, verdict.Score, reason);
            look.Learn(result);
            delivery.Wake();
        }
    }

    private Task<IReadOnlyList<Guid>> NeighboursAsync(Envelope envelope, MessageSummary summary, DateTimeOffset since, DateTimeOffset until)
    {
        var domain = DomainOf(envelope.Sender) is { Length: > 0 } sender ? sender : DomainOf(summary.From ?? "");
        return domain.Length == 0 ? Task.FromResult<IReadOnlyList<Guid>>([]) : store.NeighboursAsync(envelope, domain, since, until);
    }

    private async Task<IReadOnlyList<string>> PasswordsOfAsync(Guid id, CancellationToken cancel)
    {
        try
        {
            await using var stream = await store.OpenOctetsAsync(id, cancel);
            return MessageReader.PasswordsIn(stream, cancel);
        }
        catch (StoreException)
        {
            return []; // Discarded, or its time was up, in between.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "message {id} judged again: {disposition} score={score}: {reason}")]
    private partial void LogJudged(Guid id, Disposition disposition, int score, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "message {id} waits for a password and could not be looked at")]
    private partial void LogLetterFailed(Exception e, Guid id);

    [LoggerMessage(Level = LogLevel.Error, Message = "letters that wait for a password could not be looked after; tried again in 2 seconds")]
    private partial void LogFailed(Exception e);
}
