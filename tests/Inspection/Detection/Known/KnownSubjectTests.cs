using Sekisho.Inspection.Detection.Known;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Known;

public class KnownSubjectTests
{
    [Theory]
    [InlineData("Re: 賞与支払届", true)]
    [InlineData("賞与支払届の書き方", false)]
    [InlineData("", false)]
    public void AKnownSubject_IsFoundAsAWhole(string subject, bool found)
    {
        using var message = Letters.Open(LetterWriter.Plain(subject, "hello"));
        Assert.Equal(found ? ["INDICATOR_SUBJECT"] : [], Indicators.Codes(new KnownSubject(), message, "subject,賞与支払届"));
    }
}
