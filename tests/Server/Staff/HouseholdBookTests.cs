using System.Net;
using System.Text;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.Options;
using Sekisho.Staff;

namespace Sekisho.Server.Tests.Staff;

public sealed class HouseholdBookTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("sekisho-staff-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void SettingsAndStaffMakeTheHousehold()
    {
        var house = HouseholdBook.Read(Options("田中 太郎,タナカ タロウ,tanaka@hospital.test,内科\n"));
        Assert.True(house.IsOwn("ward.hospital.test"));
        Assert.True(house.IsPartner("mail.lab.test"));
        Assert.True(house.IsInside(IPAddress.Parse("10.1.2.3")));
        Assert.True(house.IsForwarder(IPAddress.Parse("192.0.2.9")) && house.IsForwarder("b.news.test"));
        Assert.Equal("田中 太郎", Assert.Single(house.Staff.Find("TARO TANAKA", [])!.People).Name);
    }

    [Fact]
    public void BrokenStaffListNamesFileAndLine()
    {
        var fault = Assert.Throws<OptionsException>(() => HouseholdBook.Read(Options("田中 太郎,,tanaka@hospital.test\n佐藤,,none\n")));
        Assert.Contains("staff.csv: Line 2: \"none\" is no mail address.", Assert.Single(fault.Faults), StringComparison.Ordinal);
    }

    /// <summary>The inspector asks for each letter, so that a reload counts from the next one on.</summary>
    [Fact]
    public async Task TheInspectorTakesWhatHoldsNow()
    {
        var options = Options("");
        var book = new HouseholdBook(HouseholdBook.Read(options));
        var inspector = new Inspector(options, () => SignatureSet.Shipped, TimeProvider.System, household: () => book.Current);
        Assert.DoesNotContain("COLLEAGUE_FORGED", await CodesAsync(inspector));
        Options("田中 太郎,タナカ タロウ,tanaka@hospital.test,内科\n");
        book.Current = HouseholdBook.Read(options);
        Assert.Contains("COLLEAGUE_FORGED", await CodesAsync(inspector));
    }

    private static async Task<IEnumerable<string>> CodesAsync(Inspector inspector) => (await inspector.InspectAsync(
        new Envelope(Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, IPAddress.Parse("203.0.113.1"), "x.test", "a@mailbox.test", [new EnvelopeRecipient("b@hospital.test")]),
        new MemoryStream(Encoding.UTF8.GetBytes("From: \"田中 太郎\" <a@mailbox.test>\r\nTo: b@hospital.test\r\nSubject: x\r\n\r\nhello\r\n")), SenderFacts.Unknown, [])).Verdict.Findings.Select(f => f.Kind.Code);

    private SekishoOptions Options(string staff)
    {
        var file = Path.Combine(_home, "staff.csv");
        File.WriteAllText(file, staff);
        return new SekishoOptions
        {
            Home = _home,
            Smtp = { RelayDomains = ["hospital.test"], TrustedNetworks = ["10.0.0.0/8"] },
            Senders = { Names = ["関所病院"], PartnerDomains = ["検査センター = lab.test"], StaffFile = file, Forwarders = ["news.test", "192.0.2.0/24"] },
        };
    }
}
