namespace Sekisho.Store;

// Macros that an admin allows.
public sealed partial class MessageStore
{
    /// <summary>Allows a macro for a scope of recipients, or changes what was allowed; with its audit entry.</summary>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public Task AllowMacroAsync(AllowedMacro macro, CancellationToken cancel = default) => _writer.RunAsync(
        async session =>
        {
            await session.ExecuteAsync(
                """
                INSERT INTO macro_allowed (hash, scope, author, reason, source, created_at, expires_at)
                VALUES (@hash, @scope, @author, @reason, @source, @created_at, @expires_at)
                ON CONFLICT (hash, scope) DO UPDATE SET author = excluded.author, reason = excluded.reason, source = excluded.source,
                    created_at = excluded.created_at, expires_at = excluded.expires_at
                """,
                Value.Text("hash", macro.Hash),
                Value.Text("scope", Words.Clean(macro.Scope)),
                Value.Text("author", Words.Clean(macro.Author)),
                Value.Text("reason", Words.Clean(macro.Reason)),
                Value.Text("source", Words.Clean(macro.Source)),
                Value.Time("created_at", macro.CreatedAt),
                Value.Time("expires_at", macro.ExpiresAt)).ConfigureAwait(false);
            await Audit.AppendAsync(session, macro.Author, "allow-macro", macro.Hash, VerdictJson.Detail(
                ("scope", macro.Scope), ("reason", macro.Reason), ("source", macro.Source), ("expires", macro.ExpiresAt?.ToString("O")))).ConfigureAwait(false);
            return 0;
        },
        cancel: cancel);

    /// <summary>Takes an allowance back.</summary>
    /// <param name="hash">The macro.</param>
    /// <param name="scope">Its scope; null takes back all of them.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="cancel">Gives up while the writer has not taken it up.</param>
    /// <returns>How many allowances that ended.</returns>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public Task<int> RevokeMacroAsync(string hash, string? scope, string actor, CancellationToken cancel = default) => _writer.RunAsync(
        async session =>
        {
            var ended = await session.ExecuteAsync(
                "DELETE FROM macro_allowed WHERE hash = @hash AND (@scope = '' OR scope = @scope)", Value.Text("hash", hash), Value.Text("scope", scope ?? "")).ConfigureAwait(false);
            if (ended > 0)
            {
                await Audit.AppendAsync(session, actor, "revoke-macro", hash, VerdictJson.Detail(("scope", scope))).ConfigureAwait(false);
            }

            return ended;
        },
        cancel: cancel);

    /// <summary>Every allowance, expired ones included, newest first.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public Task<IReadOnlyList<AllowedMacro>> AllowedMacrosAsync(CancellationToken cancel = default) => _database.ReadAsync<IReadOnlyList<AllowedMacro>>(
        async session =>
        {
            var all = new List<AllowedMacro>();
            await using var row = await session.QueryAsync(
                "SELECT hash, scope, author, reason, source, created_at, expires_at FROM macro_allowed ORDER BY created_at DESC, hash, scope").ConfigureAwait(false);
            while (await row.ReadAsync(cancel).ConfigureAwait(false))
            {
                all.Add(new AllowedMacro(
                    row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
                    DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)), row.IsDBNull(6) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6))));
            }

            return all;
        },
        cancel);
}

/// <summary>A macro that an admin allows.</summary>
/// <param name="Hash">The SHA-256 of its normalised code, 64 hexadecimal digits in lower case.</param>
/// <param name="Scope">For whom: an address, a domain, <c>.domain</c> for all below it, or <c>*</c> for every recipient; in lower case.</param>
/// <param name="Author">Who allowed it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Source">The letter it was taken from, and the document's place in it.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="ExpiresAt">Until when; null for ever.</param>
public sealed record AllowedMacro(string Hash, string Scope, string Author, string Reason, string Source, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    /// <summary>True where it holds for a recipient now.</summary>
    public bool HoldsFor(string address, DateTimeOffset now)
    {
        if (ExpiresAt is { } end && now >= end)
        {
            return false;
        }

        var domain = address[(address.LastIndexOf('@') + 1)..];
        return Scope == "*" || Scope.Equals(address, StringComparison.OrdinalIgnoreCase) || Scope.Equals(domain, StringComparison.OrdinalIgnoreCase)
            || (Scope.StartsWith('.') && domain.EndsWith(Scope, StringComparison.OrdinalIgnoreCase));
    }
}
