using System.Globalization;
using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

/// <summary>Reports of both schemas are read, with the faults that reporters make; what is hostile or no report is refused.</summary>
public class DmarcReportTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AReport_IsRead(bool modern)
    {
        var report = DmarcReport.Read(ReportSamples.Xml(modern: modern));

        Assert.Equal(("Receiver Example Inc.", "dmarc-reports@receiver.example", "20261122.1", "hospital.test", "quarantine"), (report.Organisation, report.Email, report.Id, report.Domain, report.Policy));
        Assert.Equal((new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 22, 23, 59, 59, TimeSpan.Zero)), (report.Begin, report.End));
        Assert.Equal(
        [
            $"192.0.2.25 120 {(modern ? "pass" : "none")} True True [] hospital.test hospital.test [hospital.test=pass, service.example=neutral] hospital.test=pass",
            "2001:db8:5::19 3 none True False [mailing_list] hospital.test lists.example [hospital.test=pass] lists.example=pass",
            "203.0.113.66 41 quarantine False False [] keiri.hospital.test evil.example [] evil.example=fail",
        ], report.Rows.Select(r => $"{r.Source} {r.Count} {r.Disposition} {r.DkimAligned} {r.SpfAligned} [{r.Reason}] {r.HeaderFrom} {r.EnvelopeFrom} [{r.Dkim}] {r.Spf}"));
        Assert.True(DmarcReport.LooksLike(ReportSamples.Xml(modern: modern)));
    }

    [Fact]
    public void FaultsOfReporters_AreForgiven()
    {
        // Blanks and a mark in front, another wrapper, capitals, a prefix, no id, no name, dates as text, identifiers by their old name, an address in brackets,
        // a domain for an address, a line without an address, something behind the end.
        var report = DmarcReport.Read(Encoding.UTF8.GetBytes("\uFEFF \r\n<?xml version=\"1.0\"?><x:wrap xmlns:x=\"urn:x\"><schema/><x:Feedback xmlns='http://dmarc.org/dmarc-xml/0.1'>"
            + "<report_metadata><email>r@receiver.example</email><date_range><begin>2026-11-22T00:00:00</begin><end>1795900000.75</end></date_range></report_metadata>"
            + "<policy_published><domain>Hospital.TEST.</domain></policy_published>"
            + "<record><row><source_ip>[::ffff:192.0.2.1]</source_ip><count>7</count><policy_evaluated><spf>PASS</spf><reason><type>forwarded</type></reason><reason><type>other</type></reason></policy_evaluated></row><identities><envelope_from>a@Mail.test</envelope_from></identities></record>"
            + "<record><row><source_ip></source_ip><count>7</count></row></record><record><row><source_ip>192.0.2.2</source_ip><count>0</count></row></record><record/>"
            + "<record><row><source_ip>192.0.2.3</source_ip><count>99999999999</count></row></record></x:Feedback></x:wrap> & junk"));

        Assert.Equal(("receiver.example", "hospital.test", 64), (report.Organisation, report.Domain, report.Id.Length));
        Assert.Equal(
            ["192.0.2.1 7 True False forwarded, other hospital.test mail.test", "192.0.2.3 1000000000 False False  hospital.test "],
            report.Rows.Select(r => $"{r.Source} {r.Count} {r.SpfAligned} {r.DkimAligned} {r.Reason} {r.HeaderFrom} {r.EnvelopeFrom}"));
    }

    [Theory]
    [InlineData("UTF-16")]
    [InlineData("utf-8")]
    [InlineData("Shift_JIS")]
    public void OtherEncodings_AreRead(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        var text = Encoding.UTF8.GetString(ReportSamples.Xml(organisation: "関所病院")).Replace("encoding=\"UTF-8\"", $"encoding=\"{name}\"", StringComparison.Ordinal);
        byte[] octets = [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
        Assert.True(DmarcReport.LooksLike(octets));
        Assert.Equal("関所病院", DmarcReport.Read(octets).Organisation);
    }

    [Fact]
    public void ControlCharacters_DoNotComeThrough() =>
        Assert.Equal("a b\uFFFDc", DmarcReport.Read(ReportSamples.Xml(organisation: "a&#27;b\u202Ec")).Organisation);

    [Theory]
    [InlineData("")]
    [InlineData("no xml")]
    [InlineData("<html><body>feedback</body></html>")]
    [InlineData("<feedback/>")]
    [InlineData("<feedback><report_metadata><date_range><begin>1</begin><end>2</end></date_range></report_metadata></feedback>")]
    [InlineData("<feedback><policy_published><domain>a.test</domain></policy_published></feedback>")]
    [InlineData("<feedback><report_metadata><date_range><begin>9</begin><end>2</end></date_range></report_metadata><policy_published><domain>a.test</domain></policy_published></feedback>")]
    [InlineData("<feedback><report_metadata><date_range><begin>1</begin><end>99999999999999999999</end></date_range></report_metadata><policy_published><domain>a.test</domain></policy_published></feedback>")]
    [InlineData("<feedback><record>")]
    [InlineData("<feedback><a></b></feedback>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"no-such\"?><feedback/>")]
    [InlineData("<!DOCTYPE feedback [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><feedback><version>&a;</version></feedback>")]
    public void WhatIsNoReport_IsRefused(string text) => Assert.Throws<InvalidDataException>(() => DmarcReport.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Bombs_AreRefused()
    {
        var laughs = new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE feedback [<!ENTITY l0 \"ha\">");
        for (var i = 1; i < 20; i++)
        {
            laughs.Append(CultureInfo.InvariantCulture, $"<!ENTITY l{i} \"{string.Concat(Enumerable.Repeat($"&l{i - 1};", 10))}\">");
        }

        laughs.Append("]><feedback><version>&l19;</version></feedback>");
        Assert.Throws<InvalidDataException>(() => DmarcReport.Read(Encoding.UTF8.GetBytes(laughs.ToString())));
        Assert.Throws<InvalidDataException>(() => DmarcReport.Read(Encoding.UTF8.GetBytes("<feedback>" + string.Concat(Enumerable.Repeat("<a>", 1_000_000)))));
        Assert.Throws<InvalidDataException>(() => DmarcReport.Read(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<a>", 1_000_000)))));
        Assert.Throws<InvalidDataException>(() => DmarcReport.Read(new byte[DmarcReport.MaxOctets + 1]));
        var line = "<record><row><source_ip>192.0.2.1</source_ip><count>1</count></row></record>";
        var whole = Encoding.UTF8.GetString(ReportSamples.Xml());
        Assert.Throws<InvalidDataException>(() => DmarcReport.Read(Encoding.UTF8.GetBytes(whole.Replace("</feedback>", string.Concat(Enumerable.Repeat(line, 20_001)) + "</feedback>", StringComparison.Ordinal))));

        // One that is long where nothing is long is read, and cut.
        var report = DmarcReport.Read(ReportSamples.Xml(organisation: new string('x', 1_000_000)));
        Assert.Equal(300, report.Organisation.Length);
        var many = string.Concat(Enumerable.Range(0, 100_000).Select(i => string.Create(CultureInfo.InvariantCulture, $" a{i}=\"\" xmlns:b{i}=\"u\"")));
        Assert.Equal(3, DmarcReport.Read(Encoding.UTF8.GetBytes(whole.Replace("<version>", $"<version{many}>", StringComparison.Ordinal))).Rows.Count);
    }
}
