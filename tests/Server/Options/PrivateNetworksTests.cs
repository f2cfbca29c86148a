using System.Net;
using Sekisho.Options;

namespace Sekisho.Server.Tests.Options;

public sealed class PrivateNetworksTests
{
    [Theory]
    [InlineData("10.1.2.0/24", true)]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("8.0.0.0/6", false)]
    [InlineData("172.16.0.0/12", true)]
    [InlineData("172.32.0.0/16", false)]
    [InlineData("192.168.1.25/32", true)]
    [InlineData("192.0.0.0/8", false)]
    [InlineData("203.0.113.25/32", false)]
    [InlineData("127.0.0.1/32", true)]
    [InlineData("fd12::/48", true)]
    [InlineData("2001:db8::/32", false)]
    [InlineData("::/0", false)]
    public void NobodyOnTheInternetHasThem(string network, bool isPrivate) => Assert.Equal(isPrivate, PrivateNetworks.Hold(IPNetwork.Parse(network)));
}
