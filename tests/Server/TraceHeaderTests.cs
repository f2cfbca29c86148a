using System.Net;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Smtp;

namespace Sekisho.Server.Tests;

public sealed class TraceHeaderTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 9, 7, 5, 0, TimeSpan.Zero);

    [Fact]
    public void OneRecipientIsNamed() =>
        Assert.Contains("\r\n\tfor <nurse@hospital.test>;\r\n\tMon, 09 Mar 2026 07:05:00 +0000\r\n", Write("client.test", "nurse@hospital.test"), StringComparison.Ordinal);

    /// <summary>None shall learn of the others.</summary>
    [Fact]
    public void SeveralRecipientsAreNotNamed() =>
        Assert.DoesNotContain("hospital.test", Write("client.test", "nurse@hospital.test", "doctor@hospital.test"), StringComparison.Ordinal);

    [Theory]
    [InlineData("client.test", "from client.test ([192.0.2.1])")]
    [InlineData("[IPv6:2001:db8::1]", "from [IPv6:2001:db8::1] ([192.0.2.1])")]
    [InlineData("a)b;c(d<e>\"f\\", "from a?b?c?d?e??f? ([192.0.2.1])")]
    public void WhatCouldEndACommentIsReplaced(string helo, string field) =>
        Assert.Contains("Received: " + field, Write(helo, "nurse@hospital.test"), StringComparison.Ordinal);

    /// <summary>RFC 5322 section 2.1.1, with the longest of everything.</summary>
    [Fact]
    public void NoLineIsLongerThan998Octets()
    {
        var longest = string.Concat(Enumerable.Repeat("護", 85));
        Assert.True(MailPath.TryRead($"<{longest}@{string.Join('.', Enumerable.Repeat(longest[..20], 4))}>", out var address, out _));
        Assert.False(MailPath.TryRead($"<{longest}a@hospital.test>", out _, out _));
        Assert.All(Write(new string('h', 255), address).Split("\r\n"), line => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(line), 0, 998));
    }

    /// <summary>Only the verdict is written anew: what was found about the sender stays.</summary>
    [Fact]
    public void ASecondJudgementKeepsTheOtherFields()
    {
        const string Results = "Authentication-Results: gate.test;\r\n\tspf=pass\r\n\t smtp.mailfrom=\"Received: x\"@sender.test\r\n";
        var envelope = new Envelope(Guid.Empty, At, IPAddress.Parse("192.0.2.1"), "client.test", "alice@sender.test", [new EnvelopeRecipient("nurse@hospital.test")]);
        var kind = new Sekisho.Inspection.Detection.FindingKind("ONE", 1, "one", "一");
        var first = TraceHeader.Write("gate.test", envelope, new SessionFacts(true, null), new Verdict(Disposition.Hold, 1, [kind.At("1", "x")]), Results);
        var second = TraceHeader.Judged(first, new Verdict(Disposition.Deliver, 0, []));
        Assert.StartsWith("X-Sekisho-Verdict: hold score=1\r\n codes=ONE\r\n" + Results, first, StringComparison.Ordinal);
        Assert.Equal("X-Sekisho-Verdict: deliver score=0\r\n" + first[first.IndexOf(Results, StringComparison.Ordinal)..], second);
    }

    private static string Write(string helo, params string[] recipients) => TraceHeader.Write(
        "gate.test",
        new Envelope(Guid.Empty, At, IPAddress.Parse("192.0.2.1"), helo, "alice@sender.test", [.. recipients.Select(r => new EnvelopeRecipient(r))]),
        new SessionFacts(true, null),
        new Verdict(Disposition.Deliver, 0, []));
}
