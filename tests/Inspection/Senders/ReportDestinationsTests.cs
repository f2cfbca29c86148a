using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Tests.Senders;

/// <summary>Who gets a report: addresses that a record names, and that agree to it where they are another organisation's.</summary>
public sealed class ReportDestinationsTests
{
    private const string Zone = """
        _dmarc.clinic.example TXT "v=DMARC1; p=reject; rua=mailto:d@clinic.example"
        clinic.example._report._dmarc.reader.example TXT "v=DMARC1"
        clinic.example._report._dmarc.other.example TXT "v=DMARC1; rua=mailto:inbox@other.example"
        clinic.example._report._dmarc.sly.example TXT "v=DMARC1; rua=mailto:victim@victim.example"
        clinic.example._report._dmarc.text.example TXT "yes please"
        *._report._dmarc.late.example TXT "x; v=DMARC1"
        clinic.example._report._dmarc.dead.example SERVFAIL
        _dmarc.unit.example TXT "v=DMARC1; p=none; psd=n"
        _dmarc.part.unit.example TXT "v=DMARC1; p=none; psd=n"
        """;

    [Theory]
    [InlineData("mailto:a@b.example", "mailto:a@b.example")]
    [InlineData(" MAILTO:a@B.Example , mailto:c@d.example!10m", "mailto:a@b.example,mailto:c@d.example!10485760")]
    [InlineData("mailto:a@b.example!1,mailto:c@b.example!2K,mailto:d@b.example!3g,mailto:e@b.example!4t", "mailto:a@b.example!1,mailto:c@b.example!2048,mailto:d@b.example!3221225472,mailto:e@b.example!4398046511104")]
    [InlineData("mailto:a@b.example!99999999t", "mailto:a@b.example")] // more than there is: no limit
    [InlineData("mailto:a@b.example!", "")]
    [InlineData("mailto:a@b.example!10q", "")]
    [InlineData("mailto:a@b.example!-1", "")]
    [InlineData("mailto:a%21b%2Cc@b.example", "")] // a comma would be two addresses
    [InlineData("mailto:a%21b@b.example!5", "mailto:a%21b@b.example!5")]
    [InlineData("mailto:a%40c@b.example", "")]
    [InlineData("mailto:a+dmarc@b.example?subject=x&bcc=v@victim.example", "mailto:a%2Bdmarc@b.example")]
    [InlineData("mailto:a%0D%0ABcc:v@b.example", "")]
    [InlineData("mailto:%3Ca%3E@b.example", "")]
    [InlineData("mailto:.a@b.example,mailto:a..b@b.example,mailto:@b.example,mailto:a,mailto:a@b,mailto:a@b..,mailto:a@b.example..,mailto:a@.b.example,mailto:a@,mailto:", "")]
    [InlineData("mailto:a@192.0.2.1,https://b.example/r,a@b.example,ftp:x", "mailto:a@192.0.2.1")]
    [InlineData("mailto:a@日本.example,mailto:院@b.example,mailto:a@xn--wgv71a.example", "mailto:a@xn--wgv71a.example")] // a URI is ASCII
    [InlineData("mailto:a@b.example,mailto:A@b.example", "mailto:a@b.example")]
    [InlineData("mailto:1@b.example,mailto:2@b.example,mailto:3@b.example,mailto:4@b.example,mailto:5@b.example,mailto:6@b.example", "mailto:1@b.example,mailto:2@b.example,mailto:3@b.example,mailto:4@b.example,mailto:5@b.example")]
    [InlineData("", "")]
    public void UrisAreReadAndWritten(string tag, string read)
    {
        Assert.Equal(read, string.Join(',', ReportUri.Read(tag)));
        Assert.Equal(read, string.Join(',', ReportUri.Read(read)));
    }

    [Theory]
    [InlineData("d@clinic.example", "d@clinic.example")]
    [InlineData("d@mail.clinic.example", "d@mail.clinic.example")] // the same organisation by the tree walk
    [InlineData("d@reader.example", "d@reader.example")]
    [InlineData("d@other.example", "inbox@other.example")]
    [InlineData("d@sly.example", "refused d@sly.example")]
    [InlineData("d@text.example", "refused d@text.example")]
    [InlineData("d@late.example", "refused d@late.example")]
    [InlineData("d@victim.example", "refused d@victim.example")]
    [InlineData("d@dead.example", "unsure")]
    [InlineData("d@victim.example,d@reader.example,d@dead.example", "d@reader.example refused d@victim.example unsure")]
    public async Task OthersMustAgree(string addresses, string expected)
    {
        var targets = await new ReportDestinations(ZoneFile.Parse(Zone)).FindAsync("clinic.example", ReportUri.Read(string.Join(',', addresses.Split(',').Select(a => "mailto:" + a))), CancellationToken.None);
        Assert.Equal(expected, string.Join(' ', targets.Uris.Select(u => u.Address).Concat(targets.Refused.Select(r => "refused " + r)).Concat(targets.IsUnsure ? ["unsure"] : [])));
    }

    [Fact]
    public async Task APartThatIsItsOwnOrganisationIsAnother()
    {
        var targets = await new ReportDestinations(ZoneFile.Parse(Zone)).FindAsync("part.unit.example", ReportUri.Read("mailto:d@unit.example"), CancellationToken.None);
        Assert.Equal((0, "d@unit.example"), (targets.Uris.Count, Assert.Single(targets.Refused)));
    }

    [Theory]
    [InlineData("v=DMARC1; p=reject; rua=mailto:a@b.example", "v=DMARC1; p=reject; sp=reject; np=reject; t=n; adkim=r; aspf=r; rua=mailto:a@b.example")]
    [InlineData("v=DMARC1;p=quarantine;sp=none;t=y;adkim=s;aspf=s", "v=DMARC1; p=quarantine; sp=none; np=none; t=y; adkim=s; aspf=s; rua=")]
    [InlineData("v=DMARC1; np=reject; rua=mailto:a@b.example!10m", "v=DMARC1; p=none; sp=none; np=none; t=n; adkim=r; aspf=r; rua=mailto:a@b.example!10m")] // without p it counts as none
    public void ARecordIsToldWithItsDefaults(string text, string told)
    {
        Assert.Equal(told, DmarcPublished.Parse(text)!.ToString());
        Assert.Equal(told, DmarcPublished.Parse(told)!.ToString());
        Assert.Null(DmarcPublished.Parse("p=none"));
    }

    [Theory]
    [InlineData("a.clinic.example", "reject", "reject")]
    [InlineData("test.example", "reject", "quarantine")]
    public async Task ACheckTellsTheRecordAndWhatItStates(string author, string stated, string asked)
    {
        var dns = ZoneFile.Parse(Zone + "\n_dmarc.test.example TXT \"v=DMARC1; p=reject; t=y; rua=mailto:d@test.example\"");
        var outcome = await new Dmarc(dns).CheckAsync([author], null, [], CancellationToken.None);
        Assert.Equal((stated, asked), (AuthenticationResultsField.Word(outcome.Stated), AuthenticationResultsField.Word(outcome.Policy)));
        Assert.StartsWith("mailto:d@", outcome.Published!.Reports, StringComparison.Ordinal);
    }
}
