using System.Security.Cryptography;
using Sekisho.Inspection.Senders;

namespace Sekisho.Store;

// Conversations, by hashes under a secret key.
public sealed partial class MessageStore
{
    /// <summary>Into how many slices the marks are cut for <see cref="ForgetThreadsAsync"/>.</summary>
    public const int ThreadSlices = 1024;

    private const int AskedAtOnce = 16;

    /// <summary>Rows read through in one question.</summary>
    private const int ReadAtOnce = 1_000_000;

    /// <summary>Bits of a thread's name that are chance.</summary>
    private const int ThreadChance = 20;

    /// <summary>The secret that conversations are remembered under; the same in all gateways of a store, and for as long as it lives.</summary>
    public ThreadKey ThreadKey => _threadKey;

    /// <summary>What is remembered of the conversations that a letter belongs to.</summary>
    /// <param name="letter">Its marks.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<ThreadFacts> FindThreadsAsync(ThreadMarks letter, CancellationToken cancel = default) =>
        _database.ReadAsync(async session => (await RecallAsync(session, letter, cancel).ConfigureAwait(false)).Known, cancel);

    /// <summary>Remembers letters; those that there is nothing to remember of are left out.</summary>
    /// <param name="letters">At most a few hundred: they are one transaction.</param>
    /// <param name="cancel">Gives up while the writer has not taken it up.</param>
    /// <returns>How many were remembered.</returns>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public Task<int> LearnThreadsAsync(IReadOnlyList<ThreadMarks> letters, CancellationToken cancel = default) => _writer.RunAsync(
        async session =>
        {
            var learnt = 0;
            foreach (var letter in letters)
            {
                var (rows, known) = await RecallAsync(session, letter, CancellationToken.None).ConfigureAwait(false);
                if (ThreadMatch.Learn(letter, rows, known) is { } lesson)
                {
                    await KeepAsync(session, lesson).ConfigureAwait(false);
                    learnt++;
                }
            }

            return learnt;
        },
        letters.Count * 2000L,
        cancel: cancel);

    /// <summary>When the oldest conversation began that is remembered; null for none.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<DateTimeOffset?> ThreadsSinceAsync(CancellationToken cancel = default) => _database.ReadAsync<DateTimeOffset?>(
        async session => await session.ScalarAsync("SELECT MIN(thread) FROM thread_party").ConfigureAwait(false) is long first ? DateTimeOffset.FromUnixTimeMilliseconds(first >> ThreadChance) : null,
        cancel);

    /// <summary>Forgets conversations that began before a time: who took part in them, and the marks of one slice.</summary>
    /// <param name="before">The time.</param>
    /// <param name="slice">0 to <see cref="ThreadSlices"/> - 1; all are to be taken in turn.</param>
    /// <param name="cancel">Gives up while the writer has not taken it up.</param>
    /// <returns>How many rows that ended.</returns>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public Task<int> ForgetThreadsAsync(DateTimeOffset before, int slice, CancellationToken cancel = default) => _writer.RunAsync(
        async session =>
        {
            var end = Math.Max(0, before.ToUnixTimeMilliseconds()) << ThreadChance;
            var first = long.MinValue + (slice * (long)(ulong.MaxValue / ThreadSlices + 1));
            return await session.ExecuteAsync(
                    "DELETE FROM thread_mark WHERE mark >= @first AND mark <= @last AND thread < @end",
                    Value.Number("first", first), Value.Number("last", first + (long)(ulong.MaxValue / ThreadSlices)), Value.Number("end", end)).ConfigureAwait(false)
                + await session.ExecuteAsync(
                    "DELETE FROM thread_party WHERE thread IN (SELECT thread FROM thread_party WHERE thread < @end ORDER BY thread LIMIT 10000)", Value.Number("end", end)).ConfigureAwait(false);
        },
        cancel: cancel);

    /// <summary>Takes somebody out of all conversations, and with it who he was among those who took part.</summary>
    /// <remarks>There is no index for it: it would cost each letter for what is asked for once a year. The table is read through beside the writer instead, a piece of time after the other.</remarks>
    private async Task<int> ForgetPartyAsync(long party, CancellationToken cancel)
    {
        var total = 0;
        var after = -1L;
        while (true)
        {
            var (threads, last) = await _database.ReadAsync(
                async session =>
                {
                    var end = await session.ScalarAsync(
                        "SELECT thread FROM thread_party WHERE thread > @after ORDER BY thread LIMIT 1 OFFSET @most", Value.Number("after", after), Value.Number("most", ReadAtOnce)).ConfigureAwait(false) as long? ?? long.MaxValue;
                    var found = new List<long>();
                    await using var row = await session.QueryAsync(
                        "SELECT thread FROM thread_party WHERE thread > @after AND thread <= @end AND party = @party",
                        Value.Number("after", after), Value.Number("end", end), Value.Number("party", party)).ConfigureAwait(false);
                    while (await row.ReadAsync(cancel).ConfigureAwait(false))
                    {
                        found.Add(row.GetInt64(0));
                    }

                    return (found, end);
                },
                cancel).ConfigureAwait(false);
            foreach (var some in threads.Chunk(1000))
            {
                total += await _writer.RunAsync(
                    async session =>
                    {
                        var gone = 0;
                        foreach (var thread in some)
                        {
                            gone += await session.ExecuteAsync(
                                "DELETE FROM thread_party WHERE thread = @thread AND party = @party", Value.Number("thread", thread), Value.Number("party", party)).ConfigureAwait(false);
                        }

                        return gone;
                    },
                    traces: BatchWriter.Traces.Now,
                    cancel: cancel).ConfigureAwait(false);
            }

            if (last == long.MaxValue)
            {
                return total;
            }

            after = last;
        }
    }

    private async Task<(List<ThreadRow> Rows, ThreadFacts Known)> RecallAsync(Session session, ThreadMarks letter, CancellationToken cancel)
    {
        var rows = new List<ThreadRow>();
        var asked = ThreadMatch.Asked(letter);
        var values = new Value[AskedAtOnce];
        for (var at = 0; at < asked.Count; at += AskedAtOnce)
        {
            for (var i = 0; i < AskedAtOnce; i++)
            {
                values[i] = Value.Number(MarkNames[i], asked[Math.Min(at + i, asked.Count - 1)]); // the last again and again
            }

            await using var row = await session.QueryAsync(
                "SELECT mark, thread, ours FROM thread_mark WHERE mark IN (@m0, @m1, @m2, @m3, @m4, @m5, @m6, @m7, @m8, @m9, @m10, @m11, @m12, @m13, @m14, @m15)", values).ConfigureAwait(false);
            while (await row.ReadAsync(cancel).ConfigureAwait(false))
            {
                rows.Add(new ThreadRow(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2) != 0));
            }
        }

        var threads = new List<KnownThread>();
        foreach (var hit in ThreadMatch.Rank(letter, rows))
        {
            var parties = new HashSet<long>();
            await using var row = await session.QueryAsync("SELECT party FROM thread_party WHERE thread = @thread LIMIT 1000", Value.Number("thread", hit.Thread)).ConfigureAwait(false);
            while (await row.ReadAsync(cancel).ConfigureAwait(false))
            {
                parties.Add(row.GetInt64(0));
            }

            threads.Add(new KnownThread(hit, parties));
        }

        return (rows, new ThreadFacts(letter, _threadKey, threads));
    }

    private async Task KeepAsync(Session session, ThreadLesson lesson)
    {
        var thread = Value.Number("thread", lesson.Thread ?? (_time.GetUtcNow().ToUnixTimeMilliseconds() << ThreadChance) + RandomNumberGenerator.GetInt32(1 << ThreadChance));
        foreach (var (mark, isOurs) in lesson.Marks)
        {
            await session.ExecuteAsync(
                "INSERT INTO thread_mark (mark, thread, ours) VALUES (@mark, @thread, @ours) ON CONFLICT (mark, thread) DO NOTHING", Value.Number("mark", mark), thread, Value.Flag("ours", isOurs)).ConfigureAwait(false);
        }

        foreach (var party in lesson.Parties)
        {
            await session.ExecuteAsync(
                "INSERT INTO thread_party (thread, party) VALUES (@thread, @party) ON CONFLICT (thread, party) DO NOTHING", thread, Value.Number("party", party)).ConfigureAwait(false);
        }
    }

    private static readonly string[] MarkNames = [.. Enumerable.Range(0, AskedAtOnce).Select(i => $"m{i}")];
}
