using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Tests.Senders;

public class DkimTests
{
    /// <summary>The keys that RFC 8463 appendix A publishes, and those of the letters in the suite.</summary>
    private const string Keys = """
        brisbane._domainkey.football.example.com TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
        test._domainkey.football.example.com TXT "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
        sed._domainkey.test.ex TXT "v=DKIM1; k=ed25519; p=sPs07Vu29FpHT/80UXUcYHFOHifD4o2ZlP2+XUh9g6E="
        20120113._domainkey.gmail.com TXT "k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1Kd87/UeJjenpabgbFwh+eBCsSTrqmwIYYvywlbhbqoo2DymndFkbjOVIPIldNs/m40KF+yzMn1skyoxcTUGCQs8g3FgD2Ap3ZB5DekAo5wMmk4wimDO+U8QzI3SD07y2+07wlNWwIt8svnxgdxGkVbbhzY8i+RQ9DpSVpPbF7ykQxtKXkv/ahW3KjViiAH+ghvvIhkx4xYSIc9oSwVmAl5OctMEeWUwg8Istjqz8BZeTWbf41fbNhte7Y+YqZOwq1Sd0DbvYAD9NOZK9vlfuac0598HY+vtSBczUiKERHv1yRbcaQtZFh5wtiRrN04BLUTD21MycBX5jYchHjPY/wIDAQAB"
        """;

    private const string Letter = """
        From: Joe SixPack <joe@football.example.com>
        To: Suzie Q <suzie@shopping.example.net>
        Subject: Is dinner ready?
        Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
        Message-ID: <20030712040037.46341.5F8J@football.example.com>

        Hi.

        We lost the game.  Are you hungry yet?

        Joe.

        """;

    private static readonly DateTimeOffset Now = new(2026, 4, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Rfc8463AppendixA_BothSignaturesPass()
    {
        var signed = """
            DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=brisbane; t=1528637909; h=from : to :
             subject : date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
             Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=test; t=1528637909; h=from : to : subject :
             date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
             DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
             dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=

            """ + Letter;
        var outcomes = await CheckAsync(Octets(signed), Keys);
        Assert.Equal([DkimResult.Pass, DkimResult.Pass], outcomes.Select(o => o.Result));
        Assert.Equal([256, 1024], outcomes.Select(o => o.KeyBits));
        Assert.All(outcomes, o => Assert.Equal("football.example.com", o.Domain));

        // One octet of what is signed, and both are wrong.
        Assert.All(await CheckAsync(Octets(signed.Replace("hungry", "Hungry")), Keys), o => Assert.Equal(DkimResult.Fail, o.Result));
        Assert.All(await CheckAsync(Octets(signed.Replace("dinner", "supper")), Keys), o => Assert.Equal(DkimResult.Fail, o.Result));
    }

    /// <summary>What the suite's letters come to; those that dkimpy signs in its tests carry no signature of their own.</summary>
    [SuiteFact]
    public async Task Dkimpy_EveryLetter()
    {
        var folder = Path.Combine(Repository.Suites!, "dkimpy", "data");
        async Task<string> ResultsAsync(string name) =>
            string.Join(' ', (await CheckAsync(await File.ReadAllBytesAsync(Path.Combine(folder, name)), Keys)).Select(o => AuthenticationResultsField.Word(o.Result)));

        Assert.Equal("pass pass", await ResultsAsync("rfc6376.signed.msg"));
        Assert.Equal("pass", await ResultsAsync("rfc6376.signed.rsa.msg"));
        Assert.Equal("pass", await ResultsAsync("ed25519test2.msg"));
        Assert.Equal("pass", await ResultsAsync("test2.message"));
        Assert.Equal("neutral", await ResultsAsync("test.message.baddomain"));
        Assert.Equal("permerror", await ResultsAsync("message.mbox")); // its key is gone
        foreach (var unsigned in (string[])["rfc6376.msg", "rfc6376.w1258.msg", "test_extra.message", "test_nofrom.message", "ed25519test.msg"])
        {
            Assert.Equal("", await ResultsAsync(unsigned));
        }
    }

    /// <summary>The suite's keys, each against a letter signed with its private half where the suite has it.</summary>
    [SuiteFact]
    public async Task Dkimpy_EveryKey()
    {
        string Text(string name) => File.ReadAllText(Path.Combine(Repository.Suites!, "dkimpy", "data", name)).Trim();
        static string Zone(string record) => $"s._domainkey.mail.example TXT \"{record.Replace("\n", "")}\"";
        async Task<DkimOutcome> SignedAsync(string key, string record)
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(Text(key));
            return Assert.Single(await CheckAsync(Signer.Sign(Octets(Letter), rsa, "relaxed/relaxed"), Zone(record)));
        }

        Assert.Equal(DkimResult.Pass, (await SignedAsync("test.private", Text("test.txt"))).Result);
        Assert.Equal(DkimResult.PermError, (await SignedAsync("test.private", Text("test_bad.txt"))).Result);
        Assert.Equal(DkimResult.PermError, (await SignedAsync("test.private", Text("badversion.txt"))).Result);
        Assert.Equal(DkimResult.PermError, (await SignedAsync("test.private", Text("badk.txt"))).Result);
        Assert.Equal(DkimResult.PermError, (await SignedAsync("test.private", Text("test_tlsrpt.txt"))).Result); // s=tlsrpt: not for mail
        Assert.Equal(DkimResult.Fail, (await SignedAsync("1024_testkey.key", Text("test.txt"))).Result); // another's key
        Assert.Equal(1024, (await SignedAsync("1024_testkey.key", Text("1024_testkey_wo_markers.pub.txt"))).KeyBits);
        Assert.Equal(DkimResult.Pass, (await SignedAsync("1024_testkey.key", Text("1024_testkey_wo_markers.pub.txt"))).Result);
        Assert.Equal(DkimResult.Pass, (await SignedAsync("1024_testkey.key", Text("1024_testkey_wo_markers.pub.rsa.txt"))).Result); // bare RSAPublicKey
        Assert.Equal(DkimResult.Pass, (await SignedAsync("2048_testkey.key", Text("2048_testkey_wo_markers.pub.txt"))).Result);
        Assert.Equal(DkimResult.Pass, (await SignedAsync("2048_testkey.key", Text("2048_testkey_wo_markers.pub.rsa.txt"))).Result);
        Assert.Equal(DkimResult.Pass, (await SignedAsync("2048_testkey_PKCS8.key", Text("2048_testkey_PKCS8.key.pub.txt"))).Result);
        Assert.Equal("k=ed25519; p=yi50DjK5O9pqbFpNHklsv9lqaS0ArSYu02qp1S0DW1Y=", Text("ed25519test.dns"));
        Assert.Equal(256, DkimKey.Parse(Text("ed25519test.dns"), ed25519: true).Key!.Bits);
    }

