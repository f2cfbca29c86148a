using System.Data.Common;
using System.Globalization;
using System.Net;
using Sekisho.Inspection.Formats;

namespace Sekisho.Store;

// DMARC aggregate reports: who sent in our name.
public sealed partial class MessageStore
{
    private const string ReportColumns =
        """
        SELECT r.id, r.organisation, r.email, r.report_id, r.begin_at, r.end_at, r.domain, r.policy, r.read_at, r.source,
            (SELECT COUNT(*) FROM dmarc_record l WHERE l.report = r.id),
            (SELECT CAST(COALESCE(SUM(l.letters), 0) AS BIGINT) FROM dmarc_record l WHERE l.report = r.id),
            (SELECT CAST(COALESCE(SUM(l.letters), 0) AS BIGINT) FROM dmarc_record l WHERE l.report = r.id AND l.dkim_aligned = 0 AND l.spf_aligned = 0)
        FROM dmarc_report r
        """;

    /// <summary>Keeps a report, unless the same organisation's report of that name is kept already.</summary>
    /// <param name="report">The report.</param>
    /// <param name="source">The letter it came in, or the file.</param>
    /// <param name="now">When it is read.</param>
    /// <param name="cancel">Gives up while the writer has not taken it up.</param>
    /// <returns>False for one that was there.</returns>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public Task<bool> KeepReportAsync(DmarcReport report, string source, DateTimeOffset now, CancellationToken cancel = default) => _writer.RunAsync(
        async session =>
        {
            var id = Guid.CreateVersion7().ToString("N");
            var added = await session.ExecuteAsync(
                """
                INSERT INTO dmarc_report (id, organisation, report_id, email, domain, policy, begin_at, end_at, read_at, source)
                VALUES (@id, @organisation, @report_id, @email, @domain, @policy, @begin_at, @end_at, @read_at, @source)
                ON CONFLICT (organisation, report_id) DO NOTHING
                """,
                Value.Text("id", id),
                Value.Text("organisation", Words.Clean(report.Organisation.ToLowerInvariant())),
                Value.Text("report_id", Words.Clean(report.Id)),
                Value.Text("email", Words.Clean(report.Email)),
                Value.Text("domain", Words.Clean(report.Domain)),
                Value.Text("policy", Words.Clean(report.Policy)),
                Value.Time("begin_at", report.Begin),
                Value.Time("end_at", report.End),
                Value.Time("read_at", now),
                Value.Text("source", Words.Clean(source))).ConfigureAwait(false);
            if (added == 0)
            {
                return false;
            }

            for (var i = 0; i < report.Rows.Count; i++)
            {
                var row = report.Rows[i];
                await session.ExecuteAsync(
                    """
                    INSERT INTO dmarc_record (report, position, client, letters, disposition, dkim_aligned, spf_aligned, reason, header_from, envelope_from, dkim, spf)
                    VALUES (@report, @position, @client, @letters, @disposition, @dkim_aligned, @spf_aligned, @reason, @header_from, @envelope_from, @dkim, @spf)
                    """,
                    Value.Text("report", id),
                    Value.Number("position", i),
                    Value.Text("client", row.Source.ToString()),
                    Value.Number("letters", row.Count),
                    Value.Text("disposition", Words.Clean(row.Disposition)),
                    Value.Flag("dkim_aligned", row.DkimAligned),
                    Value.Flag("spf_aligned", row.SpfAligned),
                    Value.Text("reason", Words.Clean(row.Reason)),
                    Value.Text("header_from", Words.Clean(row.HeaderFrom)),
                    Value.Text("envelope_from", Words.Clean(row.EnvelopeFrom)),
                    Value.Text("dkim", Words.Clean(row.Dkim)),
                    Value.Text("spf", Words.Clean(row.Spf))).ConfigureAwait(false);
            }

            return true;
        },
        cancel: cancel);

    /// <summary>Reports whose period ended at that time or later, newest first, at most 1,000.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<IReadOnlyList<KeptReport>> ReportsAsync(DateTimeOffset since, CancellationToken cancel = default) => _database.ReadAsync<IReadOnlyList<KeptReport>>(
        async session =>
        {
            var all = new List<KeptReport>();
            await using var row = await session.QueryAsync(
                ReportColumns + " WHERE r.end_at >= @since ORDER BY r.end_at DESC, r.organisation, r.report_id LIMIT 1000", Value.Time("since", since)).ConfigureAwait(false);
            while (await row.ReadAsync(cancel).ConfigureAwait(false))
            {
                all.Add(ReportOf(row));
            }

            return all;
        },
        cancel);

    /// <summary>A report with its lines; null when there is none of that id.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<(KeptReport Report, IReadOnlyList<DmarcReportRow> Rows)?> FindReportAsync(Guid id, CancellationToken cancel = default) => _database.ReadAsync<(KeptReport, IReadOnlyList<DmarcReportRow>)?>(
        async session =>
        {
            KeptReport report;
            await using (var row = await session.QueryAsync(ReportColumns + " WHERE r.id = @id", Value.Id(id)).ConfigureAwait(false))
            {
                if (!await row.ReadAsync(cancel).ConfigureAwait(false))
                {
                    return null;
                }

                report = ReportOf(row);
            }

            var lines = new List<DmarcReportRow>();
            await using var line = await session.QueryAsync(
                """
                SELECT client, letters, disposition, dkim_aligned, spf_aligned, reason, header_from, envelope_from, dkim, spf
                FROM dmarc_record WHERE report = @id ORDER BY position
                """,
                Value.Id(id)).ConfigureAwait(false);
            while (await line.ReadAsync(cancel).ConfigureAwait(false))
            {
                lines.Add(new DmarcReportRow(
                    IPAddress.Parse(line.GetString(0)), line.GetInt64(1), line.GetString(2), line.GetInt64(3) != 0, line.GetInt64(4) != 0, line.GetString(5),
                    line.GetString(6), line.GetString(7), line.GetString(8), line.GetString(9)));
            }

            return (report, lines);
        },
        cancel);

    /// <summary>Who sent in our name, added up over reports whose period ended at that time or later.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<IReadOnlyList<ReportedSource>> ReportedSourcesAsync(DateTimeOffset since, CancellationToken cancel = default) => _database.ReadAsync<IReadOnlyList<ReportedSource>>(
        async session =>
        {
            var all = new List<ReportedSource>();
            await using var row = await session.QueryAsync(
                """
                SELECT l.client, l.header_from, l.envelope_from, l.dkim_aligned, l.spf_aligned, l.disposition, r.organisation,
                    CAST(SUM(l.letters) AS BIGINT), MIN(r.begin_at), MAX(r.end_at)
                FROM dmarc_record l JOIN dmarc_report r ON r.id = l.report
                WHERE r.end_at >= @since
                GROUP BY l.client, l.header_from, l.envelope_from, l.dkim_aligned, l.spf_aligned, l.disposition, r.organisation
                """,
                Value.Time("since", since)).ConfigureAwait(false);
            while (await row.ReadAsync(cancel).ConfigureAwait(false))
            {
                all.Add(new ReportedSource(
                    IPAddress.Parse(row.GetString(0)), row.GetString(1), row.GetString(2), row.GetInt64(3) != 0, row.GetInt64(4) != 0, row.GetString(5), row.GetString(6),
                    row.GetInt64(7), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9))));
            }

            return all;
        },
        cancel);

    /// <summary>Forgets reports whose period ended before that time.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public Task<int> DeleteReportsAsync(DateTimeOffset before, CancellationToken cancel = default) => _writer.RunAsync(
        async session =>
        {
            await session.ExecuteAsync(
                "DELETE FROM dmarc_record WHERE report IN (SELECT id FROM dmarc_report WHERE end_at < @before)", Value.Time("before", before)).ConfigureAwait(false);
            return await session.ExecuteAsync("DELETE FROM dmarc_report WHERE end_at < @before", Value.Time("before", before)).ConfigureAwait(false);
        },
        cancel: cancel);

    private static KeptReport ReportOf(DbDataReader row) => new(
        Guid.ParseExact(row.GetString(0), "N"), row.GetString(1), row.GetString(2), row.GetString(3),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)), row.GetString(6), row.GetString(7),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)), row.GetString(9),
        Convert.ToInt32(row.GetValue(10), CultureInfo.InvariantCulture), row.GetInt64(11), row.GetInt64(12));
}

