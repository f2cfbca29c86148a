using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Tests.Detection.Outbound;

namespace Sekisho.Inspection.Tests.Senders;

public class LetterOriginTests
{
    [Theory]
    [InlineData("", "[127.0.0.1]")]
    [InlineData("Received: by mail.hospital.test; x\n", "[127.0.0.1]")]
    [InlineData("Received: from PC7\n\t([10.1.2.3])\n\tby mail; x\n", "PC7 ([10.1.2.3])")]
    [InlineData("Received: from mail by gw; x\nReceived: from PC7 ([10.1.2.3]) by mail; x\n", "PC7 ([10.1.2.3])")]
    [InlineData("X-Originating-IP: [10.1.2.3]\nReceived: from mail by gw; x\n", "10.1.2.3, mail")]
    public void WhereItWasWritten(string fields, string origin)
    {
        using var message = Leaving.Text(fields + "Subject: x\n\nx\n");
        Assert.Equal(origin, LetterOrigin.Of(message));
    }

    [Fact]
    public void WhatCouldFoolATerminalIsReplaced()
    {
        using var message = Leaving.Text("Received: from PC7\u001b[2J by y; z\n\nx\n");
        Assert.Equal("PC7?[2J", LetterOrigin.Of(message));
    }

    [Fact]
    public void LongOnesAreCut()
    {
        using var message = Leaving.Text($"Received: from {new string('x', 5000)} by y; z\n\nx\n");
        Assert.InRange(LetterOrigin.Of(message).Length, 1, 200);
    }
}
