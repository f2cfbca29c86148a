using System.Globalization;

namespace Sekisho.Store;

// What an admin does to letters. Each method is one transaction with its audit entry, and says whether it happened: of two who release the same letter
// one hears true and one false.
public sealed partial class MessageStore
{
    private const int RetentionBatch = 200;

    // The claim stays: an attempt under way records what it delivered.
    private const string Discard =
        """
        UPDATE message SET state = 'Discarded', wrapped_key = NULL, key_id = NULL, subject = NULL, header_from = NULL, message_id_header = NULL,
            due_at = NULL, held_by = NULL, updated_at = @now
        """;

    private const string DiscardAny = Discard + " WHERE id = @id AND state IN ('Quarantined', 'Queued', 'Held')";
    private const string DiscardQuarantined = Discard + " WHERE id = @id AND state = 'Quarantined'";

    /// <summary>Sends a letter on that is quarantined, or held by its verdict: it is queued and due at once.</summary>
    /// <returns>False when it is not there to be released (any more).</returns>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public Task<bool> ReleaseAsync(Guid id, string actor, string reason, CancellationToken cancel = default) => ReviewAsync(
        "release",
        "UPDATE message SET state = 'Queued', due_at = @now, claimed_by = NULL, updated_at = @now WHERE id = @id AND (state = 'Quarantined' OR (state = 'Held' AND held_by IS NULL))",
        id,
        actor,
        reason,
        cancel);

    /// <summary>Throws a letter away that is quarantined, held or queued: its key and octets are destroyed, and what it could be recognised by is cleared.</summary>
    /// <remarks>A delivery attempt under way breaks off or ends; the letter stays discarded.</remarks>
    /// <returns>False when it is not there to be discarded (any more).</returns>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public Task<bool> DiscardAsync(Guid id, string actor, string reason, CancellationToken cancel = default) => _writer.RunAsync(
        session => DiscardAsync(session, id, actor, reason, _time.GetUtcNow(), DiscardAny), traces: BatchWriter.Traces.Now, cancel: cancel);

    /// <summary>Holds a queued letter back until <see cref="UnholdAsync"/>. An attempt under way goes on; recipients that still wait after it are held.</summary>
    /// <returns>False when it is not queued.</returns>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public Task<bool> HoldAsync(Guid id, string actor, string reason, CancellationToken cancel = default) => ReviewAsync(
        "hold",
        "UPDATE message SET state = 'Held', held_by = @actor, due_at = NULL, updated_at = @now WHERE id = @id AND state = 'Queued'",
        id,
        actor,
        reason,
        cancel);

    /// <summary>Queues a letter again that an admin held. One held by its verdict has to be released.</summary>
    /// <remarks>While an attempt from before the hold is under way, the letter falls due only when that claim ends or is given back.</remarks>
    /// <returns>False when no admin holds it.</returns>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public Task<bool> UnholdAsync(Guid id, string actor, string reason, CancellationToken cancel = default) => ReviewAsync(
        "unhold",
        """
        UPDATE message SET state = 'Queued', held_by = NULL, due_at = CASE WHEN claimed_by IS NULL THEN @now ELSE @lease END, updated_at = @now
        WHERE id = @id AND state = 'Held' AND held_by IS NOT NULL
        """,
        id,
        actor,
        reason,
        cancel);

    /// <summary>Makes a queued letter, or all of them, due at once. Letters in delivery right now are left alone.</summary>
    /// <param name="id">The letter; null for all.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancel">Gives up while the writer has not taken it up.</param>
    /// <returns>How many letters that made due.</returns>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public Task<int> RetryAsync(Guid? id, string actor, CancellationToken cancel = default) => _writer.RunAsync(
        async session =>
        {
            var changed = await session.ExecuteAsync(
                "UPDATE message SET due_at = @now WHERE state = 'Queued' AND claimed_by IS NULL AND due_at > @now AND (@id = '' OR id = @id)",
                Value.Time("now", _time.GetUtcNow()),
                Value.Text("id", id?.ToString("N") ?? "")).ConfigureAwait(false);
            if (changed > 0)
            {
                await Audit.AppendAsync(
                    session, actor, "retry", id?.ToString("N") ?? "", VerdictJson.Detail(("letters", changed.ToString(CultureInfo.InvariantCulture)))).ConfigureAwait(false);
            }

            return changed;
        },
        cancel: cancel);

    /// <summary>Does what the retention settings ask: destroys the octets of letters delivered or bounced long enough ago, and discards letters that waited too long in quarantine.</summary>
    /// <returns>How many letters lost their octets. May be called by several gateways at once, and as often as wanted.</returns>
    /// <exception cref="StoreException">The database cannot do it now; what is done is done.</exception>
    public async Task<int> DeleteExpiredAsync(DateTimeOffset now, CancellationToken cancel = default)
    {
        var delivered = Value.Time("before", now - TimeSpan.FromDays(_options.Store.KeepDeliveredDays));
        var quarantined = Value.Time("before", now - TimeSpan.FromDays(_options.Store.KeepQuarantinedDays));
        var total = 0;
        while (true)
        {
            // In small batches, so that letters coming in find the writer free.
            var expired = await IdsAsync(
                "SELECT id FROM message WHERE wrapped_key IS NOT NULL AND state IN ('Delivered', 'Bounced') AND updated_at < @before ORDER BY updated_at LIMIT @most",
                delivered,
                cancel).ConfigureAwait(false);
            await _writer.RunAsync(
                async session =>
                {
                    foreach (var id in expired)
                    {
                        await DestroyAsync(session, id).ConfigureAwait(false);
                    }

                    return 0;
                },
                traces: BatchWriter.Traces.Soon,
                cancel: cancel).ConfigureAwait(false);
            total += expired.Count;
            if (expired.Count < RetentionBatch)
            {
                break;
            }
        }

        while (true)
        {
            var expired = await IdsAsync(
                "SELECT id FROM message WHERE state = 'Quarantined' AND received_at < @before ORDER BY received_at LIMIT @most", quarantined, cancel).ConfigureAwait(false);
            total += await _writer.RunAsync(
                async session =>
                {
                    var discarded = 0;
                    foreach (var id in expired)
                    {
                        discarded += await DiscardAsync(session, id, "retention", "KeepQuarantinedDays", now, DiscardQuarantined).ConfigureAwait(false) ? 1 : 0;
                    }

                    return discarded;
                },
                traces: BatchWriter.Traces.Soon,
                cancel: cancel).ConfigureAwait(false);
            if (expired.Count < RetentionBatch)
            {
                return total;
            }
        }
    }

    private Task<List<Guid>> IdsAsync(string sql, Value before, CancellationToken cancel) => _database.ReadAsync(
        async session =>
        {
            var ids = new List<Guid>();
            await using var rows = await session.QueryAsync(sql, before, Value.Number("most", RetentionBatch)).ConfigureAwait(false);
            while (await rows.ReadAsync(cancel).ConfigureAwait(false))
            {
                ids.Add(Guid.ParseExact(rows.GetString(0), "N"));
            }

            return ids;
        },
        cancel);

    private Task<bool> ReviewAsync(string action, string sql, Guid id, string actor, string reason, CancellationToken cancel) => _writer.RunAsync(
        async session =>
        {
            var now = _time.GetUtcNow();
            var changed = await session.ExecuteAsync(
                sql, Value.Id(id), Value.Time("now", now), Value.Text("actor", Words.Clean(actor)), Value.Time("lease", now + Lease)).ConfigureAwait(false);
            if (changed == 0)
            {
                return false;
            }

            if (action == "release")
            {
                await LearnKeptAsync(session, id).ConfigureAwait(false);
            }

            await Audit.AppendAsync(session, actor, action, id.ToString("N"), VerdictJson.Detail(("reason", reason))).ConfigureAwait(false);
            return true;
        },
        cancel: cancel);

    private async Task<bool> DiscardAsync(Session session, Guid id, string actor, string reason, DateTimeOffset now, string sql)
    {
        if (await session.ExecuteAsync(sql, Value.Id(id), Value.Time("now", now)).ConfigureAwait(false) == 0)
        {
            return false;
        }

        await session.ExecuteAsync("DELETE FROM octets WHERE message_id = @id", Value.Id(id)).ConfigureAwait(false);
        await Audit.AppendAsync(session, actor, "discard", id.ToString("N"), VerdictJson.Detail(("reason", reason))).ConfigureAwait(false);
        return true;
    }
}
