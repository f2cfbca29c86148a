using System.IO.Compression;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using MimeKit;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Reports;
using Sekisho.Server.Tests.Store;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Reports;

/// <summary>What DMARC says of letters is counted by day and record, and told once to those who ask for it.</summary>
public sealed class DmarcResultsTests
{
    private const string Record = "v=DMARC1; p=reject; sp=quarantine; adkim=s; rua=mailto:d@clinic.example,mailto:in@reader.example!10m,mailto:x@victim.example";
    private const string Agreed = "clinic.example._report._dmarc.reader.example TXT \"v=DMARC1\"";
    private static readonly DateOnly Today = new(2026, 11, 23);

    [Theory]
    [InlineData("pass", "reject", "Deliver", "pass")]
    [InlineData("pass", "none", "Quarantine", "none")]
    [InlineData("pass", "reject", "Quarantine", "pass")] // for a macro: not DMARC's affair
    [InlineData("fail", "none", "Quarantine", "none")]
    [InlineData("fail", "quarantine", "Quarantine", "quarantine")]
    [InlineData("fail", "quarantine", "Deliver", "none local_policy")]
    [InlineData("fail", "quarantine", "Hold", "none local_policy")]
    [InlineData("fail", "quarantine", "Reject", "reject local_policy")]
    [InlineData("fail", "reject", "Quarantine", "quarantine local_policy")]
    [InlineData("fail", "reject", "Reject", "reject")]
    [InlineData("fail testing", "reject", "Quarantine", "quarantine policy_test_mode")]
    [InlineData("fail testing", "quarantine", "Deliver", "none policy_test_mode")]
    [InlineData("fail vouched", "reject", "Deliver", "none trusted_forwarder")]
    [InlineData("fail list", "reject", "Deliver", "none mailing_list")]
    [InlineData("temperror", "reject", "Deliver", "none other")]
    [InlineData("none", "reject", "Deliver", null)] // several authors
    [InlineData("permerror", "reject", "Deliver", null)] // several From fields
    [InlineData("fail stranger", "reject", "Deliver", null)] // behind a border server that does not tell whose it is
    public void WhatWasDoneIsTold(string found, string stated, string disposition, string? told)
    {
        var policy = Enum.Parse<DmarcPolicy>(stated, ignoreCase: true);
        var result = Enum.Parse<DmarcResult>(found.Split(' ')[0], ignoreCase: true);
        var facts = Facts(result == DmarcResult.Pass) with { IsVouchedFor = found.Contains("vouched", StringComparison.Ordinal) };
        facts = facts with
        {
            Client = found.Contains("stranger", StringComparison.Ordinal) ? null : facts.Client,
            Dmarc = facts.Dmarc! with { Result = result, Stated = policy, Policy = found.Contains("testing", StringComparison.Ordinal) ? policy - 1 : policy },
        };
        Finding[] findings = found.Contains("list", StringComparison.Ordinal) ? [new FindingKind("DMARC_FAIL_FORWARDED", 30, "en", "ja").At("From", "")] : [];
        var row = LetterResult.Of(Letter(), facts, new Verdict(Enum.Parse<Disposition>(disposition), 0, findings));
        Assert.Equal(told, row is null ? null : $"{row.Disposition} {row.Reason}".Trim());
    }

