using Sekisho.Smtp;

namespace Sekisho.Server.Tests.Smtp;

public sealed class MailPathTests
{
    [Theory]
    [InlineData("<>", "")]
    [InlineData("<nurse@hospital.example>", "nurse@hospital.example")]
    [InlineData("<postmaster>", "postmaster")]
    [InlineData("<PostMaster>", "PostMaster")]
    [InlineData("<\"a b\"@hospital.example>", "\"a b\"@hospital.example")]
    [InlineData("<\"a\\\"@>b\"@hospital.example>", "\"a\\\"@>b\"@hospital.example")]
    [InlineData("<a@[192.0.2.1]>", "a@[192.0.2.1]")]
    [InlineData("<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]")]
    [InlineData("<@relay.example:a@hospital.example>", "a@hospital.example")]
    [InlineData("<@one.example,@two.example:a@hospital.example>", "a@hospital.example")]
    [InlineData("<a@under_score.example>", "a@under_score.example")]
    [InlineData("<taro..hana.@docomo.example>", "taro..hana.@docomo.example")]
    [InlineData("<.a@ezweb.example>", ".a@ezweb.example")]
    [InlineData("<a!#$%&'*+-/=?^_`{|}~@x.example>", "a!#$%&'*+-/=?^_`{|}~@x.example")]
    [InlineData("<看護師@病院.example>", "看護師@病院.example")]
    public void RealPathsAreRead(string path, string address)
    {
        Assert.True(MailPath.TryRead(path + " SIZE=1", out var read, out var rest));
        Assert.Equal(address, read);
        Assert.Equal(" SIZE=1", rest.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("<")]
    [InlineData("nurse@hospital.example")]
    [InlineData("<nurse@hospital.example")]
    [InlineData("<nurse>")]
    [InlineData("<@hospital.example>")]
    [InlineData("<nurse@>")]
    [InlineData("<nurse@hospital..example>")]
    [InlineData("<nurse@hospital.example.>")]
    [InlineData("<nurse@-hospital.example>")]
    [InlineData("<nurse@hospital-.example>")]
    [InlineData("<nu rse@hospital.example>")]
    [InlineData("<nurse@hospital example>")]
    [InlineData("<\"nurse@hospital.example>")]
    [InlineData("<\"nurse\\")]
    [InlineData("<a@[300.1.1.1]>")]
    [InlineData("<a@[1]>")]
    [InlineData("<a@[IPv6:192.0.2.1]>")]
    [InlineData("<a@[IPv6:fe80::1%eth0]>")]
    [InlineData("<a@[IPv6:::1%x y]>")]
    [InlineData("<\"a\uFFFD\"@hospital.example>")]
    [InlineData("<\"a\u2028\"@hospital.example>")]
    [InlineData("<@relay.example a@hospital.example>")]
    [InlineData("<@relay.example:")]
    [InlineData("<@relay.example:>")]
    [InlineData("<a@b@hospital.example>")]
    [InlineData("<a,b@hospital.example>")]
    [InlineData("<<a@hospital.example>>")]
    public void WhatIsNoPathIsRefused(string path) => Assert.False(MailPath.TryRead(path, out _, out _));

    [Fact]
    public void LengthsAreBounded()
    {
        Assert.True(MailPath.TryRead($"<{new string('a', 255)}@x.example>", out _, out _));
        Assert.False(MailPath.TryRead($"<{new string('a', 256)}@x.example>", out _, out _));
        Assert.False(MailPath.TryRead($"<a@{string.Join('.', Enumerable.Repeat("abcdefghi", 26))}>", out _, out _));
        Assert.False(MailPath.TryRead($"<a@{new string('a', 64)}.example>", out _, out _));
    }
}
