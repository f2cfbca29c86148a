using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Signatures;
using static Sekisho.Inspection.Tests.Indicators;

namespace Sekisho.Inspection.Tests.Signatures;

public class IndicatorSetTests
{
    [Fact]
    public void Hashes_AreFoundAmongMany()
    {
        var builder = new IndicatorBuilder();
        var random = new Random(7);
        var hashes = Enumerable.Range(0, 20_000).Select(i => { var h = new byte[(i % 3) switch { 0 => 16, 1 => 20, _ => 32 }]; random.NextBytes(h); return h; }).ToList();
        // Neighbours that differ in the last octet only.
        hashes.AddRange(Enumerable.Range(8, 240).Select(i => Enumerable.Repeat((byte)7, 31).Append((byte)i).ToArray()));
        foreach (var hash in hashes)
        {
            Assert.Null(builder.Add(IndicatorKind.Sha256, Convert.ToHexString(hash), new IndicatorFacts { Source = "test" }));
        }

        var set = builder.Build();
        Assert.Equal(hashes.Count, set.Count);
        foreach (var hash in hashes)
        {
            var kind = hash.Length switch { 16 => IndicatorKind.Md5, 20 => IndicatorKind.Sha1, _ => IndicatorKind.Sha256 };
            Assert.Equal(Convert.ToHexStringLower(hash), set.FindHash(kind, hash, Now)!.Value);
            hash[3] ^= 0x80;
            Assert.Null(set.FindHash(kind, hash, Now));
            hash[3] ^= 0x80;
        }
    }

    [Theory]
    [InlineData("http://bad.example/wp-content/aB3x/", "http://bad.example/wp-content/aB3x/", true)]
    [InlineData("http://bad.example/wp-content/aB3x/", "https://BAD.example:443/wp-content/aB3x/doc.php?x=1", true)]
    [InlineData("http://bad.example/wp-content/aB3x/", "http://bad.example/wp-content/other/", false)]
    [InlineData("http://bad.example/wp-content/aB3x/", "http://bad.example/", false)]
    [InlineData("http://bad.example/wp-content/aB3x/", "http://bad.example/wp-content/ab3x/", false)]
    [InlineData("http://bad.example/wp-content/", "http://bad.example/wp-content/else/", false)]
    [InlineData("http://bad.example/wp-content/", "http://bad.example/wp-content/", true)]
    [InlineData("http://bad.example/a.php?id=1", "http://bad.example/a.php?id=1#top", true)]
    [InlineData("http://bad.example/a.php?id=1", "http://bad.example/a.php?id=12", false)]
    [InlineData("http://bad.example/a/inv*", "http://bad.example/a/invoice-7.doc", true)]
    [InlineData("http://bad.example/a/inv*", "http://bad.example/a/other", false)]
    [InlineData("http://bad.example", "http://bad.example/", true)]
    [InlineData("http://bad.example", "http://bad.example/page", false)]
    [InlineData("http://bad.example:8080/x", "http://bad.example/x", false)]
    [InlineData("http://drive.google.com/uc/abc/", "http://drive.google.com/uc/abc/def", false)]
    [InlineData("http://drive.google.com/uc/abc/", "http://drive.google.com/uc/abc/", true)]
    [InlineData("http://0xC0000207/a", "http://192.0.2.7/a", true)]
    [InlineData("hxxps://b%61d[.]example/%7Ex", "https://bad.example/~x", true)]
    [InlineData("ftp://bad.example/a/b/", "ftp://bad.example/a/b/c", true)]
    [InlineData("ftp://bad.example/a/b/", "http://bad.example/a/b/c", false)]
    public void Urls_MatchExactly_OrBelowTheirFolder(string known, string link, bool matches) =>
        Assert.Equal(matches, Read($"kind,value,source,first_seen\nurl,{known},test,\n").FindUrl(LinkTargets.Parse(link)!.Target, Now) is not null);

    [Fact]
    public void AUrlNeverCondemnsItsHost()
    {
        var set = Read("kind,value,source,first_seen\nurl,http://hacked.example/wp-admin/x1/,test,\nip:port,192.0.2.1:8080,test,\n");
        Assert.Null(set.FindDomain("hacked.example", Now));
        Assert.Null(set.FindDomain("www.hacked.example", Now));
        Assert.Null(set.FindUrl("http://hacked.example/", Now));
        Assert.Null(set.FindIp("192.0.2.1", Now));
        Assert.NotNull(set.FindIpPort("192.0.2.1", 8080, Now));
        Assert.Null(set.FindIpPort("192.0.2.1", 80, Now));
    }

    [Fact]
    public void Domains_StandForWhatIsBelowThem()
    {
        var set = Read("kind,value,source,first_seen\ndomain,evil.example,test,\ndomain,*.worse.example,test,\n");
        Assert.Equal("evil.example", set.FindDomain("a.b.evil.example", Now)!.Value);
        Assert.NotNull(set.FindDomain("worse.example", Now));
        Assert.Null(set.FindDomain("notevil.example", Now));
        Assert.Null(set.FindDomain("example", Now));
        Assert.Null(set.FindDomain("evil.example.jp", Now));
    }

