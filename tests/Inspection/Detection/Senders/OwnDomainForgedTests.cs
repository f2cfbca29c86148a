using Sekisho.Inspection.Detection.Senders;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class OwnDomainForgedTests
{
    private const string List = "To: members@gakkai-ml.example\nList-Id: <members.gakkai-ml.example>\nSubject: x\n\nhello\n";

    [Theory]
    [InlineData("spf=fail dmarc=fail", "x@mailbox.example", "OWN_DOMAIN_FORGED")]
    [InlineData("spf=pass dkim=pass dmarc=fail", "x@mailbox.example", "OWN_DOMAIN_FORGED")] // the attacker's own
    [InlineData("spf=none dkim=none dmarc=none", "", "OWN_DOMAIN_FORGED")]
    [InlineData("spf=pass dmarc=none", "tanaka@sekisho-hp.example", "")]
    [InlineData("spf=fail dkim=pass dmarc=pass", "x@mailbox.example", "")]
    [InlineData("spf=temperror dmarc=temperror", "x@mailbox.example", "OWN_DOMAIN_UNPROVEN")]
    [InlineData("", "x@mailbox.example", "OWN_DOMAIN_UNPROVEN")]
    [InlineData("spf=pass dmarc=fail", "b@news.bounce.haishin.example", "")] // listed
    [InlineData("spf=fail dmarc=fail", "b@bounce.haishin.example", "OWN_DOMAIN_FORGED")] // says that it is listed
    public void From_Ours(string results, string mailFrom, string code)
    {
        Assert.Equal(code, Asked.Codes(new OwnDomainForged(), Asked.From("tanaka@sekisho-hp.example"), results, mailFrom));
        Assert.Equal(code, Asked.Codes(new OwnDomainForged(), Asked.From("\"x\" <y@z.example>, <scanner@WARD.Sekisho-HP.example>"), results, mailFrom));
        Assert.Equal("", Asked.Codes(new OwnDomainForged(), Asked.From("tanaka@sekisho-hp.example.mailbox.example"), results, mailFrom));
    }

    [Theory]
    [InlineData("10.9.9.9", "")] // our own server
    [InlineData("198.51.100.9", "")] // a listed network
    [InlineData("198.51.101.9", "OWN_DOMAIN_FORGED")]
    public void Clients(string client, string code) =>
        Assert.Equal(code, Asked.Codes(new OwnDomainForged(), Asked.From("tanaka@sekisho-hp.example"), "spf=fail dmarc=fail", client: client));

    [Theory]
    [InlineData("spf=pass dmarc=fail", "members-bounces@gakkai-ml.example", List, "OWN_DOMAIN_BY_LIST")]
    [InlineData("spf=fail dmarc=fail", "members-bounces@gakkai-ml.example", List, "OWN_DOMAIN_FORGED")]
    [InlineData("spf=pass dmarc=fail", "x@mailbox.example", List, "OWN_DOMAIN_FORGED")] // a List-Id is written by anybody
    [InlineData("spf=pass dmarc=fail", "x@gakkai-ml.example", "To: a@sekisho-hp.example\nList-Id: <members.gakkai-ml.example>\n\nhello\n", "OWN_DOMAIN_FORGED")]
    public void Lists(string results, string mailFrom, string letter, string code) =>
        Assert.Equal(code, Asked.Codes(new OwnDomainForged(), "From: tanaka@sekisho-hp.example\n" + letter, results, mailFrom));

    [Fact]
    public void Nobodys_Household() => Assert.Equal("", Asked.Codes(new OwnDomainForged(), Asked.From("tanaka@sekisho-hp.example"), "dmarc=fail", house: Household.Empty));
}
