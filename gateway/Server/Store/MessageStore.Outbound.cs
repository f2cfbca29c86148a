namespace Sekisho.Store;

// What has left the house lately.
public sealed partial class MessageStore
{
    private const int MostSent = 200_000;

    /// <summary>Letters of the hospital's own people that left the house, or were to, since a time; oldest first, at most 200,000 rows of letter and recipient, the newest of them.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<IReadOnlyList<SentMessage>> OutboundSinceAsync(DateTimeOffset since, CancellationToken cancel = default) => _database.ReadAsync<IReadOnlyList<SentMessage>>(
        async session =>
        {
            var sent = new List<SentMessage>();
            var recipients = new List<string>();
            await using var row = await session.QueryAsync(
                """
                SELECT m.id, m.received_at, m.client, m.sender, m.header_from, r.address FROM message m JOIN recipient r ON r.message_id = m.id
                WHERE m.outbound = 1 AND m.received_at >= @since ORDER BY m.received_at DESC, m.id DESC LIMIT @most
                """,
                Value.Time("since", since),
                Value.Number("most", MostSent)).ConfigureAwait(false);
            while (await row.ReadAsync(cancel).ConfigureAwait(false))
            {
                var id = Guid.ParseExact(row.GetString(0), "N");
                if (sent.Count == 0 || sent[^1].Id != id)
                {
                    recipients = [];
                    sent.Add(new SentMessage(id, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? "" : row.GetString(4), recipients));
                }

                recipients.Add(row.GetString(5));
            }

            sent.Reverse();
            return sent;
        },
        cancel);
}

/// <summary>A letter that left the house, or was to.</summary>
/// <param name="Id">The letter.</param>
/// <param name="ReceivedAt">When it came from the hospital's own server.</param>
/// <param name="Client">The server's address.</param>
/// <param name="Sender">The reverse-path; empty for the null sender.</param>
/// <param name="From">The From field, decoded; empty for none.</param>
/// <param name="Recipients">Its recipients.</param>
public sealed record SentMessage(Guid Id, DateTimeOffset ReceivedAt, string Client, string Sender, string From, IReadOnlyList<string> Recipients);
