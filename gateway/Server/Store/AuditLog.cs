using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sekisho.Store;

/// <summary>One thing that somebody, or the gateway itself, did to a letter or to the store.</summary>
/// <param name="Seq">Its number, from 1, without gaps.</param>
/// <param name="At">When, to the millisecond.</param>
/// <param name="Actor">Who: an admin's name, <c>gateway</c>, or <c>retention</c>.</param>
/// <param name="Action">What: <c>quarantine</c>, <c>reject</c>, <c>release</c>, <c>discard</c>, <c>hold</c>, <c>unhold</c>, <c>retry</c>, <c>rotate-master-key</c>, …</param>
/// <param name="Target">To what: a letter's id, or empty.</param>
/// <param name="Detail">Details as JSON.</param>
public sealed record AuditEntry(long Seq, DateTimeOffset At, string Actor, string Action, string Target, string Detail);

/// <summary>What <see cref="AuditLog.VerifyAsync"/> found.</summary>
/// <param name="Entries">Entries that are proven good, from the first on.</param>
/// <param name="FirstBad">The number of the first bad entry; null when all is well.</param>
/// <param name="Problem">What is wrong with it, for the operator; null when all is well.</param>
public sealed record AuditCheck(long Entries, long? FirstBad, string? Problem)
{
    /// <summary>True when no entry was changed, removed or inserted.</summary>
    public bool Intact => FirstBad is null;
}

/// <summary>The log of who did what: a chain of keyed hashes, so that nobody can change, remove or insert an entry unseen.</summary>
/// <remarks>
/// Each entry's hash is HMAC-SHA256 over the previous hash and the entry's own fields, each with its length in front. The key is the log's own, wrapped by
/// the master key: who has only the database cannot write the chain anew. The last entry's number and hash are sealed with the same key, so a cut-off end
/// is seen too; what cannot be seen from within is the whole database put back to an older state.
/// </remarks>
public sealed class AuditLog
{
    private const string Columns = "SELECT seq, at, actor, action, target, detail";
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly byte[] _key;

    internal AuditLog(Database database, TimeProvider time, byte[] key)
    {
        _database = database;
        _time = time;
        _key = key;
    }

