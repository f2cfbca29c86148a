using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sekisho.Store;

// What DMARC said of letters that came in, for the reports that we send.
public sealed partial class MessageStore
{
    /// <summary>Rows written in one transaction: letters that are to be kept wait for it.</summary>
    private const int CountBatch = 128;

    /// <summary>Counts letters. Counts are about right: after a commit whose answer was lost, letters may count twice.</summary>
    /// <param name="counted">How many letters were alike.</param>
    /// <param name="onlyKnown">True adds to rows that are there and makes no new ones.</param>
    /// <param name="cancel">Gives up; what is written is written.</param>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public async Task CountResultsAsync(IEnumerable<KeyValuePair<DmarcResultRow, int>> counted, bool onlyKnown, CancellationToken cancel = default)
    {
        // In one order everywhere, so that two gateways do not wait for each other.
        var rows = counted.Select(static c => (Row: c.Key, Hash: c.Key.Hash(), Letters: c.Value)).OrderBy(static c => c.Hash);
        foreach (var batch in rows.Chunk(CountBatch))
        {
            await _writer.RunAsync(
                async session =>
                {
                    foreach (var (row, hash, letters) in batch)
                    {
                        await CountAsync(session, row, hash, letters, onlyKnown).ConfigureAwait(false);
                    }

                    return 0;
                },
                batch.Length * 500,
                cancel: cancel).ConfigureAwait(false);
        }
    }

    /// <summary>How many rows a day has.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<long> ResultRowsAsync(DateOnly day, CancellationToken cancel = default) => _database.ReadAsync(
        async session => (long)(await session.ScalarAsync("SELECT COUNT(*) FROM dmarc_result WHERE day = @day", DayValue("day", day)).ConfigureAwait(false))!, cancel);

    /// <summary>The reports that are to be sent about some days, the oldest day first, then the one with most letters.</summary>
    /// <param name="first">The first day.</param>
    /// <param name="last">The last.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<IReadOnlyList<PendingReport>> PendingReportsAsync(DateOnly first, DateOnly last, int most, CancellationToken cancel = default) => _database.ReadAsync<IReadOnlyList<PendingReport>>(
        async session =>
        {
            var all = new List<PendingReport>();
            await using var row = await session.QueryAsync(
                """
                SELECT day, domain, published, COUNT(*), CAST(SUM(letters) AS BIGINT) AS total FROM dmarc_result
                WHERE day >= @first AND day <= @last GROUP BY day, domain, published ORDER BY day, total DESC, domain, published LIMIT @most
                """,
                DayValue("first", first), DayValue("last", last), Value.Number("most", most)).ConfigureAwait(false);
            while (await row.ReadAsync(cancel).ConfigureAwait(false))
            {
                all.Add(new PendingReport(LedgerRow.DayOf((int)row.GetInt64(0)), row.GetString(1), row.GetString(2), Convert.ToInt32(row.GetValue(3), CultureInfo.InvariantCulture), row.GetInt64(4)));
            }

            return all;
        },
        cancel);

    /// <summary>The rows of a report, those with most letters first.</summary>
    /// <param name="report">Which.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<IReadOnlyList<KeyValuePair<DmarcResultRow, long>>> ResultsAsync(PendingReport report, int most, CancellationToken cancel = default) => _database.ReadAsync<IReadOnlyList<KeyValuePair<DmarcResultRow, long>>>(
        async session =>
        {
            var all = new List<KeyValuePair<DmarcResultRow, long>>();
            await using var row = await session.QueryAsync(
                """
                SELECT client, disposition, dkim_aligned, spf_aligned, reason, header_from, envelope_from, dkim, spf, letters FROM dmarc_result
                WHERE day = @day AND domain = @domain AND published = @published ORDER BY letters DESC, hash LIMIT @most
                """,
                DayValue("day", report.Day), Value.Text("domain", report.Domain), Value.Text("published", report.Published), Value.Number("most", most)).ConfigureAwait(false);
            while (await row.ReadAsync(cancel).ConfigureAwait(false))
            {
                all.Add(new(
                    new DmarcResultRow(
                        report.Day, report.Domain, report.Published, row.GetString(0), row.GetString(1), row.GetInt64(2) != 0, row.GetInt64(3) != 0, row.GetString(4),
                        row.GetString(5), row.GetString(6), row.GetString(7), row.GetString(8)),
                    row.GetInt64(9)));
            }

            return all;
        },
        cancel);

    /// <summary>Ends a report: its rows go, and its letter is queued in the same transaction. Of several gateways that try, one does it.</summary>
    /// <param name="report">Which.</param>
    /// <param name="letter">The letter, whose octets the caller goes on owning; null where nobody wants it.</param>
    /// <param name="cancel">Gives up while the writer has not taken it up.</param>
    /// <returns>False when another gateway was first.</returns>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public async Task<bool> EndReportAsync(PendingReport report, NewMessage? letter, CancellationToken cancel = default)
    {
        using var kept = letter is null ? null : new LetterToKeep(letter, _time.GetUtcNow());
        while (true)
        {
            kept?.Wrap(_master, _keyId);
            var (done, newer) = await _writer.RunAsync(
                async session =>
                {
                    if (kept is not null && await NewerKeyAsync(session, kept).ConfigureAwait(false) is { } other)
                    {
                        return (false, other);
                    }

                    // Whoever comes second waits here for the first one's commit, and then finds nothing.
                    var gone = await session.ExecuteAsync(
                        "DELETE FROM dmarc_result WHERE day = @day AND domain = @domain AND published = @published",
                        DayValue("day", report.Day), Value.Text("domain", report.Domain), Value.Text("published", report.Published)).ConfigureAwait(false);
                    if (gone > 0 && kept is not null)
                    {
                        await KeepAsync(session, kept).ConfigureAwait(false);
                    }

                    return (gone > 0, (string?)null);
                },
                kept?.Size ?? 0,
                cancel: cancel).ConfigureAwait(false);
            if (newer is null)
            {
                return done;
            }

            _keyId = newer;
        }
    }

    /// <summary>Enters in the audit log what was sent about a day.</summary>
    /// <param name="day">The day.</param>
    /// <param name="actor">Who had it sent.</param>
    /// <param name="reports">Reports sent.</param>
    /// <param name="letters">Letters they count.</param>
    /// <param name="unwanted">Reports that nobody takes.</param>
    /// <param name="cancel">Gives up while the writer has not taken it up.</param>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public Task NoteReportsAsync(DateOnly day, string actor, int reports, long letters, int unwanted, CancellationToken cancel = default) => _writer.RunAsync(
        async session =>
        {
            await Audit.AppendAsync(session, actor, "send-reports", "", VerdictJson.Detail(
                ("day", day.ToString("O", CultureInfo.InvariantCulture)), ("reports", reports.ToString(CultureInfo.InvariantCulture)),
                ("letters", letters.ToString(CultureInfo.InvariantCulture)), ("unwanted", unwanted.ToString(CultureInfo.InvariantCulture)))).ConfigureAwait(false);
            return 0;
        },
        cancel: cancel);

    /// <summary>Forgets what was counted before a day and never sent.</summary>
    /// <returns>How many rows.</returns>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public Task<int> ForgetResultsAsync(DateOnly before, CancellationToken cancel = default) => _writer.RunAsync(
        session => session.ExecuteAsync("DELETE FROM dmarc_result WHERE day < @before", DayValue("before", before)), cancel: cancel);

    private static Value DayValue(string name, DateOnly day) => Value.Number(name, LedgerRow.DayOf(day));

    private static Task CountAsync(Session session, DmarcResultRow row, long hash, int letters, bool onlyKnown) => onlyKnown
        ? session.ExecuteAsync(
            "UPDATE dmarc_result SET letters = letters + @letters WHERE day = @day AND domain = @domain AND hash = @hash",
            Value.Number("letters", letters), DayValue("day", row.Day), Value.Text("domain", row.Domain), Value.Number("hash", hash))
        : session.ExecuteAsync(
            """
            INSERT INTO dmarc_result (day, domain, hash, published, client, disposition, dkim_aligned, spf_aligned, reason, header_from, envelope_from, dkim, spf, letters)
            VALUES (@day, @domain, @hash, @published, @client, @disposition, @dkim_aligned, @spf_aligned, @reason, @header_from, @envelope_from, @dkim, @spf, @letters)
            ON CONFLICT (day, domain, hash) DO UPDATE SET letters = dmarc_result.letters + excluded.letters
            """,
            DayValue("day", row.Day),
            Value.Text("domain", row.Domain),
            Value.Number("hash", hash),
            Value.Text("published", row.Published),
            Value.Text("client", row.Client),
            Value.Text("disposition", row.Disposition),
            Value.Flag("dkim_aligned", row.DkimAligned),
            Value.Flag("spf_aligned", row.SpfAligned),
            Value.Text("reason", row.Reason),
            Value.Text("header_from", row.HeaderFrom),
            Value.Text("envelope_from", row.EnvelopeFrom),
            Value.Text("dkim", row.Dkim),
            Value.Text("spf", row.Spf),
            Value.Number("letters", letters));
}

