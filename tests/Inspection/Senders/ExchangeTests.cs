using System.Net;
using System.Text;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Tests.Senders;

public class ExchangeTests
{
    private static readonly Household House = new(["hospital.example"], [], [], StaffDirectory.Empty, [], [IPNetwork.Parse("10.0.0.0/8")]);

    [Fact]
    public void ALetterThatComesIn_IsItsAuthorsToOurRecipients()
    {
        var exchange = Of("From: Doctor <Doctor@Clinic.Example>\n", "203.0.113.9", ["Nurse@hospital.example", "nurse@HOSPITAL.example", "ward@ward.hospital.example", "else@other.example"])!;
        Assert.False(exchange.IsOutbound || exchange.IsAutomatic);
        Assert.Equal(["doctor@clinic.example"], exchange.Outside);
        Assert.Equal(["nurse@hospital.example", "ward@ward.hospital.example"], exchange.Inside);
        Assert.Equal(new DateOnly(2026, 11, 22), exchange.Day);
        Assert.Null(exchange.Route);
    }

    [Fact]
    public void ALetterThatGoesOut_IsOursToTheOthers()
    {
        var exchange = Of("From: nurse@hospital.example\n", "10.1.1.1", ["Doctor@日本.example", "ward@hospital.example"])!;
        Assert.True(exchange.IsOutbound);
        Assert.Equal(["doctor@xn--wgv71a.example"], exchange.Outside);
        Assert.Equal(["nurse@hospital.example"], exchange.Inside);
    }

    [Theory]
    [InlineData("From: nurse@hospital.example\n", "203.0.113.9", "ward@hospital.example")] // only seems to be ours
    [InlineData("From: nurse@hospital.example\n", "10.1.1.1", "ward@hospital.example")] // within the house
    [InlineData("From: a@clinic.example\n", "203.0.113.9", "b@other.example")]
    [InlineData("From: nobody\n", "203.0.113.9", "ward@hospital.example")]
    [InlineData("Subject: x\n", "203.0.113.9", "ward@hospital.example")]
    [InlineData("From: @clinic.example\n", "203.0.113.9", "ward@hospital.example")]
    public void WhatConnectsNobody_IsNone(string header, string client, string to) => Assert.Null(Of(header, client, [to]));

    /// <summary>An absence note must not make a correspondent of everybody who writes in the holidays.</summary>
    [Theory]
    [InlineData("Auto-Submitted: auto-replied\n", true)]
    [InlineData("Auto-Submitted: no\n", false)]
    [InlineData("Precedence: auto_reply\n", true)]
    [InlineData("X-Autoreply: yes\n", true)]
    [InlineData("", false)]
    public void AnAnswerByProgram_TeachesNothing(string field, bool automatic) =>
        Assert.Equal(automatic, Of("From: nurse@hospital.example\n" + field, "10.1.1.1", ["a@clinic.example"])!.IsAutomatic);

    [Fact]
    public void ABounce_TeachesNothing() => Assert.True(Of("From: mailer-daemon@clinic.example\n", "203.0.113.9", ["nurse@hospital.example"], sender: "")!.IsAutomatic);

    [Fact]
    public void TheWay_IsNetworkAndProof()
    {
        var facts = new SenderFacts
        {
            Client = IPAddress.Parse("2001:db8:1:2::3"), Authentication = new Dictionary<string, string> { ["spf"] = "pass", ["dmarc"] = "pass", ["dkim"] = "pass" },
            Dkim = [new DkimOutcome(DkimResult.Pass, "provider.example", "s", "rsa-sha256"), new DkimOutcome(DkimResult.Pass, "mail.clinic.example", "s", "rsa-sha256"), new DkimOutcome(DkimResult.Fail, "clinic.example", "s", "rsa-sha256")],
        };
        var route = Of("From: a@clinic.example\n", "203.0.113.9", ["nurse@hospital.example"], facts)!.Route!;
        Assert.Equal((IPNetwork.Parse("2001:db8:1::/48"), RouteProof.Author | RouteProof.Spf | RouteProof.Dkim, "mail.clinic.example", true), (route.Network, route.Proof, route.Signer, route.IsProven));
        var elsewhere = Of("From: a@clinic.example\n", "203.0.113.9", ["nurse@hospital.example"], facts with { Dkim = [facts.Dkim[0]] })!.Route!;
        Assert.Equal(("", true), (elsewhere.Signer, elsewhere.Proof.HasFlag(RouteProof.Dkim))); // anybody's signature is no mark of his
        var silent = facts with { Authentication = new Dictionary<string, string> { ["spf"] = "temperror", ["dmarc"] = "temperror" } };
        Assert.Null(Of("From: a@clinic.example\n", "203.0.113.9", ["nurse@hospital.example"], silent)!.Route);
        Assert.Equal(IPNetwork.Parse("203.0.113.0/24"), SenderRoute.NetworkOf(IPAddress.Parse("::ffff:203.0.113.9")));
    }

    [Fact]
    public void AKeptLetter_TellsTheSameButItsWay()
    {
        var envelope = EnvelopeOf("203.0.113.9", ["nurse@hospital.example"], "x@clinic.example");
        Assert.Equal(["doctor@clinic.example"], Exchange.Of(envelope, "\"院長, 佐藤\" <Doctor@clinic.example>", House)!.Outside);
        Assert.Null(Exchange.Of(envelope, "nurse@hospital.example", House));
        Assert.Null(Exchange.Of(envelope, "<<<", House));
    }

    private static Exchange? Of(string header, string client, string[] to, SenderFacts? facts = null, string sender = "x@clinic.example")
    {
        using var message = MessageReader.Read(
            EnvelopeOf(client, to, sender), new MemoryStream(Encoding.UTF8.GetBytes((header + "\nhello\n").ReplaceLineEndings("\r\n"))), new ReadLimits(), TimeProvider.System, CancellationToken.None);
        return Exchange.Of(message, facts ?? SenderFacts.Unknown, House);
    }

    private static Envelope EnvelopeOf(string client, string[] to, string sender) => Letters.Envelope with
    {
        Client = IPAddress.Parse(client), Sender = sender, ReceivedAt = new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.FromHours(9)), Recipients = [.. to.Select(a => new EnvelopeRecipient(a))],
    };
}
