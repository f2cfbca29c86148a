using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Tests.Senders;

public class DmarcTests
{
    /// <summary>Also served by a real server in <see cref="NetworkDnsTests"/>.</summary>
    internal const string Zone = """
        example.com A 192.0.2.1
        _dmarc.example.com TXT "v=DMARC1; p=reject; sp=quarantine; np=reject; rua=mailto:dmarc-feedback@example.com"
        child.example.com A 192.0.2.1
        cbg.bounces.example.com A 192.0.2.1
        example.net A 192.0.2.2
        _dmarc.example.net TXT "v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.net"
        sample.net A 192.0.2.3
        strict.example A 192.0.2.4
        _dmarc.strict.example TXT "v=DMARC1; p=quarantine; adkim=s; aspf=s"
        sub.strict.example A 192.0.2.4
        testing.example A 192.0.2.5
        _dmarc.testing.example TXT "v=DMARC1; p=reject; t=y"
        _dmarc.testing-quarantine.example TXT "v=DMARC1; p=quarantine; t=y; pct=100"
        _dmarc.percent.example TXT "v=DMARC1; p=reject; pct=0"
        _dmarc.order.example TXT "v=DMARC1;rua=mailto:a@order.example;p=REJECT;unknown=1;"
        _dmarc.two.example TXT "v=DMARC1; p=reject"
        _dmarc.two.example TXT "v=DMARC1; p=none"
        _dmarc.beside.example TXT "something else"
        _dmarc.beside.example TXT "v=DMARC1; p=quarantine"
        _dmarc.wrong.example TXT "v=DMARC1; p=refuse"
        _dmarc.wrong-reports.example TXT "v=DMARC1; p=refuse; rua=mailto:a@wrong.example"
        _dmarc.nopolicy.example TXT "v=DMARC1; rua=mailto:a@nopolicy.example"
        _dmarc.nothing.example TXT "v=DMARC1"
        _dmarc.version.example TXT "v=dmarc1; p=reject"
        _dmarc.late.example TXT "p=reject; v=DMARC1"
        _dmarc.dead.example SERVFAIL
        _dmarc.bank TXT "v=DMARC1; p=reject; sp=quarantine; np=reject; psd=y"
        a.bank A 192.0.2.6
        mail.a.bank A 192.0.2.6
        mail.b.bank A 192.0.2.6
        _dmarc.own.bank TXT "v=DMARC1; p=none"
        _dmarc.corp.example TXT "v=DMARC1; p=none"
        _dmarc.unit.corp.example TXT "v=DMARC1; p=reject; psd=n"
        mail.unit.corp.example A 192.0.2.7
        x.corp.example A 192.0.2.7
        _dmarc.mail.levels.example TXT "v=DMARC1; p=quarantine"
        _dmarc.levels.example TXT "v=DMARC1; p=reject; sp=none"
        a.mail.levels.example A 192.0.2.8
        mail.levels.example A 192.0.2.8
        xn--eckwd4c7c.xn--zckzah A 192.0.2.9
        _dmarc.xn--eckwd4c7c.xn--zckzah TXT "v=DMARC1; p=reject"
        _dmarc.deep.example TXT "v=DMARC1; p=reject"
        _dmarc.g.h.i.j.mail.deep.example TXT "v=DMARC1; p=quarantine; psd=n"
        """;

