using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sekisho.Inspection.Senders;

namespace Sekisho.Store;

// Senders that admins allow and block.
public sealed partial class MessageStore
{
    private const int MostInOneGo = 1000;

    /// <summary>Allows or blocks senders, or changes what was said of them for the same recipients; with an audit entry for each, or of several with one for a thousand.</summary>
    /// <param name="entries">The entries, their senders in the form of <see cref="SenderListEntry.Normal"/>.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="cancel">Gives up between two thousands.</param>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public async Task ListSendersAsync(IReadOnlyCollection<SenderListEntry> entries, string actor, CancellationToken cancel = default)
    {
        // A long list must not keep letters from being written.
        foreach (var some in entries.Chunk(MostInOneGo))
        {
            await _writer.RunAsync(
                async session =>
                {
                    foreach (var entry in some)
                    {
                        await session.ExecuteAsync(
                            """
                            INSERT INTO sender_listed (sender, scope, list, author, reason, created_at, expires_at)
                            VALUES (@sender, @scope, @list, @author, @reason, @created_at, @expires_at)
                            ON CONFLICT (sender, scope) DO UPDATE SET list = excluded.list, author = excluded.author, reason = excluded.reason,
                                created_at = excluded.created_at, expires_at = excluded.expires_at
                            """,
                            Value.Text("sender", Words.Clean(entry.Sender)),
                            Value.Text("scope", Words.Clean(entry.Scope)),
                            Value.Text("list", WordOf(entry.Kind)),
                            Value.Text("author", Words.Clean(entry.Author)),
                            Value.Text("reason", Words.Clean(entry.Reason)),
                            Value.Time("created_at", entry.CreatedAt),
                            Value.Time("expires_at", entry.ExpiresAt)).ConfigureAwait(false);
                    }

                    await SendersChangedAsync(session).ConfigureAwait(false);
                    if (entries.Count == 1)
                    {
                        var only = some[0];
                        await Audit.AppendAsync(session, actor, WordOf(only.Kind) + "-sender", Words.Clean(only.Sender), VerdictJson.Detail(
                            ("scope", only.Scope), ("reason", only.Reason), ("expires", only.ExpiresAt?.ToString("O")))).ConfigureAwait(false);
                    }
                    else
                    {
                        await Audit.AppendAsync(session, actor, "import-senders", "", VerdictJson.Detail(
                            ("count", some.Length.ToString(CultureInfo.InvariantCulture)), ("sha256", Digest(some)))).ConfigureAwait(false);
                    }

                    return 0;
                },
                cancel: cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Takes a sender off the list.</summary>
    /// <param name="sender">In the form of <see cref="SenderListEntry.Normal"/>.</param>
    /// <param name="scope">Only for these recipients; null for all.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="cancel">Gives up while the writer has not taken it up.</param>
    /// <returns>How many entries that ended.</returns>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public Task<int> UnlistSenderAsync(string sender, string? scope, string actor, CancellationToken cancel = default) => _writer.RunAsync(
        async session =>
        {
            var ended = await session.ExecuteAsync(
                "DELETE FROM sender_listed WHERE sender = @sender AND (@scope = '' OR scope = @scope)", Value.Text("sender", sender), Value.Text("scope", scope ?? "")).ConfigureAwait(false);
            if (ended > 0)
            {
                await SendersChangedAsync(session).ConfigureAwait(false);
                await Audit.AppendAsync(session, actor, "remove-sender", Words.Clean(sender), VerdictJson.Detail(("scope", scope))).ConfigureAwait(false);
            }

            return ended;
        },
        cancel: cancel);

    /// <summary>Every entry, expired ones included, newest first.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<IReadOnlyList<SenderListEntry>> ListedSendersAsync(CancellationToken cancel = default) => _database.ReadAsync<IReadOnlyList<SenderListEntry>>(
        async session =>
        {
            var all = new List<SenderListEntry>();
            await using var row = await session.QueryAsync(
                "SELECT list, sender, scope, author, reason, created_at, expires_at FROM sender_listed ORDER BY created_at DESC, sender, scope").ConfigureAwait(false);
            while (await row.ReadAsync(cancel).ConfigureAwait(false))
            {
                all.Add(new SenderListEntry(
                    row.GetString(0) == "allow" ? SenderListKind.Allow : SenderListKind.Block, row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
                    DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)), row.IsDBNull(6) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6))));
            }

            return all;
        },
        cancel);

    /// <summary>A number that another list never has again: it goes up with each change.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<long> SendersRevisionAsync(CancellationToken cancel = default) => _database.ReadAsync(
        async session => Convert.ToInt64(await session.ScalarAsync("SELECT revision FROM sender_list_state").ConfigureAwait(false), CultureInfo.InvariantCulture), cancel);

    private static Task<int> SendersChangedAsync(Session session) => session.ExecuteAsync("UPDATE sender_list_state SET revision = revision + 1");

    private static string WordOf(SenderListKind kind) => kind == SenderListKind.Allow ? "allow" : "block";

    /// <summary>What was imported, so that the log can be held against the file: kind, sender and scope of each entry, one a line.</summary>
    private static string Digest(SenderListEntry[] entries) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(entries.Select(static e => $"{WordOf(e.Kind)},{e.Sender},{e.Scope}\n")))));
}
