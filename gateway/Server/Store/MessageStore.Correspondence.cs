using System.Globalization;
using System.Net;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;

namespace Sekisho.Store;

// The correspondence ledger: who writes to whom.
public sealed partial class MessageStore
{
    /// <summary>Ways kept of one address or domain.</summary>
    internal const int MostRoutes = 6;

    /// <summary>Rows changed in one transaction: letters that are to be kept wait for it.</summary>
    private const int LearnBatch = 128;

    /// <summary>Rows read in one query, and in one of a letter to few.</summary>
    private const int ManyRows = 32;
    private const int FewRows = 4;

    /// <summary>Pieces of the ledger that are tidied up one after the other; hashes fill them evenly.</summary>
    private const int Slices = 1024;

    private const string LearnRow =
        """
        INSERT INTO correspondence (hash, first_day, last_in, last_out, count_in, count_out)
        VALUES (@hash, @first_day, @last_in, @last_out, @count_in, @count_out)
        ON CONFLICT (hash) DO UPDATE SET
            first_day = CASE WHEN excluded.first_day < correspondence.first_day THEN excluded.first_day ELSE correspondence.first_day END,
            last_in = CASE WHEN excluded.last_in > correspondence.last_in THEN excluded.last_in ELSE correspondence.last_in END,
            last_out = CASE WHEN excluded.last_out > correspondence.last_out THEN excluded.last_out ELSE correspondence.last_out END,
            count_in = correspondence.count_in + excluded.count_in, count_out = correspondence.count_out + excluded.count_out
        """;

    private static readonly string[] Places = [.. Enumerable.Range(0, ManyRows).Select(static i => string.Create(CultureInfo.InvariantCulture, $"h{i}"))];
    private static readonly string ReadMany = ReadRows(ManyRows);
    private static readonly string ReadFew = ReadRows(FewRows);

    private readonly LedgerHash _ledger;
    private bool _ledgerBegun;

    /// <summary>The rows that tell of a letter that comes in: of its author, of the author's domain, and of the author with each recipient.</summary>
    /// <param name="exchange">Who writes to whom.</param>
    /// <param name="mostRecipients">How many recipients to look at.</param>
    public IReadOnlyList<long> CorrespondenceRows(Exchange exchange, int mostRecipients)
    {
        var outside = exchange.Outside[0];
        var address = _ledger.Address(outside);
        return [address, _ledger.Domain(outside[(outside.LastIndexOf('@') + 1)..]), .. exchange.Inside.Take(mostRecipients).Select(inside => _ledger.Pair(address, outside, inside))];
    }

    /// <summary>The row of an outside address's domain.</summary>
    /// <param name="address">The address, of <see cref="Exchange.AddressOf"/>.</param>
    public long CorrespondenceRow(string address) => _ledger.Domain(address[(address.LastIndexOf('@') + 1)..]);

    /// <summary>What the ledger keeps in place of a signing domain.</summary>
    public uint SignerMark(string domain) => _ledger.Signer(domain);

    /// <summary>Rows of the ledger, those that are there.</summary>
    /// <param name="rows">Which, of <see cref="CorrespondenceRows"/>.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<IReadOnlyDictionary<long, LedgerRow>> CorrespondenceAsync(IReadOnlyList<long> rows, CancellationToken cancel = default) =>
        _database.ReadAsync<IReadOnlyDictionary<long, LedgerRow>>(session => RowsAsync(session, rows, cancel), cancel);

