using System.Data.Common;
using System.Net;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;

namespace Sekisho.Store;

// What delivery asks of the store: claim, record, give back.
public sealed partial class MessageStore
{
    /// <summary>How long a claim holds: a letter whose gateway died without coming back is due again after this time (15 minutes).</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(15);

    // A recipient without a next attempt would otherwise be tried in a tight circle.
    private static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(5);

    /// <summary>Claims letters that are due, oldest first, for this process. Letters whose claim ran out (a crashed process) are due again.</summary>
    /// <param name="most">How many at most, from 1.</param>
    /// <param name="cancel">Gives up; letters already claimed come back when their claim ends.</param>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public Task<IReadOnlyList<DeliveryJob>> ClaimDueAsync(int most, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return _writer.RunAsync<IReadOnlyList<DeliveryJob>>(
            async session =>
            {
                var now = _time.GetUtcNow();
                var claimed = new List<ClaimedRow>();

                // The outer condition is not idle: of two gateways that chose the same letters, the second waits for the first one's commit, looks at
                // the row again, and leaves it (PostgreSQL, READ COMMITTED).
                await using (var rows = await session.QueryAsync(
                    """
                    UPDATE message SET claimed_by = @node, due_at = @until
                    WHERE id IN (SELECT id FROM message WHERE state = 'Queued' AND due_at <= @now ORDER BY due_at LIMIT @most)
                        AND state = 'Queued' AND due_at <= @now
                    RETURNING id, received_at, client, helo, sender, eight_bit, smtp_utf8, dsn_return, dsn_envelope_id, trace_header, size, attempts, delay_notified, disposition, outbound
                    """,
                    Value.Text("node", _node.Id),
                    Value.Time("until", now + Lease),
                    Value.Time("now", now),
                    Value.Number("most", most)).ConfigureAwait(false))
                {
                    while (await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false))
                    {
                        claimed.Add(new ClaimedRow(
                            EnvelopeOf(rows, []), rows.GetString(9), rows.GetInt64(10), (int)rows.GetInt64(11), rows.GetInt64(12) != 0,
                            rows.GetString(13) == Names.Of(Disposition.Quarantine)));
                    }
                }

                var jobs = new List<DeliveryJob>(claimed.Count);
                foreach (var row in claimed.OrderBy(static row => row.Envelope.ReceivedAt))
                {
                    var recipients = await RecipientsAsync(session, row.Envelope.Id).ConfigureAwait(false);
                    jobs.Add(new DeliveryJob(
                        row.Envelope with { Recipients = [.. recipients.Select(static r => r.Recipient)] },
                        row.TraceHeader,
                        row.Size,
                        row.Attempts,
                        [.. Enumerable.Range(0, recipients.Count).Where(i => recipients[i].State == RecipientState.Pending)],
                        row.DelayNotified,
                        FromQuarantine: row.FromQuarantine));
                }

