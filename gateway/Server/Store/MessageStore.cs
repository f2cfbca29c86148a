using System.Buffers.Binary;
using System.Security.Cryptography;
using Sekisho.Options;

namespace Sekisho.Store;

/// <summary>Keeps letters: durable before 250, sealed at rest, claimed for delivery by one process at a time.</summary>
/// <remarks>
/// One file a subject: this one opens, keeps and reads; <c>MessageStore.Delivering.cs</c> claims and records; <c>MessageStore.Reviewing.cs</c> is what an
/// admin may do; <c>MessageStore.Listing.cs</c> looks things up; <c>MessageStore.Keys.cs</c> rotates the master key.
/// </remarks>
public sealed partial class MessageStore : IAsyncDisposable
{
    private readonly SekishoOptions _options;
    private readonly Database _database;
    private readonly BatchWriter _writer;
    private readonly MasterKey _master;
    private readonly TimeProvider _time;
    private readonly NodeIdentity _node;
    private readonly Inspection.Senders.ThreadKey _threadKey;
    private volatile string _keyId;
    private int _disposed;

    private MessageStore(
        SekishoOptions options, Database database, MasterKey master, TimeProvider time, NodeIdentity node, string keyId, byte[] auditKey)
    {
        _options = options;
        _database = database;
        _master = master;
        _time = time;
        _node = node;
        _keyId = keyId;
        _writer = new BatchWriter(database, time, connections: database.IsSqlite ? 1 : 4);
        Audit = new AuditLog(database, time, auditKey);
        _ledger = LedgerHash.From(auditKey);
        _threadKey = new Inspection.Senders.ThreadKey(HKDF.DeriveKey(HashAlgorithmName.SHA256, auditKey, Inspection.Senders.ThreadKey.Size, info: "sekisho threads"u8.ToArray()));
    }

    /// <summary>Who did what: verdicts that stopped a letter, and everything an admin does. Ordinary deliveries are in the letters' own rows.</summary>
    public AuditLog Audit { get; }

    /// <summary>Opens the store: master key, migrations, writer. Throws <see cref="StoreException"/> with a text for the operator when it cannot.</summary>
    /// <remarks>
    /// The first process that opens a home folder takes over its node id and the claims a crash left behind; a second one (the command line beside the
    /// running gateway) works under an id of its own and leaves the gateway's claims alone.
    /// </remarks>
    public static Task<MessageStore> OpenAsync(SekishoOptions options, Spool spool, TimeProvider time, CancellationToken cancel)
    {
        // Writers come from the spool; naming it here keeps anybody from opening a store before the spool folder is known to work.
        ArgumentNullException.ThrowIfNull(spool);
        return OpenAsync(options, time, Environment.GetEnvironmentVariable(MasterKey.Variable), cancel);
    }

    /// <summary>The same with the environment's master key given, or null for the file's.</summary>
    internal static async Task<MessageStore> OpenAsync(SekishoOptions options, TimeProvider time, string? environmentKey, CancellationToken cancel)
    {
        Database? database = null;
        NodeIdentity? node = null;
        try
        {
            DurableFile.MakeFolder(options.Home);

            node = NodeIdentity.Take(options.Home);
            database = options.Store.Postgres.Length > 0 ? Database.Postgres(options.Store.Postgres) : Database.Sqlite(Path.Combine(options.Home, "sekisho.db"));
            await Migrator.UpgradeAsync(database, cancel).ConfigureAwait(false);
            var keyFile = options.Store.MasterKeyFile.Length > 0 ? options.Store.MasterKeyFile : Path.Combine(options.Home, "master.key");
            var (keyId, auditKey, master) = await UnlockAsync(database, keyFile, environmentKey, cancel).ConfigureAwait(false);
            var store = new MessageStore(options, database, master, time, node, keyId, auditKey);
            await store.TakeBackClaimsAsync(cancel).ConfigureAwait(false);
            return store;
        }
        catch (Exception e)
        {
            node?.Dispose();
            if (database is not null)
            {
                await database.DisposeAsync().ConfigureAwait(false);
            }

            if (e is System.Data.Common.DbException && database is not null)
            {
                throw database.Explain(e);
            }

            if (e is IOException or UnauthorizedAccessException)
            {
                throw new StoreException($"The home folder {options.Home} cannot be used: {e.Message}", e);
            }

            throw;
        }
    }

    /// <summary>Keeps a letter. When the task completes the letter survives a power cut; when it throws, the letter is not kept.</summary>
    /// <remarks>
    /// A letter whose id is kept already counts as kept: so a caller may try again after an answer that was lost. Cancelling works until the writer has
    /// taken the letter up; from then on the call ends with what became of it. A letter that is quarantined or rejected is entered in the audit log.
    /// </remarks>
    /// <exception cref="StoreException">The letter is not kept, for a reason that may pass: answer 451.</exception>
    public async Task AcceptAsync(NewMessage message, CancellationToken cancel)
    {
        using var letter = new LetterToKeep(message, _time.GetUtcNow());
        while (true)
        {
            letter.Wrap(_master, _keyId);
            var newer = await _writer.RunAsync(
                async session =>
                {
                    var other = await NewerKeyAsync(session, letter).ConfigureAwait(false);
                    if (other is null)
                    {
                        await KeepAsync(session, letter).ConfigureAwait(false);
                    }

                    return other;
                },
                letter.Size,
                cancel: cancel).ConfigureAwait(false);
            if (newer is null)
            {
                return;
            }

            _keyId = newer;
        }
    }

