using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Policy;

namespace Sekisho.Inspection.Tests.Policy;

public class VerdictTextTests
{
    private static readonly FindingKind Kind = new("SOME_CODE", 100, "A reason.", "理由です。");

    [Fact]
    public void Reasons_AreTold_EachOnce()
    {
        var verdict = new MessagePolicy(new PolicyOptions()).Judge([.. Enumerable.Range(1, 5).Select(i => Kind.At($"{i}/a.doc", "seen"))]);

        Assert.Equal("""
            This mail is quarantined. An administrator has to look at it.
            - A reason.
                1/a.doc: seen
                2/a.doc: seen
                3/a.doc: seen
                and 2 more
                code: SOME_CODE
            """, VerdictText.Explain(verdict, "en"));
    }

    [Fact]
    public void Japanese_SaysMailQuarantine()
    {
        var text = VerdictText.Explain(new MessagePolicy(new PolicyOptions()).Judge([Kind.At("2/請求書.doc", "")]), "ja");

        Assert.Contains("メール隔離", text, StringComparison.Ordinal);
        Assert.Contains("理由です。", text, StringComparison.Ordinal);
        Assert.Contains("請求書.doc", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ObservedReason_IsMarked()
    {
        var verdict = new MessagePolicy(new PolicyOptions { ObserveOnly = ["SOME_CODE"] }).Judge([Kind.At("1", "")]);

        Assert.Contains("observed only", VerdictText.Explain(verdict, "en"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Disposition.Deliver)]
    [InlineData(Disposition.Hold)]
    [InlineData(Disposition.Quarantine)]
    [InlineData(Disposition.Reject)]
    public void EveryDisposition_HasItsSentence(Disposition disposition)
    {
        var verdict = new Verdict(disposition, 0, []);

        Assert.NotEqual(VerdictText.Explain(verdict, "ja"), VerdictText.Explain(verdict, "en"));
    }
}
