using System.Text;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Detection.Senders;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;

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
    [InlineData(SpfResult.Pass, DkimResult.None, "nurses@lists.example", "lists.example", "DMARC_FAIL_FORWARDED")]
    [InlineData(SpfResult.Pass, DkimResult.None, "nurses@lists.example", "lists.example", "DMARC_FAIL_REJECT", false)] // a list of a liar's own
    [InlineData(SpfResult.TempError, DkimResult.Pass, "nurses@lists.example", "lists.example", "DMARC_FAIL_FORWARDED")]
    [InlineData(SpfResult.Fail, DkimResult.Fail, "nurses@lists.example", "lists.example", "DMARC_FAIL_REJECT")] // one line in a header makes no list
    [InlineData(SpfResult.None, DkimResult.None, "nurses@lists.example", "lists.example", "DMARC_FAIL_REJECT")]
    [InlineData(SpfResult.Pass, DkimResult.Pass, "nurse@hospital.example", "lists.example", "DMARC_FAIL_REJECT")] // nor does a letter that nobody wrote to one
    [InlineData(SpfResult.Pass, DkimResult.Pass, "nurses@lists.example", "stranger.example", "DMARC_FAIL_REJECT")] // or that another sent
    public void AList_WeighsLess_WhereItIsOne(SpfResult spf, DkimResult dkim, string to, string sentBy, string code, bool isKnown = true)
    {
        var envelope = Letters.Envelope with { Sender = $"nurses-bounces@{sentBy}" };
        using var message = MessageReader.Read(
            envelope, new MemoryStream(Encoding.ASCII.GetBytes($"List-Id: <nurses.lists.example>\r\nFrom: a@mail.example\r\nTo: {to}\r\n\r\nbody\r\n")), new ReadLimits(), TimeProvider.System, CancellationToken.None);
        var facts = new SenderFacts
        {
            Authentication = new Dictionary<string, string> { ["spf"] = AuthenticationResultsField.Word(spf) },
            Spf = new SpfOutcome(spf, sentBy),
            KnowsList = isKnown,
            Dkim = [new DkimOutcome(dkim, sentBy, "s", "rsa-sha256")],
            Dmarc = new DmarcOutcome(DmarcResult.Fail, "mail.example") { Policy = DmarcPolicy.Reject },
        };
        Assert.Equal(code, string.Join(' ', new DmarcFail().Inspect(new InspectionContext(message, facts, SignatureSet.Shipped)).Select(f => f.Kind.Code)));
    }

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
