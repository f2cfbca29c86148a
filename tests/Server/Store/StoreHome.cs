using System.Net;
using Microsoft.Extensions.Time.Testing;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Store;

/// <summary>The engines that every store test runs on.</summary>
public enum Engine
{
    /// <summary>A file in a temporary folder.</summary>
    Sqlite,

    /// <summary>A server of the tests' own.</summary>
    Postgres,
}

/// <summary>A home folder with a store of one engine, and what the tests put into it.</summary>
internal sealed class StoreHome : IAsyncDisposable
{
    private readonly List<MessageStore> _stores = [];
    private readonly List<string> _folders = [];

    public StoreHome(Engine engine)
    {
        Engine = engine;
        Folder = NewFolder();
        Options = new SekishoOptions { Home = Folder };
        if (engine == Engine.Postgres)
        {
            Options.Store.Postgres = PostgresServer.Shared.NewDatabase();
        }

        Spool = new Spool(Path.Combine(Folder, "spool"));
    }

    public Engine Engine { get; }

    public string Folder { get; }

    public SekishoOptions Options { get; }

    public Spool Spool { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.FromHours(9)));

    /// <summary>Opens the home's store; the newest opened is disposed first.</summary>
    public async Task<MessageStore> OpenAsync(SekishoOptions? options = null, string? key = null)
    {
        var store = await MessageStore.OpenAsync(options ?? Options, Time, key, CancellationToken.None);
        _stores.Add(store);
        return store;
    }

    /// <summary>The home as a crash leaves it: a copy of its files while the store is open. PostgreSQL's tables are the same ones.</summary>
    public SekishoOptions Crashed()
    {
        var copy = NewFolder();
        // cp heeds no locks, as a crash does not.
        using var copying = System.Diagnostics.Process.Start("cp", ["-a", Folder, copy]);
        copying.WaitForExit();
        Assert.Equal(0, copying.ExitCode);
        return new SekishoOptions { Home = copy, Store = Options.Store };
    }

    /// <summary>A letter's octets, each different from its neighbours.</summary>
    public static byte[] Octets(int length, int seed = 1)
    {
        var octets = new byte[length];
        new Random(seed).NextBytes(octets);
        return octets;
    }

    public MessageOctets Spooled(ReadOnlySpan<byte> octets)
    {
        using var writer = Spool.NewWriter();
        while (octets.Length > 0)
        {
            var part = Math.Min(octets.Length, 7001);
            writer.Write(octets[..part]);
            octets = octets[part..];
        }

        return writer.Complete();
    }

    public NewMessage Letter(
        MessageOctets octets,
        MessageState state = MessageState.Queued,
        bool claimed = false,
        string subject = "検査結果",
        params string[] recipients) => new(
        new Envelope(
            Guid.CreateVersion7(),
            Time.GetUtcNow(),
            IPAddress.Parse("192.0.2.1"),
            "mx.example.org",
            "a@example.org",
            [.. (recipients.Length == 0 ? ["nurse@hospital.example"] : recipients).Select(static address => new EnvelopeRecipient(address))]),
        octets,
        "Received: from mx.example.org\r\n",
        state,
        new Verdict(
            state switch { MessageState.Quarantined => Disposition.Quarantine, MessageState.Held => Disposition.Hold, MessageState.Rejected => Disposition.Reject, _ => Disposition.Deliver },
            state == MessageState.Queued ? 0 : 100,
            state == MessageState.Queued ? [] : [new FindingKind("MACRO_AUTO_EXEC", 100, "en", "ja").At("2/a.doc", "AutoOpen")]),
        new MessageSummary(subject, "A <a@example.org>", "<1@example.org>"),
        claimed);

    /// <summary>Keeps a small letter and returns its id.</summary>
    public async Task<Guid> KeepAsync(
        MessageStore store, MessageState state = MessageState.Queued, bool claimed = false, string body = "Subject: x\r\n\r\nbody\r\n", string subject = "検査結果", params string[] recipients)
    {
        using var octets = Spooled(System.Text.Encoding.UTF8.GetBytes(body));
        var letter = Letter(octets, state, claimed, subject, recipients);
        await store.AcceptAsync(letter, CancellationToken.None);
        return letter.Envelope.Id;
    }

    public static async Task<byte[]> ReadAsync(MessageStore store, Guid id)
    {
        await using var stream = await store.OpenOctetsAsync(id, CancellationToken.None);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    public static DeliveryOutcome Outcome(RecipientState state, DateTimeOffset? next = null, NewMessage? notification = null) =>
        new([new RecipientResult(0, state, state == RecipientState.Delivered ? "250 ok" : "450 busy", "mx[192.0.2.9]:25")], next, false, notification);

    /// <summary>Runs SQL behind the store's back.</summary>
    public async Task<object?> SqlAsync(string sql)
    {
        await using var database = Engine == Engine.Sqlite ? Database.Sqlite(Path.Combine(Folder, "sekisho.db")) : Database.Postgres(Options.Store.Postgres);
        await using var session = await database.OpenAsync(CancellationToken.None);
        return await session.ScalarAsync(sql);
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = _stores.Count - 1; i >= 0; i--)
        {
            await _stores[i].DisposeAsync();
        }

        Spool.Dispose();
        foreach (var folder in _folders)
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private string NewFolder()
    {
        var folder = Path.Combine(Path.GetTempPath(), "sekisho-store-" + Guid.NewGuid().ToString("N"));
        _folders.Add(folder);
        return folder;
    }
}