                return jobs;
            },
            cancel: cancel);
    }

    /// <summary>When the next queued letter falls due (it may have done so already); null when none waits. A claimed letter falls due when its claim ends.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancel) => _database.ReadAsync(
        static async session => At(await session.ScalarAsync("SELECT MIN(due_at) FROM message WHERE state = 'Queued'").ConfigureAwait(false)),
        cancel);

    /// <summary>Writes how an attempt ended, with the notification it causes, in one transaction, and gives the claim back.</summary>
    /// <remarks>
    /// What an admin did meanwhile stands: a letter held during the attempt stays held while recipients wait, a discarded one stays discarded; what was
    /// delivered is recorded with both. When the claim was lost (it ran out, and another gateway has the letter now), only deliveries are recorded, so that
    /// the other one need not repeat what it has not begun; the notification is left to the other.
    /// </remarks>
    /// <exception cref="StoreException">The database cannot do it now: the claim stays, try again.</exception>
    public async Task RecordAttemptAsync(Guid id, DeliveryOutcome outcome, CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        using var notification = outcome.Notification is null ? null : new LetterToKeep(outcome.Notification, now);
        while (true)
        {
            notification?.Wrap(_master, _keyId);
            var newer = await _writer.RunAsync(
                session => RecordAsync(session, id, outcome, notification, now),
                notification?.Size ?? 0,
                _options.Store.KeepDeliveredDays == 0 ? BatchWriter.Traces.Soon : BatchWriter.Traces.None,
                cancel).ConfigureAwait(false);
            if (newer is null)
            {
                return;
            }

            _keyId = newer;
        }
    }

    /// <summary>Gives a claim back untried: the letter is due again at once. Does nothing when the claim is no longer this process's.</summary>
    /// <exception cref="StoreException">The database cannot do it now: the letter is due again when the claim ends.</exception>
    public Task UnclaimAsync(Guid id, CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        return _writer.RunAsync(
            session => session.ExecuteAsync(
                "UPDATE message SET claimed_by = NULL, due_at = CASE WHEN state = 'Queued' THEN @now ELSE NULL END WHERE id = @id AND claimed_by = @node",
                Value.Time("now", now),
                Value.Id(id),
                Value.Text("node", _node.Id)),
            cancel: cancel);
    }

    private static DateTimeOffset? At(object? milliseconds) => milliseconds is long at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    /// <summary>The envelope out of a row that begins with id, received_at, client, helo, sender, eight_bit, smtp_utf8, dsn_return, dsn_envelope_id, and has outbound somewhere.</summary>
    private static Envelope EnvelopeOf(DbDataReader row, IReadOnlyList<EnvelopeRecipient> recipients) => new(
        Guid.ParseExact(row.GetString(0), "N"),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
        IPAddress.Parse(row.GetString(2)),
        row.GetString(3),
        row.GetString(4),
        recipients)
    {
        EightBitMime = row.GetInt64(5) != 0,
        SmtpUtf8 = row.GetInt64(6) != 0,
        DsnReturn = row.IsDBNull(7) ? null : row.GetString(7),
        DsnEnvelopeId = row.IsDBNull(8) ? null : row.GetString(8),
        IsOutbound = row.GetInt64(row.GetOrdinal("outbound")) != 0,
    };

    private static async Task<List<KeptRecipient>> RecipientsAsync(Session session, Guid id)
    {
        var recipients = new List<KeptRecipient>();
        await using var rows = await session.QueryAsync(
            "SELECT address, dsn_notify, dsn_orcpt, state, reply, host, updated_at FROM recipient WHERE message_id = @id ORDER BY position",
            Value.Id(id)).ConfigureAwait(false);
        while (await rows.ReadAsync().ConfigureAwait(false))
        {
            recipients.Add(new KeptRecipient(
                new EnvelopeRecipient(rows.GetString(0), rows.IsDBNull(1) ? null : rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2)),
                Names.Recipient(rows.GetString(3)),
                rows.IsDBNull(4) ? null : rows.GetString(4),
                rows.IsDBNull(5) ? null : rows.GetString(5),
                DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(6))));
        }

        return recipients;
    }

    /// <summary>Destroys a letter's key and octets; the row stays.</summary>
    private static async Task DestroyAsync(Session session, Guid id)
    {
        await session.ExecuteAsync("UPDATE message SET wrapped_key = NULL, key_id = NULL WHERE id = @id", Value.Id(id)).ConfigureAwait(false);
        await session.ExecuteAsync("DELETE FROM octets WHERE message_id = @id", Value.Id(id)).ConfigureAwait(false);
    }

    private async Task<string?> RecordAsync(Session session, Guid id, DeliveryOutcome outcome, LetterToKeep? notification, DateTimeOffset now)
    {
        // First of all, while nothing is written that would have to be undone: the name stays the same until the commit.
        if (notification is not null && await NewerKeyAsync(session, notification).ConfigureAwait(false) is { } newer)
        {
            return newer;
        }

        foreach (var result in outcome.Results)
        {
            // "Delivered" stands against everything, a failure only where this process had the right to try.
            await session.ExecuteAsync(
                """
                UPDATE recipient SET state = @state, reply = @reply, host = @host, updated_at = @now
                WHERE message_id = @id AND position = @position AND state <> 'Delivered'
                    AND (@state = 'Delivered' OR EXISTS (SELECT 1 FROM message WHERE id = @id AND claimed_by = @node))
                """,
                Value.Text("state", Names.Of(result.State)),
                Value.Text("reply", Words.Clean(result.Reply)),
                Value.Text("host", Words.Clean(result.Host)),
                Value.Time("now", now),
                Value.Id(id),
                Value.Number("position", result.Position),
                Value.Text("node", _node.Id)).ConfigureAwait(false);
        }

        var state = (string?)await session.ScalarAsync(
            """
            UPDATE message SET
                state = CASE
                    WHEN state NOT IN ('Queued', 'Held') THEN state
                    WHEN EXISTS (SELECT 1 FROM recipient r WHERE r.message_id = message.id AND r.state = 'Pending') THEN state
                    WHEN EXISTS (SELECT 1 FROM recipient r WHERE r.message_id = message.id AND r.state = 'Failed') THEN 'Bounced'
                    ELSE 'Delivered' END,
                due_at = CASE
                    WHEN state = 'Queued' AND EXISTS (SELECT 1 FROM recipient r WHERE r.message_id = message.id AND r.state = 'Pending') THEN @next
                    ELSE NULL END,
                attempts = attempts + 1,
                claimed_by = NULL,
                delay_notified = CASE WHEN @delay_notified = 1 THEN 1 ELSE delay_notified END,
                updated_at = @now
            WHERE id = @id AND claimed_by = @node
            RETURNING state
            """,
            Value.Time("next", outcome.NextAttemptAt ?? now + DefaultWait),
            Value.Flag("delay_notified", outcome.DelayNotified),
            Value.Time("now", now),
            Value.Id(id),
            Value.Text("node", _node.Id)).ConfigureAwait(false);
        if (state is null)
        {
            return null;
        }

        if (_options.Store.KeepDeliveredDays == 0 && state is (nameof(MessageState.Delivered) or nameof(MessageState.Bounced)))
        {
            await DestroyAsync(session, id).ConfigureAwait(false);
        }

        if (notification is not null)
        {
            await KeepAsync(session, notification).ConfigureAwait(false);
        }

        return null;
    }

    private Task<int> TakeBackClaimsAsync(CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        return !_node.IsOwner
            ? Task.FromResult(0)
            : _writer.RunAsync(
                session => session.ExecuteAsync(
                    "UPDATE message SET claimed_by = NULL, due_at = @now WHERE state = 'Queued' AND claimed_by = @node",
                    Value.Time("now", now),
                    Value.Text("node", _node.Id)),
                cancel: cancel);
    }

    private sealed record ClaimedRow(Envelope Envelope, string TraceHeader, long Size, int Attempts, bool DelayNotified, bool FromQuarantine);
}
