using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Sekisho.Store;

/// <summary>What a failed statement means for those that wait on it.</summary>
internal enum Failure
{
    /// <summary>The statement's own: others in the same transaction may succeed without it.</summary>
    Own,

    /// <summary>The connection is gone, or the transaction lost against another: worth another try at once.</summary>
    Lost,

    /// <summary>The database is locked, full or broken: nobody gets through now.</summary>
    World,
}

/// <summary>The one place that knows which engine keeps the letters: SQLite in the home folder, or PostgreSQL.</summary>
internal sealed class Database : IAsyncDisposable
{
    private const int IdleSessions = 8;
    private readonly NpgsqlDataSource? _postgres;
    private readonly string _file;
    private readonly ConcurrentBag<Session> _idle = [];

    private Database(NpgsqlDataSource? postgres, string file)
    {
        _postgres = postgres;
        _file = file;
    }

    /// <summary>True for SQLite.</summary>
    public bool IsSqlite => _postgres is null;

    /// <summary>Where the letters are, in words for the operator.</summary>
    public string Name => _postgres is null ? $"the database file {_file}" : "the PostgreSQL database";

    /// <summary>Begins a transaction that writes.</summary>
    public string Begin => IsSqlite ? "BEGIN IMMEDIATE" : "BEGIN";

    /// <summary>Begins a transaction that sees one moment only.</summary>
    public string BeginRead => IsSqlite ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ";

    /// <summary>Asks which master key wraps new letters, and keeps it so until the commit (SQLite's one writer needs no lock for that).</summary>
    public string CurrentKey => IsSqlite ? "SELECT key_id FROM vault" : "SELECT key_id FROM vault FOR SHARE";

    /// <summary>The connection string for the migrations.</summary>
    public string ConnectionString => _postgres is null ? SqliteString : _postgres.ConnectionString;

    private string SqliteString => new SqliteConnectionStringBuilder
    {
        DataSource = _file,
        Pooling = false,
        ForeignKeys = true,
        DefaultTimeout = 5,
    }.ToString();

    /// <summary>The database in a file of mode 0600, which is made when it is missing.</summary>
    public static Database Sqlite(string file)
    {
        if (!File.Exists(file))
        {
            // The file holds subjects and addresses in clear: it is private before SQLite writes the first octet (WAL and index take over its mode).
            DurableFile.Create(file, "");
        }

        return new Database(null, file);
    }

    /// <summary>A database of a PostgreSQL server.</summary>
    public static Database Postgres(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            settings.ApplicationName ??= "sekisho";
            return new Database(new NpgsqlDataSourceBuilder(settings.ToString()).Build(), "");
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new StoreException($"Store:Postgres is no connection string (Host=…;Database=…;Username=…): {e.Message}", e);
        }
    }

    /// <summary>A new connection with this house's settings.</summary>
    public async Task<Session> OpenAsync(CancellationToken cancel)
    {
        DbConnection connection = _postgres is null ? new SqliteConnection(SqliteString) : _postgres.CreateConnection();
        try
        {
            await connection.OpenAsync(cancel).ConfigureAwait(false);
            await using var command = connection.CreateCommand();

            // SQLite: 32 MiB of log between two checkpoints, since each costs two fsyncs; deleted keys and subjects are overwritten.
            // PostgreSQL: an operator may ask for more than "on" (remote_apply), never for less: 250 promises durability.
            command.CommandText = IsSqlite
                ? "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=8000; PRAGMA cache_size=-16000;"
                : "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')";
            await command.ExecuteNonQueryAsync(cancel).ConfigureAwait(false);
            return new Session(this, connection);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Asks the database something on a connection of its own; once more on a new connection when the old one turns out to be gone.</summary>
    /// <exception cref="StoreException">The database does not answer.</exception>
    public async Task<T> ReadAsync<T>(Func<Session, Task<T>> read, CancellationToken cancel)
    {
        for (var again = false; ; again = true)
        {
            cancel.ThrowIfCancellationRequested();
            Session? session = null;
            try
            {
                session = !again && _idle.TryTake(out var idle) ? idle : await OpenAsync(cancel).ConfigureAwait(false);
                var result = await read(session).ConfigureAwait(false);
                if (_idle.Count < IdleSessions)
                {
                    _idle.Add(session);
                    session = null;
                }

                return result;
            }
            catch (DbException e) when (!again && Judge(e) == Failure.Lost)
            {
                ForgetIdle();
            }
            catch (DbException e)
            {
                throw Explain(e);
            }
            finally
            {
                if (session is not null)
                {
                    await DisposeQuietlyAsync(session).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>What an error means.</summary>
    public static Failure Judge(Exception error) => error switch
    {
        // LOCKED, BUSY | NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB
        SqliteException { SqliteErrorCode: 5 or 6 or 7 or 8 or 10 or 11 or 13 or 14 or 26 } => Failure.World,
        SqliteException => Failure.Own,

        // Deadlock, serialisation: the transaction lost against another one.
        PostgresException { SqlState: "40001" or "40P01" } => Failure.Lost,
        PostgresException e when IsClass(e, "57P", "08") => Failure.Lost,
        PostgresException e when IsClass(e, "53", "58", "XX", "25006") => Failure.World,
        PostgresException => Failure.Own,
        NpgsqlException or System.Net.Sockets.SocketException => Failure.Lost,

        // Anything else is the operation's own fault: were it taken for a lost connection, one bad letter would stop those behind it.
        _ => Failure.Own,
    };

    /// <summary>The error in words for the operator.</summary>
    public StoreException Explain(Exception error) => error switch
    {
        StoreException ours => ours,
        SqliteException { SqliteErrorCode: 5 or 6 } => new($"{Name} is locked by another process.", error),
        SqliteException { SqliteErrorCode: 13 } => new($"The disk of {Name} is full.", error),
        PostgresException { SqlState: "53100" } => new("The disk of the PostgreSQL database is full.", error),
        PostgresException e when IsClass(e, "28", "3D000", "42501") => new($"PostgreSQL refuses the connection: {e.MessageText}. Look at Store:Postgres.", error),
        NpgsqlException => new($"The PostgreSQL database does not answer: {error.Message}", error),
        _ => new($"{Name} failed: {error.Message}", error),
    };

    /// <summary>Closes a session whose connection may be broken.</summary>
    public static async ValueTask DisposeQuietlyAsync(Session session)
    {
        try
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or IOException)
        {
            // It is gone: that is what was wanted.
        }
    }

    /// <summary>Drops pooled connections, which are likely dead when one is.</summary>
    public void ForgetIdle()
    {
        while (_idle.TryTake(out var session))
        {
            _ = DisposeQuietlyAsync(session);
        }

        _postgres?.Clear();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        while (_idle.TryTake(out var session))
        {
            await DisposeQuietlyAsync(session).ConfigureAwait(false);
        }

        if (_postgres is not null)
        {
            await _postgres.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static bool IsClass(PostgresException error, params ReadOnlySpan<string> begins)
    {
        foreach (var begin in begins)
        {
            if (error.SqlState.StartsWith(begin, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