    [Fact]
    public void WhatStrangersWriteIsMadePlain()
    {
        var facts = Facts(true) with
        {
            MailFrom = "x@Bounce,Evil .example",
            Spf = new SpfOutcome(SpfResult.SoftFail, "evil,x y.example"),
            Dkim =
            [
                new DkimOutcome(DkimResult.Fail, "a.example", "s\n,<", ""), new DkimOutcome(DkimResult.Pass, "other.example", "", ""), new DkimOutcome(DkimResult.Pass, "mail.clinic.example", "s2", ""),
                new DkimOutcome(DkimResult.Pass, "clinic.example", "s1", ""), new DkimOutcome(DkimResult.PermError, "", "s", ""), .. Enumerable.Range(0, 40).Select(i => new DkimOutcome(DkimResult.Neutral, $"n{i}.example", "s", "")),
            ],
        };
        var row = LetterResult.Of(Letter(), facts, new Verdict(Disposition.Deliver, 0, []))!;
        Assert.Equal(("bounce?evil?.example", "evil?x?y.example softfail"), (row.EnvelopeFrom, row.Spf));
        Assert.StartsWith("clinic.example s1 pass,mail.clinic.example s2 pass,other.example ? pass,a.example s??? fail,n0.example s neutral,", row.Dkim, StringComparison.Ordinal);
        Assert.Equal(10, row.Dkim.Split(',').Length);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task ADayIsToldOnceToThoseWhoAskForIt(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        using var results = Service(home, store, Agreed);
        for (var i = 0; i < 5; i++)
        {
            results.Hear(Letter(), Facts(true), new Verdict(Disposition.Deliver, 0, []));
        }

        results.Hear(Letter(), Facts(false, "2001:db8::7") with { IsNullSender = true, MailFrom = "", Spf = new SpfOutcome(SpfResult.None, "helo.example") }, new Verdict(Disposition.Quarantine, 100, []));
        await results.WriteDownAsync();
        results.Hear(Letter(), Facts(true), new Verdict(Disposition.Deliver, 0, []));
        results.Hear(Letter(), Facts(true, record: Record + ",mailto:new@clinic.example"), new Verdict(Disposition.Deliver, 0, [])); // changed at noon
        await results.WriteDownAsync();
        Assert.Equal(["clinic.example 2 7", "clinic.example 1 1"], (await store.PendingReportsAsync(Today, Today, 10)).Select(r => $"{r.Domain} {r.Rows} {r.Letters}"));

        // Not before the day is over.
        await results.SendDueAsync(CancellationToken.None);
        Assert.Empty(await QueuedAsync(store));
        home.Time.SetUtcNow(new DateTimeOffset(2026, 11, 24, 2, 0, 0, TimeSpan.Zero));
        await results.SendDueAsync(CancellationToken.None);
        await results.SendDueAsync(CancellationToken.None);
        Assert.Empty(await store.PendingReportsAsync(Today, Today, 10));
        var letters = await QueuedAsync(store);
        Assert.Equal(2, letters.Count);
        var envelope = letters.MinBy(l => l.Envelope.Recipients.Count).Envelope;
        Assert.Equal(("reports@hospital.example", true, "d@clinic.example in@reader.example", "NEVER"), (envelope.Sender, envelope.IsOutbound, string.Join(' ', envelope.Recipients.Select(r => r.Address)), envelope.Recipients[0].DsnNotify));

        var mail = await MimeMessage.LoadAsync(new MemoryStream(await StoreHome.ReadAsync(store, envelope.Id)));
        var file = Assert.Single(mail.Attachments.OfType<MimePart>());
        var xml = Unpacked(file);
        ReportSchema.Validate(xml);
        var report = DmarcReport.Read(xml);
        Assert.Equal(("関所病院", "reports@hospital.example", "clinic.example", "reject"), (report.Organisation, report.Email, report.Domain, report.Policy));
        Assert.Equal((new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 23, 23, 59, 59, TimeSpan.Zero)), (report.Begin, report.End));
        Assert.Equal(
            [
                "203.0.113.25 6 pass True True  clinic.example bounce.clinic.example clinic.example=pass bounce.clinic.example=pass",
                "2001:db8::7 1 quarantine False False local_policy clinic.example  clinic.example=pass helo.example=none",
            ],
            report.Rows.Select(r => $"{r.Source} {r.Count} {r.Disposition} {r.DkimAligned} {r.SpfAligned} {r.Reason} {r.HeaderFrom} {r.EnvelopeFrom} {r.Dkim} {r.Spf}"));
        Assert.Equal(($"Report Domain: clinic.example Submitter: hospital.example Report-ID: {report.Id}", "application/gzip", "auto-generated", $"{report.Id}@hospital.example"), (mail.Subject, file.ContentType.MimeType, mail.Headers["Auto-Submitted"], mail.MessageId));
        Assert.Equal($"hospital.example!clinic.example!1795392000!1795478399!{report.Id}.xml.gz", file.FileName);
        Assert.Contains("<testing>n</testing>", System.Text.Encoding.UTF8.GetString(xml), StringComparison.Ordinal);
        Assert.Contains("<np>quarantine</np>", System.Text.Encoding.UTF8.GetString(xml), StringComparison.Ordinal);
        Assert.Contains("<adkim>s</adkim>", System.Text.Encoding.UTF8.GetString(xml), StringComparison.Ordinal);

        var entry = (await store.Audit.ListAsync()).First(e => e.Action == "send-reports");
        Assert.Equal(("gateway", "{\"day\":\"2026-11-23\",\"reports\":\"2\",\"letters\":\"8\",\"unwanted\":\"0\"}"), (entry.Actor, entry.Detail));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task OfTwoGatewaysOneSendsEachReport(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var second = await home.OpenAsync();
        using var results = Service(home, store, "");
        for (var i = 0; i < 40; i++)
        {
            results.Hear(Letter(), Facts(true, domain: $"d{i}.example", record: $"v=DMARC1; p=none; rua=mailto:r@d{i}.example"), new Verdict(Disposition.Deliver, 0, []));
        }

        await results.WriteDownAsync();
        var rounds = await Task.WhenAll(new[] { store, second, store, second }.Select(s => Task.Run(() => Sender(home, s, "").SendAsync(Today, "x", null, CancellationToken.None))));
        Assert.Equal(40, rounds.Sum(r => r.Count(o => o.Outcome == ReportOutcome.Sent)));
        Assert.Equal(40, (await QueuedAsync(store)).Select(l => Assert.Single(l.Envelope.Recipients).Address).Distinct().Count());
        Assert.Empty(await store.PendingReportsAsync(Today, Today, 100));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task WithoutTheOptionNothingIsCounted(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        using var results = Service(home, store, Agreed);
        home.Options.Senders.SendReports.Enabled = false;
        results.Hear(Letter(), Facts(true), new Verdict(Disposition.Deliver, 0, []));
        await results.WriteDownAsync();
        Assert.Equal(0L, await store.ResultRowsAsync(Today));

        // And none about reports, ours that come back or others' to us, nor where nobody asks.
        home.Options.Senders.SendReports.Enabled = true;
        home.Options.Senders.ReportAddresses = ["dmarc@hospital.example"];
        results.Hear(Letter("", "reports@Hospital.example"), Facts(true), new Verdict(Disposition.Deliver, 0, []));
        results.Hear(Letter("a@google.example", "DMARC@hospital.example"), Facts(true), new Verdict(Disposition.Deliver, 0, []));
        results.Hear(Letter(), Facts(true, record: "v=DMARC1; p=reject"), new Verdict(Disposition.Deliver, 0, []));
        results.Hear(Letter(), Facts(true, record: "v=DMARC1; p=reject; rua=https://a.example"), new Verdict(Disposition.Deliver, 0, []));
        results.Hear(Letter(), SenderFacts.Unknown, new Verdict(Disposition.Deliver, 0, []));
        await results.WriteDownAsync();
        Assert.Equal(0L, await store.ResultRowsAsync(Today));
        results.Hear(Letter("a@x.example", "reports@hospital.example", "nurse@hospital.example"), Facts(true), new Verdict(Disposition.Deliver, 0, []));
        await results.WriteDownAsync();
        Assert.Equal(1L, await store.ResultRowsAsync(Today));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task AFullDayOnlyAddsToWhatItHas(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var known = LetterResult.Of(Letter(), Facts(true), new Verdict(Disposition.Deliver, 0, []))!;
        await store.CountResultsAsync([new(known, 2)], onlyKnown: false);
        await store.CountResultsAsync([new(known, 3), new(known with { Client = "192.0.2.1" }, 1)], onlyKnown: true);
        Assert.Equal((1, 5L), Assert.Single(await store.PendingReportsAsync(Today, Today, 9)) switch { var r => (r.Rows, r.Letters) });

        // What nobody could send goes after three days.
        Assert.Equal(0, await store.ForgetResultsAsync(Today));
        Assert.Equal(1, await store.ForgetResultsAsync(Today.AddDays(1)));
    }

    [Fact]
    public async Task SilentDnsPutsOffAndNobodyWhoWantsItEndsIt()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        var store = await home.OpenAsync();
        using var results = Service(home, store, "");
        results.Hear(Letter(), Facts(true, domain: "waits.example", record: "v=DMARC1; p=none; rua=mailto:r@reader.example"), new Verdict(Disposition.Deliver, 0, []));
        results.Hear(Letter(), Facts(true, domain: "small.example", record: "v=DMARC1; p=none; rua=mailto:r@small.example!1k"), new Verdict(Disposition.Deliver, 0, []));
        results.Hear(Letter(), Facts(true, domain: "some.example", record: "v=DMARC1; p=none; rua=mailto:r@some.example!1k,mailto:big@some.example!1m"), new Verdict(Disposition.Deliver, 0, []));
        results.Hear(Letter(), Facts(true, domain: "never.example", record: "v=DMARC1; p=none; rua=mailto:r@stranger.example"), new Verdict(Disposition.Deliver, 0, []));
        await results.WriteDownAsync();

        const string Silent = "waits.example._report._dmarc.reader.example SERVFAIL";
        string[] expected = ["never.example Unwanted ", "small.example Unwanted ", "some.example Sent big@some.example", "waits.example Waiting "];
        var folder = Directory.CreateDirectory(Path.Combine(home.Folder, "dry"));
        foreach (var dry in (string?[])[folder.FullName, null])
        {
            var sent = await Sender(home, store, Silent).SendAsync(Today, "x", dry, CancellationToken.None);
            Assert.Equal(expected, sent.Select(s => $"{s.Report.Domain} {s.Outcome} {string.Join(' ', s.Recipients)}").Order());
        }

        // The day is not over: it ends at this moment.
        var file = Assert.Single(folder.GetFiles());
        await using var gzip = new GZipStream(file.OpenRead(), CompressionMode.Decompress);
        using var xml = new MemoryStream();
        await gzip.CopyToAsync(xml);
        Assert.Equal((home.Time.GetUtcNow(), "some.example"), DmarcReport.Read(xml.ToArray()) switch { var r => (r.End, r.Domain) });

        Assert.Equal("waits.example", Assert.Single(await store.PendingReportsAsync(Today, Today, 9)).Domain);
        Assert.Single(await QueuedAsync(store));
        Assert.Equal(ReportOutcome.Sent, Assert.Single(await Sender(home, store, "waits.example._report._dmarc.reader.example TXT \"v=DMARC1\"").SendAsync(Today, "x", null, CancellationToken.None)).Outcome);
    }

    [Fact]
    public async Task NotAllAreQueuedAtOnce()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        var store = await home.OpenAsync();
        using var results = Service(home, store, "");
        foreach (var (name, count) in (ReadOnlySpan<(string, int)>)[("few", 1), ("many", 9), ("some", 5)])
        {
            for (var i = 0; i < count; i++)
            {
                results.Hear(Letter(), Facts(true, "fe80::1%3", name + ".example", $"v=DMARC1; p=none; rua=mailto:r@{name}.example"), new Verdict(Disposition.Deliver, 0, []));
            }
        }

        await results.WriteDownAsync();
        var sender = new ReportSender(store, home.Spool, home.Options, ZoneFile.Parse(""), home.Time, NullLogger<ReportSender>.Instance) { MostSent = 2 };
        Assert.Equal(["many.example", "some.example"], (await sender.SendAsync(Today, "x", null, CancellationToken.None)).Select(r => r.Report.Domain));
        Assert.Equal("fe80::1", Assert.Single(await store.ResultsAsync(Assert.Single(await store.PendingReportsAsync(Today, Today, 9)), 9)).Key.Client);
        Assert.Equal(["few.example"], (await sender.SendAsync(Today, "x", null, CancellationToken.None)).Select(r => r.Report.Domain));
    }

    [Fact]
    public async Task TheServiceCountsAndSendsByTheClock()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        var store = await home.OpenAsync();
        using var results = Service(home, store, Agreed);
        await results.StartAsync(CancellationToken.None);
        results.Hear(Letter(), Facts(true), new Verdict(Disposition.Deliver, 0, []));
        await GatewayTests.EventuallyAsync(async () =>
        {
            home.Time.Advance(TimeSpan.FromSeconds(1));
            return await store.ResultRowsAsync(Today) == 1;
        });
        await GatewayTests.EventuallyAsync(async () =>
        {
            home.Time.Advance(TimeSpan.FromMinutes(30));
            return (await QueuedAsync(store)).Count == 1;
        });
        Assert.InRange(home.Time.GetUtcNow().UtcDateTime, new DateTime(2026, 11, 24), new DateTime(2026, 11, 26));

        // What waits when the gateway ends is written.
        results.Hear(Letter() with { ReceivedAt = home.Time.GetUtcNow() }, Facts(true), new Verdict(Disposition.Deliver, 0, []));
        await results.StopAsync(CancellationToken.None);
        Assert.Equal(1L, await store.ResultRowsAsync(DateOnly.FromDateTime(home.Time.GetUtcNow().UtcDateTime)));
    }

