using System.Text;
using Sekisho.Delivery;
using Sekisho.Options;

namespace Sekisho.Server.Tests.Delivery;

public sealed class SmtpTransactionTests
{
    public static TheoryData<string, string> Bodies => new()
    {
        { "plain", "Subject: x\r\n\r\nHello\r\n" },
        { "leading dots", "Subject: x\r\n\r\n.\r\n..\r\n.a\r\n...\r\n. \r\n" },
        { "dot first of all", ".Subject: x\r\n\r\n.\r\n" },
        { "only dots", ".\r\n.\r\n" },
        { "long line", "Subject: x\r\n\r\n" + new string('y', 100_000) + "\r\n.z\r\n" },
        { "blank lines at the end", "Subject: x\r\n\r\n\r\n\r\n\r\n" },
        { "no body", "Subject: x\r\n" },
        { "8-bit", "Subject: x\r\n\r\n日本語\r\n.点\r\n" },
        { "lone CR", "Subject: x\r\n\r\na\rb\r\n" },
        { "lone LF", "Subject: x\r\n\r\na\nb\r\n" },
        { "no line end at the end", "Subject: x\r\n\r\nno end" },
        { "ends with CR", "Subject: x\r\n\r\nno end\r" },
        { "dot after lone LF", "Subject: x\r\n\r\na\n.\r\nMAIL FROM:<evil@x.test>\r\n" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task OctetsArriveAsTheyCame_WithChunking(string name, string body)
    {
        _ = name;
        await using var hop = new FakeNextHop(new NextHopScript { Offers = ["PIPELINING", "8BITMIME", "CHUNKING"] });
        var octets = Encoding.UTF8.GetBytes(body);
        var replies = await Letters.SendAsync(Letters.To(hop.Host), Letters.Envelope(), octets, "X-Trace: 1\r\n");
        Assert.Equal(ReplyKind.Delivered, replies[0].Kind);
        Assert.Equal([.. "X-Trace: 1\r\n"u8, .. octets], hop.Letters.Single().Octets);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task OctetsArriveAsTheyCame_WithDataAlone(string name, string body)
    {
        foreach (var offers in (string[][])[["PIPELINING", "8BITMIME"], ["8BITMIME"]])
        {
            await using var hop = new FakeNextHop(new NextHopScript { Offers = offers });
            var octets = Encoding.UTF8.GetBytes(body);
            var replies = await Letters.SendAsync(Letters.To(hop.Host), Letters.Envelope(), octets);
            if (name == "dot after lone LF")
            {
                // Neither altered nor smuggled.
                Assert.StartsWith("554 5.6.0", replies[0].Text);
                Assert.Empty(hop.Letters);
                continue;
            }

            Assert.Equal(ReplyKind.Delivered, replies[0].Kind);
            byte[] expected = body.EndsWith("\r\n", StringComparison.Ordinal) ? octets : [.. octets, 13, 10];
            Assert.Equal(expected, hop.Letters.Single().Octets);
        }
    }

    [Fact]
    public async Task LargeLetterIsStreamedUnaltered()
    {
        var line = Encoding.ASCII.GetBytes("." + new string('x', 70) + "\r\n.\r\n");
        var octets = Enumerable.Repeat(line, 40_000).SelectMany(static l => l).ToArray();
        await using var hop = new FakeNextHop();
        var replies = await Letters.SendAsync(Letters.To(hop.Host), Letters.Envelope(), octets, "X-Trace: 1\r\n");
        Assert.Equal(ReplyKind.Delivered, replies[0].Kind);
        Assert.True(hop.Letters.Single().Octets.AsSpan("X-Trace: 1\r\n".Length).SequenceEqual(octets));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EachRecipientHasItsOwnAnswer(bool pipelining)
    {
        await using var hop = new FakeNextHop(new NextHopScript
        {
            Offers = pipelining ? ["PIPELINING"] : [],
            Replies = new() { ["RCPT TO:<no"] = ["550 5.1.1 no such user"], ["RCPT TO:<later"] = ["450 4.2.1 mailbox busy"] },
        });
        var replies = await Letters.SendAsync(Letters.To(hop.Host), Letters.Envelope("yes@hospital.test", "no@hospital.test", "later@hospital.test"), Letters.Plain);
        Assert.Equal([ReplyKind.Delivered, ReplyKind.Permanent, ReplyKind.Temporary], replies.OrderBy(r => r.Key).Select(r => r.Value.Kind));
        Assert.Equal("550 5.1.1 no such user", replies[1].Text);
        Assert.Equal($"127.0.0.1[127.0.0.1]:{hop.Host.Split(':')[1]}", replies[1].Host);
        Assert.Equal(["RCPT TO:<yes@hospital.test>"], hop.Letters.Single().Recipients);
    }

    [Theory]
    [InlineData("MAIL", "451 4.3.0 later", ReplyKind.Temporary)]
    [InlineData("MAIL", "550 5.7.1 never", ReplyKind.Permanent)]
    [InlineData("RCPT", "550 5.1.1 never", ReplyKind.Permanent)]
    [InlineData("RCPT", "421 4.3.2 closing", ReplyKind.Temporary)]
    [InlineData("DATA", "554 5.5.0 never", ReplyKind.Permanent)]
    [InlineData("DATA", "421 4.3.2 closing", ReplyKind.Temporary)]
    [InlineData("DOT", "451 4.3.0 later", ReplyKind.Temporary)]
    [InlineData("DOT", "552 5.2.2 full", ReplyKind.Permanent)]
    [InlineData("DOT", "junk", ReplyKind.Temporary)]
    [InlineData("DOT", "250-yes\r\n550 no", ReplyKind.Temporary)]
    public async Task TheReplyDecides(string command, string reply, object kind)
    {
        foreach (var offers in (string[][])[["PIPELINING"], []])
        {
            await using var hop = new FakeNextHop(new NextHopScript { Offers = offers, Replies = new() { [command] = [reply] } });
            var replies = await Letters.SendAsync(Letters.To(hop.Host), Letters.Envelope(), Letters.Plain);
            Assert.Equal((ReplyKind)kind, replies[0].Kind);
        }
    }

    [Theory]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    [InlineData("DATA")]
    [InlineData("DOT")]
    public async Task LostConnectionIsTemporary(string at)
    {
        await using var hop = new FakeNextHop(new NextHopScript { CloseAt = at });
        await using var way = new WayOut(Letters.To(hop.Host));
        var replies = await way.SendAsync(Letters.Envelope(), Letters.Plain);
        Assert.Equal(ReplyKind.Temporary, replies[0].Kind);
        Assert.Contains($"sekisho_delivery_unknown_outcome_total {(at == "DOT" ? 1 : 0)}\n", await way.MetricsAsync());
    }

    [Theory]
    [InlineData("EHLO")]
    [InlineData("MAIL")]
    [InlineData("DOT")]
    public async Task SilenceIsTemporary(string at)
    {
        await using var hop = new FakeNextHop(new NextHopScript { SilentAt = at });
        var options = Letters.To(hop.Host);
        (options.CommandTimeout, options.DataDoneTimeout) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(300));
        var replies = await Letters.SendAsync(options, Letters.Envelope(), Letters.Plain);
        Assert.Equal(ReplyKind.Temporary, replies[0].Kind);
        Assert.Empty(hop.Letters);
    }

    [Fact]
    public async Task ServerThatSays354WithoutRecipientsGetsItsDotAndTheNextLetterGoesThrough()
    {
        await using var hop = new FakeNextHop(new NextHopScript
        {
            Replies = new() { ["RCPT"] = ["550 5.1.1 no", ""], ["DATA"] = ["354 go on", ""] },
        });
        await using var way = new WayOut(Letters.To(hop.Host));
        Assert.Equal(ReplyKind.Permanent, (await way.SendAsync(Letters.Envelope(), Letters.Plain))[0].Kind);
        Assert.Equal(ReplyKind.Delivered, (await way.SendAsync(Letters.Envelope(), Letters.Plain))[0].Kind);
        Assert.Equal(1, hop.Connections);
        Assert.Single(hop.Letters);
    }

    [Fact]
    public async Task AfterARefusalTheConnectionIsResetAndUsedAgain()
    {
        await using var hop = new FakeNextHop(new NextHopScript { Replies = new() { ["RCPT"] = ["550 5.1.1 no", ""] } });
        await using var way = new WayOut(Letters.To(hop.Host));
        await way.SendAsync(Letters.Envelope(), Letters.Plain);
        Assert.Equal(ReplyKind.Delivered, (await way.SendAsync(Letters.Envelope(), Letters.Plain))[0].Kind);
        await way.SendAsync(Letters.Envelope(), Letters.Plain);
        Assert.Equal(1, hop.Connections);
        Assert.Single(hop.Commands, "RSET");
    }

    [Fact]
    public async Task SizeIsDeclaredAndALimitIsKeptWithoutSending()
    {
        await using var hop = new FakeNextHop(new NextHopScript { Offers = ["SIZE 50"] });
        var replies = await Letters.SendAsync(Letters.To(hop.Host), Letters.Envelope(), Letters.Plain);
        Assert.StartsWith("552 5.3.4", replies[0].Text);
        await using var roomy = new FakeNextHop(new NextHopScript { Offers = ["SIZE 5000"] });
        await Letters.SendAsync(Letters.To(roomy.Host), Letters.Envelope(), Letters.Plain, "X: y\r\n");
        Assert.Equal($"MAIL FROM:<a@sender.test> SIZE={Letters.Plain.Length + 6}", roomy.Letters.Single().Mail);
    }

    [Fact]
    public async Task EightBitIsDeclaredOrSentBack()
    {
        var octets = Encoding.UTF8.GetBytes("Subject: x\r\n\r\n日本語\r\n");
        var declared = Letters.Envelope() with { EightBitMime = true };
        await using var hop = new FakeNextHop();
        await Letters.SendAsync(Letters.To(hop.Host), Letters.Envelope(), octets);
        Assert.EndsWith(" BODY=8BITMIME", hop.Letters.Single().Mail);
        await using var old = new FakeNextHop(new NextHopScript { Offers = [] });
        Assert.StartsWith("554 5.6.3", (await Letters.SendAsync(Letters.To(old.Host), declared, octets))[0].Text);
        Assert.Equal(ReplyKind.Delivered, (await Letters.SendAsync(Letters.To(old.Host), declared, Letters.Plain))[0].Kind);
        Assert.Equal(ReplyKind.Delivered, (await Letters.SendAsync(Letters.To(old.Host), Letters.Envelope(), octets))[0].Kind);
    }

    [Fact]
    public async Task SmtpUtf8IsAskedForOrSentBackUnlessTheLetterDoesNotNeedIt()
    {
        var header = Encoding.UTF8.GetBytes("Subject: 件名\r\n\r\nx\r\n");
        var flagged = Letters.Envelope("b@hospital.test") with { SmtpUtf8 = true };
        await using var hop = new FakeNextHop(new NextHopScript { Offers = ["8BITMIME", "SMTPUTF8"] });
        await Letters.SendAsync(Letters.To(hop.Host), Letters.Envelope("医師@hospital.test"), Letters.Plain);
        Assert.EndsWith(" SMTPUTF8", hop.Letters.Single().Mail);
        Assert.Equal("RCPT TO:<医師@hospital.test>", hop.Letters.Single().Recipients.Single());
        await using var old = new FakeNextHop();
        var mixed = await Letters.SendAsync(Letters.To(old.Host), Letters.Envelope("医師@hospital.test", "b@hospital.test"), Letters.Plain);
        Assert.StartsWith("553 5.6.7", mixed[0].Text);
        Assert.Equal(ReplyKind.Delivered, mixed[1].Kind);
        Assert.StartsWith("554 5.6.7", (await Letters.SendAsync(Letters.To(old.Host), flagged, header))[0].Text);
        Assert.Equal(ReplyKind.Delivered, (await Letters.SendAsync(Letters.To(old.Host), flagged, Letters.Plain))[0].Kind);
    }

    [Fact]
    public async Task DsnParametersAreHandedOnWhereOffered()
    {
        var envelope = Letters.Envelope() with
        {
            DsnReturn = "HDRS", DsnEnvelopeId = "QQ+2B1", Recipients = [new("b@hospital.test", "SUCCESS,FAILURE", "rfc822;b@hospital.test")],
        };
        await using var hop = new FakeNextHop(new NextHopScript { Offers = ["DSN"] });
        var replies = await Letters.SendAsync(Letters.To(hop.Host), envelope, Letters.Plain);
        Assert.True(replies[0].DsnHandedOn);
        Assert.Equal("MAIL FROM:<a@sender.test> RET=HDRS ENVID=QQ+2B1", hop.Letters.Single().Mail);
        Assert.Equal("RCPT TO:<b@hospital.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;b@hospital.test", hop.Letters.Single().Recipients.Single());
        await using var old = new FakeNextHop();
        Assert.False((await Letters.SendAsync(Letters.To(old.Host), envelope, Letters.Plain))[0].DsnHandedOn);
    }

    [Fact]
    public async Task MoreThanAHundredRecipientsGoInSeveralTransactions()
    {
        await using var hop = new FakeNextHop();
        var replies = await Letters.SendAsync(Letters.To(hop.Host), Letters.Envelope([.. Enumerable.Range(0, 250).Select(i => $"u{i}@hospital.test")]), Letters.Plain);
        Assert.Equal(250, replies.Count(r => r.Value.Kind == ReplyKind.Delivered));
        Assert.Equal([50, 100, 100], hop.Letters.Select(l => l.Recipients.Count).Order());
    }
}
