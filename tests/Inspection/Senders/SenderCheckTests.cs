using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Tests.Senders;

public class SenderCheckTests
{
    private static readonly string Zone = Signer.Zone + $"""

        mail.example TXT "v=spf1 ip4:192.0.2.1 -all"
        _dmarc.mail.example TXT "v=DMARC1; p=reject"
        mx.mail.example TXT "v=spf1 a -all"
        mx.mail.example A 192.0.2.1
        s._domainkey.list.example TXT "{Signer.P}"
        """;

    private static readonly string Letter = "From: A <a@mail.example>\nTo: b@hospital.example\nSubject: x\n\nbody\n";

    [Fact]
    public async Task EverythingOfALetter()
    {
        var facts = await CheckAsync(Signer.Sign(DkimTests.Octets(Letter), Signer.Key, "relaxed/relaxed"));
        Assert.Equal((SpfResult.Pass, SpfResult.Pass), (facts.Spf!.Result, facts.SpfHelo!.Result));
        Assert.Equal(DkimResult.Pass, Assert.Single(facts.Dkim).Result);
        Assert.Equal((DmarcResult.Pass, true, true), (facts.Dmarc!.Result, facts.Dmarc.IsSpfAligned, facts.Dmarc.IsDkimAligned));
        Assert.Equal(ArcResult.None, facts.Arc!.Result);
        Assert.Equal(["mail.example"], facts.AuthorDomains);
        Assert.Equal("arc=none dkim=pass dmarc=pass spf=pass", Words(facts));
    }

    [Fact]
    public async Task ASpoof()
    {
        var facts = await CheckAsync(DkimTests.Octets(Letter), "203.0.113.9", "a@mail.example");
        Assert.Equal("arc=none dkim=none dmarc=fail spf=fail", Words(facts));
        Assert.Equal(DmarcPolicy.Reject, facts.Dmarc!.Policy);
        Assert.Equal("arc=none dkim=none dmarc=fail spf=none", Words(await CheckAsync(DkimTests.Octets(Letter), "203.0.113.9", "bounce@other.example")));
        Assert.Equal("arc=none dkim=none dmarc=fail", Words(await CheckAsync(DkimTests.Octets(Letter), IPAddress.None.ToString(), "a@mail.example"))); // nobody knows the client
    }

    [Fact]
    public async Task TheNullSender_IsItsHelo()
    {
        var facts = await CheckAsync(DkimTests.Octets(Letter), "192.0.2.1", "");
        Assert.Equal((true, "mx.mail.example", SpfResult.Pass), (facts.IsNullSender, facts.Spf!.Domain, facts.Spf.Result));
        Assert.Equal(DmarcResult.Pass, facts.Dmarc!.Result);
        Assert.Contains("smtp.helo=mx.mail.example", AuthenticationResultsField.Write("gate.example", facts));
    }

    [Fact]
    public async Task TwoFromFields_ArePassedByNobody()
    {
        var facts = await CheckAsync(DkimTests.Octets("From: a@mail.example\n" + Letter));
        Assert.Equal(DmarcResult.PermError, facts.Dmarc!.Result);
        Assert.Equal(DmarcResult.PermError, (await CheckAsync(DkimTests.Octets("From: a@other.example\n" + Letter))).Dmarc!.Result);
    }

    [Fact]
    public async Task SeveralAuthors_AreExempt_ButEachIsKnown()
    {
        var facts = await CheckAsync(DkimTests.Octets(Letter.Replace("From: A", "From: x@evil.example, A")), "203.0.113.9", "x@evil.example");
        Assert.Equal(DmarcResult.None, facts.Dmarc!.Result);
        Assert.Equal([("evil.example", DmarcResult.None), ("mail.example", DmarcResult.Fail)], facts.DmarcOfEach.Select(d => (d.Domain, d.Result)));
    }

    [Theory]
    [InlineData("list.example", "dmarc=pass header.from=mail.example", true)]
    [InlineData("list.example", "dmarc=pass", true)]
    [InlineData("list.example", "dmarc=pass header.from=other.example", false)]
    [InlineData("list.example", "dmarc=fail header.from=mail.example", false)]
    [InlineData("other.example", "dmarc=pass header.from=mail.example", false)]
    public async Task AForwarder_IsBelievedWhereListed(string trusted, string results, bool vouched)
    {
        var letter = Signer.Seal(DkimTests.Octets(Letter), 1, "list.example", results);
        var facts = await CheckAsync(letter, "198.51.100.7", "bounce@list.example", new SenderCheckOptions { TrustedSealers = [trusted] });
        Assert.Equal((ArcResult.Pass, DmarcResult.Fail, vouched), (facts.Arc!.Result, facts.Dmarc!.Result, facts.IsVouchedFor));
    }

