using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests.Signatures;

public class IndicatorQueryTests
{
    private static readonly IndicatorSet Set = Indicators.Read(
        "kind,value,source,first_seen\nurl,http://bad.example/wp-admin/x1/,t,\ndomain,evil.example,t,\nip:port,192.0.2.9:8080,t,\nip:port,192.0.2.10:0,t,\nip,2001:db8::9,t,\nemail,a@partner.example,t,\n"
        + "subject,賞与支払届,t,\nmd5,00112233445566778899aabbccddeeff,t,\nsha1,0123456789abcdef0123456789abcdef01234567,t,\nmacro-sha256,00112233445566778899aabbccddeeff00112233445566778899aabbccddee01,t,\n");

    [Theory]
    [InlineData("hxxps://bad[.]example/wp-admin/x1/a", "url http://bad.example/wp-admin/x1/")]
    [InlineData("bad.example/wp-admin/x1/", "url http://bad.example/wp-admin/x1/")]
    [InlineData("https://login.evil.example/", "domain evil.example")]
    [InlineData("evil[.]example", "domain evil.example")]
    [InlineData("http://192.0.2.9:8080/x", "ip:port 192.0.2.9:8080")]
    [InlineData("192.0.2.9:8080", "ip:port 192.0.2.9:8080")]
    [InlineData("192.0.2.10", "ip:port 192.0.2.10:0")]
    [InlineData("192.0.2.10:443", "ip:port 192.0.2.10:0")]
    [InlineData("2001:DB8:0::9", "ip 2001:db8::9")]
    [InlineData("[2001:db8::9]:25", "ip 2001:db8::9")]
    [InlineData("A@Partner.example", "email a@partner.example")]
    [InlineData("b@mail.evil.example", "domain evil.example")]
    [InlineData("Re: 賞与支払届", "subject 賞与支払届")]
    [InlineData("00112233445566778899AABBCCDDEEFF", "md5 00112233445566778899aabbccddeeff")]
    [InlineData("0123456789abcdef0123456789abcdef01234567", "sha1 0123456789abcdef0123456789abcdef01234567")]
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddee01", "macro-sha256 00112233445566778899aabbccddeeff00112233445566778899aabbccddee01")]
    public void AValueOfAnyKind_FindsWhatALetterWouldMeet(string value, string expected) =>
        Assert.Equal(expected, Assert.Single(Set.Find(value, Indicators.Now).Select(i => $"{i.Kind.Name()} {i.Value}")));

    [Theory]
    [InlineData("bad.example")]
    [InlineData("http://bad.example/")]
    [InlineData("192.0.2.9")]
    [InlineData("192.0.2.9:443")]
    [InlineData("b@partner.example")]
    [InlineData("賞与")]
    [InlineData("")]
    [InlineData("://")]
    [InlineData("http://")]
    public void OtherValues_FindNothing(string value) => Assert.Empty(Set.Find(value, Indicators.Now));
}