    [Theory]
    [InlineData("simple/simple")]
    [InlineData("simple/relaxed")]
    [InlineData("relaxed/simple")]
    [InlineData("relaxed/relaxed")]
    [InlineData("relaxed")]
    [InlineData("")]
    public async Task OctetsAsTheyCame(string form)
    {
        foreach (var (name, octets) in OddLetters())
        {
            var signed = Signer.Sign(octets, Signer.Key, form);
            var outcome = Assert.Single(await CheckAsync(signed, Signer.Zone));
            Assert.True(outcome.Result == DkimResult.Pass, $"{name} {form}: {outcome.Reason}");

            // A relay that writes bare LF for CRLF has changed nothing that counts.
            if (!name.Contains("bare"))
            {
                outcome = Assert.Single(await CheckAsync(Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(signed).Replace("\r\n", "\n")), Signer.Zone));
                Assert.True(outcome.Result == DkimResult.Pass, $"{name} {form} with LF: {outcome.Reason}");
            }
        }
    }

    [Theory]
    [InlineData("d=mail.example", "d=MAIL.example", DkimResult.Pass)]
    [InlineData("v=1;", "v=2;", DkimResult.Neutral)]
    [InlineData("v=1;", "v=1;v=1;", DkimResult.Neutral)]
    [InlineData("v=1;", "v=1;;", DkimResult.Neutral)]
    [InlineData("v=1;", "v=1; x=1774000000;", DkimResult.Fail)]
    [InlineData("v=1;", "v=1; x=1900000000; t=1774000000;", DkimResult.Pass)]
    [InlineData("v=1;", "v=1; x=1900000000; t=1900000001;", DkimResult.Neutral)]
    [InlineData("v=1;", "v=1; x=soon;", DkimResult.Neutral)]
    [InlineData("v=1;", "v=1; i=anna@mail.example;", DkimResult.Pass)]
    [InlineData("v=1;", "v=1; i=anna@sub.mail.example;", DkimResult.Pass)]
    [InlineData("v=1;", "v=1; i=anna@evilmail.example;", DkimResult.PermError)]
    [InlineData("v=1;", "v=1; i=anna@other.example;", DkimResult.PermError)]
    [InlineData("v=1;", "v=1; q=http;", DkimResult.Neutral)]
    [InlineData("v=1;", "v=1; unknown=x;", DkimResult.Pass)]
    [InlineData("a=rsa-sha256", "a=rsa-sha1", DkimResult.Policy)]
    [InlineData("a=rsa-sha256", "a=rsa-sha512", DkimResult.Neutral)]
    [InlineData("a=rsa-sha256", "a=ed25519-sha256", DkimResult.PermError)]
    [InlineData("h=from:", "h=", DkimResult.PermError)]
    [InlineData("s=s;", "s=nokey;", DkimResult.PermError)]
    [InlineData("s=s;", "s=dead;", DkimResult.TempError)]
    [InlineData("s=s;", "s=revoked;", DkimResult.PermError)]
    [InlineData("s=s;", "s=sha1;", DkimResult.PermError)]
    [InlineData("s=s;", "s=notmail;", DkimResult.PermError)]
    [InlineData("s=s;", "s=two;", DkimResult.Pass)]
    [InlineData("s=s;", "s=testing;", DkimResult.Pass)]
    [InlineData("s=s;", "s=strict;", DkimResult.Pass)]
    [InlineData("s=s;", "s=strict; i=@sub.mail.example;", DkimResult.PermError)]
    public async Task FieldsAndKeys(string from, string to, DkimResult expected)
    {
        var zone = Signer.Zone + $"""

            dead._domainkey.mail.example SERVFAIL
            revoked._domainkey.mail.example TXT "v=DKIM1; p="
            sha1._domainkey.mail.example TXT "v=DKIM1; h=sha1; {Signer.P}"
            notmail._domainkey.mail.example TXT "v=DKIM1; s=other; {Signer.P}"
            two._domainkey.mail.example TXT "something else"
            two._domainkey.mail.example TXT "v=DKIM1; h=sha1 : sha256; s=email; n=note; {Signer.P}"
            testing._domainkey.mail.example TXT "v=DKIM1; t=y; {Signer.P}"
            strict._domainkey.mail.example TXT "v=DKIM1; t=s:y; {Signer.P}"
            """;
        var signed = Signer.Sign(Octets(Letter), Signer.Key, "relaxed/relaxed", fields => fields.Replace(from, to));
        Assert.Equal(expected, Assert.Single(await CheckAsync(signed, zone)).Result);
    }

    [Fact]
    public async Task ATestingDomain_IsNoWorseThanNone()
    {
        var zone = $"s._domainkey.mail.example TXT \"t=y; {Signer.P}\"";
        var outcome = Assert.Single(await CheckAsync([.. Signer.Sign(Octets(Letter), Signer.Key, "relaxed/relaxed"), .. "more"u8], zone));
        Assert.Equal((DkimResult.Neutral, true), (outcome.Result, outcome.IsTesting));
    }

    [Fact]
    public async Task AShortKey_IsNotBelieved()
    {
        using var rsa = RSA.Create(768);
        var outcome = Assert.Single(await CheckAsync(Signer.Sign(Octets(Letter), rsa, "relaxed/relaxed"), $"s._domainkey.mail.example TXT \"p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}\""));
        Assert.Equal(DkimResult.Policy, outcome.Result);
        Assert.Contains("768", outcome.Reason);
    }

    [Fact]
    public async Task APartOfTheBody_IsTold()
    {
        var signed = Signer.Sign(Octets(Letter), Signer.Key, "relaxed/simple", length: 20);
        var outcome = Assert.Single(await CheckAsync([.. signed, .. "<b>Pay here</b>\r\n"u8], Signer.Zone));
        Assert.Equal((DkimResult.Pass, true), (outcome.Result, outcome.HasLength));
        Assert.Equal(Letter.ReplaceLineEndings("\r\n").Length - Letter.ReplaceLineEndings("\r\n").IndexOf("Hi.") + 17 - 20, outcome.UnsignedOctets);

        // A signature over more than there is cannot be right.
        signed = Signer.Sign(Octets(Letter), Signer.Key, "relaxed/simple", fields => fields.Replace("v=1;", "v=1; l=5000;"));
        Assert.Equal(DkimResult.PermError, Assert.Single(await CheckAsync(signed, Signer.Zone)).Result);
    }

    [Fact]
    public async Task AnAddedField_IsUnsigned()
    {
        var signed = Encoding.Latin1.GetString(Signer.Sign(Octets(Letter), Signer.Key, "relaxed/relaxed"));
        var outcome = Assert.Single(await CheckAsync(Octets("Subject: Your invoice\n" + signed), Signer.Zone));
        Assert.Equal(DkimResult.Pass, outcome.Result);
        Assert.Equal(["subject"], outcome.UnsignedFields);

        outcome = Assert.Single(await CheckAsync(Octets("From: Director <head@hospital.example>\n" + signed), Signer.Zone));
        Assert.Equal(DkimResult.Policy, outcome.Result);

        // Signed once more than it is there, an added one breaks the signature.
        signed = Encoding.Latin1.GetString(Signer.Sign(Octets(Letter), Signer.Key, "relaxed/relaxed", fields => fields.Replace("h=from:", "h=from:subject:subject:")));
        Assert.Equal(DkimResult.Pass, Assert.Single(await CheckAsync(Octets(signed), Signer.Zone)).Result);
        Assert.Equal(DkimResult.Fail, Assert.Single(await CheckAsync(Octets("Subject: Your invoice\n" + signed), Signer.Zone)).Result);
    }

    [Fact]
    public async Task ManySignatures_AreNotAllVerified()
    {
        var one = Encoding.Latin1.GetString(Signer.Sign(Octets(Letter), Signer.Key, "relaxed/relaxed"));
        var field = one[..one.IndexOf("From: Joe", StringComparison.Ordinal)];
        var outcomes = await CheckAsync(Octets(string.Concat(Enumerable.Repeat(field, 500)) + one), Signer.Zone);
        Assert.Equal(Dkim.MostSignatures, outcomes.Count);
        Assert.All(outcomes, o => Assert.Equal(DkimResult.Pass, o.Result));
    }

    [Fact]
    public async Task AHeaderWithoutEnd_IsNoException()
    {
        var huge = new byte[3 << 20];
        Array.Fill(huge, (byte)'a');
        Assert.Empty(await CheckAsync(huge, Signer.Zone));
        var signed = Signer.Sign(Octets(Letter), Signer.Key, "relaxed/relaxed");
        Assert.Equal(DkimResult.PermError, Assert.Single(await CheckAsync([.. signed[..signed.AsSpan().IndexOf("From: Joe"u8)], .. huge], Signer.Zone)).Result);
        Assert.Empty(await CheckAsync([], Signer.Zone));
    }

    internal static byte[] Octets(string letter) => Encoding.Latin1.GetBytes(letter.ReplaceLineEndings("\r\n"));

    private static Task<IReadOnlyList<DkimOutcome>> CheckAsync(byte[] letter, string zone) =>
        new Dkim(ZoneFile.Parse(zone), new FakeTimeProvider(Now)).CheckAsync(new MemoryStream(letter), CancellationToken.None);

    private static IEnumerable<(string Name, byte[] Octets)> OddLetters()
    {
        const string Head = "From: a@mail.example\r\nTo: b@hospital.example\r\nSubject: x\r\n";
        static byte[] Raw(string text) => Encoding.Latin1.GetBytes(text);
        yield return ("usual", Octets(Letter));
        yield return ("8-bit", Raw(Head + "X-Name: \u0093\u00FA\u0096\u007B\r\n\r\n\u0082\u00B1\u0082\u00F1 \u00FF\u0000\u0080\r\n"));
        yield return ("folded", Raw("From:\r\n \t a@mail.example\r\n\t\r\nTo: b@x.example,\r\n\tc@x.example  \r\nSubject:   x   y\t z \r\n\r\nbody \t text \r\n \r\n"));
        yield return ("no final line end", Raw(Head + "\r\nbody"));
        yield return ("many empty lines", Raw(Head + "\r\n\r\n\r\nbody\r\n\r\n \t\r\n\r\n"));
        yield return ("no body", Raw(Head + "\r\n"));
        yield return ("only a header", Raw(Head));
        yield return ("only empty lines", Raw(Head + "\r\n\r\n\r\n\r\n"));
        yield return ("a bare CR", Raw(Head + "\r\na\rb\r\r\nc\r"));
        yield return ("long lines", Raw(Head + "\r\n" + new string('x', 300_000) + " \r\n" + string.Concat(Enumerable.Repeat("  \t a\r\n", 30_000))));
        yield return ("multipart with odd edges", Raw(Head + "Content-Type: multipart/mixed; boundary=\"b \"\r\n\r\npreamble\r\n--b  \r\n\r\none\r\n--b \t\r\nContent-Type: text/plain\r\n\r\n\r\n--b--  \r\n\r\nepilogue  \r\n"));
        yield return ("a line that is no field", Raw("From: a@mail.example\r\nno field at all\r\nSubject : x\r\n\r\nbody\r\n"));
    }
}
