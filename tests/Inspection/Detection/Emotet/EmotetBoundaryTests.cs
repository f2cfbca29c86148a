using Sekisho.Inspection.Detection.Emotet;

namespace Sekisho.Inspection.Tests.Detection.Emotet;

public class EmotetBoundaryTests
{
    [Theory]
    [InlineData("--1234567890123456789012345678901234", true)]
    [InlineData("--123456789012345678901234567890123", false)]
    [InlineData("----12345678901234567890123456789012", false)]
    [InlineData("=_12345678901234567890123456789012_4", false)]
    public void ThirtyFourDigits(string boundary, bool found)
    {
        using var message = Letters.Text($"From: a@b.test\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"{boundary}\"\n\n--{boundary}\nContent-Type: text/html\n\nx\n--{boundary}--\n");
        Assert.Equal(found, Letters.Ask(new EmotetBoundary(), message).Count == 1);
    }
}