/// <summary>A DMARC aggregate report that is kept.</summary>
/// <param name="Id">Ours.</param>
/// <param name="Organisation">Who reports, in lower case.</param>
/// <param name="Email">How to reach him.</param>
/// <param name="ReportId">His name for it.</param>
/// <param name="Begin">The first moment it is about.</param>
/// <param name="End">The last.</param>
/// <param name="Domain">The domain it is about.</param>
/// <param name="Policy">What that domain asked for.</param>
/// <param name="ReadAt">When it was read.</param>
/// <param name="Source">The letter it came in, or the file.</param>
/// <param name="Rows">How many lines it has.</param>
/// <param name="Letters">How many letters it counts.</param>
/// <param name="Unaligned">How many of them nothing stood for.</param>
public sealed record KeptReport(
    Guid Id, string Organisation, string Email, string ReportId, DateTimeOffset Begin, DateTimeOffset End, string Domain, string Policy, DateTimeOffset ReadAt, string Source,
    int Rows, long Letters, long Unaligned);

/// <summary>What reports say of one address, added up.</summary>
/// <param name="Client">The sending address.</param>
/// <param name="HeaderFrom">The author's domain.</param>
/// <param name="EnvelopeFrom">The envelope's; empty where it is not told.</param>
/// <param name="DkimAligned">True where a signature of the author's domain passed.</param>
/// <param name="SpfAligned">True where SPF passed for the author's domain.</param>
/// <param name="Disposition">What was done.</param>
/// <param name="Organisation">Who reports it.</param>
/// <param name="Letters">How many.</param>
/// <param name="First">The first moment the reports are about.</param>
/// <param name="Last">The last.</param>
public sealed record ReportedSource(
    IPAddress Client, string HeaderFrom, string EnvelopeFrom, bool DkimAligned, bool SpfAligned, string Disposition, string Organisation, long Letters, DateTimeOffset First, DateTimeOffset Last);
