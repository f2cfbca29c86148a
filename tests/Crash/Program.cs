// Kills the gateway under load, again and again, and counts: every letter that was answered 250 must come out, octet for octet.
// What it is for and how to run its long forms: tests/README.md.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Sekisho.Crash;

var rounds = int.Parse(Argument("--rounds") ?? "20", CultureInfo.InvariantCulture);
var seed = int.Parse(Argument("--seed") ?? Random.Shared.Next(1, 1_000_000).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
var clients = int.Parse(Argument("--clients") ?? "12", CultureInfo.InvariantCulture);
var largest = int.Parse(Argument("--largest") ?? (2 << 20).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
var drain = TimeSpan.FromSeconds(int.Parse(Argument("--drain") ?? "90", CultureInfo.InvariantCulture));
var disturbance = args.Contains("--locked") ? "locked" : args.Contains("--disk-full") ? "disk-full" : args.Contains("--postgres-restart") ? "postgres-restart" : "kill";
var engine = disturbance is "postgres-restart" ? "postgres" : Argument("--engine") ?? "sqlite";
var gateway = Argument("--gateway") ?? FindGateway();
if (engine is not ("sqlite" or "postgres") || gateway is null || args.Contains("--help"))
{
    Console.WriteLine(
        """
        Usage: Sekisho.Crash [--rounds N] [--seed N] [--clients N] [--largest OCTETS] [--drain SECONDS] [--engine sqlite|postgres] [--gateway PATH]
                             [--locked | --disk-full | --postgres-restart] [--keep]
        """);
    Console.WriteLine(gateway is null ? "No built sekisho.dll was found: build the solution first, or name it with --gateway." : "");
    return 2;
}

var work = Directory.CreateTempSubdirectory("sekisho-crash-").FullName;
var home = Path.Combine(work, "home");
Directory.CreateDirectory(home);

// PostgreSQL runs as a user of its own and must be able to pass through to its folder.
Shell("chmod", "711", work);
PostgresCluster? postgres = null;
var mounted = false;
try
{
    if (engine is "postgres")
    {
        (postgres, var reason) = await PostgresCluster.StartAsync(Path.Combine(work, "postgres"));
        if (postgres is null)
        {
            Console.WriteLine($"skipped: {reason}");
            return 0;
        }
    }

    if (disturbance is "disk-full")
    {
        mounted = Shell("mount", "-t", "tmpfs", "-o", "size=48m", "sekisho-crash", home);
        if (!mounted)
        {
            Console.WriteLine("skipped: a small disk cannot be mounted (that takes root and CAP_SYS_ADMIN)");
            return 0;
        }
    }

    return await PlayAsync();
}
finally
{
    if (postgres is not null)
    {
        await postgres.DisposeAsync();
    }

    if (mounted)
    {
        Shell("umount", "-l", home);
    }

    if (!args.Contains("--keep"))
    {
        Directory.Delete(work, recursive: true);
    }
}

async Task<int> PlayAsync()
{
    var ledger = new Ledger();
    var random = new Random(seed);
    var friendly = false;
    var stuck = false;
    await using var nextHop = new NextHop(ledger.Received, (stage, line) =>
    {
        if (stage is HopStage.Recipient && line.Contains("<never", StringComparison.Ordinal))
        {
            return HopFault.Never;
        }

        if (friendly)
        {
            return HopFault.None;
        }

        if (stuck)
        {
            return HopFault.Later;
        }

        lock (random)
        {
            // Each stage fails about once in a hundred times, one way or the other: most letters pass, and no retry is ever the last.
            return random.Next(400) switch
            {
                0 or 1 => HopFault.Later,
                2 => HopFault.Disconnect,
                3 => HopFault.Silence,
                _ => HopFault.None,
            };
        }
    });

    var settings = new
    {
        Smtp = new { HostName = "gate.test", RelayDomains = new[] { "hospital.test" }, MaxConnectionsPerAddress = 1000, MaxConnectionsPerNetwork = 1000 },
        Policy = new { QuarantineAt = 10000 },
        Store = new { Postgres = postgres?.ConnectionString ?? "", KeepDeliveredDays = disturbance is "disk-full" ? 0 : 14, MinFreeMegabytes = disturbance is "disk-full" ? 1 : 10 },
        Delivery = new
        {
            Routes = new[] { new { Domain = "*", Hosts = new[] { $"127.0.0.1:{nextHop.Port}" }, Tls = "None" } },
            RetrySchedule = new[] { "00:00:01", "00:00:02" },
            CommandTimeout = "00:00:03",
            DataDoneTimeout = "00:00:03",
            ConnectTimeout = "00:00:03",
        },
        Log = new { Level = "Warning" },
    };
    await File.WriteAllTextAsync(Path.Combine(home, "sekisho.json"), JsonSerializer.Serialize(settings, new JsonSerializerOptions { WriteIndented = true }));
    var log = Path.Combine(work, "sekisho.log");
    var (smtpPort, webPort) = (GatewayProcess.FreePort(), GatewayProcess.FreePort());
    Console.WriteLine($"{rounds} rounds of '{disturbance}' on {engine}, seed {seed}, {clients} clients, letters up to {largest} octets");

    // No kill before the first start is through: an empty home may not be left half made by us on the way to the real question.
    var process = GatewayProcess.Start(gateway, home, smtpPort, webPort, null, log);
    await process.WaitUntilReadyAsync(TimeSpan.FromSeconds(60));

    var started = Stopwatch.StartNew();
    using var stopClients = new CancellationTokenSource();
    var load = Enumerable.Range(0, clients).Select(n => Task.Run(() => new LoadClient(ledger, smtpPort, seed * 1000 + n, largest).RunAsync(stopClients.Token))).ToArray();
    var chance = new Random(seed + 1);
    var exits = 0;
    for (var round = 1; round <= rounds; round++)
    {
        switch (disturbance)
        {
            case "kill":
                await Task.Delay(chance.Next(100, 2500));
                await process.DisposeAsync();
                ledger.Killed();
                await Task.Delay(chance.Next(10, 200));
                process = GatewayProcess.Start(gateway, home, smtpPort, webPort, null, log);
                if (chance.Next(10) == 0)
                {
                    // Now and then in the middle of starting, migrations and recovery included.
                    await Task.Delay(chance.Next(0, 800));
                    await process.DisposeAsync();
                    ledger.Killed();
                    process = GatewayProcess.Start(gateway, home, smtpPort, webPort, null, log);
                }

                await process.WaitUntilReadyAsync(TimeSpan.FromSeconds(60));
                break;
            case "locked":
                await Task.Delay(chance.Next(100, 1500));
                await HoldLockAsync(TimeSpan.FromMilliseconds(chance.Next(50, 8000)));
                ledger.Killed();
                break;
            case "postgres-restart":
                await Task.Delay(chance.Next(500, 3000));
                ledger.Killed();
                await postgres!.RestartAsync();
                break;
            case "disk-full":
                // Nothing goes on: the disk fills until the gateway must say no, then it empties again.
                stuck = true;
                await Task.Delay(chance.Next(2000, 4000));
                stuck = false;
                ledger.Killed();
                await Task.Delay(chance.Next(500, 2000));
                break;
        }

        if (process.HasExited)
        {
            // A gateway that ends by itself is a fault of its own; it is started again as systemd would.
            exits++;
            Console.WriteLine($"round {round}: the gateway ended by itself; it wrote:\n{process.LogTail}");
            await process.DisposeAsync();
            process = GatewayProcess.Start(gateway, home, smtpPort, webPort, null, log);
            await process.WaitUntilReadyAsync(TimeSpan.FromSeconds(60));
        }

        if (round % 10 == 0 || round == rounds)
        {
            Console.WriteLine($"round {round}: {ledger.Letters.Count} letters begun, {ledger.Letters.Count(letter => letter.Accepted)} answered 250, {ledger.Progress} came out");
        }
    }

    await stopClients.CancelAsync();
    await Task.WhenAll(load);
    friendly = true;
    if (disturbance is "disk-full")
    {
        // The operator makes room.
        Shell("mount", "-o", "remount,size=2g", home);
    }

    // One last time from what is on disk alone.
    await process.DisposeAsync();
    ledger.Killed();
    process = GatewayProcess.Start(gateway, home, smtpPort, webPort, null, log);
    await process.WaitUntilReadyAsync(TimeSpan.FromSeconds(60));
    var (lastProgress, lastChange, nextRelease, released) = (-1L, Stopwatch.StartNew(), Stopwatch.StartNew(), 0);
    while (ledger.Missing().Count > 0 && lastChange.Elapsed < drain)
    {
        await Task.Delay(200);
        if (ledger.Progress != lastProgress)
        {
            lastProgress = ledger.Progress;
            lastChange.Restart();
        }

        if (nextRelease.Elapsed > TimeSpan.FromSeconds(3))
        {
            released += await ReleaseAsync();
            nextRelease.Restart();
        }
    }

    // Whatever is still on its way is a second copy: let it come.
    await Task.Delay(2000);
    await process.DisposeAsync();

    var missing = ledger.Missing();
    var (explained, unexplained) = ledger.Duplicates();
    var letters = ledger.Letters;
    var accepted = letters.Count(letter => letter.Accepted);
    var unanswered = letters.Count(letter => !letter.Accepted && !letter.Refused);
    var refusedYetSent = letters.Count(letter => letter.Refused && !letter.Arrivals.IsEmpty);
    Console.WriteLine(
        $"""

        disturbed                                  {rounds} times ({disturbance}, {engine}), {started.Elapsed.TotalSeconds:0} s
        letters begun                              {letters.Count}
        answered 250                               {accepted}
        refused 4xx/5xx at their end               {letters.Count(letter => letter.Refused)}
        without an answer                          {unanswered} (of these came out: {letters.Count(letter => !letter.Accepted && !letter.Refused && !letter.Arrivals.IsEmpty)})
        answered 4xx/5xx and came out all the same {refusedYetSent}
        bounces for recipients refused for good    {letters.Sum(letter => letter.Bounces)}
        quarantined in a crash, released           {released}
        second copies, explained                   {explained}
        second copies, unexplained                 {unexplained.Count}
        damaged                                    {ledger.Damaged.Count}
        gateway ended by itself                    {exits}
        LOST                                       {missing.Count}
        """);
    Show("lost", missing);
    Show("damaged", ledger.Damaged);
    Show("copied without reason", unexplained);
    var good = missing.Count == 0 && ledger.Damaged.Count == 0 && unexplained.Count == 0 && exits == 0 && accepted > 0;
    Console.WriteLine(good ? "kept every promise" : $"BROKEN PROMISES (seed {seed}); run again with --keep for home and log");
    if (!good && args.Contains("--keep"))
    {
        Console.WriteLine($"home and log are in {work}");
    }

    return good ? 0 : 1;
}

async Task HoldLockAsync(TimeSpan time)
{
    var file = Path.Combine(home, "sekisho.db");
    await using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=30");
    await connection.OpenAsync();
    await using var command = connection.CreateCommand();
    command.CommandText = "BEGIN EXCLUSIVE";
    await command.ExecuteNonQueryAsync();
    await Task.Delay(time);
    command.CommandText = "ROLLBACK";
    await command.ExecuteNonQueryAsync();
}

// Letters that two crashes in a row caught under inspection are quarantined unread, as they should be; an admin then lets them go.
async Task<int> ReleaseAsync()
{
    var (code, output) = await GatewayProcess.RunAsync(gateway!, "quarantine", "list", "--home", home, "--json");
    if (code != 0)
    {
        return 0;
    }

    var released = 0;
    foreach (var id in Regex.Matches(output, "\"id\"\\s*:\\s*\"([0-9a-fA-F-]{32,36})\"", RegexOptions.IgnoreCase).Select(match => match.Groups[1].Value).Distinct())
    {
        var (done, said) = await GatewayProcess.RunAsync(gateway!, "quarantine", "release", id, "--home", home, "--json");
        released += done == 0 ? 1 : 0;
        if (done != 0)
        {
            Console.WriteLine($"quarantine release {id} ended with {done}: {said}");
        }
    }

    return released;
}

void Show(string what, IReadOnlyCollection<string> lines)
{
    foreach (var line in lines.Take(20))
    {
        Console.WriteLine($"{what}: {line}");
    }
}

string? Argument(string name)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}

// Beside this program's own build: the same configuration of gateway/Server.
static string? FindGateway()
{
    var configuration = AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";
    for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
    {
        if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
        {
            var built = Path.Combine(folder.FullName, "gateway", "Server", "bin", configuration, "net10.0", "sekisho.dll");
            return File.Exists(built) ? built : null;
        }
    }

    return null;
}

static bool Shell(string program, params string[] arguments)
{
    try
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
    catch (System.ComponentModel.Win32Exception)
    {
        return false;
    }
}
