using System.Data;
using System.Data.Common;

namespace Sekisho.Store;

/// <summary>A named, typed value for a statement: the type is said even when the value is null, since PostgreSQL prepares by type.</summary>
internal readonly record struct Value(string Name, DbType Type, object Content)
{
    public static Value Text(string name, string? text) => new(name, DbType.String, (object?)text ?? DBNull.Value);

    public static Value Number(string name, long? number) => new(name, DbType.Int64, (object?)number ?? DBNull.Value);

    public static Value Flag(string name, bool flag) => new(name, DbType.Int64, flag ? 1L : 0L);

    public static Value Blob(string name, byte[]? octets) => new(name, DbType.Binary, (object?)octets ?? DBNull.Value);

    public static Value Time(string name, DateTimeOffset? at) => Number(name, at?.ToUnixTimeMilliseconds());

    public static Value Id(Guid id) => Text("id", id.ToString("N"));
}

/// <summary>One database connection whose statements are prepared once and used again. For one caller at a time.</summary>
internal sealed class Session(Database database, DbConnection connection) : IAsyncDisposable
{
    private const int MostPrepared = 100;
    private readonly Dictionary<string, DbCommand> _prepared = new(ReferenceComparer.Instance);

    /// <summary>The database that the connection goes to.</summary>
    public Database Database => database;

    /// <summary>The connection, for what is not worth preparing.</summary>
    public DbConnection Connection => connection;

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public Task<int> ExecuteAsync(string sql, params ReadOnlySpan<Value> values) => Prepared(sql, values).ExecuteNonQueryAsync();

    /// <summary>Runs a query; the reader must be disposed before the same query runs again on this session.</summary>
    public Task<DbDataReader> QueryAsync(string sql, params ReadOnlySpan<Value> values) => Prepared(sql, values).ExecuteReaderAsync();

    /// <summary>The first column of the first row; null when there is none, or when it is NULL.</summary>
    public async Task<object?> ScalarAsync(string sql, params Value[] values)
    {
        var value = await Prepared(sql, values).ExecuteScalarAsync().ConfigureAwait(false);
        return value is DBNull ? null : value;
    }

    /// <summary>Begins a transaction that writes; SQLite takes its write lock here, so a waiting writer never fails half-way.</summary>
    public Task BeginAsync() => ExecuteAsync(database.Begin);

    /// <summary>Begins a transaction that sees one moment only.</summary>
    public Task BeginReadAsync() => ExecuteAsync(database.BeginRead);

    /// <summary>Commits; durable when the task completes.</summary>
    public Task CommitAsync() => ExecuteAsync("COMMIT");

    /// <summary>Rolls back.</summary>
    public Task RollbackAsync() => ExecuteAsync("ROLLBACK");

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Forget();
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private DbCommand Prepared(string sql, ReadOnlySpan<Value> values)
    {
        if (_prepared.TryGetValue(sql, out var command))
        {
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters[i].Value = values[i].Content;
            }

            return command;
        }

        if (_prepared.Count >= MostPrepared)
        {
            Forget();
        }

        command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var value in values)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = value.Name;
            parameter.DbType = value.Type;
            parameter.Value = value.Content;
            command.Parameters.Add(parameter);
        }

        command.Prepare();
        _prepared.Add(sql, command);
        return command;
    }

    private void Forget()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        _prepared.Clear();
    }

    /// <summary>Statements are constants of the program: comparing the references is enough and spares hashing the text for each letter.</summary>
    private sealed class ReferenceComparer : IEqualityComparer<string>
    {
        public static readonly ReferenceComparer Instance = new();

        public bool Equals(string? x, string? y) => ReferenceEquals(x, y);

        public int GetHashCode(string text) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(text);
    }
}
