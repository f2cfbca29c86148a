using System.Security.Cryptography;
using System.Text;
using Sekisho.Inspection.Messages;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Store;

public class MessageStoreTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task WhatWasKept_ComesBackAsItWas(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        using var octets = home.Spooled("Subject: x\r\n\r\n8bit \u00e9\r\n"u8);
        var letter = home.Letter(octets, MessageState.Quarantined, subject: "検査\0結果\ud800 😀", recipients: ["a@hospital.example", "b@hospital.example"]);
        letter = letter with
        {
            Envelope = letter.Envelope with
            {
                EightBitMime = true,
                SmtpUtf8 = true,
                DsnReturn = "HDRS",
                DsnEnvelopeId = "QQ+2B1",
                Recipients = [new EnvelopeRecipient("a@hospital.example", "SUCCESS,FAILURE", "rfc822;a@hospital.example"), new EnvelopeRecipient("b@hospital.example")],
            },
        };

        await store.AcceptAsync(letter, CancellationToken.None);

        var found = await store.FindAsync(letter.Envelope.Id);
        Assert.NotNull(found);
        Assert.Equal(letter.Envelope, found.Envelope, EnvelopesAreEqual);
        Assert.Equal(letter.Envelope.Recipients, found.Envelope.Recipients);
        Assert.Equal("検査\uFFFD結果\uFFFD 😀", found.Message.Summary.Subject);
        Assert.Equal(letter.TraceHeader, found.TraceHeader);
        Assert.Equal([new KeptFinding("MACRO_AUTO_EXEC", 100, "2/a.doc", "AutoOpen", false)], found.Findings);
        Assert.True(found.OctetsKept);
        Assert.All(found.Recipients, recipient => Assert.Equal(RecipientState.Pending, recipient.State));
        Assert.Equal("quarantine", Assert.Single(await store.Audit.ListAsync()).Action);
        Assert.Null(await store.FindAsync(Guid.NewGuid()));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Octets_ComeBackOctetForOctet_AtEverySize(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        foreach (var length in (int[])[0, 1, LetterKey.ChunkSize - 1, LetterKey.ChunkSize, LetterKey.ChunkSize + 1, 3 << 20])
        {
            var expected = StoreHome.Octets(length);
            using var octets = home.Spooled(expected);
            var letter = home.Letter(octets);
            await store.AcceptAsync(letter, CancellationToken.None);

            Assert.Equal(expected, await StoreHome.ReadAsync(store, letter.Envelope.Id));
            await using var stream = await store.OpenOctetsAsync(letter.Envelope.Id, CancellationToken.None);
            Assert.Equal(length, stream.Length);
            stream.Position = length / 2;
            Assert.Equal(length > 0 ? expected[length / 2] : -1, stream.ReadByte());
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task FiftyMegabytes_CostOnlyAFewInMemory(Engine engine)
    {
        const int Size = 50 << 20;
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var block = StoreHome.Octets(1 << 20);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var writer = home.Spool.NewWriter();
        for (var i = 0; i < Size / block.Length; i++)
        {
            writer.Write(block);
            hash.AppendData(block);
        }

        using var octets = writer.Complete();
        var letter = home.Letter(octets);
        await store.AcceptAsync(letter, CancellationToken.None);
        var expected = hash.GetHashAndReset();
        await using var stream = await store.OpenOctetsAsync(letter.Envelope.Id, CancellationToken.None);
        var actual = await SHA256.HashDataAsync(stream);
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.Equal(expected, actual);
        // Tests beside this one hold some megabytes, too.
        Assert.True(held < Size / 2, $"{held >> 10} KiB are held");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task LettersWithTheSameMessageId_AreDifferentLetters_AndTheSameIdIsKeptOnce(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        using var octets = home.Spooled("x"u8);
        var first = home.Letter(octets);
        var second = home.Letter(octets);
        await store.AcceptAsync(first, CancellationToken.None);
        await store.AcceptAsync(second, CancellationToken.None);
        await store.AcceptAsync(second, CancellationToken.None);

        Assert.Equal(2, (await store.ListAsync(new MessageQuery())).Count);
        Assert.Equal(2, (await store.ClaimDueAsync(10, CancellationToken.None)).Count);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task RejectedLetter_LeavesItsVerdictOnly(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var id = await home.KeepAsync(store, MessageState.Rejected);

        var found = await store.FindAsync(id);
        Assert.NotNull(found);
        Assert.False(found.OctetsKept);
        Assert.Equal("MACRO_AUTO_EXEC", Assert.Single(found.Findings).Code);
        await Assert.ThrowsAsync<StoreException>(() => store.OpenOctetsAsync(id, CancellationToken.None));
        Assert.Equal("reject", Assert.Single(await store.Audit.ListAsync()).Action);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task DamagedOctets_AreNeverHandedOut(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var id = await home.KeepAsync(store);
        var other = await home.KeepAsync(store);
        await home.SqlAsync($"UPDATE octets SET sealed = (SELECT o.sealed FROM octets o WHERE o.message_id = '{other:N}') WHERE message_id = '{id:N}'");
        await Assert.ThrowsAsync<StoreException>(() => StoreHome.ReadAsync(store, id));

        await home.SqlAsync($"UPDATE message SET size = size - 1 WHERE id = '{other:N}'");
        await Assert.ThrowsAsync<StoreException>(() => StoreHome.ReadAsync(store, other));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task AfterACrash_EveryAcceptedLetterIsThere_AndClaimsAreFree(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => home.KeepAsync(store, claimed: i % 2 == 0)));

        var again = await home.OpenAsync(home.Crashed());

        var jobs = await again.ClaimDueAsync(100, CancellationToken.None);
        Assert.Equal(ids.Order(), jobs.Select(static job => job.Envelope.Id).Order());
        Assert.Equal("Subject: x\r\n\r\nbody\r\n", Encoding.ASCII.GetString(await StoreHome.ReadAsync(again, ids[0])));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task ASecondProcessOnTheHome_LeavesTheGatewaysClaimsAlone(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var id = await home.KeepAsync(store, claimed: true);

        var commandLine = await home.OpenAsync();

        Assert.Empty(await commandLine.ClaimDueAsync(10, CancellationToken.None));
        await store.RecordAttemptAsync(id, StoreHome.Outcome(RecipientState.Delivered), CancellationToken.None);
        Assert.Equal(MessageState.Delivered, (await commandLine.FindAsync(id))!.Message.State);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task CancelledAccept_EitherKeepsOrNot_NeverHalf(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var kept = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 20 }, async (i, _) =>
        {
            using var cancel = new CancellationTokenSource();
            using var octets = home.Spooled(StoreHome.Octets(3000, i));
            var accepting = store.AcceptAsync(home.Letter(octets), cancel.Token);
            if (i % 2 == 0)
            {
                await cancel.CancelAsync();
            }

            try
            {
                await accepting;
                Interlocked.Increment(ref kept);
            }
            catch (OperationCanceledException)
            {
            }
        });

        var all = await store.ListAsync(new MessageQuery { Limit = 1000 });
        Assert.Equal(kept, all.Count);
        foreach (var message in all)
        {
            Assert.Equal(3000, (await StoreHome.ReadAsync(store, message.Id)).Length);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task ClosedStore_SaysSo(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<StoreException>(() => home.KeepAsync(store));
    }

    private static bool EnvelopesAreEqual(Envelope x, Envelope y) =>
        (x with { Recipients = y.Recipients }) == y;
}
