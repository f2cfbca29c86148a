using Sekisho.Delivery;
using Sekisho.Options;

namespace Sekisho.Server.Tests.Delivery;

public sealed class SmtpClientConnectionTests
{
    [Fact]
    public async Task EhloRefusedBecomesHelo()
    {
        await using var hop = new FakeNextHop(new NextHopScript { Replies = new() { ["EHLO"] = ["502 5.5.1 what"] } });
        Assert.Equal(ReplyKind.Delivered, (await Letters.SendAsync(Letters.To(hop.Host), Letters.Envelope(), Letters.Plain))[0].Kind);
        Assert.Contains("HELO gateway.test", hop.Commands);
    }

    [Theory]
    [InlineData("554 5.7.1 go away")]
    [InlineData("421 4.3.2 busy")]
    [InlineData("hello there")]
    public async Task BadGreetingIsTemporary(string greeting)
    {
        await using var hop = new FakeNextHop(new NextHopScript { Greeting = greeting });
        Assert.Equal(ReplyKind.Temporary, (await Letters.SendAsync(Letters.To(hop.Host), Letters.Envelope(), Letters.Plain))[0].Kind);
    }

    [Fact]
    public async Task OpportunisticTlsTakesAnyCertificate()
    {
        await using var hop = new FakeNextHop(new NextHopScript { Tls = true });
        Assert.Equal(ReplyKind.Delivered, (await Letters.SendAsync(Letters.To(hop.Host), Letters.Envelope(), Letters.Plain))[0].Kind);
        Assert.True(hop.Letters.Single().Encrypted);
        Assert.Equal(2, hop.Commands.Count(c => c.StartsWith("EHLO", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task OpportunisticTlsThatBreaksComesAgainInPlainText()
    {
        await using var hop = new FakeNextHop(new NextHopScript { Tls = true, BreakTls = true });
        Assert.Equal(ReplyKind.Delivered, (await Letters.SendAsync(Letters.To(hop.Host), Letters.Envelope(), Letters.Plain))[0].Kind);
        Assert.False(hop.Letters.Single().Encrypted);
        Assert.Equal(2, hop.Connections);
    }

    [Fact]
    public async Task OpportunisticTlsDeclinedGoesOnInPlainText()
    {
        await using var hop = new FakeNextHop(new NextHopScript { Tls = true, Replies = new() { ["STARTTLS"] = ["454 4.7.0 not now"] } });
        Assert.Equal(ReplyKind.Delivered, (await Letters.SendAsync(Letters.To(hop.Host), Letters.Envelope(), Letters.Plain))[0].Kind);
        Assert.Equal(1, hop.Connections);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RequiredTlsWithoutAValidCertificateIsTemporaryAndSendsNothing(bool offered)
    {
        await using var hop = new FakeNextHop(new NextHopScript { Tls = offered });
        var options = Letters.To(hop.Host);
        options.Routes[0].Tls = TlsPolicy.Required;
        var reply = (await Letters.SendAsync(options, Letters.Envelope(), Letters.Plain))[0];
        Assert.StartsWith(offered ? "451 4.7.5" : "451 4.7.4", reply.Text);
        Assert.DoesNotContain(hop.Commands, c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TlsPolicyNoneNeverEncrypts()
    {
        await using var hop = new FakeNextHop(new NextHopScript { Tls = true });
        var options = Letters.To(hop.Host);
        options.Routes[0].Tls = TlsPolicy.None;
        await Letters.SendAsync(options, Letters.Envelope(), Letters.Plain);
        Assert.DoesNotContain("STARTTLS", hop.Commands);
    }

    [Fact]
    public async Task IdleConnectionThatDiedIsReplacedAtOnce()
    {
        await using var hop = new FakeNextHop(new NextHopScript { LettersPerConnection = 1 });
        await using var way = new WayOut(Letters.To(hop.Host));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(ReplyKind.Delivered, (await way.SendAsync(Letters.Envelope(), Letters.Plain))[0].Kind);
        }

        Assert.Equal(5, hop.Letters.Count);
    }

    [Fact]
    public async Task IdleConnectionAnswering421IsReplacedAtOnce()
    {
        await using var hop = new FakeNextHop(new NextHopScript { Replies = new() { ["MAIL"] = ["", "421 4.4.2 idle too long", ""] } });
        await using var way = new WayOut(Letters.To(hop.Host));
        Assert.Equal(ReplyKind.Delivered, (await way.SendAsync(Letters.Envelope(), Letters.Plain))[0].Kind);
        Assert.Equal(ReplyKind.Delivered, (await way.SendAsync(Letters.Envelope(), Letters.Plain))[0].Kind);
        Assert.Equal(2, hop.Connections);
    }

    [Fact]
    public async Task LongAndManyLinesAreBounded()
    {
        foreach (var bad in (string[])["250 " + new string('x', 200_000), string.Join("\r\n", Enumerable.Repeat("250-x", 200)) + "\r\n250 x"])
        {
            await using var hop = new FakeNextHop(new NextHopScript { Replies = new() { ["DOT"] = [bad] } });
            Assert.Equal(ReplyKind.Temporary, (await Letters.SendAsync(Letters.To(hop.Host), Letters.Envelope(), Letters.Plain))[0].Kind);
        }

        await using var wordy = new FakeNextHop(new NextHopScript { Replies = new() { ["DOT"] = ["250 2.0.0 " + new string('x', 20_000)] } });
        var reply = (await Letters.SendAsync(Letters.To(wordy.Host), Letters.Envelope(), Letters.Plain))[0];
        Assert.Equal(ReplyKind.Delivered, reply.Kind);
        Assert.True(reply.Text.Length < 600);
    }
}
