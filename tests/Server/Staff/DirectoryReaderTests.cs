using System.Diagnostics;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Server.Tests.Delivery;
using Sekisho.Staff;
using Xunit.Abstractions;

namespace Sekisho.Server.Tests.Staff;

/// <summary>One directory for the class: it takes a second to fill.</summary>
public sealed class FullDirectory : IDisposable
{
    private Slapd? _slapd;

    internal Slapd Slapd => _slapd ??= new Slapd(StaffLdif.People(2000) + Others());

    public void Dispose() => _slapd?.Dispose();

    private static string Others() =>
        StaffLdif.Entry("cn=外来", ("objectClass", "group"), ("cn", "外来"), ("mail", "gairai@hospital.test"), ("proxyAddresses", "smtp:gairai-all@hospital.test"))
        + StaffLdif.Entry("cn=予約", ("objectClass", "inetOrgPerson"), ("objectClass", "user"), ("cn", "予約"), ("sn", "予約"), ("proxyAddresses", "SMTP:yoyaku@hospital.test"), ("userAccountControl", "514"))
        + StaffLdif.Entry("uid=nobody", ("objectClass", "inetOrgPerson"), ("cn", "nobody"), ("sn", "nobody"), ("uid", "nobody"))
        + StaffLdif.Entry("uid=tagged", ("objectClass", "inetOrgPerson"), ("objectClass", "user"), ("cn", "Hiroshi Kimura"), ("sn", "Kimura"), ("sn;lang-ja", "木村"), ("givenName", "Hiroshi"), ("givenName;lang-ja", "博"), ("mail", "kimura@hospital.test"))
        + StaffLdif.Entry("uid=evil", ("objectClass", "inetOrgPerson"), ("objectClass", "user"), ("cn", "e"), ("sn", "\u202E悪\n人"), ("givenName", "さん\u2066"), ("displayName", new string('長', 50_000)), ("mail", "evil@hospital.test"), ("proxyAddresses", "smtp:x@hospital.test\r\nRCPT TO:<y@z>"));
}

/// <summary>Reads a real OpenLDAP, and servers that are none.</summary>
public sealed class DirectoryReaderTests(FullDirectory directory, ITestOutputHelper output) : IClassFixture<FullDirectory>, IDisposable
{
    private readonly string _password = Path.GetTempFileName();

    public void Dispose() => File.Delete(_password);

    [NeedsProgram(Slapd.Program, "slapd")]
    public async Task EverybodyIsReadPageByPage()
    {
        var read = await ReadAsync(directory.Slapd.Options());
        Assert.Equal((2004, 2004), (read.Entries, read.Members.Count)); // "nobody" has no address
        var staff = new StaffDirectory(read.Members);
        var person = Assert.Single(staff.At("U0.Alias@hospital.test"));
        Assert.Equal(("田中 太郎", "タナカ タロウ", "内科"), (person.Name, person.Kana, person.Department));
        Assert.Equal(["u0@hospital.test", "u0.alias@hospital.test"], person.Addresses);
        Assert.Contains(person, staff.Find("Tanaka Taro", [])!.People);
        Assert.Equal("", Assert.Single(staff.At("gairai-all@hospital.test")).Name);
        Assert.Equal("木村 博", Assert.Single(staff.At("kimura@hospital.test")).Name);
        Assert.Single(staff.At("yoyaku@hospital.test"));
        var evil = Assert.Single(staff.At("evil@hospital.test"));
        Assert.Equal(("悪 人 さん", 1), (evil.Name, evil.Addresses.Count));
        output.WriteLine($"{read.Entries} entries in {read.Elapsed.TotalMilliseconds:0} ms");
        Assert.True(read.Elapsed < TimeSpan.FromSeconds(20), $"{read.Elapsed}");
    }

