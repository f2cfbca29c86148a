using Sekisho.Delivery;
using Sekisho.Options;

namespace Sekisho.Server.Tests.Delivery;

public sealed class RouteTableTests
{
    [Theory]
    [InlineData("a@hospital.test", "exact")]
    [InlineData("a@HOSPITAL.test.", "exact")]
    [InlineData("a@x.hospital.test", "sub")]
    [InlineData("a@x.ward.hospital.test", "ward")]
    [InlineData("a@ward.hospital.test", "sub")]
    [InlineData("\"a@b\"@hospital.test", "exact")]
    [InlineData("a@elsewhere.test", "rest")]
    [InlineData("a@nothospital.test", "rest")]
    [InlineData("postmaster", "own")]
    public void TheNearestRouteCounts(string address, string host)
    {
        var options = new DeliveryOptions
        {
            Routes =
            [
                new() { Domain = "*", Hosts = ["rest"] }, new() { Domain = ".hospital.test", Hosts = ["sub"] }, new() { Domain = ".ward.hospital.test", Hosts = ["ward"] },
                new() { Domain = "hospital.test", Hosts = ["exact"] }, new() { Domain = "gateway.test", Hosts = ["own"] },
            ],
        };
        Assert.Equal([host], new RouteTable(options, "gateway.test").For(address).Hosts);
    }

    [Fact]
    public void WithoutARouteMxOrMaildir()
    {
        Assert.Equal(RouteKind.Maildir, new RouteTable(new DeliveryOptions(), "g").For("a@b.test").Kind);
        var mx = new RouteTable(new DeliveryOptions { UseMx = true }, "g").For("a@B.test");
        Assert.Equal((RouteKind.Mx, "b.test"), (mx.Kind, mx.Domain));
    }

    /// <summary>What leaves the house never goes the way into it, and never stays on this machine.</summary>
    [Theory]
    [InlineData("a@hospital.test", "Hosts inside")]
    [InlineData("a@ward.hospital.test", "Hosts inside")]
    [InlineData("a@partner.test", "Hosts line")]
    [InlineData("a@elsewhere.test", "Hosts smart")]
    [InlineData("a@elsewhere.test", "Mx elsewhere.test", false)]
    [InlineData("a@[192.0.2.1]", "Mx [192.0.2.1]", false)]
    [InlineData("a@hospital.test", "Hosts inside", false)]
    public void TheWayOutside(string address, string way, bool hasHosts = true)
    {
        var options = new DeliveryOptions { Routes = [new() { Domain = "*", Hosts = ["inside"] }, new() { Domain = "partner.test", Hosts = ["line"] }] };
        var outbound = new OutboundOptions { Hosts = hasHosts ? ["smart"] : [] };
        var route = new RouteTable(options, "g", () => outbound, () => ["hospital.test", ".hospital.test"]).Outside(address);
        Assert.Equal(way, $"{route.Kind} {route.Domain}{string.Join(',', route.Hosts)}");
    }

    /// <summary>Whoever asks for TLS and sends SIGHUP gets it with the next letter.</summary>
    [Fact]
    public void TheWayOutside_IsThatOfTheMoment()
    {
        var settings = new SekishoOptions { Outbound = { Hosts = ["smart"] } };
        var table = new RouteTable(settings.Delivery, "g", () => settings.Outbound);
        var before = table.Outside("a@elsewhere.test");
        Assert.Equal(TlsPolicy.Opportunistic, before.Tls);
        Assert.Same(before, table.Outside("a@other.test"));
        settings.Outbound = new OutboundOptions { Hosts = ["smart", "other"], Tls = TlsPolicy.Required };
        var after = table.Outside("a@elsewhere.test");
        Assert.Equal((TlsPolicy.Required, 2), (after.Tls, after.Hosts.Count));
        Assert.NotEqual(before.Key, after.Key);
        settings.Outbound = new OutboundOptions();
        Assert.Equal(RouteKind.Mx, table.Outside("a@elsewhere.test").Kind);
    }

    [Theory]
    [InlineData("mail.test", "mail.test", 25)]
    [InlineData("mail.test:2525", "mail.test", 2525)]
    [InlineData("192.0.2.1:26", "192.0.2.1", 26)]
    [InlineData("[2001:db8::1]:26", "2001:db8::1", 26)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 25)]
    [InlineData("2001:db8::1", "2001:db8::1", 25)]
    public void HostAndPort(string text, string name, int port) => Assert.Equal((name, port), HopFinder.Split(text));
}
