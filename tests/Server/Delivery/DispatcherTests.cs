using System.Diagnostics;
using Sekisho.Delivery;
using Sekisho.Options;

namespace Sekisho.Server.Tests.Delivery;

public sealed class DispatcherTests
{
    [Fact]
    public async Task TheNextHostTakesOverAndTheDeadOneIsTriedLast()
    {
        var dead = new FakeNextHop(new NextHopScript { CloseAt = "EHLO" });
        await using var alive = new FakeNextHop();
        var options = Letters.To(dead.Host, alive.Host);
        options.IdleTimeout = TimeSpan.Zero;
        await using var way = new WayOut(options);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(ReplyKind.Delivered, (await way.SendAsync(Letters.Envelope(), Letters.Plain))[0].Kind);
        }

        Assert.Equal((1, 5), (dead.Connections, alive.Connections));
        await dead.DisposeAsync();
    }

    [Fact]
    public async Task ASilentDestinationHoldsUpNobodyElse()
    {
        await using var silent = new FakeNextHop(new NextHopScript { SilentAt = "EHLO" });
        await using var good = new FakeNextHop();
        var options = Letters.To(good.Host);
        options.MaxConnections = 8;
        options.CommandTimeout = TimeSpan.FromSeconds(20);
        options.Routes.Insert(0, new RouteOptions { Domain = "silent.test", Hosts = [silent.Host] });
        await using var way = new WayOut(options);
        var stuck = Enumerable.Range(0, 300).Select(_ => way.SendAsync(Letters.Envelope("a@silent.test"), Letters.Plain)).ToList();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => way.SendAsync(Letters.Envelope("a@good.test"), Letters.Plain)));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"took {clock.Elapsed}");
        Assert.Equal(300, good.Letters.Count);
        Assert.DoesNotContain(stuck, static t => t.IsCompleted);
        Assert.InRange(silent.Connections, 1, 5);
    }

    [Fact]
    public async Task ABusyDestinationLeavesConnectionsToOthers()
    {
        await using var busy = new FakeNextHop();
        await using var other = new FakeNextHop();
        var options = Letters.To(busy.Host);
        options.MaxConnections = 2;
        options.Routes.Insert(0, new RouteOptions { Domain = "other.test", Hosts = [other.Host] });
        await using var way = new WayOut(options);
        var backlog = Enumerable.Range(0, 2000).Select(_ => way.SendAsync(Letters.Envelope("a@busy.test"), Letters.Plain)).ToList();
        await way.SendAsync(Letters.Envelope("a@other.test"), Letters.Plain);
        Assert.True(backlog.Count(static t => !t.IsCompleted) > 500);
        await Task.WhenAll(backlog);
        Assert.Equal((2000, 1), (busy.Letters.Count, other.Letters.Count));
    }

    [Fact]
    public async Task WhenNobodyAnswersThoseWhoWaitHearItAtOnce()
    {
        var gone = new FakeNextHop();
        var host = gone.Host;
        await gone.DisposeAsync();
        await using var way = new WayOut(Letters.To(host));
        var all = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => way.SendAsync(Letters.Envelope(), Letters.Plain)));
        Assert.All(all, static r => Assert.StartsWith("451 4.4.1", r[0].Text));
    }

    [Fact]
    public async Task OneLetterForTwoDestinationsIsGrouped()
    {
        await using var one = new FakeNextHop();
        await using var two = new FakeNextHop(new NextHopScript { Replies = new() { ["RCPT"] = ["550 5.1.1 no"] } });
        var options = Letters.To(one.Host);
        options.Routes.Insert(0, new RouteOptions { Domain = "two.test", Hosts = [two.Host] });
        var replies = await Letters.SendAsync(options, Letters.Envelope("a@one.test", "b@two.test", "c@uno.test"), Letters.Plain);
        Assert.Equal([ReplyKind.Delivered, ReplyKind.Permanent, ReplyKind.Delivered], replies.OrderBy(r => r.Key).Select(r => r.Value.Kind));
        Assert.Equal(2, one.Letters.Single().Recipients.Count);
    }

    [Fact]
    public async Task ConnectionsStayWithinTheLimits()
    {
        await using var hop = new FakeNextHop();
        var options = Letters.To(hop.Host);
        options.MaxConnectionsPerDestination = 3;
        await using var way = new WayOut(options);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => way.SendAsync(Letters.Envelope(), Letters.Plain)));
        Assert.Equal(200, hop.Letters.Count);
        Assert.InRange(hop.Connections, 1, 3);
    }

    [Fact]
    public async Task AConnectionIsClosedAfterItsShare()
    {
        await using var hop = new FakeNextHop();
        var options = Letters.To(hop.Host);
        options.MaxMessagesPerConnection = 2;
        await using var way = new WayOut(options);
        for (var i = 0; i < 6; i++)
        {
            await way.SendAsync(Letters.Envelope(), Letters.Plain);
        }

        Assert.Equal(3, hop.Connections);
    }
}
