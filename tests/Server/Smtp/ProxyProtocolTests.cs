using System.Buffers;
using System.Net;
using System.Text;
using Sekisho.Smtp;

namespace Sekisho.Server.Tests.Smtp;

public sealed class ProxyProtocolTests
{
    private static readonly byte[] Signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 40000 25\r\n", "192.0.2.7")]
    [InlineData("PROXY TCP6 2001:db8::7 2001:db8::1 40000 25\r\n", "2001:db8::7")]
    [InlineData("PROXY UNKNOWN\r\n", null)]
    [InlineData("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", null)]
    public void Version1IsRead(string line, string? source) => Reads(Encoding.ASCII.GetBytes(line), source);

    [Fact]
    public void Version2IsRead()
    {
        Reads([.. Signature, 0x21, 0x11, 0, 12, 192, 0, 2, 7, 198, 51, 100, 1, 0x9C, 0x40, 0, 25], "192.0.2.7");
        Reads([.. Signature, 0x21, 0x21, 0, 36, .. IPAddress.Parse("2001:db8::7").GetAddressBytes(), .. new byte[20]], "2001:db8::7");
        Reads([.. Signature, 0x20, 0x00, 0, 0], null);
        Reads([.. Signature, 0x21, 0x11, 0, 15, 192, 0, 2, 7, 198, 51, 100, 1, 0x9C, 0x40, 0, 25, 4, 0, 0], "192.0.2.7");
    }

    [Theory]
    [InlineData("EHLO x\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7\r\n")]
    [InlineData("PROXY TCP4 nonsense 198.51.100.1 40000 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 40000 99999\r\n")]
    [InlineData("PROXY UDP4 192.0.2.7 198.51.100.1 40000 25\r\n")]
    [InlineData("PROXY 01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public void WhatIsNoHeaderIsRefused(string line) =>
        Assert.False(ProxyProtocol.TryRead(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(line)), out _, out _));

    [Fact]
    public void BadBinaryHeadersAreRefused()
    {
        Assert.False(ProxyProtocol.TryRead(new ReadOnlySequence<byte>([.. Signature, 0x11, 0x11, 0, 12, .. new byte[12]]), out _, out _));
        Assert.False(ProxyProtocol.TryRead(new ReadOnlySequence<byte>([.. Signature, 0x21, 0x11, 0xFF, 0xFF, .. new byte[12]]), out _, out _));
        Assert.False(ProxyProtocol.TryRead(new ReadOnlySequence<byte>([.. Signature, 0x21, 0x11, 0, 4, .. new byte[4]]), out _, out _));
    }

    private static void Reads(byte[] header, string? source)
    {
        for (var i = 1; i < header.Length; i++)
        {
            Assert.Null(ProxyProtocol.TryRead(new ReadOnlySequence<byte>(header[..i]), out _, out _));
        }

        Assert.True(ProxyProtocol.TryRead(new ReadOnlySequence<byte>([.. header, .. "EHLO x\r\n"u8]), out var read, out var consumed));
        Assert.Equal(header.Length, consumed);
        Assert.Equal(source is null ? null : IPAddress.Parse(source), read);
    }
}
