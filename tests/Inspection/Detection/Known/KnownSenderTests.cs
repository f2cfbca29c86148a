using System.Net;
using Sekisho.Inspection.Detection.Known;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;

namespace Sekisho.Inspection.Tests.Detection.Known;

public class KnownSenderTests
{
    [Theory]
    [InlineData("From: A <Hacked@Partner.example>", "From")]
    [InlineData("From: a@b.test\nReply-To: hacked@partner.example", "Reply-To")]
    [InlineData("From: a@mail.evil.example", "From")]
    public void KnownSenders_AreFound_AndDoNotQuarantineAlone(string header, string place)
    {
        using var message = Letters.Text(header + "\n\nhello");
        var findings = Indicators.Ask(new KnownSender(), message, "email,hacked@partner.example", "domain,evil.example");
        Assert.Equal(("INDICATOR_ADDRESS", place), (Assert.Single(findings).Kind.Code, findings[0].Place));
        Assert.Equal(Disposition.Deliver, new MessagePolicy(new PolicyOptions()).Judge(findings).Disposition);
    }

    [Fact]
    public void EnvelopeAndServer_AreLookedAt()
    {
        using var message = Letters.Text("From: a@b.test\n\nhello");
        var envelope = Letters.Envelope with { Client = IPAddress.Parse("::ffff:198.51.100.7") };
        using var from = new InboundMessage(envelope, message.Mime, [], []);
        Assert.Equal(["INDICATOR_IP", "INDICATOR_ADDRESS"], Indicators.Codes(new KnownSender(), from, "ip,198.51.100.7", "email,alice@sender.test"));
    }

    [Fact]
    public void AnotherAccountOfTheDomain_AndC2Servers_AreNot()
    {
        using var message = Letters.Text("From: other@partner.example\n\nhello");
        Assert.Empty(Indicators.Ask(new KnownSender(), message, "email,hacked@partner.example", "ip:port,127.0.0.1:25"));
    }
}
