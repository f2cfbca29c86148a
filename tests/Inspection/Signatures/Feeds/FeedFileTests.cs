using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker;
using static Sekisho.Inspection.Tests.Indicators;

namespace Sekisho.Inspection.Tests.Signatures.Feeds;

public class FeedFileTests
{
    public static TheoryData<string, string, string[]> Sound() => new()
    {
        { FeedSamples.Own, "Sekisho CSV", ["domain evil.example", "email hacked@partner.example", "ip 198.51.100.7", "ip:port 192.0.2.9:8080", $"sha256 {FeedSamples.Sha256}", "subject 請求書, 至急", "url http://bad.example/wp-content/aB3x/"] },
        { FeedSamples.UrlhausCsv, "URLhaus CSV", ["url http://192.0.2.77:8080/i", "url http://shop.invalid/wp-admin/x1Y2/"] },
        { "# id,dateadded,url,url_status,threat,tags,urlhaus_link,reporter\n\"1\",\"2019-03-07 10:11:12\",\"http://shop.invalid/old\",\"offline\",\"malware_download\",\"heodo\",\"https://urlhaus.abuse.ch/url/1/\",\"x\"\n", "URLhaus CSV", ["url http://shop.invalid/old"] },
        { "# Firstseen,DstIP,DstPort,LastOnline,Malware\n2019-03-07 10:11:12,192.0.2.61,7080,2019-04-01,Heodo\n", "Feodo Tracker CSV", ["ip:port 192.0.2.61:7080"] },
        { FeedSamples.ThreatFoxCsv[FeedSamples.ThreatFoxCsv.IndexOf("\n\"2023", StringComparison.Ordinal)..], "ThreatFox CSV", ["ip:port 192.0.2.50:7080", $"sha1 {FeedSamples.Sha1}"] },
        { FeedSamples.UrlhausText, "list", ["url http://192.0.2.77:8080/i", "url http://shop.invalid/wp-admin/x1Y2/"] },
        { FeedSamples.ThreatFoxCsv, "ThreatFox CSV", ["ip:port 192.0.2.50:7080", $"sha1 {FeedSamples.Sha1}"] },
        { FeedSamples.ThreatFoxCsvOld, "ThreatFox CSV", ["domain evil.example"] },
        { FeedSamples.ThreatFoxJson, "ThreatFox JSON", ["ip:port 192.0.2.50:7080", "url http://bad.invalid/a"] },
        { FeedSamples.FeodoCsv, "Feodo Tracker CSV", ["ip:port 192.0.2.60:8080"] },
        { FeedSamples.FeodoJson, "Feodo Tracker JSON", ["ip:port 192.0.2.60:8080"] },
        { FeedSamples.BazaarCsv, "MalwareBazaar CSV", [$"md5 {FeedSamples.Md5}", $"sha1 {FeedSamples.Sha1}", $"sha256 {FeedSamples.Sha256}", $"sha256 f{FeedSamples.Sha256[1..]}"] },
        { FeedSamples.MispEvent, "MISP event", ["email hacked@partner.example", "ip:port 192.0.2.71:443", "ip:port 192.0.2.72:0", $"md5 {FeedSamples.Md5}", $"sha256 {FeedSamples.Sha256}"] },
        { $"{{\"response\":[{FeedSamples.MispEvent}]}}", "MISP event", ["email hacked@partner.example", "ip:port 192.0.2.71:443", "ip:port 192.0.2.72:0", $"md5 {FeedSamples.Md5}", $"sha256 {FeedSamples.Sha256}"] },
        { FeedSamples.Stix, "STIX bundle", ["domain evil.example", "domain worse.example", "email hacked@partner.example", "ip:port 192.0.2.80:8080", $"md5 {FeedSamples.Md5}", $"sha256 {FeedSamples.Sha256}", "url http://bad.invalid/it's"] },
        { FeedSamples.List, "list", ["domain evil.example", "email hacked@partner.example", "ip 198.51.100.8", "ip:port 192.0.2.90:7080", $"md5 {FeedSamples.Md5}", $"sha256 {FeedSamples.Sha256}", "url http://bad2.invalid/css/zz", "url http://bad3.invalid/cgi-bin/k9", "url https://bad.invalid/wp-includes/Qq1/"] },
        { "127.0.0.1\tlocalhost\n127.0.0.1\tevil.example\n0.0.0.0 worse.example\n", "list", ["domain evil.example", "domain worse.example"] },
        { "{\"query_status\":\"ok\",\"data\":[{\"sha256_hash\":\"" + FeedSamples.Sha256 + "\",\"md5_hash\":\"" + FeedSamples.Md5 + "\",\"sha1_hash\":null,\"first_seen\":\"2023-03-07 11:00:00\",\"signature\":\"Heodo\",\"tags\":[\"a\",\"b\"]}]}", "MalwareBazaar JSON", [$"md5 {FeedSamples.Md5}", $"sha256 {FeedSamples.Sha256}"] },
        { "{\"1\":[{\"dateadded\":\"2023-03-07 10:11:12 UTC\",\"url\":\"http://shop.invalid/x\",\"url_status\":\"online\",\"threat\":\"malware_download\",\"tags\":[\"emotet\"],\"urlhaus_link\":\"https://urlhaus.abuse.ch/url/1/\"}]}", "URLhaus JSON", ["url http://shop.invalid/x"] },
    };