    [NeedsProgram(Slapd.Program, "slapd")]
    public async Task LdapsFiltersAndSeveralBasesWork()
    {
        var options = directory.Slapd.Options();
        options.Servers = [$"ldaps://localhost:{directory.Slapd.TlsPort}"];
        options.BaseDns = [Slapd.Base, $"uid=u1,{Slapd.Base}", "ou=empty,dc=hospital,dc=test"];
        options.Filter = "(|(&(uid=u1*)(department=外科)(!(uid=u10)))(cn=外\\e6\\9d\\a5))";
        var read = await ReadAsync(options);
        Assert.Equal(Enumerable.Range(0, 2000).Count(i => $"u{i}".StartsWith("u1", StringComparison.Ordinal) && i % 7 == 1 && i != 10) + 1, read.Entries);
    }

    [NeedsProgram(Slapd.Program, "slapd")]
    public async Task EachFaultHasItsName()
    {
        var slapd = directory.Slapd;
        Assert.Equal(DirectoryFault.Password, await FaultAsync(o => o.PasswordFile = slapd.Write("wrong", "wrong\n")));
        Assert.Equal(DirectoryFault.Files, await FaultAsync(o => o.PasswordFile = slapd.Write("none", "\n")));
        Assert.Equal(DirectoryFault.NoSuchBase, await FaultAsync(o => o.BaseDns = ["ou=elsewhere,dc=hospital,dc=test"]));
        Assert.Equal(DirectoryFault.NoSuchBase, await FaultAsync(o => o.BaseDns = ["no dn"]));
        Assert.Equal(DirectoryFault.TooLarge, await FaultAsync(o => o.MaxEntries = 100));
        Assert.Equal(DirectoryFault.Tls, await FaultAsync(o => o.CaFile = null)); // signed by an authority the system does not know
        Assert.Equal(DirectoryFault.Tls, await FaultAsync(o => o.Servers = [$"ldap://127.0.0.1:{slapd.Port}"])); // the certificate is for localhost
        Assert.Equal(DirectoryFault.Tls, await FaultAsync(o => o.Servers = [$"ldaps://localhost:{slapd.Port}"])); // no TLS at that port
        Assert.Equal(DirectoryFault.Unreachable, await FaultAsync(o => o.Servers = [$"ldap://127.0.0.1:{Slapd.FreePort()}"]));
        Assert.Equal(DirectoryFault.Unreachable, await FaultAsync(o => o.Servers = ["ldap://no-such-host.invalid"]));
        Assert.Equal(DirectoryFault.NotAllowed, await FaultAsync(o => (o.BindDn, o.PasswordFile) = ("", null)));

        async Task<DirectoryFault> FaultAsync(Action<StaffOptions> spoil)
        {
            var options = slapd.Options();
            spoil(options);
            return (await Assert.ThrowsAsync<DirectoryException>(() => ReadAsync(options))).Fault;
        }
    }

    [NeedsProgram(Slapd.Program, "slapd")]
    public async Task TheNextServerIsAskedButNotWithAWrongPassword()
    {
        var slapd = directory.Slapd;
        using var silent = new SilentServer();
        var options = slapd.Options();
        options.Servers = [$"ldap://127.0.0.1:{Slapd.FreePort()}", .. options.Servers];
        Assert.Equal(2004, (await ReadAsync(options)).Entries);

        options.Servers = [options.Servers[1], silent.Url];
        options.PasswordFile = slapd.Write("wrong2", "wrong");
        Assert.Equal(DirectoryFault.Password, (await Assert.ThrowsAsync<DirectoryException>(() => ReadAsync(options))).Fault);
        Assert.Equal(0, silent.Connections);
    }