    /// <summary>Behind the hospital's own server the client is the one that it names; what stands lower is anybody's word.</summary>
    [Theory]
    [InlineData("Received: from mx.mail.example (rdns.example [192.0.2.1]) by border.hospital.example", "192.0.2.1", "pass")]
    [InlineData("Received: from mx.mail.example ([IPv6:2001:db8::1])\n\tby border.hospital.example", "2001:db8::1", "fail")]
    [InlineData("Received: from [192.0.2.1] ([203.0.113.9]) by border.hospital.example", "203.0.113.9", "fail")]
    [InlineData("Received: from x (inner [10.0.0.2]) by a.hospital.example\nReceived: from mx.mail.example (x [192.0.2.1]) by border.hospital.example", "192.0.2.1", "pass")]
    [InlineData("Received: from x (evil [203.0.113.9]) by border.hospital.example\nReceived: from mx.mail.example (x [192.0.2.1]) by evil.example", "203.0.113.9", "fail")]
    [InlineData("Received: from mx.mail.example ([192.0.2.1] helo=[10.0.0.9]) by border.hospital.example with esmtp (Exim 4.96)", "192.0.2.1", "pass")]
    [InlineData("Received: from mx.mail.example ([192.0.2.1]:3321 helo=x)[10.0.0.9]) by border.hospital.example with esmtp (Exim 4.96)", "192.0.2.1", "pass")]
    [InlineData("Received: from [192.0.2.1] (helo=[10.0.0.9]) by border.hospital.example with esmtp (Exim 4.96)", "192.0.2.1", "pass")]
    [InlineData("Received: from mx.mail.example (192.0.2.1) by border.hospital.example (10.0.0.2) with Microsoft SMTP Server", "192.0.2.1", "pass")]
    [InlineData("Received: from unknown (HELO [10.0.0.9]) (192.0.2.1) by border.hospital.example with SMTP", "192.0.2.1", "pass")]
    [InlineData("Received: by border.hospital.example", null, null)]
    [InlineData("Authentication-Results: border.hospital.example; spf=pass smtp.mailfrom=a@mail.example\nReceived: by border.hospital.example", null, "pass")]
    [InlineData("Received: by border.hospital.example\nReceived: from a by b\nAuthentication-Results: border.hospital.example; spf=pass smtp.mailfrom=a@mail.example", null, null)]
    public async Task ABorderServer(string fields, string? client, string? spf)
    {
        var options = new SenderCheckOptions { Borders = [new BorderServer([IPNetwork.Parse("10.0.0.0/24")], "border.hospital.example")] };
        var facts = await CheckAsync(DkimTests.Octets(fields + "\n" + Letter), "10.0.0.1", "a@mail.example", options);
        Assert.Equal((client, spf), (facts.Client?.ToString(), facts.Authentication.GetValueOrDefault("spf")));
    }

