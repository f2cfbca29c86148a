using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.Senders;
using Sekisho.Server.Tests.Store;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Senders;

public class ThreadBookTests
{
    private const string Words = "超音波診断装置の見積書につきまして、前回との違いを来月の会議で報告する予定です。費用の内訳とあわせて今週中にお知らせください。";
    private const string Ours = $"From: t@hospital.example\nTo: sato@firm.example\nMessage-ID: <1@hospital.example>\nSubject: 装置の見積について\nContent-Type: text/plain; charset=utf-8\n\n{Words}\n";
    private const string Stolen = $"From: 佐藤 <x@thief.example>\nTo: t@hospital.example\nSubject: Re: 装置の見積について\nContent-Type: text/plain; charset=utf-8\n\nご確認ください。\n\n> {Words}\n";
    private const string Answer = $"From: 佐藤 <sato@firm.example>\nTo: t@hospital.example\nCc: new@other.example\nMessage-ID: <2@firm.example>\nIn-Reply-To: <1@hospital.example>\nSubject: Re: 装置の見積について\nContent-Type: text/plain; charset=utf-8\n\nありがとうございます。\n\n> {Words}\n";
    private static readonly Verdict Clean = new(Disposition.Deliver, 0, []);

    [Theory, OnSqlite, OnPostgres]
    public async Task WhatWeWrote_IsKnownAgain(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        using var book = Book(home, store);
        await LearnAsync(book, Ours, "10.0.0.9");

        var stolen = (await AskAsync(book, Stolen))!;
        Assert.True(stolen.RepeatsUs && stolen.HasSubject);
        Assert.False(stolen.AuthorTookPart || stolen.Refers || stolen.ParticipantIsThere);

        var answer = (await AskAsync(book, Answer))!;
        Assert.True(answer.RepeatsUs && answer.AuthorTookPart && answer.Refers);
        Assert.False(answer.IsNewRoute); // none came in before

        // Who is brought in by a participant has his part from then on; learning twice is learning once.
        Assert.False((await AskAsync(book, Answer.Replace("sato@firm.example", "new@other.example", StringComparison.Ordinal)))!.AuthorTookPart);
        await LearnAsync(book, Answer, "192.0.2.7");
        var marks = Convert.ToInt64(await home.SqlAsync("SELECT COUNT(*) FROM thread_mark"), System.Globalization.CultureInfo.InvariantCulture);
        await LearnAsync(book, Answer, "192.0.2.7");
        Assert.Equal(marks, Convert.ToInt64(await home.SqlAsync("SELECT COUNT(*) FROM thread_mark"), System.Globalization.CultureInfo.InvariantCulture));
        Assert.True((await AskAsync(book, Answer.Replace("sato@firm.example", "new@other.example", StringComparison.Ordinal)))!.AuthorTookPart);
        Assert.True((await AskAsync(book, Answer, "198.51.100.7"))!.IsNewRoute);
        Assert.False((await AskAsync(book, Answer, "192.0.2.99"))!.IsNewRoute);
        Assert.True((await AskAsync(book, Stolen))!.RepeatsUs);
        Assert.False((await AskAsync(book, Stolen))!.AuthorTookPart);

        // It outlives the process, under the same key.
        await store.DisposeAsync();
        using var next = Book(home, await home.OpenAsync());
        await next.StartAsync(CancellationToken.None);
        Assert.True((await AskAsync(next, Stolen))!.RepeatsUs);

        // What waits to be written when it closes is written.
        using (var message = Open(Answer.Replace("<2@", "<3@", StringComparison.Ordinal), "192.0.2.7"))
        {
            next.Learn(await next.AskAsync(message, null, CancellationToken.None), Clean);
        }

        await next.StopAsync(CancellationToken.None);
        Assert.Equal(marks + 1, Convert.ToInt64(await home.SqlAsync("SELECT COUNT(*) FROM thread_mark"), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task OldConversations_AreForgotten(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        using var book = Book(home, store);
        await LearnAsync(book, Ours, "10.0.0.9");
        home.Time.Advance(TimeSpan.FromDays(399));
        await ForgetAllAsync(book);
        Assert.True((await AskAsync(book, Stolen))!.RepeatsUs);
        home.Time.Advance(TimeSpan.FromDays(2));
        await ForgetAllAsync(book);
        Assert.Empty((await AskAsync(book, Stolen))!.Threads);
        Assert.Equal(0L, await home.SqlAsync("SELECT COUNT(*) FROM thread_mark"));
        Assert.Equal(0L, await home.SqlAsync("SELECT COUNT(*) FROM thread_party"));
        Assert.Null(await store.ThreadsSinceAsync());

        static async Task ForgetAllAsync(ThreadBook book)
        {
            for (var i = 0; i < MessageStore.ThreadSlices; i++)
            {
                await book.ForgetAsync(CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task OnlyDeliveredLetters_AreLearnt()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        var store = await home.OpenAsync();
        using var book = Book(home, store);
        await LearnAsync(book, Ours, "10.0.0.9", new Verdict(Disposition.Quarantine, 100, []));
        await LearnAsync(book, Ours, "10.0.0.9", new Verdict(Disposition.Deliver, 30, [Detectors.Kinds.First(k => k.Code == "STOLEN_THREAD_PERHAPS").At("From", "x")]));
        Assert.Null(await store.ThreadsSinceAsync());
        home.Options.Senders.Threads.LettersADay = 1;
        await LearnAsync(book, Ours, "10.0.0.9");
        Assert.True((await AskAsync(book, Stolen))!.RepeatsUs);
        await LearnAsync(book, Answer, "192.0.2.7"); // the day is full
        Assert.False((await AskAsync(book, Answer, "198.51.100.7"))!.IsNewRoute);
        home.Options.Senders.Threads.Remember = false;
        Assert.Null(await AskAsync(book, Stolen));
    }

    [Fact]
    public async Task AYoungMemory_OnlyLearns()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        var store = await home.OpenAsync();
        using var book = Book(home, store, learnFirst: 7);
        await LearnAsync(book, Ours, "10.0.0.9");
        Assert.Empty((await AskAsync(book, Stolen))!.Threads);
        home.Time.Advance(TimeSpan.FromDays(8));
        Assert.True((await AskAsync(book, Stolen))!.RepeatsUs);
    }

    /// <summary>Who is forgotten took part in nothing any more, though others of his conversations stay; the ledger need not know him.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task WhoIsForgotten_TookNoPart(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        using var book = Book(home, store);
        await LearnAsync(book, Ours.Replace("sato@firm.example", "Sato@Free.example, freund@other.example", StringComparison.Ordinal), "10.0.0.9");
        var his = Answer.Replace("sato@firm.example", "sato@free.example", StringComparison.Ordinal);
        var addresses = Convert.ToInt64(await home.SqlAsync("SELECT COUNT(*) FROM thread_party"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(new ForgottenCorrespondent(0, 1), await store.ForgetCorrespondentAsync("sato@free.example", "admin"));
        Assert.False((await store.ForgetCorrespondentAsync("sato@free.example", "admin")).WasKnown);
        Assert.Equal(addresses - 1, Convert.ToInt64(await home.SqlAsync("SELECT COUNT(*) FROM thread_party"), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(1, (await store.ForgetCorrespondentAsync("freund@other.example", "admin")).Conversations);
        Assert.True((await AskAsync(book, his))!.RepeatsUs);
        Assert.Equal(2, (await store.Audit.ListAsync()).Count(e => e.Action == "forget-correspondent"));
    }

    /// <summary>A store that is gone stops no letter.</summary>
    [Fact]
    public async Task ASilentStore_IsNoAnswer()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        var store = await home.OpenAsync();
        using var book = Book(home, store);
        await LearnAsync(book, Ours, "10.0.0.9");
        await home.SqlAsync("DROP TABLE thread_mark");
        Assert.Null(await AskAsync(book, Stolen));
    }

    /// <summary>A slow disk keeps a letter waiting for a second, and those behind it not at all; SQLite answers on the thread that asks.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task ASlowStoreKeepsNobodyWaiting(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        using var book = Book(home, store, time: TimeProvider.System);
        await LearnAsync(book, Ours, "10.0.0.9");
        await home.SqlAsync("DROP TABLE thread_mark");
        await home.SqlAsync(engine == Engine.Sqlite
            ? "CREATE VIEW thread_mark AS WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 20000000) SELECT x AS mark, 0 AS thread, 0 AS ours FROM c WHERE x < 0"
            : "CREATE VIEW thread_mark AS SELECT (CASE WHEN pg_sleep(4) IS NULL THEN 1 ELSE 0 END)::BIGINT AS mark, 0::BIGINT AS thread, 0::BIGINT AS ours");
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 20; i++)
        {
            Assert.Null(await AskAsync(book, Stolen));
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(3));
    }

    private static ThreadBook Book(StoreHome home, MessageStore store, int learnFirst = 0, TimeProvider? time = null)
    {
        home.Options.Senders.Threads.LearnFirst = TimeSpan.FromDays(learnFirst);
        var house = new Household(["hospital.example"], [], [], StaffDirectory.Empty, [], [IPNetwork.Parse("10.0.0.0/8")]);
        return new ThreadBook(store, home.Options, () => house, () => SignatureSet.Shipped, time ?? home.Time, NullLogger<ThreadBook>.Instance);
    }

    private static async Task LearnAsync(ThreadBook book, string letter, string client, Verdict? verdict = null)
    {
        using var message = Open(letter, client);
        book.Learn(await book.AskAsync(message, null, CancellationToken.None), verdict ?? Clean);
        await book.WriteDownAsync(CancellationToken.None);
    }

    private static async Task<ThreadFacts?> AskAsync(ThreadBook book, string letter, string client = "203.0.113.5")
    {
        using var message = Open(letter, client);
        return await book.AskAsync(message, null, CancellationToken.None);
    }

    private static InboundMessage Open(string letter, string client) => MessageReader.Read(
        new Envelope(Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, IPAddress.Parse(client), "[192.0.2.1]", "x@x.example", [new EnvelopeRecipient("t@hospital.example")]),
        new MemoryStream(Encoding.UTF8.GetBytes(letter.ReplaceLineEndings("\r\n"))), new ReadLimits(), TimeProvider.System, CancellationToken.None);
}
