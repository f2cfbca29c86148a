using Sekisho.Delivery;
using Sekisho.Options;

namespace Sekisho.Server.Tests.Delivery;

public sealed class HopFinderTests
{
    private static readonly Dictionary<string, string[]> Zone = new()
    {
        ["mx ordered.test"] = ["20 second.test", "10 first.test", "30 gone.test"],
        ["a first.test"] = ["192.0.2.1"], ["aaaa first.test"] = ["2001:db8::1"],
        ["a second.test"] = ["192.0.2.2"],
        ["mx equal.test"] = ["10 first.test", "10 second.test"],
        ["a implicit.test"] = ["192.0.2.3"],
        ["mx null.test"] = ["0 ."],
        ["mx loop.test"] = ["10 gateway.test", "20 second.test"],
        ["mx backup.test"] = ["10 first.test", "20 gateway.test", "30 second.test"],
        ["mx sick.test"] = ["!2"],
        ["mx sickhost.test"] = ["10 sickaddress.test"], ["a sickaddress.test"] = ["!2"],
        ["mx lost.test"] = ["10 gone.test"],
        ["mx nothing.test"] = [],
        ["mx xn--wgv71a119e.test"] = ["10 first.test"],
    };

    [Theory]
    [InlineData("ordered.test", "first.test[192.0.2.1]:25 first.test[2001:db8::1]:25 second.test[192.0.2.2]:25")]
    [InlineData("implicit.test", "implicit.test[192.0.2.3]:25")]
    [InlineData("backup.test", "first.test[192.0.2.1]:25 first.test[2001:db8::1]:25")]
    [InlineData("日本語.test", "first.test[192.0.2.1]:25 first.test[2001:db8::1]:25")]
    [InlineData("[192.0.2.9]", "192.0.2.9[192.0.2.9]:25")]
    [InlineData("[ipv6:2001:db8::9]", "2001:db8::9[2001:db8::9]:25")]
    public async Task Found(string domain, string hops)
    {
        var found = await FindAsync(domain);
        Assert.Null(found.Problem);
        Assert.Equal(hops, string.Join(' ', found.Hops));
    }

    [Theory]
    [InlineData("null.test", "556 5.1.10")]
    [InlineData("loop.test", "554 5.4.6")]
    [InlineData("unknown.test", "550 5.1.2")]
    [InlineData("sick.test", "451 4.4.3")]
    [InlineData("sickhost.test", "451 4.4.3")]
    [InlineData("lost.test", "550 5.4.4")]
    [InlineData("nothing.test", "550 5.4.4")]
    [InlineData("[not an address]", "550 5.1.2")]
    public async Task NotFound(string domain, string problem) => Assert.StartsWith(problem, (await FindAsync(domain)).Problem);

    [Fact]
    public async Task SilentDnsIsTemporary()
    {
        var silent = new FakeDns([]);
        var client = silent.Client();
        silent.Dispose();
        Assert.StartsWith("451 4.4.3", (await new HopFinder(client, "gateway.test").FindAsync(Mx("a.test"), CancellationToken.None)).Problem);
    }

    [Fact]
    public async Task EqualHostsComeInChangingOrder()
    {
        HashSet<string> firsts = [];
        for (var i = 0; i < 50; i++)
        {
            firsts.Add((await FindAsync("equal.test")).Hops[0].Name);
        }

        Assert.Equal(2, firsts.Count);
    }

    private static Route Mx(string domain) => new("mx:" + domain, RouteKind.Mx, domain, [], TlsPolicy.Opportunistic);

    private static async Task<HopList> FindAsync(string domain)
    {
        using var dns = new FakeDns(Zone);
        return await new HopFinder(dns.Client(), "gateway.test").FindAsync(Mx(domain), CancellationToken.None);
    }
}