    [Theory]
    [MemberData(nameof(Sound))]
    public void EveryFormat_IsKnownByItsContent(string feed, string format, string[] values)
    {
        var set = Read("\uFEFF" + feed, out var report);
        Assert.Equal(values, Values(set));
        Assert.Equal((format, 0), (report.Format, report.Unusable));
        Assert.Equal(values, Values(Read(FeedSamples.Gzip(feed), out _)));
        Assert.Equal(values, Values(Read(ZipWriter.Plain(("full.csv", Encoding.UTF8.GetBytes(feed))), out _)));
    }

    [Fact]
    public void ProvenanceIsKept()
    {
        var urlhaus = Read(FeedSamples.UrlhausCsv).FindUrl("http://shop.invalid/wp-admin/x1Y2/", Now)!;
        Assert.Equal(("urlhaus", "emotet,epoch4,heodo", "https://urlhaus.abuse.ch/url/1/"), (urlhaus.Source, urlhaus.Tags, urlhaus.Reference));
        Assert.Equal(new DateTimeOffset(2023, 3, 7, 10, 11, 12, TimeSpan.Zero), urlhaus.FirstSeen);
        var fox = Read(FeedSamples.ThreatFoxCsvOld).FindDomain("evil.example", Now)!;
        Assert.Equal(("threatfox", "Emotet,epoch4", "https://report.example/r"), (fox.Source, fox.Tags, fox.Reference));
        var bazaar = Read(FeedSamples.BazaarCsv).FindHash(IndicatorKind.Md5, Convert.FromHexString(FeedSamples.Md5), Now)!;
        Assert.Equal(("malwarebazaar", "Heodo"), (bazaar.Source, bazaar.Tags));
        var misp = Read(FeedSamples.MispEvent).FindIpPort("192.0.2.72", 12345, Now)!;
        Assert.Equal(("misp:CERT-X", "Emotet epoch 4"), (misp.Source, misp.Tags));
        var stix = Read(FeedSamples.Stix);
        Assert.Equal("stix:CERT-Y", stix.FindHash(IndicatorKind.Md5, Convert.FromHexString(FeedSamples.Md5), new DateTimeOffset(2022, 6, 1, 0, 0, 0, TimeSpan.Zero))!.Source);
        Assert.Null(stix.FindHash(IndicatorKind.Md5, Convert.FromHexString(FeedSamples.Md5), Now)); // valid_until
    }

