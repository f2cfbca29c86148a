using System.Data.Common;
using System.Net;
using System.Text;

namespace Sekisho.Store;

// What admins, metrics and the status page look up.
public sealed partial class MessageStore
{
    private const string Listed =
        """
        SELECT m.id, m.received_at, m.client, m.helo, m.sender, m.eight_bit, m.smtp_utf8, m.dsn_return, m.dsn_envelope_id,
            m.size, m.subject, m.header_from, m.message_id_header, m.state, m.disposition, m.score, m.attempts, m.due_at, m.claimed_by, m.held_by, m.updated_at,
            (SELECT COUNT(*) FROM recipient r WHERE r.message_id = m.id),
            (SELECT r.address FROM recipient r WHERE r.message_id = m.id AND r.position = 0), m.outbound
        """;

    /// <summary>Letters that fit a query, newest first.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<IReadOnlyList<KeptMessage>> ListAsync(MessageQuery query, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, 1000);
        return _database.ReadAsync<IReadOnlyList<KeptMessage>>(
            async session =>
            {
                await using var command = session.Connection.CreateCommand();
                command.CommandText = Condition(query, command);
                var found = new List<KeptMessage>();
                await using var rows = await command.ExecuteReaderAsync(cancel).ConfigureAwait(false);
                while (await rows.ReadAsync(cancel).ConfigureAwait(false))
                {
                    found.Add(Message(rows));
                }

                return found;
            },
            cancel);
    }

    /// <summary>All that is kept of a letter except its octets; null when there is no such letter.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<KeptMessageDetails?> FindAsync(Guid id, CancellationToken cancel = default) => _database.ReadAsync(
        async session =>
        {
            var recipients = await RecipientsAsync(session, id).ConfigureAwait(false);
            await using var row = await session.QueryAsync(
                Found, Value.Id(id)).ConfigureAwait(false);
            return !await row.ReadAsync(cancel).ConfigureAwait(false)
                ? null
                : new KeptMessageDetails(
                    Message(row),
                    EnvelopeOf(row, [.. recipients.Select(static r => r.Recipient)]),
                    row.GetString(24),
                    recipients,
                    VerdictJson.Read(row.GetString(25)),
                    row.GetInt64(26) != 0,
                    row.GetInt64(27) != 0);
        },
        cancel);

    /// <summary>How many letters stand where, for metrics and the status page.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<StoreCounts> CountsAsync(CancellationToken cancel = default) => _database.ReadAsync(
        async session =>
        {
            var byState = Enum.GetValues<MessageState>().ToDictionary(static state => state, static _ => 0L);
            await using (var rows = await session.QueryAsync("SELECT state, COUNT(*) FROM message GROUP BY state").ConfigureAwait(false))
            {
                while (await rows.ReadAsync(cancel).ConfigureAwait(false))
                {
                    byState[Names.State(rows.GetString(0))] = rows.GetInt64(1);
                }
            }

            var due = At(await session.ScalarAsync("SELECT MIN(due_at) FROM message WHERE state = 'Queued'").ConfigureAwait(false));
            var queued = At(await session.ScalarAsync("SELECT MIN(received_at) FROM message WHERE state = 'Queued'").ConfigureAwait(false));
            return new StoreCounts(byState, due, queued);
        },
        cancel);

    private const string Found = Listed +
        ", m.trace_header, m.verdict, CASE WHEN m.wrapped_key IS NULL THEN 0 ELSE 1 END, m.delay_notified FROM message m WHERE m.id = @id";

    private static string Condition(MessageQuery query, DbCommand command)
    {
        var sql = new StringBuilder(Listed).Append(" FROM message m WHERE 1 = 1");
        if (query.States.Count > 0)
        {
            // The names are the program's own; written out, they let the planner use the index.
            sql.Append(" AND m.state IN (").AppendJoin(", ", query.States.Select(static state => $"'{Names.Of(state)}'")).Append(')');
        }

        Like(query.Sender, "sender", " AND (LOWER(m.sender) LIKE @sender ESCAPE '\\' OR LOWER(m.header_from) LIKE @sender ESCAPE '\\')");
        Like(query.Subject, "subject", " AND LOWER(m.subject) LIKE @subject ESCAPE '\\'");
        Like(
            query.Recipient,
            "recipient",
            " AND EXISTS (SELECT 1 FROM recipient r WHERE r.message_id = m.id AND LOWER(r.address) LIKE @recipient ESCAPE '\\')");
        Number(query.Since, "since", " AND m.received_at >= @since");
        Number(query.Until, "until", " AND m.received_at < @until");
        Number(query.ChangedSince, "changed", " AND m.updated_at >= @changed");
        if (query.After is { } after)
        {
            Number(after.ReceivedAt, "after_at", " AND (m.received_at, m.id) < (@after_at, @after_id)");
            Add(Value.Text("after_id", after.Id.ToString("N")));
        }

        Add(Value.Number("most", query.Limit));
        return sql.Append(" ORDER BY m.received_at DESC, m.id DESC LIMIT @most").ToString();

        void Like(string? text, string name, string condition)
        {
            if (!string.IsNullOrEmpty(text))
            {
                sql.Append(condition);
                var plain = Words.Clean(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
                Add(Value.Text(name, $"%{AsciiLower(plain)}%"));
            }
        }

        void Number(DateTimeOffset? at, string name, string condition)
        {
            if (at is not null)
            {
                sql.Append(condition);
                Add(Value.Time(name, at));
            }
        }

        void Add(Value value)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = value.Name;
            parameter.DbType = value.Type;
            parameter.Value = value.Content;
            command.Parameters.Add(parameter);
        }
    }

    // SQLite's LOWER knows only ASCII: other letters must stay as they are on both sides.
    private static string AsciiLower(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            span[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
        }
    });

    private static KeptMessage Message(DbDataReader row) => new(
        Guid.ParseExact(row.GetString(0), "N"),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
        IPAddress.Parse(row.GetString(2)),
        row.GetString(4),
        (int)row.GetInt64(21),
        row.IsDBNull(22) ? "" : row.GetString(22),
        row.GetInt64(9),
        new MessageSummary(TextAt(row, 10), TextAt(row, 11), TextAt(row, 12)),
        Names.State(row.GetString(13)),
        Names.Disposition(row.GetString(14)),
        (int)row.GetInt64(15),
        (int)row.GetInt64(16),
        row.IsDBNull(17) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(17)),
        !row.IsDBNull(18),
        TextAt(row, 19),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(20)))
    {
        IsOutbound = row.GetInt64(23) != 0,
    };

    private static string? TextAt(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
