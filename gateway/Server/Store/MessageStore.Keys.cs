namespace Sekisho.Store;

// Changing the master key.
public sealed partial class MessageStore
{
    private const int RewrapBatch = 500;

    /// <summary>Puts a new master key in force, wraps every letter's key anew, and removes the old master key from its file.</summary>
    /// <remarks>
    /// May break off at any point (a crash, a lost database): both keys stay in the file until nothing needs the old one, and the next call goes on where
    /// this one ended. Letters are accepted and delivered meanwhile, by other processes on the same home folder too. With
    /// <c>SEKISHO_MASTER_KEY</c> set to <c>new,old</c> everything is wrapped by the first key; the old one is then to be taken out of the variable.
    /// </remarks>
    /// <param name="actor">Who asks; for the audit log.</param>
    /// <param name="cancel">Breaks off.</param>
    /// <returns>How many letters' keys were wrapped anew.</returns>
    /// <exception cref="StoreException">It cannot be done, or not now; the text says why and what to do.</exception>
    public async Task<int> RotateMasterKeyAsync(string actor, CancellationToken cancel = default)
    {
        if (_master.File is null && _master.Ids.Count < 2)
        {
            throw new StoreException(
                $"The master key comes from the environment. Make a new one (openssl rand -base64 32), set {MasterKey.Variable}=NEW,OLD on every gateway, restart them, and rotate again.");
        }

        using var only = LockRotation();
        var newest = _master.File is null ? _master.Ids[0] : _master.AddNewest();
        await _writer.RunAsync(session => SwitchAsync(session, newest, actor), traces: BatchWriter.Traces.Soon, cancel: cancel).ConfigureAwait(false);
        _keyId = newest;

        var total = 0;
        var last = "";
        while (true)
        {
            var from = last;
            var (changed, next) = await _writer.RunAsync(session => RewrapAsync(session, newest, from), traces: BatchWriter.Traces.Soon, cancel: cancel).ConfigureAwait(false);
            total += changed;
            if (next is null)
            {
                break;
            }

            last = next;
        }

        // Letters kept after the switch are wrapped by the new key, all older ones have been seen: but a key lost is letters lost, so look.
        var left = await _database.ReadAsync(
            session => session.ScalarAsync("SELECT COUNT(*) FROM message WHERE wrapped_key IS NOT NULL AND key_id <> @key_id", Value.Text("key_id", newest)),
            cancel).ConfigureAwait(false);
        if (left is not 0L)
        {
            throw new StoreException($"{left} letters still need an older master key; it stays in place. Rotate again.");
        }

        if (_master.File is not null)
        {
            _master.KeepOnly(newest);
        }

        return total;
    }

    private FileStream? LockRotation()
    {
        if (_master.File is null)
        {
            return null;
        }

        try
        {
            return DurableFile.Open(_master.File + ".lock", FileMode.OpenOrCreate, options: FileOptions.DeleteOnClose);
        }
        catch (IOException e)
        {
            throw new StoreException("The master key is being rotated by another process.", e);
        }
    }

    /// <summary>From this commit on, letters are wrapped by the new key. Does nothing when an earlier, broken-off rotation got as far.</summary>
    private async Task<int> SwitchAsync(Session session, string newest, string actor)
    {
        string current;
        byte[] wrapped;
        await using (var row = await session.QueryAsync("SELECT key_id, audit_key FROM vault").ConfigureAwait(false))
        {
            if (!await row.ReadAsync().ConfigureAwait(false))
            {
                throw new StoreException("The store's vault is gone: somebody changed the database.");
            }

            current = row.GetString(0);
            wrapped = row.GetFieldValue<byte[]>(1);
        }

        if (current == newest)
        {
            return 0;
        }

        var auditKey = _master.Unwrap(current, wrapped, "audit"u8);
        var changed = await session.ExecuteAsync(
            "UPDATE vault SET key_id = @key_id, audit_key = @audit_key WHERE key_id = @old",
            Value.Text("key_id", newest),
            Value.Blob("audit_key", _master.Wrap(newest, auditKey, "audit"u8)),
            Value.Text("old", current)).ConfigureAwait(false);
        if (changed == 0)
        {
            throw new StoreException("The master key is being rotated by another gateway.");
        }

        await Audit.AppendAsync(session, actor, "rotate-master-key", "", VerdictJson.Detail(("from", current), ("to", newest))).ConfigureAwait(false);
        return changed;
    }

    private async Task<(int Changed, string? Last)> RewrapAsync(Session session, string newest, string from)
    {
        var rows = new List<(Guid Id, long Size, byte[] Wrapped, string KeyId)>();
        await using (var row = await session.QueryAsync(
            "SELECT id, size, wrapped_key, key_id FROM message WHERE id > @from AND wrapped_key IS NOT NULL AND key_id <> @key_id ORDER BY id LIMIT @most",
            Value.Text("from", from),
            Value.Text("key_id", newest),
            Value.Number("most", RewrapBatch)).ConfigureAwait(false))
        {
            while (await row.ReadAsync().ConfigureAwait(false))
            {
                rows.Add((Guid.ParseExact(row.GetString(0), "N"), row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.GetString(3)));
            }
        }

        var changed = 0;
        foreach (var (id, size, wrapped, keyId) in rows)
        {
            var bound = Bound(id, size);
            var key = _master.Unwrap(keyId, wrapped, bound);
            changed += await session.ExecuteAsync(
                "UPDATE message SET wrapped_key = @wrapped_key, key_id = @new WHERE id = @id AND key_id = @old",
                Value.Blob("wrapped_key", _master.Wrap(newest, key, bound)),
                Value.Text("new", newest),
                Value.Id(id),
                Value.Text("old", keyId)).ConfigureAwait(false);
        }

        return (changed, rows.Count < RewrapBatch ? null : rows[^1].Id.ToString("N"));
    }
}