    [Theory]
    [InlineData("", "feed.txt: the file is empty.")]
    [InlineData("kind,value,source,first_seen\ndomain,a.example,b,2022-01-01,x\n", "feed.txt, line 2, column 1: 5 columns where the header has 4")]
    [InlineData("kind,value,origin,first_seen\n", "feed.txt, line 1, column 12: the column \"origin\" is not expected here")]
    [InlineData("kind,value,source,first_seen\n\nhost,a.example,b,\n", "line 3, column 1: \"host\" is no kind; known are md5, sha1")]
    [InlineData("kind,value,source,first_seen\ndomain,a.example,b,yesterday\n", "line 2, column 20: \"yesterday\" is no time")]
    [InlineData("kind,value,source,first_seen\ndomain,\"a.example,b,\n\n", "line 2, column 8: the quote that opens here is never closed")]
    [InlineData("kind,value,source,first_seen\ndomain,\"a.example\"x,b,\n", "line 2, column 19: text stands behind a closing quote")]
    [InlineData("# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter\n\"1\",\"2023-03-07 10:11:12\",\"http://shop.invalid/x\"\n", "line 2, column 1: 3 columns where URLhaus CSV has 9")]
    [InlineData("\"first_seen_utc\",\"dst_ip\",\"dst_port\",\"c2_status\",\"last_online\",\"malware\"\n\"2022-03-04 05:06:07\",\"192.0.2.60\",\"8080\"\n", "line 2, column 1: 3 columns where Feodo Tracker CSV has 6")]
    [InlineData("a,b,c\n1,2,3\n", "feed.txt, line 1, column 1: the columns of this table are not known.")]
    [InlineData("00112233445566778899aabbccddeeff,5f0e2c7a-0000-4000-8000-000000000001\n", "hashes.csv of a MISP feed holds sums of values")]
    [InlineData("{\"a\":\n  [1,,2]}", "feed.txt, line 2, column 6: no sound JSON.")]
    [InlineData("{\"a\":1}", "feed.txt: JSON of no feed that is known")]
    [InlineData("just words\nand more words\n", "2 of 2 values cannot be used. The first: feed.txt, line 1, column 1: \"just words\" is no hash")]
    [InlineData("a\0b", "feed.txt: no text, and no archive that is known.")]
    [InlineData("PK\u0003\u0004rubbish", "feed.txt: ")]
    public void WhatIsWrong_IsSaidWithItsPlace(string feed, string message)
    {
        var e = Assert.Throws<InvalidDataException>(() => Read(feed));
        Assert.True(e.Message.Contains(message, StringComparison.Ordinal) || (feed.StartsWith("PK", StringComparison.Ordinal)), e.Message);
    }

    [Fact]
    public void ASlipAmongMany_IsNoted_AndTheRestTaken()
    {
        var set = Read("kind,value,source,first_seen\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"domain,a{i}.example,b,\n")) + "md5,abc,b,\n", out var report);
        Assert.Equal(200, set.Count);
        Assert.Equal("feed.txt, line 202, column 5: \"abc\" is no md5 hash", Assert.Single(report.Problems));
    }

    [Fact]
    public void Limits_AreKept()
    {
        var feed = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 300_000).Select(i => $"a{i}.example\n")));
        Refused(new FeedLimits { MaxValues = 1000 }, TimeProvider.System, "more than 1,000 values");
        Refused(new FeedLimits { MaxOctets = 1 << 20 }, TimeProvider.System, "more than 1 MiB");
        Refused(new FeedLimits { Time = TimeSpan.FromSeconds(5) }, new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) }, "longer than 5 seconds");

        void Refused(FeedLimits limits, TimeProvider time, string why)
        {
            var e = Assert.Throws<InvalidDataException>(() => FeedFile.Read("feed.txt", new MemoryStream(feed), new IndicatorBuilder(), limits, time));
            Assert.Contains(why, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AMispFolder_IsReadEventByEvent()
    {
        var folder = Directory.CreateTempSubdirectory("sekisho-misp-");
        try
        {
            var feed = folder.CreateSubdirectory("indicators").CreateSubdirectory("cert-x").FullName;
            File.WriteAllText(Path.Combine(feed, "manifest.json"), FeedSamples.MispManifest);
            File.WriteAllText(Path.Combine(feed, "hashes.csv"), "00112233445566778899aabbccddeeff,5f0e2c7a-0000-4000-8000-000000000001\n");
            var missing = SignatureSet.Load([folder.FullName]);
            Assert.Contains("the event stands in manifest.json, but there is no such file", Assert.Single(missing.Faults).Reason, StringComparison.Ordinal);
            Assert.Equal(0, missing.Indicators.Count);

            File.WriteAllText(Path.Combine(feed, "5f0e2c7a-0000-4000-8000-000000000001.json"), FeedSamples.MispEvent);
            var set = SignatureSet.Load([folder.FullName]);
            Assert.Empty(set.Faults);
            Assert.Equal(5, set.Indicators.Count);
            Assert.Equal("MISP feed, 1 events", Assert.Single(set.Indicators.Feeds).Format);

            File.WriteAllText(Path.Combine(feed, "manifest.json"), """{"5f0e2c7a-0000-4000-8000-000000000001":{"timestamp":"1"},"../../etc/passwd":{"timestamp":"1"}}""");
            Assert.Contains("is no event's uuid", Assert.Single(SignatureSet.Load([folder.FullName]).Faults).Reason, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
