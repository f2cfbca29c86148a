using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.Reports;
using Sekisho.SampleMaker;
using Sekisho.Server.Tests.Store;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Reports;

/// <summary>Reports in kept letters are read once, added up, and forgotten after a year.</summary>
public class DmarcReportsTests
{
    private const string Address = "dmarc@hospital.test";

    [Theory, OnSqlite, OnPostgres]
    public async Task ReportsInLettersAreCountedOnce(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        using var reports = Service(home, store);
        var gzip = await KeepAsync(home, store, ("receiver.example!hospital.test!1!2.xml.gz", Gzip(ReportSamples.Xml())));
        Assert.Equal(1, await reports.ReadAsync(gzip, CancellationToken.None));
        Assert.Equal(0, await reports.ReadAsync(gzip, CancellationToken.None));
        Assert.Equal(0, await reports.ReadAsync(await KeepAsync(home, store, ("again.xml", ReportSamples.Xml(organisation: "RECEIVER example inc."))), CancellationToken.None));
        var several = await KeepAsync(home, store, ("a.zip", ZipWriter.Plain(("a.xml", ReportSamples.Xml("2", modern: false)), ("b.xml", ReportSamples.Xml("3")))), ("c.xml", ReportSamples.Xml("3", "other")), ("d.xml", "<feedback>broken"u8.ToArray()));
        Assert.Equal(3, await reports.ReadAsync(several, CancellationToken.None));

        var listed = await store.ReportsAsync(DateTimeOffset.UnixEpoch);
        Assert.Equal(["other/3", "receiver example inc./2", "receiver example inc./20261122.1", "receiver example inc./3"], listed.Select(r => $"{r.Organisation}/{r.ReportId}"));
        Assert.All(listed, r => Assert.Equal((3, 164, 41), (r.Rows, r.Letters, r.Unaligned)));
        var (report, rows) = (await store.FindReportAsync(listed[2].Id))!.Value;
        Assert.Equal((listed[2], gzip.ToString("N")), (report, report.Source));
        Assert.Equal(DmarcReport.Read(ReportSamples.Xml()).Rows, rows);
        Assert.Null(await store.FindReportAsync(Guid.CreateVersion7()));
        Assert.Empty(await store.ReportsAsync(home.Time.GetUtcNow().AddDays(1)));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task WhoSendsInOurNameIsAddedUp(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        var sample = DmarcReport.Read(ReportSamples.Xml());
        await store.KeepReportAsync(sample, "a", home.Time.GetUtcNow());
        await store.KeepReportAsync(sample with { Organisation = "second", Rows = [sample.Rows[0] with { Source = System.Net.IPAddress.Parse("192.0.2.99"), DkimAligned = false, SpfAligned = false, Count = 5 }] }, "b", home.Time.GetUtcNow());
        var sources = await store.ReportedSourcesAsync(DateTimeOffset.UnixEpoch);

        var networks = ReportSummary.Of(sources, home.Options);
        Assert.Equal(
            ["203.0.113.0/24 Unknown 41 0 41 keiri.hospital.test evil.example", "192.0.2.0/24 Partly 125 120 0 hospital.test hospital.test", "2001:db8:5::/48 Aligned 3 3 0 hospital.test lists.example"],
            networks.Select(n => $"{n.Network} {n.Standing} {n.Letters} {n.Aligned} {n.Refused} {string.Join(',', n.HeaderFrom)} {string.Join(',', n.EnvelopeFrom)}"));
        Assert.Equal("receiver example inc., second; 2", $"{string.Join(", ", networks[1].Organisations)}; {networks[1].Clients}");
        home.Options.Smtp.TrustedNetworks = ["192.0.2.0/25"];
        home.Options.Senders.Forwarders = ["news.example", "203.0.113.0/24"];
        Assert.Equal([SourceStanding.Listed, SourceStanding.Listed, SourceStanding.Aligned], ReportSummary.Of(sources, home.Options).Select(n => n.Standing));
        Assert.Empty(await store.ReportedSourcesAsync(sample.End.AddSeconds(1)));

        Assert.Equal(0, await store.DeleteReportsAsync(sample.End));
        Assert.Equal(2, await store.DeleteReportsAsync(sample.End.AddSeconds(1)));
        Assert.Empty(await store.ReportedSourcesAsync(DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public async Task OnlyHarmlessLettersToUsAboutUsAreRead()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        var store = await home.OpenAsync();
        using var reports = Service(home, store);
        var xml = ReportSamples.Xml();
        Assert.Equal(0, await reports.ReadAsync(await KeepAsync(home, store, MessageState.Quarantined, Address, ("a.xml", xml)), CancellationToken.None));
        Assert.Equal(0, await reports.ReadAsync(await KeepAsync(home, store, MessageState.Queued, "nurse@hospital.test", ("a.xml", xml)), CancellationToken.None));
        Assert.Equal(0, await reports.ReadAsync(await KeepAsync(home, store, ("a.xml", ReportSamples.Xml(domain: "other.example"))), CancellationToken.None));
        Assert.Equal(0, await reports.ReadAsync(await KeepAsync(home, store), CancellationToken.None));
        Assert.Equal(0, await reports.ReadAsync(Guid.CreateVersion7(), CancellationToken.None));
        Assert.Empty(await store.ReportsAsync(DateTimeOffset.UnixEpoch));
        Assert.Equal(1, await reports.ReadAsync(await KeepAsync(home, store, MessageState.Queued, "Dmarc@Hospital.test", ("a.xml", ReportSamples.Xml(domain: "dept.hospital.test"))), CancellationToken.None));
    }

    [Fact]
    public async Task ALetterIsReadSoonAfterItWasKept_AndOneThatWasMissedWithinTheHour()
    {
        await using var home = new StoreHome(Engine.Sqlite);
        var store = await home.OpenAsync();
        await KeepAsync(home, store, ("a.xml", ReportSamples.Xml("missed"))); // kept while nobody listened
        using var reports = Service(home, store);
        await reports.StartAsync(CancellationToken.None);
        await EventuallyAsync(store, "missed");

        var id = await KeepAsync(home, store, ("a.xml", ReportSamples.Xml("heard")));
        reports.Hear((await store.FindAsync(id))!.Envelope, MessageState.Queued);
        await EventuallyAsync(store, "heard");

        await KeepAsync(home, store, ("a.xml", ReportSamples.Xml("later")));
        await reports.CatchUpAsync(CancellationToken.None);
        await EventuallyAsync(store, "later");
        await reports.StopAsync(CancellationToken.None);
    }

    /// <summary>A report that was quarantined and released weeks later is read all the same.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task ALetterReleasedLateIsRead(Engine engine)
    {
        await using var home = new StoreHome(engine);
        var store = await home.OpenAsync();
        using var reports = Service(home, store);
        var id = await KeepAsync(home, store, MessageState.Quarantined, Address, ("a.xml", ReportSamples.Xml("late")));
        await KeepAsync(home, store, MessageState.Quarantined, Address, ("a.xml", ReportSamples.Xml("never")));
        home.Time.Advance(TimeSpan.FromDays(home.Options.Store.KeepQuarantinedDays - 1));
        await reports.CatchUpAsync(CancellationToken.None);
        Assert.Empty(await store.ReportsAsync(DateTimeOffset.UnixEpoch));
        Assert.True(await store.ReleaseAsync(id, "admin", "checked"));
        home.Time.Advance(TimeSpan.FromHours(1));
        await reports.CatchUpAsync(CancellationToken.None);
        Assert.Equal("late", Assert.Single(await store.ReportsAsync(DateTimeOffset.UnixEpoch)).ReportId);
    }

    [Fact]
    public void BombsAreOpenedNoFurtherThanTheLimits()
    {
        var limits = new ReadLimits { MaxUnpacked = 32 << 20 };
        var bomb = Gzip(Encoding.ASCII.GetBytes("<feedback>" + new string(' ', 100 << 20)));
        Assert.InRange(bomb.Length, 0, 200_000);
        foreach (var octets in (byte[][])[bomb, ZipWriter.Plain(("a.xml.gz", bomb)), Gzip(Encoding.ASCII.GetBytes("<feedback>" + new string(' ', 20 << 20)))])
        {
            var faults = new List<string>();
            Assert.Empty(ReportReader.InFile("report.zip", new MemoryStream(octets), limits, TimeProvider.System, faults, CancellationToken.None));
            Assert.NotEmpty(faults);
        }

        // A hundred reports in one letter: fifty are enough.
        var many = new List<string>();
        Assert.Equal(50, ReportReader.InFile("many.zip", new MemoryStream(ZipWriter.Plain([.. Enumerable.Range(0, 100).Select(i => ($"{i}.xml", ReportSamples.Xml()))])), limits, TimeProvider.System, many, CancellationToken.None).Count);
        Assert.Single(many);
    }

    private static DmarcReports Service(StoreHome home, MessageStore store)
    {
        home.Options.Senders.ReportAddresses = [Address];
        home.Options.Smtp.RelayDomains = ["hospital.test"];
        return new DmarcReports(store, home.Options, home.Time, NullLogger<DmarcReports>.Instance);
    }

    private static Task<Guid> KeepAsync(StoreHome home, MessageStore store, params (string Name, byte[] Content)[] attachments) => KeepAsync(home, store, MessageState.Queued, Address, attachments);

    private static Task<Guid> KeepAsync(StoreHome home, MessageStore store, MessageState state, string recipient, params (string Name, byte[] Content)[] attachments) =>
        home.KeepAsync(store, state, body: Encoding.Latin1.GetString(LetterWriter.WithAttachments("Report Domain: hospital.test", "A report.", attachments)), recipients: recipient);

    private static async Task EventuallyAsync(MessageStore store, string id)
    {
        for (var i = 0; i < 100; i++)
        {
            if ((await store.ReportsAsync(DateTimeOffset.UnixEpoch)).Any(r => r.ReportId == id))
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail($"{id} was not read");
    }

    private static byte[] Gzip(byte[] octets)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            stream.Write(octets);
        }

        return packed.ToArray();
    }
}
