using System.Diagnostics;
using System.Globalization;
using System.Net;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Benchmarks;

/// <summary>A correspondence ledger of millions of pairs: time to learn, size of the database, time to look up.</summary>
internal static class LedgerLoad
{
    private const int Lookups = 20_000;

    /// <summary>Runs it and prints the figures. Exit code 1 where one misses its mark.</summary>
    /// <param name="pairs">Pairs of an outside and an inside address.</param>
    /// <param name="postgres">A connection string of an empty database; empty for SQLite.</param>
    public static async Task<int> RunAsync(int pairs, string postgres)
    {
        var home = Directory.CreateTempSubdirectory("sekisho-ledger-").FullName;
        try
        {
            var options = new SekishoOptions { Home = home, Store = { Postgres = postgres } };
            using var spool = new Spool(Path.Combine(home, "spool"));
            var store = await MessageStore.OpenAsync(options, spool, TimeProvider.System, CancellationToken.None);
            try
            {
                // Each outside address writes to 1 to 4 of 2,000 people, so that on average 2.5 pairs share an address, and 20 addresses a domain.
                var outsiders = pairs * 2 / 5;
                var clock = Stopwatch.StartNew();
                for (var from = 0; from < outsiders; from += 1000)
                {
                    await store.LearnAsync([.. Enumerable.Range(from, Math.Min(1000, outsiders - from)).Select(Letter)]);
                    if (from % (outsiders / 1000 / 10 * 1000 + 1000) == 0)
                    {
                        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {from * 5L / 2:N0} pairs after {clock.Elapsed.TotalSeconds:F0} s"));
                    }
                }

                var learnt = clock.Elapsed;
                var ages = postgres.Length > 0 ? [] : Directory.GetFiles(home, "sekisho.db*");
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pairs:N0} pairs of {outsiders:N0} addresses learnt in {learnt.TotalSeconds:F0} s ({outsiders / learnt.TotalSeconds:N0} letters/s)"));

                var (hit, allHit) = await AskAsync(i => Letter((int)(i * 2_654_435_761L % outsiders)), true);
                var (miss, allMiss) = await AskAsync(i => Letter(outsiders + i), false);
                if (!allHit || !allMiss)
                {
                    Console.WriteLine("wrong answers");
                    return 1;
                }

                await store.DisposeAsync();
                var octets = ages.Where(File.Exists).Sum(f => new FileInfo(f).Length);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"database {(postgres.Length > 0 ? "(ask the server)" : $"{octets / 1e6:F0} MB, {octets / (double)pairs:F0} octets a pair")}"));
                return hit < 1000 && miss < 1000 && octets < 1.5e9 * pairs / 5_000_000 ? 0 : 1;

                async Task<(double P99, bool Right)> AskAsync(Func<int, Exchange> letter, bool known)
                {
                    var times = new double[Lookups];
                    var right = true;
                    for (var i = 0; i < Lookups; i++)
                    {
                        var exchange = letter(i);
                        var start = Stopwatch.GetTimestamp();
                        var rows = store.CorrespondenceRows(exchange, 30);
                        var found = await store.CorrespondenceAsync(rows);
                        times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
                        right &= found.ContainsKey(rows[0]) == known && (!known || found.ContainsKey(rows[2]));
                    }

                    Array.Sort(times);
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"look-up of {(known ? "correspondents" : "strangers")}: median {times[Lookups / 2]:F0} µs, p99 {times[Lookups * 99 / 100]:F0} µs, longest {times[^1]:F0} µs"));
                    return (times[Lookups * 99 / 100], right);
                }
            }
            finally
            {
                await store.DisposeAsync();
            }
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    /// <summary>The letter of one outside address, whose domain and network follow from its number.</summary>
    private static Exchange Letter(int outsider)
    {
        var random = new Random(outsider);
        var domain = outsider / 20;
        return new Exchange(
            false, [$"person{outsider}@clinic{domain}.example"], [.. Enumerable.Range(0, 1 + (outsider % 4)).Select(i => $"staff{(random.Next(500) * 4) + i}@hospital.example")],
            new DateOnly(2026, 1, 1).AddDays(outsider % 300))
        {
            Route = new SenderRoute(SenderRoute.NetworkOf(new IPAddress([198, 18, (byte)domain, 1])), RouteProof.Author | RouteProof.Dkim, $"clinic{domain}.example"),
        };
    }
}
