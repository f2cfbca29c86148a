using Sekisho.Options;
using Sekisho.Staff;

namespace Sekisho.Server.Tests.Staff;

public sealed class DirectoryPersonTests
{
    [Fact]
    public void ActiveDirectorysNamesAndAddressesAreTaken()
    {
        var member = Of(("objectClass", "user"), ("sn", "田中"), ("givenName", "太郎"), ("displayName", "田中太郎(内科)"), ("msDS-PhoneticLastName", "タナカ"), ("msDS-PhoneticFirstName", "タロウ"),
            ("mail", "Tanaka@Hospital.test"), ("proxyAddresses", "SMTP:tanaka@hospital.test"), ("proxyAddresses", "smtp:t.tanaka@hospital.test"), ("proxyAddresses", "X500:/o=x@y"), ("department", "内科"));
        Assert.Equal(("田中 太郎", "タナカ タロウ", "内科"), (member!.Name, member.Kana, member.Department));
        Assert.Equal(["tanaka@hospital.test", "t.tanaka@hospital.test"], member.Addresses);
    }

    [Fact]
    public void KanjiInOneAndLatinLettersInTheOtherAreNameAndReading()
    {
        var member = Of(("objectClass", "inetOrgPerson"), ("sn", "Tanaka"), ("givenName", "Taro"), ("cn", "田中 太郎"), ("mail", "t@hospital.test"))!;
        Assert.Equal(("田中 太郎", "Tanaka Taro"), (member.Name, member.Kana));
        member = Of(("objectClass", "inetOrgPerson"), ("sn", "Tanaka"), ("sn;lang-ja", "田中"), ("givenName", "Taro"), ("givenName;lang-ja", "太郎"), ("cn", "Taro Tanaka"), ("cn;lang-ja;phonetic", "たなか たろう"), ("mail", "t@hospital.test"))!;
        Assert.Equal(("田中 太郎", "たなか たろう"), (member.Name, member.Kana));
    }

    /// <summary>They take mail, but a stranger whose sender's name is 経理課 or お知らせ is nobody's namesake.</summary>
    [Theory]
    [InlineData("group")]
    [InlineData("groupOfNames")]
    [InlineData("contact")]
    [InlineData("publicFolder")]
    public void GroupsAndContactsHaveAddressesOnly(string kind)
    {
        var member = Of(("objectClass", kind), ("cn", "お知らせ"), ("sn", "お知らせ"), ("mail", "news@hospital.test"), ("department", "広報"))!;
        Assert.Equal(("", kind == "contact" ? "" : "広報"), (member.Name, member.Department));
    }

    [Fact]
    public void ASharedMailboxHasNoNameOfItsOwn() =>
        Assert.Equal("", Of(("objectClass", "user"), ("displayName", "お知らせ"), ("mail", "news@hospital.test"))!.Name);

    /// <summary>Whoever may write an entry may write anything.</summary>
    [Fact]
    public void HostileValuesDoNoHarm()
    {
        var member = Of(("objectClass", "user"), ("sn", "\u202E田\0中\u200B"), ("givenName", "太\r\n郎\u001B[2J"), ("department", new string('長', 100_000)), ("department", "外科\u2066"),
            ("mail", "a\0b@hospital.test"), ("mail", "x@hospital.test\r\nRCPT TO:<y@z>"), ("mail", new string('x', 400) + "@hospital.test"), ("mail", "a@b@c"), ("mail", "@"), ("mail", "\u202Ex@hospital.test"), ("mail", " good@hospital.test "))!;
        Assert.Equal("田 中 太 郎 [2J", member.Name);
        Assert.Equal("外科", member.Department);
        Assert.Equal(["good@hospital.test"], member.Addresses);
        Assert.Equal(1000, Of([.. Enumerable.Range(0, 3000).Select(i => ("mail", $"a{i}@hospital.test"))])!.Addresses.Count);
        Assert.Null(Of(("objectClass", "user"), ("sn", "田中"), ("givenName", "太郎")));
    }

    private static Sekisho.Inspection.Senders.StaffMember? Of(params (string Name, string Value)[] values) =>
        DirectoryPerson.Of(new LdapEntry("x", values.GroupBy(v => v.Name).ToDictionary(g => g.Key, g => g.Select(v => v.Value).ToList(), StringComparer.OrdinalIgnoreCase)), new StaffAttributes());
}