/// <summary>What DMARC said of a letter, as a report tells it; all texts are ASCII.</summary>
/// <param name="Day">The UTC day on which it came.</param>
/// <param name="Domain">Where the record stands.</param>
/// <param name="Published">The record, as <see cref="Inspection.Senders.DmarcPublished"/> writes it.</param>
/// <param name="Client">Who handed it over.</param>
/// <param name="Disposition">What was done: none, pass, quarantine, reject.</param>
/// <param name="DkimAligned">True where a signature of the author's domain passed.</param>
/// <param name="SpfAligned">True where SPF passed for the author's domain.</param>
/// <param name="Reason">Why something else was done than the domain asks, in the report's words; empty otherwise.</param>
/// <param name="HeaderFrom">The author's domain.</param>
/// <param name="EnvelopeFrom">The reverse-path's domain; empty for the null sender.</param>
/// <param name="Dkim">The signatures: domain, selector and result parted by blanks, several by commas.</param>
/// <param name="Spf">SPF: domain and result parted by a blank; empty where it was not asked.</param>
public sealed record DmarcResultRow(
    DateOnly Day, string Domain, string Published, string Client, string Disposition, bool DkimAligned, bool SpfAligned, string Reason, string HeaderFrom, string EnvelopeFrom, string Dkim, string Spf)
{
    /// <summary>The row's name within its day and domain: 64 bits of SHA-256.</summary>
    public long Hash()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(
            Encoding.UTF8.GetBytes(string.Join('\n', Published, Client, Disposition, DkimAligned ? "1" : "0", SpfAligned ? "1" : "0", Reason, HeaderFrom, EnvelopeFrom, Dkim, Spf)), hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}

/// <summary>A report that is to be sent: all that was counted on a day for one record.</summary>
/// <param name="Day">The UTC day.</param>
/// <param name="Domain">Where the record stands.</param>
/// <param name="Published">The record.</param>
/// <param name="Rows">Lines it has.</param>
/// <param name="Letters">Letters it counts.</param>
public sealed record PendingReport(DateOnly Day, string Domain, string Published, int Rows, long Letters);