    [NeedsProgram(Slapd.Program, "slapd")]
    public async Task AServerThatDiesInTheMiddleIsNamedInTime()
    {
        using var slapd = new Slapd(StaffLdif.People(2000));
        var server = LdapServer.TryParse(slapd.Options().Servers[0])!;
        await using var connection = await LdapConnection.OpenAsync(server, slapd.Options(), TimeProvider.System, default);
        await connection.BindAsync(Slapd.Reader, Slapd.Password, default);
        var read = 0;
        var fault = await Assert.ThrowsAsync<DirectoryException>(async () =>
        {
            await foreach (var _ in connection.SearchAsync(Slapd.Base, "(mail=*)", ["mail"], default))
            {
                if (++read == 100)
                {
                    slapd.Kill();
                }
            }
        });
        Assert.Equal(DirectoryFault.Unreachable, fault.Fault);
        Assert.InRange(read, 100, 1999);
    }

    /// <summary>It takes the connection and never answers: to a bind, to StartTLS, in a TLS handshake.</summary>
    [Theory]
    [InlineData(false, "ldap")]
    [InlineData(true, "ldap")]
    [InlineData(false, "ldaps")]
    public async Task ASilentServerIsGivenUpInTime(bool startTls, string scheme)
    {
        using var silent = new SilentServer();
        var started = Stopwatch.GetTimestamp();
        var fault = await Assert.ThrowsAsync<DirectoryException>(() => ReadAsync(Plain(silent.Url.Replace("ldap", scheme, StringComparison.Ordinal), startTls)));
        Assert.Equal(DirectoryFault.Silent, fault.Fault);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(8));
        Assert.Contains("時間内に応答がありません", fault.Japanese, StringComparison.Ordinal);
    }

    /// <summary>What answers in another language, or promises more octets than anybody takes.</summary>
    [Theory]
    [InlineData("485454502F312E3120343030", DirectoryFault.Broken)]
    [InlineData("3080", DirectoryFault.Broken)]
    [InlineData("3084FFFFFFFF", DirectoryFault.TooLarge)]
    [InlineData("30840FFFFFFF", DirectoryFault.TooLarge)]
    [InlineData("300C02010265070A010004000400", DirectoryFault.Broken)] // answers what was not asked
    [InlineData("300C02010065070A010204000400", DirectoryFault.Refused)] // the server's notice that it hangs up
    [InlineData("300C02010161070A013104000400", DirectoryFault.Password)]
    [InlineData("300C02010161070A010804000400", DirectoryFault.NeedsTls)]
    [InlineData("300C02010161070A010004000400", DirectoryFault.Silent)] // bound, and then nothing
    public async Task AServerThatIsNoneIsRefused(string octets, DirectoryFault fault)
    {
        using var server = new SilentServer(() => [Convert.FromHexString(octets)]);
        Assert.Equal(fault, (await Assert.ThrowsAsync<DirectoryException>(() => ReadAsync(Plain(server.Url, false)))).Fault);
    }

    /// <summary>Entries without end are ended by the limit, and take no more memory than they are allowed.</summary>
    [Fact]
    public async Task EntriesWithoutEndAreEnded()
    {
        using var server = new SilentServer(() => Enumerable.Range(0, int.MaxValue)
            .Select(i => i == 0 ? Convert.FromHexString("300C02010161070A010004000400") : LdapMessageTests.Entry(2, $"cn={i}", ("mail", ["a@b"u8.ToArray()]))));
        var options = Plain(server.Url, false);
        options.MaxEntries = 5000;
        Assert.Equal(DirectoryFault.TooLarge, (await Assert.ThrowsAsync<DirectoryException>(() => ReadAsync(options))).Fault);
    }

    private StaffOptions Plain(string url, bool startTls)
    {
        var options = new StaffOptions { Servers = [url], StartTls = startTls, BaseDns = ["dc=x"], Timeout = TimeSpan.FromSeconds(1) };
        if (!startTls)
        {
            (options.BindDn, options.PasswordFile) = ("cn=x", _password);
            File.WriteAllText(_password, "x");
        }

        return options;
    }

    private static Task<DirectoryContent> ReadAsync(StaffOptions options) => DirectoryReader.ReadAsync(options, TimeProvider.System, CancellationToken.None);
}