    /// <summary>The day the ledger began; null while it has learnt nothing.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<DateOnly?> CorrespondenceSinceAsync(CancellationToken cancel = default) => _database.ReadAsync(
        async session => await session.ScalarAsync("SELECT day FROM correspondence_start").ConfigureAwait(false) is long day ? LedgerRow.DayOf((int)day) : (DateOnly?)null, cancel);

    /// <summary>Learns from letters that go on. Counts are about right: after a commit whose answer was lost, letters may count twice.</summary>
    /// <param name="exchanges">Who wrote to whom.</param>
    /// <param name="cancel">Gives up; what is written is written.</param>
    /// <returns>The rows that changed.</returns>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public async Task<IReadOnlyCollection<long>> LearnAsync(IReadOnlyCollection<Exchange> exchanges, CancellationToken cancel = default)
    {
        var notes = LedgerNotes.Of(exchanges.Where(static e => !e.IsAutomatic), _ledger);
        foreach (var batch in notes.Chunk(LearnBatch))
        {
            await _writer.RunAsync(
                async session =>
                {
                    await LearnAsync(session, batch).ConfigureAwait(false);
                    return 0;
                },
                batch.Length * 100,
                cancel: cancel).ConfigureAwait(false);
            _ledgerBegun = true; // Only now: a transaction that failed has begun nothing.
        }

        return notes.Keys;
    }

    /// <summary>Forgets whom nobody has written to, or heard of, since a day. May be called by several gateways at once.</summary>
    /// <returns>How many rows went.</returns>
    /// <exception cref="StoreException">The database cannot do it now; what is done is done.</exception>
    public async Task<int> ForgetSilentAsync(DateOnly before, CancellationToken cancel = default)
    {
        var total = 0;
        var day = Value.Number("before", LedgerRow.DayOf(before));
        for (var slice = 0; slice < Slices; slice++)
        {
            // Looked at beside the writer, which only has to come where something goes.
            var from = long.MinValue + (slice * (long)(ulong.MaxValue / Slices + 1));
            var (first, last) = (Value.Number("first", from), Value.Number("last", from + (long)(ulong.MaxValue / Slices)));
            var any = await _database.ReadAsync(
                session => session.ScalarAsync("SELECT hash FROM correspondence WHERE hash >= @first AND hash <= @last AND last_in < @before AND last_out < @before LIMIT 1", first, last, day),
                cancel).ConfigureAwait(false);
            total += any is null ? 0 : await _writer.RunAsync(
                session => session.ExecuteAsync("DELETE FROM correspondence WHERE hash >= @first AND hash <= @last AND last_in < @before AND last_out < @before", first, last, day),
                traces: BatchWriter.Traces.Soon,
                cancel: cancel).ConfigureAwait(false);
        }

        return total;
    }

    /// <summary>Forgets an outside address, all that it exchanged with anybody, and that it took part in conversations; what its domain did stays, and of conversations what was said.
    /// The audit entry names no person: the domain, and the address's hash.</summary>
    /// <param name="address">The address, of <see cref="Exchange.AddressOf"/>.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancel">Gives up while the writer has not taken it up.</param>
    /// <returns>How many rows of the ledger went, and from how many conversations it was taken out.</returns>
    /// <exception cref="StoreException">The database cannot do it now; what is done is done, and may be done again.</exception>
    public async Task<ForgottenCorrespondent> ForgetCorrespondentAsync(string address, string actor, CancellationToken cancel = default)
    {
        var threads = await ForgetPartyAsync(PartyMark.Of(_threadKey, address), cancel).ConfigureAwait(false);
        return await _writer.RunAsync(
            async session =>
            {
                var row = _ledger.Address(address);
                var gone = await session.ExecuteAsync(
                    "DELETE FROM correspondence WHERE hash >= @first AND hash <= @last", Value.Number("first", row), Value.Number("last", row | LedgerHash.Within)).ConfigureAwait(false);
                if (gone + threads > 0)
                {
                    await Audit.AppendAsync(session, actor, "forget-correspondent", row.ToString("x16", CultureInfo.InvariantCulture), VerdictJson.Detail(
                        ("domain", address[(address.LastIndexOf('@') + 1)..]), ("rows", gone.ToString(CultureInfo.InvariantCulture)), ("conversations", threads.ToString(CultureInfo.InvariantCulture)))).ConfigureAwait(false);
                }

                return new ForgottenCorrespondent(gone, threads);
            },
            traces: BatchWriter.Traces.Now,
            cancel: cancel).ConfigureAwait(false);
    }

    /// <summary>How many people of the hospital have exchanged letters with an outside address.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<int> AcquaintancesAsync(string address, CancellationToken cancel = default)
    {
        var row = _ledger.Address(address);
        return _database.ReadAsync(
            async session => (int)(long)(await session.ScalarAsync(
                "SELECT COUNT(*) FROM correspondence WHERE hash > @first AND hash <= @last", Value.Number("first", row), Value.Number("last", row | LedgerHash.Within)).ConfigureAwait(false))!,
            cancel);
    }

    /// <summary>Learns from a kept letter that goes on after all: an admin released it, or its password came. The way it came is not known any more.</summary>
    private async Task LearnKeptAsync(Session session, Guid id)
    {
        if (_options.Senders.Correspondence.KeepDays == 0)
        {
            return;
        }

        var house = new Household(_options.Smtp.RelayDomains, [], [], StaffDirectory.Empty, [], [.. _options.Smtp.TrustedNetworks.Select(IPNetwork.Parse)]);
        Envelope envelope;
        string from;
        await using (var row = await session.QueryAsync(
            "SELECT id, received_at, client, helo, sender, eight_bit, smtp_utf8, dsn_return, dsn_envelope_id, header_from, outbound FROM message WHERE id = @id", Value.Id(id)).ConfigureAwait(false))
        {
            if (!await row.ReadAsync().ConfigureAwait(false) || row.IsDBNull(9))
            {
                return;
            }

            (envelope, from) = (EnvelopeOf(row, []), row.GetString(9));
        }

        envelope = envelope with { Recipients = [.. (await RecipientsAsync(session, id).ConfigureAwait(false)).Select(static r => r.Recipient)] };
        if (Exchange.Of(envelope, from, house) is { IsAutomatic: false } exchange)
        {
            await LearnAsync(session, [.. LedgerNotes.Of([exchange], _ledger)]).ConfigureAwait(false);
        }
    }

    private async Task LearnAsync(Session session, KeyValuePair<long, LedgerNote>[] notes)
    {
        if (!_ledgerBegun)
        {
            await session.ExecuteAsync(
                "INSERT INTO correspondence_start (one, day) VALUES (1, @day) ON CONFLICT (one) DO NOTHING",
                Value.Number("day", LedgerRow.DayOf(DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime)))).ConfigureAwait(false);
        }

        foreach (var (row, note) in notes)
        {
            await session.ExecuteAsync(
                LearnRow,
                Value.Number("hash", row),
                Value.Number("first_day", note.First),
                Value.Number("last_in", note.LastIn),
                Value.Number("last_out", note.LastOut),
                Value.Number("count_in", note.In),
                Value.Number("count_out", note.Out)).ConfigureAwait(false);
        }

        // Only now, and one more statement for it: the counts have locked the rows, so that another gateway's ways are read here, not written over.
        var ways = notes.Where(static n => n.Value.Routes is not null).ToList();
        var known = await RowsAsync(session, ways.ConvertAll(static n => n.Key), CancellationToken.None).ConfigureAwait(false);
        foreach (var (row, note) in ways)
        {
            await session.ExecuteAsync(
                "UPDATE correspondence SET routes = @routes WHERE hash = @hash",
                Value.Number("hash", row),
                Value.Blob("routes", KeptRoute.Write(KeptRoute.Choose(KeptRoute.Add(known[row].Routes, note.Routes!), MostRoutes)))).ConfigureAwait(false);
        }
    }

    private static async Task<IReadOnlyDictionary<long, LedgerRow>> RowsAsync(Session session, IReadOnlyList<long> rows, CancellationToken cancel)
    {
        var found = new Dictionary<long, LedgerRow>(rows.Count);
        for (var from = 0; from < rows.Count; from += ManyRows)
        {
            // Two statements that are prepared once: places left over ask for the first row again.
            var many = rows.Count - from > FewRows;
            var values = new Value[many ? ManyRows : FewRows];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = Value.Number(Places[i], rows[from + i < rows.Count ? from + i : from]);
            }

            await using var row = await session.QueryAsync(many ? ReadMany : ReadFew, values).ConfigureAwait(false);
            while (await row.ReadAsync(cancel).ConfigureAwait(false))
            {
                found[row.GetInt64(0)] = new LedgerRow(
                    (int)row.GetInt64(1), (int)row.GetInt64(2), (int)row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.IsDBNull(6) ? [] : KeptRoute.Read(row.GetFieldValue<byte[]>(6)));
            }
        }

        return found;
    }

    private static string ReadRows(int count) =>
        $"SELECT hash, first_day, last_in, last_out, count_in, count_out, routes FROM correspondence WHERE hash IN ({string.Join(", ", Places.Take(count).Select(static place => "@" + place))})";
}

/// <summary>What was forgotten of somebody.</summary>
/// <param name="Rows">Rows of the correspondence ledger.</param>
/// <param name="Conversations">Conversations that he was taken out of.</param>
public sealed record ForgottenCorrespondent(int Rows, int Conversations)
{
    /// <summary>True where anything was known of him.</summary>
    public bool WasKnown => Rows + Conversations > 0;
}
