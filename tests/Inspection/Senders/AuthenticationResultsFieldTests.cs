using System.Net;
using System.Text;
using MimeKit.Cryptography;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Tests.Senders;

public class AuthenticationResultsFieldTests
{
    [Fact]
    public void Write_IsReadByOthers()
    {
        var facts = new SenderFacts
        {
            Client = IPAddress.Parse("192.0.2.1"), MailFrom = "a b@mail.example",
            Spf = new SpfOutcome(SpfResult.Pass, "mail.example"),
            SpfHelo = new SpfOutcome(SpfResult.None, "mx.mail.example"),
            Dkim =
            [
                new DkimOutcome(DkimResult.Pass, "mail.example", "s1", "rsa-sha256") { KeyBits = 2048, Mark = "AbC+/=12", UnsignedOctets = 5 },
                new DkimOutcome(DkimResult.Neutral, "", "", "x\r\nX-Evil: \"1") { Reason = "a ) trick \\ (" },
            ],
            Arc = new ArcOutcome(ArcResult.Pass, ["google.com"], ""),
            Dmarc = new DmarcOutcome(DmarcResult.Pass, "mail.example") { Policy = DmarcPolicy.Reject, PolicyDomain = "mail.example" },
        };
        var text = AuthenticationResultsField.Write("gate.hospital.example", facts);
        Assert.EndsWith("\r\n", text);
        Assert.All(text.TrimEnd().Split("\r\n").Skip(1), line => Assert.StartsWith("\t", line));
        Assert.DoesNotContain("\r\nX-Evil", text);
        Assert.True(AuthenticationResults.TryParse(Encoding.ASCII.GetBytes(text["Authentication-Results:".Length..]), out var read), text);
        Assert.Equal("gate.hospital.example", read.AuthenticationServiceIdentifier);
        Assert.Equal(["spf=pass", "spf=none", "dkim=pass", "dkim=neutral", "arc=pass", "dmarc=pass"], read.Results.Select(r => $"{r.Method}={r.Result}"));
        Assert.Equal("a b@mail.example", read.Results[0].Properties[0].Value);
        Assert.Equal(["mail.example", "s1", "rsa-sha256", "AbC+/=12"], read.Results[2].Properties.Select(p => p.Value));
        Assert.Equal("Authentication-Results: gate.hospital.example; none\r\n", AuthenticationResultsField.Write("gate.hospital.example", SenderFacts.Unknown));
    }

    [Theory]
    [InlineData("gate.example; spf=pass", true)]
    [InlineData(" GATE.example\r\n\t; spf=pass", true)]
    [InlineData("(a (nested \\) comment))\r\n gate.example 1; dmarc=pass", true)]
    [InlineData("\"gate.example\"; dmarc=pass", true)]
    [InlineData("\"gate\\.example\"; dmarc=pass", true)]
    [InlineData("gate.example(comment); dmarc=pass", true)]
    [InlineData("gate.example", true)] // no end: not readable, but our name is in it
    [InlineData("(unclosed gate.example; dmarc=pass", true)]
    [InlineData("other.example; spf=pass", false)]
    [InlineData("other.example; spf=pass smtp.mailfrom=a@gate.example", false)]
    [InlineData("gate.example.org; spf=pass", false)]
    [InlineData("", false)]
    public void Forged_FieldsOfOurName(string value, bool forged)
    {
        var letter = Encoding.Latin1.GetBytes($"Received: x\r\nauthentication-RESULTS:{value}\r\nFrom: a@mail.example\r\n\r\nAuthentication-Results: gate.example; spf=pass\r\n");
        var found = AuthenticationResultsField.Forged(new MemoryStream(letter), "gate.example");
        Assert.Equal(forged ? 1 : 0, found.Count);
        if (forged)
        {
            // Cut out of the octets, exactly that field is gone.
            var range = found[0];
            Assert.StartsWith("Received: x\r\nFrom: a@mail.example\r\n\r\nAuth", Encoding.Latin1.GetString([.. letter[..range.Start], .. letter[(range.Start + range.Length)..]]));
        }
    }
}
