using Sekisho.Inspection.Detection.Senders;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class DmarcFailTests
{
    [Theory]
    [InlineData(DmarcResult.Fail, DmarcPolicy.Reject, "DMARC_FAIL_REJECT")]
    [InlineData(DmarcResult.Fail, DmarcPolicy.Quarantine, "DMARC_FAIL_QUARANTINE")]
    [InlineData(DmarcResult.Fail, DmarcPolicy.None, "DMARC_FAIL_NONE")]
    [InlineData(DmarcResult.Pass, DmarcPolicy.Reject, "")]
    [InlineData(DmarcResult.None, DmarcPolicy.None, "")]
    [InlineData(DmarcResult.TempError, DmarcPolicy.Reject, "")]
    [InlineData(DmarcResult.PermError, DmarcPolicy.None, "")]
    public void AFailure_WeighsWhatTheDomainAsks(DmarcResult result, DmarcPolicy policy, string code) =>
        Assert.Equal(code, Code(new SenderFacts { Dmarc = new DmarcOutcome(result, "mail.example") { Policy = policy } }));

    [Theory]
    [InlineData(DmarcPolicy.Reject, "DMARC_FAIL_FORWARDED")]
    [InlineData(DmarcPolicy.Quarantine, "DMARC_FAIL_FORWARDED")]
    [InlineData(DmarcPolicy.None, "")]
    public void ABelievedForwarder_WeighsLess(DmarcPolicy policy, string code) =>
        Assert.Equal(code, Code(new SenderFacts { IsVouchedFor = true, Dmarc = new DmarcOutcome(DmarcResult.Fail, "mail.example") { Policy = policy } }));

    [Theory]
    [InlineData(SpfResult.Pass, DkimResult.None, "DMARC_FAIL_FORWARDED")]
    [InlineData(SpfResult.None, DkimResult.Pass, "DMARC_FAIL_FORWARDED")]
    [InlineData(SpfResult.Fail, DkimResult.Fail, "DMARC_FAIL_REJECT")] // one line in a header makes no list
    [InlineData(SpfResult.None, DkimResult.None, "DMARC_FAIL_REJECT")]
    public void AList_WeighsLess_WhereItIsOne(SpfResult spf, DkimResult dkim, string code) =>
        Assert.Equal(code, Code(
            new SenderFacts
            {
                Spf = new SpfOutcome(spf, "lists.example"),
                Dkim = [new DkimOutcome(dkim, "lists.example", "s", "rsa-sha256")],
                Dmarc = new DmarcOutcome(DmarcResult.Fail, "mail.example") { Policy = DmarcPolicy.Reject },
            },
            "List-Id: <nurses.lists.example>\nFrom: a@mail.example\n\nbody\n"));

    [Fact]
    public void ASecondAuthor_ExemptsNoOther()
    {
        static DmarcOutcome One(DmarcResult result, string domain, DmarcPolicy policy) => new(result, domain) { Policy = policy };
        Assert.Equal("DMARC_FAIL_REJECT", Code(new SenderFacts
        {
            Dmarc = new DmarcOutcome(DmarcResult.None, ""),
            DmarcOfEach = [One(DmarcResult.Pass, "evil.example", DmarcPolicy.Reject), One(DmarcResult.Fail, "a.example", DmarcPolicy.Quarantine), One(DmarcResult.Fail, "mail.example", DmarcPolicy.Reject)],
        }));
        Assert.Equal("", Code(new SenderFacts { Dmarc = new DmarcOutcome(DmarcResult.None, ""), DmarcOfEach = [One(DmarcResult.Pass, "a.example", DmarcPolicy.Reject), One(DmarcResult.Fail, "b.example", DmarcPolicy.None)] }));
    }

    private static string Code(SenderFacts facts, string letter = "From: a@mail.example\n\nbody\n") =>
        string.Join(' ', SpfFailTests.Ask(new DmarcFail(), facts, letter).Select(f => f.Kind.Code));
}
