using System.Diagnostics;
using System.Globalization;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Benchmarks;

/// <summary>A million remembered letters: size of the database, time to learn, time to look up.</summary>
internal static class ThreadLoad
{
    /// <summary>Runs it and prints the figures. Exit code 1 where a look-up takes more than 10 ms on average.</summary>
    public static async Task<int> RunAsync(int count)
    {
        const int AtOnce = 1000;
        var folder = Directory.CreateTempSubdirectory("sekisho-threads-");
        try
        {
            var options = new SekishoOptions { Home = folder.FullName };
            await using var store = await MessageStore.OpenAsync(options, TimeProvider.System, null, CancellationToken.None);
            var file = Path.Combine(folder.FullName, "sekisho.db");
            var before = new FileInfo(file).Length;
            var clock = Stopwatch.StartNew();
            for (var at = 0; at < count; at += AtOnce)
            {
                await store.LearnThreadsAsync([.. Enumerable.Range(at, Math.Min(AtOnce, count - at)).Select(Letter)]);
            }

            var learnt = clock.Elapsed;
            using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False"))
            {
                connection.Open();
                using var command = connection.CreateCommand();
                command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
                command.ExecuteNonQuery();
            }

            var size = new FileInfo(file).Length - before;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:N0} letters: {size / 1e6:F0} MB, {(double)size / count:F0} bytes a letter, learnt in {learnt.TotalSeconds:F0} s ({learnt.TotalMicroseconds / count:F0} µs each)"));
            var slowest = 0.0;
            foreach (var (name, isKnown) in (ReadOnlySpan<(string, bool)>)[("an answer that quotes", true), ("a letter that nobody knows", false)])
            {
                var times = new List<double>();
                var found = 0;
                for (var i = 0; i < 2000; i++)
                {
                    var letter = isKnown ? Answer((int)(i * 7919L % count)) : Answer(-1 - i);
                    clock.Restart();
                    found += store.FindThreadsAsync(letter).GetAwaiter().GetResult().Threads.Count > 0 ? 1 : 0;
                    times.Add(clock.Elapsed.TotalMilliseconds);
                }

                times.Sort();
                slowest = Math.Max(slowest, times.Average());
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: found {found} of {times.Count}, {times.Average():F2} ms on average, 99 % within {times[times.Count * 99 / 100]:F2} ms"));
            }

            return slowest < 10 ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Of three letters one is ours, with 16 marks of words; the others bring 8 each.</summary>
    private static ThreadMarks Letter(int number) => new()
    {
        Letter = Mark(number, 1), Subject = Mark(number, 2), IsOutgoing = number % 3 == 0, IsOwn = number % 3 == 0,
        Words = [.. Enumerable.Range(10, 48).Select(i => Mark(number, i))], Parties = [.. Enumerable.Range(0, 2).Select(i => new ThreadParty(i == 0 ? ThreadRole.Author : ThreadRole.Other, Mark(number / 5, 100 + i), Mark(number / 20, 102), Mark(number / 5, 103 + i)))],
        Routes = number % 3 == 0 ? [] : [Mark(number / 50, 110), Mark(number / 50, 111)],
    };

    private static ThreadMarks Answer(int number) => new()
    {
        Letter = Mark(number, 200), Subject = Mark(number, 2), IsReply = true, References = [Mark(number, 1)],
        Quoted = [.. Enumerable.Range(10, 96).Select(i => Mark(number, i))], Words = [.. Enumerable.Range(300, 48).Select(i => Mark(number, i))], Parties = [new ThreadParty(ThreadRole.Author, Mark(number, 400), Mark(number, 401), 0)],
    };

    private static long Mark(int number, int kind) => (long)System.IO.Hashing.XxHash64.HashToUInt64(BitConverter.GetBytes(((long)number << 16) | (uint)kind)) | 1;
}
