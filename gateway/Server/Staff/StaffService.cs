using Prometheus;
using Sekisho.Options;

namespace Sekisho.Staff;

/// <summary>Reads the directory in rounds, and keeps what it said in force while it is down.</summary>
public sealed partial class StaffService : BackgroundService
{
    /// <summary>How soon a directory that was not reached is tried again. Other faults wait for the next round: with a wrong password tried too often, Active Directory locks the account.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SayAgainAfter = TimeSpan.FromHours(1);
    private static readonly Gauge Entries = Metrics.CreateGauge("sekisho_directory_members", "People, groups and mailboxes known of the directory.");
    private static readonly Gauge ReadAt = Metrics.CreateGauge("sekisho_directory_read_timestamp_seconds", "When the directory was last read; 0 for never.");
    private static readonly Gauge Failing = Metrics.CreateGauge("sekisho_directory_failing", "1 while the directory cannot be read.");

    private readonly SekishoOptions _options;
    private readonly HouseholdBook _book;
    private readonly TimeProvider _time;
    private readonly ILogger<StaffService> _logger;
    private volatile DirectoryRecord _record = DirectoryRecord.Empty;
    private DateTimeOffset _next = DateTimeOffset.MinValue;
    private (string? Fault, DateTimeOffset At) _said;
    private DateTime _stamp;
    private volatile bool _hurry;

    /// <summary>Takes what was kept of the directory, so that a start does not wait for it.</summary>
    public StaffService(SekishoOptions options, HouseholdBook book, TimeProvider time, ILogger<StaffService> logger)
    {
        (_options, _book, _time, _logger) = (options, book, time, logger);
        Load();
    }

    /// <summary>What is known of the directory now.</summary>
    public DirectoryRecord Record => _record;

    /// <summary>Whether an address is somebody's: true, false, or null while that cannot be said, for the directory was never read, or not of late.</summary>
    /// <param name="address">In any case.</param>
    public bool? Knows(string address) =>
        _book.Current.Staff.At(address).Count > 0 ? true
        : _options.Staff.Servers.Count == 0 || _record.IsFresh(_time.GetUtcNow(), _options.Staff.RefreshEvery) ? false
        : null;

    /// <summary>Takes other settings: the directory is read at the next tick.</summary>
    public void Reload()
    {
        if (_options.Staff.Servers.Count == 0)
        {
            Take(DirectoryRecord.Empty);
        }

        _hurry = true;
    }

    /// <summary>Reads the directory now.</summary>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        var settings = _options.Staff;
        var before = _record;
        var fresh = await before.RefreshAsync(settings, believe: false, _time, cancel);
        Take(fresh);
        var now = _time.GetUtcNow();
        if (fresh.Fault is null)
        {
            _next = now + settings.RefreshEvery;
            if (before.FailingSince is not null || before.ReadAt is null || before.Members.Count != fresh.Members.Count)
            {
                LogRead(fresh.Server, fresh.Members.Count, fresh.Entries);
            }

            _said = default;
        }
        else
        {
            _next = now + (fresh.Kind is DirectoryFault.Unreachable or DirectoryFault.Silent or DirectoryFault.Refused ? RetryAfter : settings.RefreshEvery);
            if (_said.Fault != fresh.Fault || now - _said.At >= SayAgainAfter)
            {
                _said = (fresh.Fault, now);
                LogFailing(fresh.Fault, fresh.FailingSince ?? now, fresh.Members.Count, fresh.ReadAt is { } read ? $"read {read:u}" : "never read");
            }
        }

        try
        {
            fresh.Save(_options.Home);
            _stamp = Stamp();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(e.Message);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Tick, _time);
        try
        {
            do
            {
                try
                {
                    if (_options.Staff.Servers.Count > 0)
                    {
                        // The command line read it, too: what an admin believed holds here.
                        if (Stamp() != _stamp)
                        {
                            Load();
                        }

                        if (_hurry || _time.GetUtcNow() >= _next)
                        {
                            _hurry = false;
                            await RefreshAsync(stoppingToken);
                        }
                    }
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // Whatever it is, it must not end the gateway.
                    _next = _time.GetUtcNow() + RetryAfter;
                    LogFailing(e.Message, _record.FailingSince ?? _time.GetUtcNow(), _record.Members.Count, _record.ReadAt is { } read ? $"read {read:u}" : "never read");
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The house is closed.
        }
    }

    private void Load()
    {
        try
        {
            _stamp = Stamp();
            Take(DirectoryRecord.Load(_options));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            LogNotLoaded(e.Message);
        }
    }

    private void Take(DirectoryRecord record)
    {
        if (!ReferenceEquals(record.Members, _record.Members))
        {
            _book.Directory = record.Members;
        }

        _record = record;
        Entries.Set(record.Members.Count);
        ReadAt.Set(record.ReadAt?.ToUnixTimeSeconds() ?? 0);
        Failing.Set(record.Fault is null ? 0 : 1);
    }

    private DateTime Stamp() => File.GetLastWriteTimeUtc(DirectoryRecord.FileIn(_options.Home));

    [LoggerMessage(Level = LogLevel.Information, Message = "directory: {members} people, groups and mailboxes of {entries} entries read from {server}")]
    private partial void LogRead(string? server, int members, int entries);

    [LoggerMessage(Level = LogLevel.Warning, Message = "directory: failing since {since:u}: {fault}. {members} people, {read}, stay in force")]
    private partial void LogFailing(string fault, DateTimeOffset since, int members, string read);

    [LoggerMessage(Level = LogLevel.Error, Message = "directory: what was read is in force, but cannot be kept for the next start: {reason}")]
    private partial void LogNotKept(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "directory: what was kept cannot be used: {reason}")]
    private partial void LogNotLoaded(string reason);
}
