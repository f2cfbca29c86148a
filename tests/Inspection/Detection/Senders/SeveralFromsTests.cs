using Sekisho.Inspection.Detection.Senders;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class SeveralFromsTests
{
    [Theory]
    [InlineData("From: director@hospital.example\n", 1)]
    [InlineData("From: \"b@hospital.example\" <c@B.TEST>\n", 0)] // Of one domain, whatever it is shown as.
    [InlineData("From: nobody at all\n", 0)]
    [InlineData("", 0)]
    public void TwoDomains_AreFound(string more, int count)
    {
        using var message = Letters.Open(OddLetters.Letter(more + "Content-Type: text/plain\n\nhello\n"));

        Assert.Equal(count, Letters.Ask(new SeveralFroms(), message).Count(f => f.Kind.Code == "FROM_OF_TWO_DOMAINS"));
    }
}
