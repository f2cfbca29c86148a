using Sekisho.Staff;

namespace Sekisho.Server.Tests.Staff;

public sealed class LdapServerTests
{
    [Theory]
    [InlineData("ldap://dc1.hospital.test", "ldap://dc1.hospital.test:389", false)]
    [InlineData("ldaps://dc1.hospital.test/", "ldaps://dc1.hospital.test:636", false)]
    [InlineData("ldap://127.0.0.1:3389", "ldap://127.0.0.1:3389", true)]
    [InlineData("ldaps://[::1]", "ldaps://[::1]:636", true)]
    [InlineData("LDAPS://LocalHost:7", "ldaps://localhost:7", true)]
    public void AServerIsRead(string url, string shown, bool loopback)
    {
        var server = LdapServer.TryParse(url)!;
        Assert.Equal((shown, loopback), (server.ToString(), server.IsLoopback));
    }

    [Theory]
    [InlineData("dc1.hospital.test")]
    [InlineData("http://dc1.hospital.test")]
    [InlineData("ldap://")]
    [InlineData("ldap://user:secret@dc1.hospital.test")]
    [InlineData("ldap://dc1.hospital.test/DC=hospital")]
    [InlineData("ldap://dc1.hospital.test:99999")]
    public void WhatIsNoneIsNot(string url) => Assert.Null(LdapServer.TryParse(url));
}