    [Fact]
    public void NotAllGatewaysWriteAtMidnight()
    {
        var times = Enumerable.Range(0, 200).Select(i => DmarcResults.AfterMidnight($"gate{i}.hospital.example")).ToList();
        Assert.All(times, t => Assert.InRange(t, TimeSpan.FromMinutes(10), TimeSpan.FromHours(5)));
        Assert.InRange(times.Distinct().Count(), 100, 200);

        var at = TimeSpan.FromHours(2);
        var midnight = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(midnight + at, DmarcResults.NextRound(midnight, at));
        Assert.Equal(midnight.AddHours(3), DmarcResults.NextRound(midnight + at, at));
        Assert.Equal(midnight.AddDays(1).AddHours(2), DmarcResults.NextRound(midnight.AddDays(1).AddMinutes(-1), at)); // never between midnight and its time
        Assert.Equal(midnight.AddDays(1), DmarcResults.NextRound(midnight.AddHours(23), at).AddHours(-2));
    }

    private static DmarcResults Service(StoreHome home, MessageStore store, string zone)
    {
        var reports = home.Options.Senders.SendReports;
        (reports.Enabled, reports.From, reports.OrganisationName, reports.ContactInfo) = (true, "reports@hospital.example", "関所病院", "https://hospital.example/");
        return new DmarcResults(store, Sender(home, store, zone), home.Options, home.Time, NullLogger<DmarcResults>.Instance);
    }

