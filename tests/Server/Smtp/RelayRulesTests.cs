using System.Net;
using Sekisho.Options;
using Sekisho.Smtp;

namespace Sekisho.Server.Tests.Smtp;

public sealed class RelayRulesTests : IDisposable
{
    private static readonly IPAddress Stranger = IPAddress.Parse("203.0.113.9");
    private readonly string _list = Path.GetTempFileName();

    public void Dispose() => File.Delete(_list);

    [Theory]
    [InlineData("nurse@hospital.example", null)]
    [InlineData("NURSE@HOSPITAL.EXAMPLE", null)]
    [InlineData("nurse@ward.clinic.example", null)]
    [InlineData("nurse@clinic.example", 554)]
    [InlineData("nurse@nothospital.example", 554)]
    [InlineData("nurse@elsewhere.example", 554)]
    [InlineData("nurse%elsewhere.example@hospital.example.evil.example", 554)]
    [InlineData("nurse@[192.0.2.1]", 554)]
    public void OnlyRelayDomainsAreOpenToStrangers(string address, int? code)
    {
        var rules = RelayRules.Load(new SmtpOptions { RelayDomains = ["hospital.example", ".clinic.example"] });
        Assert.Equal(code, rules.Refuse(address, Stranger)?.Code);
    }

    [Fact]
    public void TrustedNetworksMaySendAnywhere()
    {
        var rules = RelayRules.Load(new SmtpOptions { RelayDomains = ["hospital.example"], TrustedNetworks = ["203.0.113.0/24", "2001:db8::/32"] });
        Assert.Null(rules.Refuse("a@elsewhere.example", Stranger));
        Assert.Null(rules.Refuse("a@elsewhere.example", IPAddress.Parse("2001:db8::5")));
        Assert.Equal(554, rules.Refuse("a@elsewhere.example", IPAddress.Parse("203.0.112.9"))?.Code);
    }

    [Theory]
    [InlineData("nurse@hospital.example", null)]
    [InlineData("Nurse@Hospital.Example", null)]
    [InlineData("nurse+ward3@hospital.example", null)]
    [InlineData("+ward3@hospital.example", 550)]
    [InlineData("doctor@hospital.example", 550)]
    [InlineData("anybody@clinic.example", null)]
    [InlineData("postmaster@hospital.example", null)]
    public void TheRecipientListIsAsked(string address, int? code)
    {
        File.WriteAllText(_list, "# staff\nnurse@hospital.example   # ward 3\n\n@clinic.example\n");
        var rules = RelayRules.Load(new SmtpOptions { RelayDomains = ["hospital.example", "clinic.example"], RecipientList = _list });
        Assert.Equal(code, rules.Refuse(address, Stranger)?.Code);
    }

    /// <summary>The directory is a second list; what neither knows is refused only where the directory can tell.</summary>
    [Theory]
    [InlineData("nurse@hospital.example", null, null)]
    [InlineData("Tanaka@Hospital.Example", null, 451)]
    [InlineData("nurse+ward3@hospital.example", null, null)]
    [InlineData("tanaka+ward3@hospital.example", null, 451)]
    [InlineData("tanaka+@hospital.example", null, 451)]
    [InlineData("+ward3@hospital.example", 550, 451)]
    [InlineData("doctor@hospital.example", 550, 451)]
    [InlineData("anybody@clinic.example", null, null)]
    [InlineData("POSTMASTER@hospital.example", null, null)]
    [InlineData("tanaka@elsewhere.example", 554, 554)]
    public void TheDirectoryIsAsked(string address, int? whenUp, int? whenNeverRead)
    {
        File.WriteAllText(_list, "nurse@hospital.example\n@clinic.example\n");
        var options = new SmtpOptions { RelayDomains = ["hospital.example", "clinic.example"], RecipientList = _list, RecipientsFromDirectory = true };
        Assert.Equal(whenUp, RelayRules.Load(options, a => a == "tanaka@hospital.example").Refuse(address, Stranger)?.Code);
        Assert.Equal(whenNeverRead, RelayRules.Load(options, _ => null).Refuse(address, Stranger)?.Code);
    }

    [Fact]
    public void TheDirectoryIsAskedWithoutAListAndOnlyWhereTheSettingsWantIt()
    {
        var options = new SmtpOptions { RelayDomains = ["hospital.example"], RecipientsFromDirectory = true };
        Assert.Same(SmtpReply.UnknownRecipient, RelayRules.Load(options, _ => false).Refuse("x@hospital.example", Stranger));
        Assert.Null(RelayRules.Load(options, _ => true).Refuse("x@hospital.example", Stranger));
        Assert.Null(RelayRules.Load(new SmtpOptions { RelayDomains = ["hospital.example"] }, _ => false).Refuse("x@hospital.example", Stranger));
    }

    [Fact]
    public void PostmasterWithoutDomainBelongsToTheFirstRelayDomain() =>
        Assert.Equal("postmaster@hospital.example", RelayRules.Load(new SmtpOptions { RelayDomains = [".x.example", "hospital.example"] }).Complete("postmaster"));
}
