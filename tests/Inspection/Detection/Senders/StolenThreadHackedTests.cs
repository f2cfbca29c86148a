using Sekisho.Inspection.Detection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class StolenThreadHackedTests
{    /// <summary>The right address, but not the right way.</summary>
    [Theory]
    [InlineData("hacked-partner", "STOLEN_THREAD_HACKED")]
    [InlineData("reply", "")]
    [InlineData("reply-with-file", "")]
    [InlineData("reply-without-reference", "")]
    [InlineData("whole-quote", "")]
    public void ThePartnersAddress(string kind, string code) => Assert.Equal(code, AskedOfThreads.Codes(new StolenThreadHacked(), kind));
}
