using Sekisho.Inspection.Detection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class ThreadReplyWithoutReferenceTests
{    /// <summary>A subject that we know.</summary>
    [Theory]
    [InlineData("subject-only", "THREAD_REPLY_WITHOUT_REFERENCE")]
    [InlineData("whole-quote", "")]
    [InlineData("reply-without-reference", "")]
    [InlineData("third-party", "")]
    public void ASubjectWeKnow(string kind, string code) => Assert.Equal(code, AskedOfThreads.Codes(new ThreadReplyWithoutReference(), kind));
}
