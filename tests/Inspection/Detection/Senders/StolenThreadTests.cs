using Sekisho.Inspection.Detection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class StolenThreadTests
{
    /// <summary>Our words, and who brings them.</summary>
    [Theory]
    [InlineData("whole-quote", "STOLEN_THREAD")]
    [InlineData("with-reference", "STOLEN_THREAD")] // the thief has the Message-IDs, too
    [InlineData("third-party-without-reference", "STOLEN_THREAD_PERHAPS")]
    [InlineData("reply", "")]
    [InlineData("other-firm-in-cc", "STOLEN_THREAD_PERHAPS")]
    [InlineData("bounce", "")]
    public void WhoBringsOurWords(string kind, string code) => Assert.Equal(code, AskedOfThreads.Codes(new StolenThread(), kind));
}
