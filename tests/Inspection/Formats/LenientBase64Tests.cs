using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class LenientBase64Tests
{
    [Theory]
    [InlineData("aGVsbG8=", "hello", "hello", null)]
    [InlineData("aGVsbG8=\r\nd29ybGQ=", "hello", "helloworld", "base64 goes on behind its padding")]
    [InlineData("aG!V#sbG8=", "hello", "hello", "base64 with octets that are none")]
    [InlineData("aGVsbG8", "hello", "hello", null)]
    [InlineData("", "", "", null)]
    public void Base64_IsReadBothWays(string text, string toPadding, string past, string? fault)
    {
        var octets = Encoding.ASCII.GetBytes(text);

        Assert.Equal(toPadding, Encoding.ASCII.GetString(LenientBase64.Decode(octets, stopAtPadding: true)));
        Assert.Equal(past, Encoding.ASCII.GetString(LenientBase64.Decode(octets, stopAtPadding: false)));
        Assert.Equal(fault, LenientBase64.Fault(new MemoryStream(octets)));
    }
}
