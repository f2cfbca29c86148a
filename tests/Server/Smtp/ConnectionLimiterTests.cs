using System.Net;
using Sekisho.Options;
using Sekisho.Smtp;

namespace Sekisho.Server.Tests.Smtp;

public sealed class ConnectionLimiterTests
{
    private static readonly SmtpOptions Options = new() { MaxConnections = 6, MaxConnectionsPerAddress = 2, MaxConnectionsPerNetwork = 3 };

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.200", "192.0.3.1")]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::1", "2001:db8:0:2::1")]
    public void AddressesAndNetworksAreCounted(string one, string neighbour, string stranger)
    {
        var limiter = new ConnectionLimiter();
        Assert.True(limiter.TryEnter(IPAddress.Parse(one), Options, exempt: false));
        Assert.True(limiter.TryEnter(IPAddress.Parse(one), Options, exempt: false));
        Assert.False(limiter.TryEnter(IPAddress.Parse(one), Options, exempt: false));
        Assert.True(limiter.TryEnter(IPAddress.Parse(neighbour), Options, exempt: false));
        Assert.False(limiter.TryEnter(IPAddress.Parse(neighbour), Options, exempt: false));
        Assert.True(limiter.TryEnter(IPAddress.Parse(stranger), Options, exempt: false));
        limiter.Leave(IPAddress.Parse(one));
        Assert.True(limiter.TryEnter(IPAddress.Parse(neighbour), Options, exempt: false));
    }

    [Fact]
    public void TrustedClientsCountOnlyInAll()
    {
        var limiter = new ConnectionLimiter();
        for (var i = 0; i < 6; i++)
        {
            Assert.True(limiter.TryEnter(IPAddress.Loopback, Options, exempt: true));
        }

        Assert.False(limiter.TryEnter(IPAddress.Loopback, Options, exempt: true));
        for (var i = 0; i < 6; i++)
        {
            limiter.Leave(IPAddress.Loopback);
        }

        Assert.Equal(0, limiter.Count);
    }
}