    /// <summary>From, who SPF passes for (! fails, ? no answer), who signed (the same), result, what is asked, where.</summary>
    public static TheoryData<string, string, string, DmarcResult, DmarcPolicy, string> Table => new()
    {
        // RFC 9989 appendix B.1.1: SPF.
        { "example.com", "example.com", "", DmarcResult.Pass, DmarcPolicy.Reject, "example.com" },
        { "example.com", "child.example.com", "", DmarcResult.Pass, DmarcPolicy.Reject, "example.com" },
        { "child.example.com", "example.net", "", DmarcResult.Fail, DmarcPolicy.Quarantine, "example.com" },
        // Section 4.4.2: a bounce domain of the same organisation.
        { "example.com", "cbg.bounces.example.com", "", DmarcResult.Pass, DmarcPolicy.Reject, "example.com" },
        // Appendix B.1.2: DKIM.
        { "example.com", "", "example.com", DmarcResult.Pass, DmarcPolicy.Reject, "example.com" },
        { "child.example.com", "", "example.com", DmarcResult.Pass, DmarcPolicy.Quarantine, "example.com" },
        { "child.example.com", "", "sample.net", DmarcResult.Fail, DmarcPolicy.Quarantine, "example.com" },
        // What fails aligns with nothing.
        { "example.com", "!example.com", "!example.com", DmarcResult.Fail, DmarcPolicy.Reject, "example.com" },
        { "example.com", "!example.com", "example.com", DmarcResult.Pass, DmarcPolicy.Reject, "example.com" },
        { "example.com", "", "sample.net example.net example.com", DmarcResult.Pass, DmarcPolicy.Reject, "example.com" },
        // A neighbour whose name only ends alike is no relative.
        { "example.com", "evilexample.com", "", DmarcResult.Fail, DmarcPolicy.Reject, "example.com" },
        { "example.com", "com", "", DmarcResult.Fail, DmarcPolicy.Reject, "example.com" },
        // Monitoring (appendix B.2.1).
        { "example.net", "", "", DmarcResult.Fail, DmarcPolicy.None, "example.net" },
        // Strict.
        { "strict.example", "strict.example", "", DmarcResult.Pass, DmarcPolicy.Quarantine, "strict.example" },
        { "strict.example", "sub.strict.example", "", DmarcResult.Fail, DmarcPolicy.Quarantine, "strict.example" },
        { "strict.example", "", "sub.strict.example", DmarcResult.Fail, DmarcPolicy.Quarantine, "strict.example" },
        { "sub.strict.example", "strict.example", "", DmarcResult.Fail, DmarcPolicy.Quarantine, "strict.example" },
        // np: below a domain that is not there.
        { "ghost.example.com", "", "", DmarcResult.Fail, DmarcPolicy.Reject, "example.com" },
        { "child.example.com", "", "", DmarcResult.Fail, DmarcPolicy.Quarantine, "example.com" },
        { "bounces.example.com", "", "", DmarcResult.Fail, DmarcPolicy.Quarantine, "example.com" }, // exists: something is below it
        // t: one step less.
        { "testing.example", "", "", DmarcResult.Fail, DmarcPolicy.Quarantine, "testing.example" },
        { "testing-quarantine.example", "", "", DmarcResult.Fail, DmarcPolicy.None, "testing-quarantine.example" },
        // pct of RFC 7489 is an unknown tag.
        { "percent.example", "", "", DmarcResult.Fail, DmarcPolicy.Reject, "percent.example" },
        // The record.
        { "order.example", "", "", DmarcResult.Fail, DmarcPolicy.Reject, "order.example" },
        { "two.example", "", "", DmarcResult.None, DmarcPolicy.None, "" },
        { "beside.example", "", "", DmarcResult.Fail, DmarcPolicy.Quarantine, "beside.example" },
        { "wrong.example", "", "", DmarcResult.PermError, DmarcPolicy.None, "wrong.example" },
        { "wrong-reports.example", "", "", DmarcResult.Fail, DmarcPolicy.None, "wrong-reports.example" },
        { "nopolicy.example", "", "", DmarcResult.Fail, DmarcPolicy.None, "nopolicy.example" },
        { "nothing.example", "", "", DmarcResult.PermError, DmarcPolicy.None, "nothing.example" },
        { "version.example", "", "", DmarcResult.None, DmarcPolicy.None, "" },
        { "late.example", "", "", DmarcResult.None, DmarcPolicy.None, "" },
        { "nowhere.example", "nowhere.example", "nowhere.example", DmarcResult.None, DmarcPolicy.None, "" },
        // No answer.
        { "dead.example", "dead.example", "", DmarcResult.TempError, DmarcPolicy.None, "" },
        { "example.com", "?example.com", "", DmarcResult.TempError, DmarcPolicy.Reject, "example.com" },
        { "example.com", "", "?child.example.com", DmarcResult.TempError, DmarcPolicy.Reject, "example.com" },
        { "example.com", "?example.com", "example.com", DmarcResult.Pass, DmarcPolicy.Reject, "example.com" },
        // A stranger's dead name servers cannot hide a failure.
        { "example.com", "?dead.example", "?dead.example dead.example", DmarcResult.Fail, DmarcPolicy.Reject, "example.com" },
        // psd=y: the domains below are organisations of their own.
        { "a.bank", "", "", DmarcResult.Fail, DmarcPolicy.Quarantine, "bank" },
        { "mail.a.bank", "a.bank", "", DmarcResult.Pass, DmarcPolicy.Quarantine, "bank" },
        { "mail.a.bank", "mail.b.bank", "", DmarcResult.Fail, DmarcPolicy.Quarantine, "bank" },
        { "mail.a.bank", "bank", "", DmarcResult.Fail, DmarcPolicy.Quarantine, "bank" },
        { "ghost.bank", "", "", DmarcResult.Fail, DmarcPolicy.Reject, "bank" },
        { "own.bank", "a.bank", "", DmarcResult.Fail, DmarcPolicy.None, "own.bank" },
        { "bank", "", "", DmarcResult.Fail, DmarcPolicy.Reject, "bank" },
        { "bank", "bank", "", DmarcResult.Pass, DmarcPolicy.Reject, "bank" },
        // psd=n: a part of a company that stands for itself.
        { "mail.unit.corp.example", "x.corp.example", "", DmarcResult.Fail, DmarcPolicy.Reject, "unit.corp.example" },
        { "mail.unit.corp.example", "unit.corp.example", "", DmarcResult.Pass, DmarcPolicy.Reject, "unit.corp.example" },
        { "x.corp.example", "unit.corp.example", "", DmarcResult.Fail, DmarcPolicy.None, "corp.example" },
        // Two records on the way: the highest is the organisation's, and the nearer one is not used (section 4.10.2, appendix B.4).
        { "a.mail.levels.example", "levels.example", "", DmarcResult.Pass, DmarcPolicy.None, "levels.example" },
        { "mail.levels.example", "", "", DmarcResult.Fail, DmarcPolicy.Quarantine, "mail.levels.example" },
        // IDN: as A-label and as U-label.
        { "xn--eckwd4c7c.xn--zckzah", "", "", DmarcResult.Fail, DmarcPolicy.Reject, "xn--eckwd4c7c.xn--zckzah" },
        { "ドメイン.テスト", "ドメイン.テスト", "", DmarcResult.Pass, DmarcPolicy.Reject, "xn--eckwd4c7c.xn--zckzah" },
        // Eight questions: what lies between is not found (section 5.1.8).
        { "a.b.c.d.e.f.g.h.i.j.mail.deep.example", "", "", DmarcResult.Fail, DmarcPolicy.Quarantine, "g.h.i.j.mail.deep.example" },
        { "EXAMPLE.com.", "Example.Com", "", DmarcResult.Pass, DmarcPolicy.Reject, "example.com" },
        // Several domains, none.
        { "example.com sample.net", "sample.net", "", DmarcResult.None, DmarcPolicy.None, "" },
        { "example.com example.com", "example.com", "", DmarcResult.Pass, DmarcPolicy.Reject, "example.com" },
        { "", "example.com", "", DmarcResult.None, DmarcPolicy.None, "" },
        { "[192.0.2.1]", "", "", DmarcResult.None, DmarcPolicy.None, "" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Check(string from, string spf, string dkim, DmarcResult result, DmarcPolicy policy, string at)
    {
        var outcome = await AskAsync(ZoneFile.Parse(Zone), from, spf, dkim);
        Assert.Equal((result, policy, at), (outcome.Result, outcome.Policy, outcome.PolicyDomain));
    }

    /// <summary>RFC 9989 section 4.10, the example of a long name.</summary>
    [Fact]
    public void TheWalk_AsksEightQuestions() => Assert.Equal(
        [
            "a.b.c.d.e.f.g.h.i.j.mail.example.com", "g.h.i.j.mail.example.com", "h.i.j.mail.example.com", "i.j.mail.example.com", "j.mail.example.com",
            "mail.example.com", "example.com", "com",
        ],
        DmarcWalk.Names("a.b.c.d.e.f.g.h.i.j.mail.example.com"));

    [Theory]
    [InlineData("From: a@example.com", "example.com", 1)]
    [InlineData("From: =?utf-8?q?head=40hospital.example?= <a@example.com>", "example.com", 1)]
    [InlineData("From: \"head@hospital.example\" <a@example.com>", "example.com", 1)]
    [InlineData("From: a@example.com, b@EXAMPLE.com", "example.com", 1)]
    [InlineData("From: a@example.com, b@sample.net", "example.com sample.net", 1)]
    [InlineData("From: Staff: a@example.com, b@sample.net;", "example.com sample.net", 1)]
    [InlineData("From: Undisclosed:;", "", 1)]
    [InlineData("From: a@example.com\r\nFrom: b@sample.net", "example.com sample.net", 2)]
    [InlineData("From:\r\n a@example.com\r\n (comment @other.example)", "example.com", 1)]
    [InlineData("From : a@example.com", "example.com", 1)]
    [InlineData("To: a@example.com", "", 0)]
    [InlineData("From: nobody", "", 1)]
    [InlineData("From: a@[192.0.2.1]", "", 1)]
    [InlineData("From: <<a@example.com", "example.com", 1)]
    [InlineData("From: a@xn--eckwd4c7c.xn--zckzah", "xn--eckwd4c7c.xn--zckzah", 1)]
    [InlineData("From: a@ドメイン.テスト", "xn--eckwd4c7c.xn--zckzah", 1)]
    public void Authors(string header, string domains, int fields)
    {
        var found = AuthorDomains.Read(LetterHeader.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(header + "\r\n\r\nbody"))));
        Assert.Equal((domains, fields), (string.Join(' ', found.Domains), found.Fields));
    }

    internal static Task<DmarcOutcome> AskAsync(DnsSource dns, string from, string spf, string dkim)
    {
        var signed = dkim.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(d => new DkimOutcome(d[0] switch { '!' => DkimResult.Fail, '?' => DkimResult.TempError, _ => DkimResult.Pass }, d.TrimStart('!', '?'), "s", "rsa-sha256")).ToList();
        var path = spf.Length == 0 ? null : new SpfOutcome(spf[0] switch { '!' => SpfResult.Fail, '?' => SpfResult.TempError, _ => SpfResult.Pass }, spf.TrimStart('!', '?'));
        return new Dmarc(dns).CheckAsync(from.Split(' ', StringSplitOptions.RemoveEmptyEntries), path, signed, CancellationToken.None);
    }
}