    [Fact]
    public void WhatHasExpired_DoesNotMatch()
    {
        var set = Read("kind,value,source,first_seen,expires\ndomain,evil.example,old,2020-01-01,2021-01-01\ndomain,gone.example,old,2020-01-01,2021-01-01\ndomain,evil.example,new,2020-02-01,2030-01-01\n");
        var found = set.FindDomain("evil.example", Now)!;
        Assert.Equal("new", found.Source);
        Assert.Equal(new DateTimeOffset(2020, 2, 1, 0, 0, 0, TimeSpan.Zero), found.FirstSeen);
        Assert.Null(set.FindDomain("gone.example", Now));
        Assert.NotNull(set.FindDomain("gone.example", new DateTimeOffset(2020, 6, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(3, set.Count);
    }

    [Fact]
    public void WhatOneSourceSaysTwice_IsOne()
    {
        var set = Read("kind,value,source,first_seen,expires\ndomain,evil.example,a,2022-01-01,2023-01-01\ndomain,EVIL.example.,a,2021-01-01,2025-01-01\ndomain,evil.example,b,,\n");
        Assert.Equal(2, set.Count);
        var found = set.FindDomain("evil.example", Now)!;
        Assert.Equal((2021, 2025), (found.FirstSeen!.Value.Year, found.Expires!.Value.Year));
    }

    [Fact]
    public void Subjects_CompareWithoutReplyMarksAndCase()
    {
        var set = Read("kind,value,source,first_seen\nsubject,Re: 請求書の件  Invoice,test,\n");
        Assert.NotNull(set.FindSubject("FWD: RE:請求書の件 INVOICE", Now));
        Assert.Null(set.FindSubject("請求書の件", Now));
    }

    [Theory]
    [InlineData("domain,google.com")]
    [InlineData("domain,www.google.com")]
    [InlineData("domain,co.jp")]
    [InlineData("domain,localhost")]
    [InlineData("url,http://google.com/")]
    [InlineData("url,http://bad.example/*")]
    [InlineData("url,http://a/b")]
    [InlineData("ip,192.0.2.0/24")]
    [InlineData("ip,300.1.1.1")]
    [InlineData("ip:port,192.0.2.1:99999")]
    [InlineData("email,nobody")]
    [InlineData("md5,d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("md5,00000000000000000000000000000000")]
    [InlineData("sha256,zz")]
    public void WhatWouldCondemnHonestMail_IsRefused(string row)
    {
        var e = Assert.Throws<InvalidDataException>(() => Read($"kind,value,source,first_seen\n{row},test,\n"));
        Assert.Contains("line 2, column ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheKeptFactsComeBack()
    {
        var found = Read("kind,value,source,first_seen,expires,reference,tags\nip,2001:DB8::7,cert,2022-03-14 08:09:10,2031-01-01,https://r.example/1,\"emotet,e5\"\n").FindIp("2001:db8::7", Now)!;
        Assert.Equal(("2001:db8::7", "cert", "https://r.example/1", "emotet,e5"), (found.Value, found.Source, found.Reference, found.Tags));
        Assert.Equal(new DateTimeOffset(2022, 3, 14, 8, 9, 10, TimeSpan.Zero), found.FirstSeen);
    }

    [Fact]
    public void Empty_KnowsNothing()
    {
        Assert.Equal(0, IndicatorSet.Empty.Count);
        Assert.Null(IndicatorSet.Empty.FindUrl("http://a.example/b", Now));
        Assert.Null(IndicatorSet.Empty.FindHash(IndicatorKind.Md5, new byte[16], Now));
    }

    [Fact]
    public void AFeedThatFails_LeavesTheBuilderAsItWas()
    {
        var builder = new IndicatorBuilder();
        Assert.Throws<InvalidDataException>(() => FeedFile.Read("a.csv", new MemoryStream("kind,value,source,first_seen\ndomain,evil.example,x,\ndomain,a,b,c,d,e,f,g,h\n"u8.ToArray()), builder));
        FeedFile.Read("b.txt", new MemoryStream("worse.example\n"u8.ToArray()), builder);
        Assert.Equal(["domain worse.example"], Values(builder.Build()));
    }

    [Fact]
    public void TheShippedIndicators_AreThere_AndCondemnNoSite()
    {
        var set = SignatureSet.Shipped.Indicators;
        Assert.InRange(set.Count, 23_900, 30_000);
        Assert.Equal(0, set.CountOf(IndicatorKind.Domain));
        Assert.All(set.Feeds, f => Assert.Equal(0, f.Unusable));
        Assert.All(set.All().Where(i => i.Kind == IndicatorKind.Url), i => Assert.True(i.Value.IndexOf('/', 8) is > 0 and var at && at < i.Value.Length - 1, i.Value));
    }
}
