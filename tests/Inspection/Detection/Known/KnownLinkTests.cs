using Sekisho.Inspection.Detection.Known;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Known;

public class KnownLinkTests
{
    private static readonly string[] Known =
        ["url,http://hacked.example/wp-admin/x1Y2/", "domain,evil.example", "ip:port,192.0.2.50:8080", "ip,198.51.100.7", "domain,redirect.example"];

    [Theory]
    [InlineData("see http://hacked.example/wp-admin/x1Y2/", "INDICATOR_URL")]
    [InlineData("see https://www.google.com/url?q=http%3A%2F%2Fhacked.example%2Fwp-admin%2Fx1Y2%2Fa", "INDICATOR_URL")]
    [InlineData("see http://login.evil.example/bank", "INDICATOR_DOMAIN")]
    [InlineData("see http://192.0.2.50:8080/a", "INDICATOR_HOST")]
    [InlineData("see http://0xC6336407/a", "INDICATOR_HOST")]
    public void KnownAddresses_AreFound(string text, string code)
    {
        using var message = Letters.Open(LetterWriter.Plain("x", text));
        Assert.Equal([code], Indicators.Codes(new KnownLink(), message, Known));
    }

    [Theory]
    [InlineData("see http://hacked.example/ and http://hacked.example/contact.html")]
    [InlineData("see http://192.0.2.50/a and http://notevil.example/")]
    [InlineData("注意喚起: hxxp://evil[.]example/ と hxxp://hacked[.]example/wp-admin/x1Y2/ を遮断してください")]
    [InlineData("write to info@evil.example")]
    public void OtherAddressesAndWarnings_AreNot(string text)
    {
        using var message = Letters.Open(LetterWriter.Plain("x", text));
        Assert.Empty(Indicators.Codes(new KnownLink(), message, Known));
    }

    [Fact]
    public void WhatCodeAndDocumentsFetch_IsSeen()
    {
        using var macro = Letters.OpenDocument("a.doc", Samples.OldDocument("Sub AutoOpen()\r\nu = \"http://hacked.example/wp-admin/x1Y2/\"\r\nEnd Sub\r\n"));
        Assert.Equal(["INDICATOR_URL"], Indicators.Codes(new KnownLink(), macro, Known));
        using var query = Letters.OpenDocument("a.iqy", "WEB\r\n1\r\nhttp://evil.example/q\r\n"u8.ToArray());
        Assert.Equal(["INDICATOR_DOMAIN"], Indicators.Codes(new KnownLink(), query, Known));
    }
}
