using System.Formats.Asn1;
using Sekisho.Options;
using Sekisho.Staff;

namespace Sekisho.Server.Tests.Staff;

/// <summary>Filters as people write them; the octets are worked out by hand from RFC 4511 section 4.5.1.7.</summary>
public sealed class LdapFilterTests
{
    [Theory]
    [InlineData("(mail=*)", "87046D61696C")]
    [InlineData("(a=b)", "A306040161040162")]
    [InlineData(@"(a=\28\2A)", "A30704016104022" + "82A")]
    [InlineData("(a>=1)", "A506040161040131")]
    [InlineData("(a<=1)", "A606040161040131")]
    [InlineData("(a~=1)", "A806040161040131")]
    [InlineData("(!(a=*))", "A203870161")]
    [InlineData("(&(a=*)(b=*))", "A006870161870162")]
    [InlineData("(|)", "A100")]
    [InlineData("(a=x*y*z)", "A40E0401613009800178810179820" + "17A")]
    [InlineData("(a=*y*)", "A4080401613003810179")]
    [InlineData("(a:1.2:=2)", "A90B8103312E3282016183" + "0132")]
    [InlineData("(a:dn:=2)", "A9098201618301328401FF")]
    [InlineData("(cn;lang-ja=\u7530)", "A3110" + "40A636E3B6C616E672D6A610403E794B0")]
    public void AFilterBecomesOctets(string filter, string octets)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        LdapFilter.Write(filter, writer);
        Assert.Equal(octets, Convert.ToHexString(writer.Encode()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mail=*")]
    [InlineData("(mail=*")]
    [InlineData("(mail=*))")]
    [InlineData("(=x)")]
    [InlineData("(mail)")]
    [InlineData("(ma il=x)")]
    [InlineData(@"(mail=\2)")]
    [InlineData(@"(mail=\zz)")]
    [InlineData("(!)")]
    [InlineData("(a:b:c:=1)")]
    [InlineData("(:=1)")]
    public void WhatIsNoneIsNamed(string filter) => Assert.StartsWith("at character ", LdapFilter.FaultIn(filter), StringComparison.Ordinal);

    [Fact]
    public void DepthAndLengthAreBounded()
    {
        Assert.NotNull(LdapFilter.FaultIn(string.Concat(Enumerable.Repeat("(!", 40)) + "(a=1)" + new string(')', 40)));
        Assert.NotNull(LdapFilter.FaultIn($"(a={new string('x', 20_000)})"));
        Assert.Null(LdapFilter.FaultIn(StaffOptions.DefaultFilter));
        Assert.Null(LdapFilter.FaultIn("(&(mail=*)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))"));
    }
}