    private static ReportSender Sender(StoreHome home, MessageStore store, string zone) => new(store, home.Spool, home.Options, ZoneFile.Parse(zone), home.Time, NullLogger<ReportSender>.Instance);

    private static Envelope Letter(string sender = "a@bounce.clinic.example", params string[] recipients) => new(
        Guid.CreateVersion7(), new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero), IPAddress.Parse("192.0.2.9"), "mx.example", sender,
        [.. (recipients.Length == 0 ? ["nurse@hospital.example"] : recipients).Select(r => new EnvelopeRecipient(r))]);

    private static SenderFacts Facts(bool pass, string client = "203.0.113.25", string domain = "clinic.example", string record = Record) => new()
    {
        Client = IPAddress.Parse(client),
        MailFrom = "a@bounce." + domain,
        Spf = new SpfOutcome(pass ? SpfResult.Pass : SpfResult.Fail, "bounce." + domain),
        Dkim = [new DkimOutcome(DkimResult.Pass, domain, "s1", "rsa-sha256")],
        Dmarc = new DmarcOutcome(pass ? DmarcResult.Pass : DmarcResult.Fail, domain)
        {
            Policy = DmarcPolicy.Reject, Stated = DmarcPolicy.Reject, PolicyDomain = domain, Organization = domain, IsDkimAligned = pass, IsSpfAligned = pass, Published = DmarcPublished.Parse(record),
        },
    };

    private static async Task<IReadOnlyList<(KeptMessage Message, Envelope Envelope)>> QueuedAsync(MessageStore store)
    {
        var all = new List<(KeptMessage, Envelope)>();
        foreach (var message in (await store.ListAsync(new MessageQuery { Limit = 1000 })).OrderBy(m => m.Id))
        {
            Assert.Equal(MessageState.Queued, message.State);
            all.Add((message, (await store.FindAsync(message.Id))!.Envelope));
        }

        return all;
    }

    private static byte[] Unpacked(MimePart part)
    {
        using var packed = part.Content!.Open();
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        using var all = new MemoryStream();
        gzip.CopyTo(all);
        return all.ToArray();
    }
}
