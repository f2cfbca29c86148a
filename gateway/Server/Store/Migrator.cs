using System.Reflection;
using DbUp;
using DbUp.Builder;
using DbUp.Engine;

namespace Sekisho.Store;

/// <summary>Brings the tables up to date with the SQL scripts that are embedded in the program.</summary>
internal static class Migrator
{
    private const string Folder = "Sekisho.Store.Migrations.";

    /// <summary>Runs the scripts that are still missing. Asks first with one cheap query: DbUp's own start would cost a good part of the gateway's.</summary>
    /// <exception cref="StoreException">A script failed, or the store is of a later version of the program.</exception>
    public static async Task UpgradeAsync(Database database, CancellationToken cancel)
    {
        var scripts = Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(static name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var done = await DoneAsync(database, cancel).ConfigureAwait(false);
        if (done.Except(scripts).FirstOrDefault() is { } unknown)
        {
            throw new StoreException($"{database.Name} is of a later version of sekisho (it has {unknown[Folder.Length..]}). Start that version, or bring back an older backup.");
        }

        if (scripts.All(done.Contains))
        {
            return;
        }

        await using var session = await database.OpenAsync(cancel).ConfigureAwait(false);
        if (!database.IsSqlite)
        {
            // Two gateways that start at once: the second waits here, and then finds nothing left to do. The lock goes with the connection.
            await session.ScalarAsync("SELECT pg_advisory_lock(7355608)").ConfigureAwait(false);
        }

        var result = await Task.Run(() => Engine(database).PerformUpgrade(), cancel).ConfigureAwait(false);
        if (!database.IsSqlite)
        {
            await session.ScalarAsync("SELECT pg_advisory_unlock(7355608)").ConfigureAwait(false);
        }

        if (!result.Successful)
        {
            throw new StoreException($"{database.Name} could not be brought up to date ({result.ErrorScript?.Name}): {result.Error.Message}", result.Error);
        }
    }

    private static UpgradeEngine Engine(Database database)
    {
        UpgradeEngineBuilder builder = database.IsSqlite
            ? DeployChanges.To.SqliteDatabase(database.ConnectionString)
            : DeployChanges.To.PostgresqlDatabase(database.ConnectionString);
        return builder
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly(), static name => name.StartsWith(Folder, StringComparison.Ordinal))
            .WithVariable("compact", database.IsSqlite ? "WITHOUT ROWID" : "")
            .WithVariable("blob", database.IsSqlite ? "BLOB" : "BYTEA")
            .WithVariable("key", database.IsSqlite ? "INTEGER" : "BIGINT") // SQLite: 64 bits that are the row's own number, one tree instead of two
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build();
    }

    private static Task<HashSet<string>> DoneAsync(Database database, CancellationToken cancel) => database.ReadAsync(
        async session =>
        {
            var done = new HashSet<string>();
            var there = await session.ScalarAsync(database.IsSqlite
                ? "SELECT 1 FROM sqlite_master WHERE name = 'SchemaVersions'"
                : "SELECT 1 WHERE to_regclass('schemaversions') IS NOT NULL").ConfigureAwait(false);
            if (there is not null)
            {
                await using var rows = await session.QueryAsync("SELECT scriptname FROM schemaversions").ConfigureAwait(false);
                while (await rows.ReadAsync(cancel).ConfigureAwait(false))
                {
                    done.Add(rows.GetString(0));
                }
            }

            return done;
        },
        cancel);
}