    /// <summary>The letter's octets, unsealed as they are read. Throws <see cref="StoreException"/> when the key is destroyed or the octets are damaged.</summary>
    /// <remarks>Seekable, for one thread; reading may throw <see cref="StoreException"/> as well, also when the letter is discarded meanwhile.</remarks>
    public Task<Stream> OpenOctetsAsync(Guid id, CancellationToken cancel) => _database.ReadAsync<Stream>(
        async session =>
        {
            await using var row = await session.QueryAsync(
                "SELECT m.size, m.chunk_size, m.wrapped_key, m.key_id, o.sealed FROM message m LEFT JOIN octets o ON o.message_id = m.id AND o.chunk = 0 WHERE m.id = @id",
                Value.Id(id)).ConfigureAwait(false);
            if (!await row.ReadAsync(cancel).ConfigureAwait(false))
            {
                throw new StoreException($"There is no letter {id}.");
            }

            if (await row.IsDBNullAsync(2, cancel).ConfigureAwait(false))
            {
                throw new StoreException($"The octets of letter {id} are not kept: it was rejected, or its key was destroyed when it was discarded or its time was up.");
            }

            var size = row.GetInt64(0);
            var key = _master.Unwrap(row.GetString(3), row.GetFieldValue<byte[]>(2), Bound(id, size));
            var first = await row.IsDBNullAsync(4, cancel).ConfigureAwait(false) ? null : row.GetFieldValue<byte[]>(4);
            var stream = new KeptOctets(_database, id, LetterKey.From(key), size, (int)row.GetInt64(1));
            CryptographicOperations.ZeroMemory(key);
            try
            {
                if (size > 0)
                {
                    stream.Begin(first);
                }

                return stream;
            }
            catch
            {
                await stream.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        },
        cancel);

    /// <summary>Ends the writer after what it was given is written. A second call does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _writer.DisposeAsync().ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
        _node.Dispose();
    }

    /// <summary>What a letter's wrapped key is bound to: whose letter, and how long it is.</summary>
    internal static byte[] Bound(Guid id, long size)
    {
        var bound = new byte[24];
        id.TryWriteBytes(bound, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bound.AsSpan(16), size);
        return bound;
    }

    /// <summary>The name of the master key to wrap with, when that is no longer the one that the letter was wrapped with; else null.</summary>
    /// <remarks>Asked under a lock in the transaction that keeps the letter: a rotation may not pass in between, or it would remove a key still needed.</remarks>
    private static async Task<string?> NewerKeyAsync(Session session, LetterToKeep letter)
    {
        var current = (string?)await session.ScalarAsync(session.Database.CurrentKey).ConfigureAwait(false);
        return current == letter.KeyId ? null : current ?? throw new StoreException("The store's vault is gone: somebody changed the database.");
    }

    /// <summary>Inserts a letter in the writer's transaction.</summary>
    private async Task KeepAsync(Session session, LetterToKeep letter)
    {
        var leaseEnd = letter.Now + Lease;
        if (!await letter.InsertAsync(session, letter.ClaimedHere ? _node.Id : null, letter.ClaimedHere ? leaseEnd : letter.Now).ConfigureAwait(false))
        {
            return;
        }

        if (letter.AuditAction is { } action)
        {
            await Audit.AppendAsync(session, "gateway", action, letter.Id.ToString("N"), letter.AuditDetail).ConfigureAwait(false);
        }
    }

    /// <summary>Finds the keys, and proves them on the audit log's key: a wrong master key is seen here, not at the first letter.</summary>
    private static async Task<(string KeyId, byte[] AuditKey, MasterKey Master)> UnlockAsync(
        Database database, string keyFile, string? environmentKey, CancellationToken cancel)
    {
        var kept = await VaultAsync(database, cancel).ConfigureAwait(false);
        var master = MasterKey.Load(keyFile, environmentKey, mayCreate: kept is null);
        if (kept is null)
        {
            var key = RandomNumberGenerator.GetBytes(LetterKey.Size);
            var id = master.Ids[0];
            await using var session = await database.OpenAsync(cancel).ConfigureAwait(false);
            await session.BeginAsync().ConfigureAwait(false);
            var first = await session.ExecuteAsync(
                "INSERT INTO vault (one, key_id, audit_key) VALUES (1, @key_id, @audit_key) ON CONFLICT (one) DO NOTHING",
                Value.Text("key_id", id),
                Value.Blob("audit_key", master.Wrap(id, key, "audit"u8))).ConfigureAwait(false);
            if (first == 1)
            {
                await AuditLog.BeginAsync(session, key).ConfigureAwait(false);
            }

            await session.CommitAsync().ConfigureAwait(false);
            kept = await VaultAsync(database, cancel).ConfigureAwait(false) ?? throw new StoreException("The store's vault is gone: somebody changed the database.");
        }

        return (kept.Value.KeyId, master.Unwrap(kept.Value.KeyId, kept.Value.AuditKey, "audit"u8), master);
    }

    private static Task<(string KeyId, byte[] AuditKey)?> VaultAsync(Database database, CancellationToken cancel) =>
        database.ReadAsync<(string, byte[])?>(
            async session =>
            {
                await using var row = await session.QueryAsync("SELECT key_id, audit_key FROM vault").ConfigureAwait(false);
                return await row.ReadAsync(cancel).ConfigureAwait(false) ? (row.GetString(0), row.GetFieldValue<byte[]>(1)) : null;
            },
            cancel);
}

/// <summary>The store cannot do what was asked; the text says what the operator can do about it.</summary>
public sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);
