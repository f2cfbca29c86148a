using Microsoft.Extensions.Time.Testing;
using Sekisho.Senders;

namespace Sekisho.Server.Tests.Senders;

public sealed class StorePatienceTests
{
    [Fact]
    public async Task AfterASilenceNobodyAsksForFiveSeconds_AndItIsToldOnceAMinute()
    {
        var time = new FakeTimeProvider();
        var patience = new StorePatience(time);
        var (asked, told) = (0, 0);
        for (var second = 0; second < 61; second++)
        {
            Assert.Null(await patience.AskAsync<string>(_ => throw new InvalidOperationException($"{asked++}"), _ => told++, default));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((13, 2), (asked, told));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("here", await patience.AskAsync(_ => Task.FromResult("here"), _ => told++, default));
        Assert.Equal(2, told);
    }

    /// <summary>Whoever blocks the thread that asks, as SQLite does, blocks none of ours.</summary>
    [Fact]
    public async Task AnAnswerThatDoesNotComeIsWaitedForASecond()
    {
        var patience = new StorePatience(TimeProvider.System);
        using var gate = new ManualResetEventSlim();
        CancellationToken stop = default;
        Exception? told = null;
        var started = TimeProvider.System.GetTimestamp();
        Assert.Null(await patience.AskAsync(
            end =>
            {
                stop = end;
                gate.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
                return Task.FromResult("late");
            },
            e => told = e,
            default));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(10));
        Assert.True(stop.IsCancellationRequested);
        Assert.IsType<TimeoutException>(told);
        gate.Set();
    }

    [Fact]
    public async Task WhoGivesUpAltogetherIsNoSilence()
    {
        var patience = new StorePatience(new FakeTimeProvider());
        using var cancel = new CancellationTokenSource();
        var asked = patience.AskAsync(async end => { await Task.Delay(-1, end); return ""; }, _ => Assert.Fail("told"), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.Equal("here", await patience.AskAsync(_ => Task.FromResult("here"), _ => { }, default));
    }
}
