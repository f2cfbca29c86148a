using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;

namespace Sekisho.Store;

// Letters that their verdict holds: they wait for something that may clear them, or for their time to be up.
public sealed partial class MessageStore
{
    private const int MostWaiting = 1000;
    private const int MostNeighbours = 50;

    /// <summary>Longest letter in octets that is looked at for a password: one with a password has no large attachment.</summary>
    internal const int LongestPasswordMail = 1 << 20;

    /// <summary>Letters that wait for a password, those whose time is up first; at most 1,000.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<IReadOnlyList<WaitingMessage>> WaitingAsync(CancellationToken cancel = default) => _database.ReadAsync<IReadOnlyList<WaitingMessage>>(
        async session =>
        {
            var rows = new List<WaitingMessage>();
            await using (var row = await session.QueryAsync(
                """
                SELECT id, received_at, client, helo, sender, eight_bit, smtp_utf8, dsn_return, dsn_envelope_id, hold_until, size, subject, header_from, message_id_header, trace_header, outbound
                FROM message WHERE state = 'Held' AND held_by IS NULL AND hold_until IS NOT NULL ORDER BY hold_until LIMIT @most
                """,
                Value.Number("most", MostWaiting)).ConfigureAwait(false))
            {
                while (await row.ReadAsync(cancel).ConfigureAwait(false))
                {
                    rows.Add(new WaitingMessage(
                        EnvelopeOf(row, []),
                        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
                        row.GetInt64(10),
                        new MessageSummary(Text(11), Text(12), Text(13)),
                        row.GetString(14)));

                    string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
                }
            }

            for (var i = 0; i < rows.Count; i++)
            {
                var recipients = await RecipientsAsync(session, rows[i].Envelope.Id).ConfigureAwait(false);
                rows[i] = rows[i] with { Envelope = rows[i].Envelope with { Recipients = [.. recipients.Select(static r => r.Recipient)] } };
            }

            return rows;
        },
        cancel);

    /// <summary>Letters of the same sender, or of his domain, to one of the same recipients, received within a span: the password mail is among them, if it came. Newest first, at most 50, none above 1 MiB, none whose octets are gone.</summary>
    /// <param name="envelope">The letter that asks for a password.</param>
    /// <param name="domain">The domain to compare with the neighbours' reverse-path and From field, in lower case.</param>
    /// <param name="since">Received at this time or later.</param>
    /// <param name="until">Received at this time or earlier.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<IReadOnlyList<Guid>> NeighboursAsync(Envelope envelope, string domain, DateTimeOffset since, DateTimeOffset until, CancellationToken cancel = default) =>
        _database.ReadAsync<IReadOnlyList<Guid>>(
            async session =>
            {
                var recipients = envelope.Recipients.Select(static r => r.Address).ToHashSet(StringComparer.OrdinalIgnoreCase);
                var found = new List<Guid>();
                Guid? last = null;
                await using var rows = await session.QueryAsync(
                    """
                    SELECT m.id, r.address FROM message m JOIN recipient r ON r.message_id = m.id
                    WHERE m.received_at >= @since AND m.received_at <= @until AND m.wrapped_key IS NOT NULL AND m.size <= @longest AND m.id <> @id
                        AND (LOWER(m.sender) LIKE @sender ESCAPE '!' OR LOWER(m.header_from) LIKE @from ESCAPE '!')
                    ORDER BY m.received_at DESC, m.id, r.position
                    """,
                    Value.Id(envelope.Id),
                    Value.Time("since", since),
                    Value.Time("until", until),
                    Value.Number("longest", LongestPasswordMail),
                    Value.Text("sender", $"%@{Escaped(domain)}"),
                    Value.Text("from", $"%@{Escaped(domain)}%")).ConfigureAwait(false);
                while (found.Count < MostNeighbours && await rows.ReadAsync(cancel).ConfigureAwait(false))
                {
                    var id = Guid.ParseExact(rows.GetString(0), "N");
                    if (id != last && recipients.Contains(rows.GetString(1)))
                    {
                        found.Add(id);
                        last = id;
                    }
                }

                return found;

                static string Escaped(string text) => text.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);
            },
            cancel);

    /// <summary>Writes a second judgement of a letter that its verdict holds, or that is quarantined: it goes on, or waits for an admin. One transaction with its audit entry and what is to be sent about it.</summary>
    /// <param name="id">The letter.</param>
    /// <param name="from">Where it stood when it was looked at, Held or Quarantined: what somebody else has done meanwhile stands.</param>
    /// <param name="verdict">The new verdict.</param>
    /// <param name="state">Queued or Quarantined.</param>
    /// <param name="traceHeader">Header fields that go in front of it from now on.</param>
    /// <param name="actor">Who caused it.</param>
    /// <param name="reason">Why, for the audit log.</param>
    /// <param name="notices">Letters to queue with it; the caller goes on owning their octets.</param>
    /// <param name="cancel">Gives up while the writer has not taken it up.</param>
    /// <returns>False when it is not there to be judged (any more): somebody released or discarded it.</returns>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public async Task<bool> JudgeAgainAsync(
        Guid id, MessageState from, Verdict verdict, MessageState state, string traceHeader, string actor, string reason, IReadOnlyList<NewMessage> notices, CancellationToken cancel = default)
    {
        if (state is not (MessageState.Queued or MessageState.Quarantined) || from is not (MessageState.Held or MessageState.Quarantined))
        {
            throw new ArgumentOutOfRangeException(nameof(state), state, "A judged letter goes on or is quarantined.");
        }

        var now = _time.GetUtcNow();
        var letters = notices.Select(notice => new LetterToKeep(notice, now)).ToList();
        try
        {
            while (true)
            {
                letters.ForEach(letter => letter.Wrap(_master, _keyId));
                var (done, newer) = await _writer.RunAsync(
                    async session =>
                    {
                        foreach (var letter in letters)
                        {
                            if (await NewerKeyAsync(session, letter).ConfigureAwait(false) is { } other)
                            {
                                return (false, other);
                            }
                        }

                        // Of a letter out of quarantine the first disposition stays: its sender hears of no failure, and the time it lay there does not count.
                        var changed = await session.ExecuteAsync(
                            """
                            UPDATE message SET state = @state, disposition = CASE WHEN state = 'Quarantined' THEN disposition ELSE @disposition END, score = @score,
                                verdict = @verdict, trace_header = @trace_header, due_at = @due_at, hold_until = NULL, claimed_by = NULL, updated_at = @now
                            WHERE id = @id AND state = @from AND (state = 'Quarantined' OR held_by IS NULL)
                            """,
                            Value.Id(id),
                            Value.Text("from", Names.Of(from)),
                            Value.Text("state", Names.Of(state)),
                            Value.Text("disposition", Names.Of(verdict.Disposition)),
                            Value.Number("score", verdict.Score),
                            Value.Text("verdict", VerdictJson.Write(verdict)),
                            Value.Text("trace_header", Words.Clean(traceHeader)),
                            Value.Time("due_at", state == MessageState.Queued ? now : null),
                            Value.Time("now", now)).ConfigureAwait(false);
                        if (changed == 0)
                        {
                            return (false, null);
                        }

                        if (state == MessageState.Queued)
                        {
                            await LearnKeptAsync(session, id).ConfigureAwait(false);
                        }

                        var action = state == MessageState.Queued ? "clear" : "quarantine";
                        await Audit.AppendAsync(session, actor, action, id.ToString("N"), VerdictJson.Detail(
                            ("reason", reason),
                            ("score", verdict.Score.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                            ("findings", string.Join(' ', verdict.Findings.Select(static f => f.Kind.Code).Distinct())))).ConfigureAwait(false);
                        foreach (var letter in letters)
                        {
                            await KeepAsync(session, letter).ConfigureAwait(false);
                        }

                        return (true, (string?)null);
                    },
                    letters.Sum(static letter => letter.Size),
                    cancel: cancel).ConfigureAwait(false);
                if (newer is null)
                {
                    return done;
                }

                _keyId = newer;
            }
        }
        finally
        {
            letters.ForEach(letter => letter.Dispose());
        }
    }
}

/// <summary>A letter that waits for its password.</summary>
/// <param name="Envelope">What SMTP said.</param>
/// <param name="Until">When its time is up.</param>
/// <param name="Size">Octets.</param>
/// <param name="Summary">What a person recognises it by.</param>
/// <param name="TraceHeader">Header fields that were to go in front of it.</param>
public sealed record WaitingMessage(Envelope Envelope, DateTimeOffset Until, long Size, MessageSummary Summary, string TraceHeader);
