using System.Net;
using Sekisho.Options;
using Sekisho.Smtp;

namespace Sekisho.Server.Tests.Smtp;

public sealed class OutboundRulesTests
{
    [Theory]
    [InlineData("10.1.2.25", true)]
    [InlineData("10.1.2.26", false)]
    [InlineData("fd00::25", true)]
    [InlineData("127.0.0.1", false)]
    public void OnlyOurOwnServersAreAdmitted(string client, bool admitted) =>
        Assert.Equal(admitted, new OutboundRules(new SekishoOptions { Outbound = { Networks = ["10.1.2.25/32", "fd00::/64"] } }).Admits(IPAddress.Parse(client)));

    [Theory]
    [InlineData("", true)]
    [InlineData("nurse@hospital.example", true)]
    [InlineData("nurse@HOSPITAL.example", true)]
    [InlineData("\"a@elsewhere.example\"@hospital.example", true)]
    [InlineData("nurse@ward.clinic.example", true)]
    [InlineData("nurse@clinic.example", false)]
    [InlineData("\"nurse@hospital.example\"@elsewhere.example", false)]
    [InlineData("nurse@nothospital.example", false)]
    [InlineData("postmaster", false)]
    public void OnlyOurOwnSenders(string sender, bool taken)
    {
        var options = new SekishoOptions { Smtp = { RelayDomains = ["hospital.example", ".clinic.example"] } };
        Assert.Equal(taken, new OutboundRules(options).RefuseSender(sender) is null);
        options.Outbound.SenderDomains = ["other.example"];
        Assert.Equal(sender.Length == 0, new OutboundRules(options).RefuseSender(sender) is null);
        options.Outbound.SenderDomains = ["*"];
        Assert.Null(new OutboundRules(options).RefuseSender(sender));
    }
}
