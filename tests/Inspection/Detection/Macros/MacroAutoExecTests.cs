using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class MacroAutoExecTests
{
    [Fact]
    public void MacroThatOpensItself_IsFoundAndNamed()
    {
        var finding = Assert.Single(Letters.Ask(new MacroAutoExec(), "a.doc", Samples.OldDocument(Samples.AutoOpenSource)));

        Assert.Equal("MACRO_AUTO_EXEC", finding.Kind.Code);
        Assert.Equal("ThisDocument: AutoOpen", finding.Evidence);
    }

    [Fact]
    public void MentionOfTheName_IsNot() => Assert.Empty(Letters.Codes(new MacroAutoExec(), "a.doc", Samples.OldDocument(Samples.QuietSource)));
}