    /// <summary>DNS that never answers ends with the budget, by the clock that is given.</summary>
    [Fact]
    public async Task Silence_EndsInTime_AndIsNoFailure()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var never = new NeverDns();
        var task = new SenderCheck(never, clock, new SenderCheckOptions()).CheckAsync(Envelope("192.0.2.1", "a@mail.example"), new MemoryStream(Signer.Sign(DkimTests.Octets(Letter), Signer.Key, "")), CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(1.4));
        await Task.Delay(50);
        Assert.False(task.IsCompleted);
        Assert.True(never.Asked >= 5, $"{never.Asked} at once"); // SPF twice, the key, the walk
        clock.Advance(TimeSpan.FromSeconds(0.6));
        Assert.Equal("arc=none dkim=temperror dmarc=temperror spf=temperror", Words(await task.WaitAsync(TimeSpan.FromSeconds(20))));
    }

    [Fact]
    public async Task WhoGivesUp_GivesUp()
    {
        using var cancel = new CancellationTokenSource();
        var task = new SenderCheck(new NeverDns(), TimeProvider.System, new SenderCheckOptions()).CheckAsync(Envelope("192.0.2.1", "a@mail.example"), new MemoryStream(DkimTests.Octets(Letter)), cancel.Token);
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
    }

    [Fact]
    public async Task Questions_AreBounded()
    {
        var counting = new NeverDns { Answers = true };
        var letter = string.Concat(Enumerable.Range(0, 200).Select(i => $"DKIM-Signature: v=1; a=rsa-sha256; d=d{i}.example; s=s; h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA{i % 10}AAA\n"));
        await new SenderCheck(counting, TimeProvider.System, new SenderCheckOptions { MostQuestions = 12 }).CheckAsync(Envelope("192.0.2.1", "a@mail.example"), new MemoryStream(DkimTests.Octets(letter + Letter)), CancellationToken.None);
        Assert.Equal(12 + 1, counting.Asked); // and one for HELO
    }

    /// <summary>The octets may be used for something else while DNS is asked.</summary>
    [Fact]
    public async Task TheStream_IsFree_WhenTheCheckReturns()
    {
        var stream = new MemoryStream(Signer.Sign(DkimTests.Octets(Letter), Signer.Key, "relaxed/relaxed"));
        var task = new SenderCheck(new SlowDns(ZoneFile.Parse(Zone)), TimeProvider.System, new SenderCheckOptions()).CheckAsync(Envelope("192.0.2.1", "a@mail.example"), stream, CancellationToken.None);
        stream.Dispose();
        Assert.Equal("arc=none dkim=pass dmarc=pass spf=pass", Words(await task));
    }

    [CorpusFact]
    public async Task EveryMailOfTheCorpus_IsCheckedWithoutException()
    {
        var check = new SenderCheck(ZoneFile.Parse(Zone), TimeProvider.System, new SenderCheckOptions());
        var count = 0;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Corpus!, "mail"), "*", SearchOption.AllDirectories))
        {
            using var stream = File.OpenRead(file);
            var facts = await check.CheckAsync(Envelope("192.0.2.1", "a@mail.example"), stream, CancellationToken.None);
            Assert.DoesNotContain('\n', AuthenticationResultsField.Write("gate.example", facts).TrimEnd().Replace("\r\n\t", ""));
            count++;
        }

        Assert.True(count > 100, $"{count} files");
    }

    /// <summary>A thousand letters of a thousand dead domains, and clean ones among them: those get their answer within the budget.</summary>
    [Fact]
    public async Task DeadDomains_DoNotStallCleanLetters()
    {
        using var server = new LyingDns();
        using var dns = new NetworkDns(NetworkDns.ClientFor(server.EndPoint), TimeProvider.System);
        var check = new SenderCheck(dns, TimeProvider.System, new SenderCheckOptions());
        Task<SenderFacts> Ask(string domain) =>
            check.CheckAsync(Envelope("192.0.2.1", "a@" + domain), new MemoryStream(DkimTests.Octets($"From: a@{domain}\nSubject: x\n\nbody\n")), CancellationToken.None);
        await Ask("good0.test");
        var dead = new List<Task<SenderFacts>>();
        for (var batch = 0; batch < 20; batch++)
        {
            dead.AddRange(Enumerable.Range(batch * 50, 50).Select(i => Ask($"silent{i}.example")));
            await Task.Delay(10); // the server is in this process, too, and its socket holds some hundred datagrams
        }

        var slowest = TimeSpan.Zero;
        for (var i = 1; i <= 20; i++)
        {
            var watch = Stopwatch.StartNew();
            Assert.Equal("fail", (await Ask($"good{i}.test")).Authentication["spf"]);
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }

        Assert.True(slowest < TimeSpan.FromSeconds(2), $"{slowest}");
        Assert.All(await Task.WhenAll(dead), f => Assert.Equal("temperror", f.Authentication["spf"]));
    }

    /// <summary>The price of a letter whose answers are all kept; the bound is wide, the figure is in the message.</summary>
    [Fact]
    public async Task WithAWarmCache_ALetterCostsLittle()
    {
        var letter = Signer.Sign(DkimTests.Octets(Letter + string.Concat(Enumerable.Repeat("A line of a usual letter, some words long.\n", 400))), Signer.Key, "relaxed/relaxed");
        var check = new SenderCheck(ZoneFile.Parse(Zone), TimeProvider.System, new SenderCheckOptions());
        async Task RunAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                await check.CheckAsync(Envelope("192.0.2.1", "a@mail.example"), new MemoryStream(letter), CancellationToken.None);
            }
        }

        // Other tests run beside this one: the best of several goes is nearest to what it costs.
        await RunAsync(300);
        var each = TimeSpan.MaxValue;
        for (var go = 0; go < 8; go++)
        {
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            await RunAsync(100);
            var took = (Process.GetCurrentProcess().TotalProcessorTime - before) / 100;
            each = took < each ? took : each;
        }

        Assert.True(each < TimeSpan.FromMilliseconds(5), $"{each.TotalMilliseconds:F3} ms a letter of {letter.Length} octets");
    }

    /// <summary>A sender whose own domain asks for hundreds of look-ups, or never answers, does not make the check of the claimed one fail.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatTheSenderPublishes_UsesUpNothingOfOthers(bool isSilent)
    {
        var zone = new StringBuilder("_dmarc.mail.example TXT \"v=DMARC1; p=reject; sp=none; np=reject\"\nmail.example A 192.0.2.1\n");
        foreach (var domain in (string[])["greedy.example", "mx.mail.example"])
        {
            zone.Append($"{domain} TXT \"v=spf1 {string.Join(' ', Enumerable.Range(0, 10).Select(i => $"mx:m{i}.{domain}"))} -all\"\n");
            zone.Append(string.Concat(Enumerable.Range(0, 100).Select(i => $"m{i / 10}.{domain} MX 1 h{i}.{domain}\nh{i}.{domain} A 203.0.113.77\n")));
        }

        DnsSource dns = ZoneFile.Parse(zone.ToString());
        var letter = string.Concat(Enumerable.Range(0, 9).Select(i => $"DKIM-Signature: v=1; a=rsa-sha256; d=mail.example; s=s{i}; h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAAAAAA\n"))
            + Letter.Replace("a@mail.example", "a@ghost.mail.example");
        var options = new SenderCheckOptions { DnsBudget = TimeSpan.FromMilliseconds(1600) };
        var facts = await new SenderCheck(isSilent ? new SilentFor("greedy.example", dns) : dns, TimeProvider.System, options)
            .CheckAsync(Envelope("203.0.113.9", "a@greedy.example"), new MemoryStream(DkimTests.Octets(letter)), CancellationToken.None);
        Assert.Equal((DmarcResult.Fail, DmarcPolicy.Reject), (facts.Dmarc!.Result, facts.Dmarc.Policy));
        Assert.Equal(isSilent ? SpfResult.TempError : SpfResult.Fail, facts.Spf!.Result);
    }

    private static Task<SenderFacts> CheckAsync(byte[] letter, string client = "192.0.2.1", string from = "a@mail.example", SenderCheckOptions? options = null) =>
        new SenderCheck(ZoneFile.Parse(Zone), TimeProvider.System, options ?? new SenderCheckOptions()).CheckAsync(Envelope(client, from), new MemoryStream(letter), CancellationToken.None);

    private static Envelope Envelope(string client, string from) =>
        new(Guid.Empty, DateTimeOffset.UnixEpoch, IPAddress.Parse(client), "mx.mail.example", from, [new EnvelopeRecipient("b@hospital.example")]);

    private static string Words(SenderFacts facts) => string.Join(' ', facts.Authentication.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"));

    private sealed class NeverDns : DnsSource
    {
        private int asked;

        public bool Answers { get; init; }

        public int Asked => asked;

        public override async ValueTask<DnsAnswer> QueryAsync(string name, DnsType type, CancellationToken cancel)
        {
            Interlocked.Increment(ref asked);
            if (!Answers)
            {
                await Task.Delay(Timeout.Infinite, cancel);
            }

            return DnsAnswer.Nothing;
        }
    }

    private sealed class SlowDns(DnsSource inner) : DnsSource
    {
        public override async ValueTask<DnsAnswer> QueryAsync(string name, DnsType type, CancellationToken cancel)
        {
            await Task.Delay(10, cancel);
            return await inner.QueryAsync(name, type, cancel);
        }
    }

    private sealed class SilentFor(string domain, DnsSource inner) : DnsSource
    {
        public override async ValueTask<DnsAnswer> QueryAsync(string name, DnsType type, CancellationToken cancel)
        {
            if (name == domain)
            {
                await Task.Delay(Timeout.Infinite, cancel);
            }

            return await inner.QueryAsync(name, type, cancel);
        }
    }
}