    /// <summary>Entries, newest first.</summary>
    /// <param name="before">Only entries with a smaller number; null begins at the newest.</param>
    /// <param name="most">How many at most, from 1.</param>
    /// <param name="target">Only entries about this letter (its id, any form); null for all.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<IReadOnlyList<AuditEntry>> ListAsync(long? before = null, int most = 100, Guid? target = null, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return _database.ReadAsync<IReadOnlyList<AuditEntry>>(
            async session =>
            {
                var entries = new List<AuditEntry>();
                await using var rows = await session.QueryAsync(
                    Columns + " FROM audit WHERE seq < @before AND (@target = '' OR target = @target) ORDER BY seq DESC LIMIT @most",
                    Value.Number("before", before ?? long.MaxValue),
                    Value.Text("target", target?.ToString("N") ?? ""),
                    Value.Number("most", most)).ConfigureAwait(false);
                while (await rows.ReadAsync(cancel).ConfigureAwait(false))
                {
                    entries.Add(Entry(rows));
                }

                return entries;
            },
            cancel);
    }

    /// <summary>Checks the whole chain as it stands at one moment, and names the first bad entry.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<AuditCheck> VerifyAsync(CancellationToken cancel = default) => _database.ReadAsync(
        async session =>
        {
            await session.BeginReadAsync().ConfigureAwait(false);
            try
            {
                return await CheckAsync(session, cancel).ConfigureAwait(false);
            }
            finally
            {
                await session.CommitAsync().ConfigureAwait(false);
            }
        },
        cancel);

    /// <summary>Appends an entry in the caller's transaction.</summary>
    internal async Task AppendAsync(Session session, string actor, string action, string target, string detail)
    {
        long seq;
        byte[] previous;

        // Changing the head first locks it until the commit: entries of several gateways stand in line here.
        await using (var head = await session.QueryAsync("UPDATE audit_head SET seq = seq + 1 RETURNING seq, hash").ConfigureAwait(false))
        {
            if (!await head.ReadAsync().ConfigureAwait(false))
            {
                throw new StoreException("The audit log's head is gone: somebody changed the database. Nothing is done that could not be recorded.");
            }

            seq = head.GetInt64(0);
            previous = head.GetFieldValue<byte[]>(1);
        }

        var entry = new AuditEntry(
            seq, DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds()), Words.Clean(actor), action, target, Words.Clean(detail));
        var hash = Hash(_key, previous, entry);
        await session.ExecuteAsync(
            "INSERT INTO audit (seq, at, actor, action, target, detail, previous, hash) VALUES (@seq, @at, @actor, @action, @target, @detail, @previous, @hash)",
            Value.Number("seq", seq),
            Value.Time("at", entry.At),
            Value.Text("actor", entry.Actor),
            Value.Text("action", entry.Action),
            Value.Text("target", entry.Target),
            Value.Text("detail", entry.Detail),
            Value.Blob("previous", previous),
            Value.Blob("hash", hash)).ConfigureAwait(false);
        await session.ExecuteAsync(
            "UPDATE audit_head SET hash = @hash, seal = @seal", Value.Blob("hash", hash), Value.Blob("seal", Seal(_key, seq, hash))).ConfigureAwait(false);
    }

    /// <summary>Writes the head of an empty log, unless another gateway has done so.</summary>
    internal static Task BeginAsync(Session session, byte[] key)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        return session.ExecuteAsync(
            "INSERT INTO audit_head (one, seq, hash, seal) VALUES (1, 0, @hash, @seal) ON CONFLICT (one) DO NOTHING",
            Value.Blob("hash", hash),
            Value.Blob("seal", Seal(key, 0, hash)));
    }

    private async Task<AuditCheck> CheckAsync(Session session, CancellationToken cancel)
    {
        var expected = 1L;
        var previous = new byte[SHA256.HashSizeInBytes];
        await using (var rows = await session.QueryAsync(Columns + ", previous, hash FROM audit ORDER BY seq").ConfigureAwait(false))
        {
            while (await rows.ReadAsync(cancel).ConfigureAwait(false))
            {
                var entry = Entry(rows);
                if (entry.Seq < expected)
                {
                    return Bad(entry.Seq, "was inserted: the log begins with entry 1");
                }

                if (entry.Seq > expected)
                {
                    return Bad(expected, "was removed");
                }

                var hash = rows.GetFieldValue<byte[]>(7);
                if (!CryptographicOperations.FixedTimeEquals(rows.GetFieldValue<byte[]>(6), previous))
                {
                    return Bad(expected, "does not follow on the entry before it: one of the two was changed, removed or inserted");
                }

                if (!CryptographicOperations.FixedTimeEquals(hash, Hash(_key, previous, entry)))
                {
                    return Bad(expected, "was changed, or written by somebody without the key");
                }

                previous = hash;
                expected++;
            }
        }

        var last = expected - 1;
        await using var head = await session.QueryAsync("SELECT seq, hash, seal FROM audit_head").ConfigureAwait(false);
        if (!await head.ReadAsync(cancel).ConfigureAwait(false))
        {
            return Bad(last + 1, "cannot be ruled out to be missing: the log's head was removed");
        }

        var headSeq = head.GetInt64(0);
        var headHash = head.GetFieldValue<byte[]>(1);
        if (!CryptographicOperations.FixedTimeEquals(head.GetFieldValue<byte[]>(2), Seal(_key, headSeq, headHash)))
        {
            return Bad(last + 1, "cannot be ruled out to be missing: the log's head was changed");
        }

        if (headSeq > last)
        {
            return Bad(last + 1, string.Create(CultureInfo.InvariantCulture, $"was removed: the end is cut off after entry {last} of {headSeq}"));
        }

        return headSeq < last || !CryptographicOperations.FixedTimeEquals(headHash, previous)
            ? Bad(Math.Min(last, headSeq + 1), "was inserted behind the end of the log")
            : new AuditCheck(last, null, null);

        AuditCheck Bad(long seq, string problem) =>
            new(Math.Min(expected, seq) - 1, seq, string.Create(CultureInfo.InvariantCulture, $"Entry {seq} {problem}."));
    }

    private static AuditEntry Entry(DbDataReader row) => new(
        row.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5));

    private static byte[] Hash(byte[] key, byte[] previous, AuditEntry entry)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData("entry"u8);
        hmac.AppendData(previous);
        Number(hmac, entry.Seq);
        Number(hmac, entry.At.ToUnixTimeMilliseconds());
        Text(hmac, entry.Actor);
        Text(hmac, entry.Action);
        Text(hmac, entry.Target);
        Text(hmac, entry.Detail);
        return hmac.GetHashAndReset();
    }

    private static byte[] Seal(byte[] key, long seq, byte[] hash)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData("head"u8);
        Number(hmac, seq);
        hmac.AppendData(hash);
        return hmac.GetHashAndReset();
    }

    private static void Number(IncrementalHash hash, long number)
    {
        Span<byte> octets = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(octets, number);
        hash.AppendData(octets);
    }

    // The length goes first: moving a letter from one field to the next makes another hash.
    private static void Text(IncrementalHash hash, string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        Number(hash, octets.Length);
        hash.AppendData(octets);
    }
}
