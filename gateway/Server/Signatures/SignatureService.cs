using System.Security.Cryptography;
using System.Text;
using Prometheus;
using Sekisho.Inspection.Signatures;
using Sekisho.Options;

namespace Sekisho.Signatures;

/// <summary>Holds the signatures in force, and reads them anew when their files change or SIGHUP comes.</summary>
/// <remarks>
/// Letters take <see cref="Current"/> once and keep what they took: a new set is made beside the old one and swapped whole, and no letter waits for it.
/// The old one is freed when the last letter has let go of it.
/// </remarks>
public sealed partial class SignatureService : BackgroundService
{
    private static readonly Gauge Rules = Metrics.CreateGauge("sekisho_signature_rules", "YARA rules in force.");
    private static readonly Gauge Indicators = Metrics.CreateGauge("sekisho_signature_indicators", "Known indicators in force.");
    private static readonly Gauge Faults = Metrics.CreateGauge("sekisho_signature_faults", "Signature files that were left out.");

    private readonly SekishoOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SignatureService> _logger;
    private readonly Lock _reading = new();
    private volatile SignatureSet _current;
    private string _stamp;
    private TimeSpan _yaraTimeout;

    /// <summary>Reads the signatures for the first time.</summary>
    public SignatureService(SekishoOptions options, TimeProvider time, ILogger<SignatureService> logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _current = SignatureSet.Empty;
        _stamp = "";
        Reload();
    }

    /// <summary>The signatures in force.</summary>
    public SignatureSet Current => _current;

    /// <summary>Reads all files anew. Where they cannot be read, or no rule of theirs can be used, the old ones stay in force, and the log says why.</summary>
    public void Reload()
    {
        lock (_reading)
        {
            var started = _time.GetTimestamp();
            var settings = _options.Signatures;
            try
            {
                _stamp = Stamp();
                var fresh = settings.Load(_options.Home);
                var before = _current;
                foreach (var fault in fresh.Faults)
                {
                    LogFault(fault.File, fault.Reason);
                }

                if (fresh.Yara.Rules.Count == 0 && before.Yara.Rules.Count > 0 && fresh.Faults.Count > 0)
                {
                    LogKept(before.Generation, "none of the YARA rules can be used any more");
                    return;
                }

                // The same again keeps what was remembered of letters. A file that can no longer be read, or can again, may leave the content as it was.
                if (fresh.Generation != before.Generation || !fresh.Faults.SequenceEqual(before.Faults) || fresh.Yara.Fault != before.Yara.Fault || settings.YaraTimeout != _yaraTimeout)
                {
                    _current = fresh;
                    _yaraTimeout = settings.YaraTimeout;
                }

                Rules.Set(_current.Yara.Rules.Count);
                Indicators.Set(_current.Indicators.Count);
                Faults.Set(fresh.Faults.Count);
                LogRead(_current.Generation, _current.Yara.Rules.Count, _current.Indicators.Count, fresh.Faults.Count, _time.GetElapsedTime(started).TotalMilliseconds);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (ReferenceEquals(_current, SignatureSet.Empty))
                {
                    // No letter may pass unlooked at: what the program brings is always there.
                    _current = SignatureSet.Shipped;
                    LogShippedOnly(_current.Generation, e.Message);
                }
                else
                {
                    LogKept(_current.Generation, e.Message);
                }
            }
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var seen = _stamp;
        using var timer = new PeriodicTimer(_options.Signatures.PollInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                timer.Period = _options.Signatures.PollInterval;
                try
                {
                    // A file that is still being written changes until the next look.
                    var stamp = Stamp();
                    if (stamp != _stamp && stamp == seen)
                    {
                        Reload();
                    }

                    seen = stamp;
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // Whatever it is, it must not end the gateway.
                    LogKept(_current.Generation, e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The house is closed.
        }
    }

    /// <summary>What changes when a file does: paths, lengths and times of all files that are read, and where links lead. Other generations are not looked at.</summary>
    private string Stamp()
    {
        var names = new StringBuilder();
        foreach (var folder in _options.Signatures.All(_options.Home))
        {
            names.Append(folder).Append('\0').Append(new FileInfo(folder).LinkTarget).Append('\n');
            foreach (var room in SignatureHome.Rooms)
            {
                Stamp(new DirectoryInfo(Path.Combine(folder, room)), names);
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(names.ToString())));
    }

    private static void Stamp(DirectoryInfo room, StringBuilder names)
    {
        try
        {
            if (room.Exists)
            {
                foreach (var file in room.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 8, AttributesToSkip = 0 }).OrderBy(f => f.FullName, StringComparer.Ordinal))
                {
                    names.Append(file.FullName).Append('\0').Append(file.Length).Append('\0').Append(file.LastWriteTimeUtc.Ticks).Append('\n');
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is a fault of the set; that it can be read again is a change.
            names.Append(e.Message).Append('\n');
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "signatures {generation}: {rules} YARA rules, {indicators} indicators, {faults} files left out, read in {ms:0} ms")]
    private partial void LogRead(string generation, int rules, int indicators, int faults, double ms);

    [LoggerMessage(Level = LogLevel.Warning, Message = "signature file {file} is left out: {reason}")]
    private partial void LogFault(string file, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "only the shipped signatures {generation} are in force, the others cannot be read: {reason}")]
    private partial void LogShippedOnly(string generation, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "signatures {generation} stay in force: {reason}")]
    private partial void LogKept(string generation, string reason);
}
