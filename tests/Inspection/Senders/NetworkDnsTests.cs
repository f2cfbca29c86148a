using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Tests.Senders;

public class NetworkDnsTests
{
    private static readonly DnsLimits Quick = new() { Datagram = TimeSpan.FromMilliseconds(400), Time = TimeSpan.FromSeconds(5) };

    /// <summary>The table of <see cref="DmarcTests"/> and SPF and DKIM with it, against a real server. What needs SERVFAIL is in the other tests.</summary>
    [Fact]
    public async Task ARealServer_AnswersLikeTheZoneFile()
    {
        var zone = DmarcTests.Zone + "\n" + Signer.Zone + """

            mail.example TXT "v=spf1 mx include:other.example -all"
            mail.example MX 10 mx.mail.example.
            mx.mail.example A 192.0.2.25
            other.example TXT "v=spf1 ip4:192.0.2.77 -all"
            alias.example CNAME other.example.
            """;
        using var server = new Unbound(zone);
        using var dns = new NetworkDns(NetworkDns.ClientFor(server.EndPoint), TimeProvider.System);
        var faults = new List<string>();
        var asked = 0;
        foreach (var data in DmarcTests.Table.Where(r => !string.Join(' ', r).Contains("dead.")))
        {
            asked++;
            var outcome = await DmarcTests.AskAsync(dns, (string)data[0], (string)data[1], (string)data[2]);
            if (!outcome.Result.Equals(data[3]) || !outcome.Policy.Equals(data[4]) || outcome.PolicyDomain != (string)data[5])
            {
                faults.Add($"{string.Join(" | ", data)}: {outcome}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(asked > 50, $"{asked} rows");

        var spf = new Spf(dns, "gate.example", TimeProvider.System);
        Assert.Equal(SpfResult.Pass, (await spf.CheckAsync(IPAddress.Parse("192.0.2.25"), "a@mail.example", "x.example", CancellationToken.None)).Result);
        Assert.Equal(SpfResult.Pass, (await spf.CheckAsync(IPAddress.Parse("192.0.2.77"), "a@mail.example", "x.example", CancellationToken.None)).Result);
        Assert.Equal(SpfResult.Fail, (await spf.CheckAsync(IPAddress.Parse("192.0.2.99"), "a@mail.example", "x.example", CancellationToken.None)).Result);
        var signed = Signer.Sign(DkimTests.Octets("From: a@mail.example\nSubject: x\n\nbody\n"), Signer.Key, "relaxed/relaxed");
        Assert.Equal(DkimResult.Pass, Assert.Single(await new Dkim(dns, TimeProvider.System).CheckAsync(new MemoryStream(signed), CancellationToken.None)).Result);
        Assert.Equal(DnsStatus.NoData, (await dns.QueryAsync("mail.example", DnsType.Aaaa, CancellationToken.None)).Status);
        Assert.Equal(DnsStatus.NoName, (await dns.QueryAsync("ghost.mail.example", DnsType.A, CancellationToken.None)).Status);
        Assert.Equal("10 mx.mail.example", Assert.Single((await dns.QueryAsync("mail.example", DnsType.Mx, CancellationToken.None)).Records));
    }

    [Theory]
    [InlineData("good.example", DnsStatus.Found, "v=spf1 -all")]
    [InlineData("GOOD.example.", DnsStatus.Found, "v=spf1 -all")]
    [InlineData("octets.example", DnsStatus.Found, "\u0093\u00FA\\\";\u0000")]
    [InlineData("truncated.example", DnsStatus.Found, "whole")]
    [InlineData("tcponly.example", DnsStatus.Found, "by tcp")]
    [InlineData("alias.example", DnsStatus.Found, "found")]
    [InlineData("forever.example", DnsStatus.Found, "kept")]
    [InlineData("empty-strings.example", DnsStatus.Found, "")]
    [InlineData("noname.example", DnsStatus.NoName, null)]
    [InlineData("nodata.example", DnsStatus.NoData, null)]
    [InlineData("lies.example", DnsStatus.NoData, null)]
    [InlineData("servfail.example", DnsStatus.Failed, null)]
    [InlineData("refused.example", DnsStatus.Failed, null)]
    [InlineData("truncated-ever.example", DnsStatus.Failed, null)]
    [InlineData("wrong-size.example", DnsStatus.Failed, null)]
    [InlineData("garbage.example", DnsStatus.Failed, null)]
    [InlineData("self.example", DnsStatus.Failed, null)]
    [InlineData("loop.example", DnsStatus.Failed, null)]
    [InlineData("chain.example", DnsStatus.Failed, null)]
    [InlineData("strings.example", DnsStatus.Failed, null)]
    [InlineData("silent.example", DnsStatus.Failed, null)]
    [InlineData("a..example", DnsStatus.NoName, null)]
    [InlineData("", DnsStatus.NoName, null)]
    [InlineData("white space.example", DnsStatus.NoName, null)]
    public async Task Lies(string name, DnsStatus status, string? text)
    {
        using var server = new LyingDns();
        using var dns = new NetworkDns(NetworkDns.ClientFor(server.EndPoint), TimeProvider.System, Quick);
        var answer = await dns.QueryAsync(name, DnsType.Txt, CancellationToken.None);
        Assert.Equal((status, text), (answer.Status, answer.Records.FirstOrDefault()));
    }

    [Fact]
    public async Task AnAddressOfThreeOctets_IsNoAnswer()
    {
        using var server = new LyingDns();
        using var dns = new NetworkDns(NetworkDns.ClientFor(server.EndPoint), TimeProvider.System, Quick);
        Assert.Equal(DnsStatus.Failed, (await dns.QueryAsync("wrong-size.example", DnsType.A, CancellationToken.None)).Status);
    }

    [Fact]
    public async Task ManyRecords_AreBounded_AndAdIsNoted()
    {
        using var server = new LyingDns();
        using var dns = new NetworkDns(NetworkDns.ClientFor(server.EndPoint), TimeProvider.System, Quick);
        Assert.Equal(100, (await dns.QueryAsync("records.example", DnsType.Txt, CancellationToken.None)).Records.Count);
        Assert.True((await dns.QueryAsync("authentic.example", DnsType.Txt, CancellationToken.None)).IsAuthentic);
        Assert.False((await dns.QueryAsync("good.example", DnsType.Txt, CancellationToken.None)).IsAuthentic);
    }

    [Fact]
    public async Task Answers_AreKept_ForTheirTime()
    {
        using var server = new LyingDns();
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        using var dns = new NetworkDns(NetworkDns.ClientFor(server.EndPoint), clock, new DnsLimits { Datagram = TimeSpan.FromSeconds(5), Time = TimeSpan.FromSeconds(20) });
        async Task<int> AskedAsync(string name)
        {
            var before = server.Asked;
            await dns.QueryAsync(name, DnsType.Txt, CancellationToken.None);
            return server.Asked - before;
        }

        Assert.Equal(1, await AskedAsync("good.example"));
        Assert.Equal(1, await AskedAsync("noname.example"));
        Assert.Equal(1, await AskedAsync("forever.example"));
        Assert.True(await AskedAsync("servfail.example") >= 1);
        foreach (var name in (string[])["good.example", "Good.Example.", "noname.example", "forever.example", "servfail.example"])
        {
            Assert.Equal(0, await AskedAsync(name));
        }

        clock.Advance(TimeSpan.FromSeconds(16)); // silence is short-lived
        Assert.Equal(0, await AskedAsync("good.example"));
        Assert.True(await AskedAsync("servfail.example") >= 1);
        clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(1, await AskedAsync("good.example"));
        Assert.Equal(1, await AskedAsync("noname.example"));
        Assert.Equal(0, await AskedAsync("forever.example"));
        clock.Advance(TimeSpan.FromMinutes(61)); // whatever the TTL says
        Assert.Equal(1, await AskedAsync("forever.example"));
    }

    [Fact]
    public async Task EqualQuestions_AreOne_AndOneThatGivesUpEndsNoOther()
    {
        using var server = new LyingDns();
        using var dns = new NetworkDns(NetworkDns.ClientFor(server.EndPoint), TimeProvider.System, new DnsLimits { Datagram = TimeSpan.FromSeconds(2), Time = TimeSpan.FromSeconds(5) });
        using var impatient = new CancellationTokenSource(20);
        var given = dns.QueryAsync("slow.example", DnsType.Txt, impatient.Token).AsTask();
        var all = Enumerable.Range(0, 50).Select(_ => dns.QueryAsync("slow.example", DnsType.Txt, CancellationToken.None).AsTask()).ToList();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.All(await Task.WhenAll(all), a => Assert.Equal("late", Assert.Single(a.Records)));
        Assert.Equal(1, server.Asked);
    }

    /// <summary>A domain whose servers are dead neither takes all places nor costs every letter the whole time.</summary>
    [Fact]
    public async Task ASlowDomain_HarmsNoOther()
    {
        using var server = new LyingDns();
        var limits = new DnsLimits { Datagram = TimeSpan.FromSeconds(1), Time = TimeSpan.FromSeconds(3), InFlight = 20, InFlightPerDomain = 5 };
        using var dns = new NetworkDns(NetworkDns.ClientFor(server.EndPoint), TimeProvider.System, limits);
        var watch = Stopwatch.StartNew();
        var dead = Enumerable.Range(0, 400).Select(i => dns.QueryAsync($"silent{i}.dead.example", DnsType.Txt, CancellationToken.None).AsTask()).ToList();
        await Task.Delay(50);
        var clean = Stopwatch.StartNew();
        Assert.Equal(DnsStatus.Found, (await dns.QueryAsync("good.clean.test", DnsType.Txt, CancellationToken.None)).Status);
        Assert.True(dead.Count(d => d.IsCompleted) < 400, $"the dead domain's questions ended before the clean one's: {clean.Elapsed}");
        Assert.All(await Task.WhenAll(dead), a => Assert.Equal(DnsStatus.Failed, a.Status));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
        Assert.True(server.Asked < 100, $"{server.Asked} questions"); // only its share was sent

        // It is known as dead: the next question is not even sent. Those that were are still coming in.
        var before = -1;
        while (before != server.Asked)
        {
            before = server.Asked;
            await Task.Delay(500);
        }

        Assert.Equal(DnsStatus.Failed, (await dns.QueryAsync("silent.dead.example", DnsType.Txt, CancellationToken.None)).Status);
        Assert.Equal(before, server.Asked);
    }

    [Theory]
    [InlineData("a\\;b\\\\c\\\"d\\147\\002", "a;b\\c\"d\u0093\u0002")]
    [InlineData("plain", "plain")]
    [InlineData("\\", "\\")]
    [InlineData("\\999", "999")]
    public void Unescaped(string escaped, string plain) => Assert.Equal(plain, NetworkDns.Unescaped(escaped));

    [Theory]
    [InlineData("_dmarc.mail.hospital.or.jp", "hospital.or.jp")]
    [InlineData("s._domainkey.mail.example", "mail.example")]
    [InlineData("25.2.0.192.in-addr.arpa", "2.0.192.in-addr.arpa")]
    [InlineData("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", "0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")]
    public void ADomainsShare_IsItsOwn(string name, string lane) => Assert.Equal(lane, NetworkDns.LaneOf(name));
}
