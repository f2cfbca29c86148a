using Sekisho.Inspection.Detection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class ReplyOutsideThreadTests
{
    private const string Body = "\n\nSee the attachment.\n\n-----Original Message-----\nFrom: Bob <bob@hospital.test>\nSent: Monday\nSubject: meeting\n\nPlease send me the figures of last month.\n";

    [Theory]
    [InlineData("Subject: Re: meeting", true)]
    [InlineData("Subject: RE: Re: meeting", true)]
    [InlineData("Subject: meeting", false)]
    [InlineData("Subject: Re: meeting\nIn-Reply-To: <1@hospital.test>", false)]
    [InlineData("Subject: Re: meeting\nReferences: <1@hospital.test>", false)]
    public void AReplyBelongsToAThread(string header, bool found)
    {
        using var message = Letters.Text("From: a@b.test\n" + header + Body);
        Assert.Equal(found, Letters.Ask(new ReplyOutsideThread(), message).Count == 1);
    }

    /// <summary>Where the conversation is known, others say more, and it counts once.</summary>
    [Theory]
    [InlineData("whole-quote", "")]
    [InlineData("subject-only", "")]
    [InlineData("hacked-partner", "REPLY_OUTSIDE_THREAD")]
    public void AKnownConversation_IsCountedOnce(string kind, string code) => Assert.Equal(code, AskedOfThreads.Codes(new ReplyOutsideThread(), kind));

    [Fact]
    public void WithoutAQuote_NothingIsSaid()
    {
        using var message = Letters.Text("From: a@b.test\nSubject: Re: meeting\n\nYes.\n");
        Assert.Empty(Letters.Ask(new ReplyOutsideThread(), message));
    }
}
