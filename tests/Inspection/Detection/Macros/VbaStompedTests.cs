using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class VbaStompedTests
{
    [Theory]
    [InlineData("Sub Hello()\r\nEnd Sub\r\n", "Module1: compiled, but not in the source: Sub AutoOpen, \"harmless\", MsgBox")]
    [InlineData(null, "Module1: no source, 3 compiled lines: Sub AutoOpen, \"harmless\", MsgBox")]
    public void MacroThatRunsSomethingElse_IsFound(string? source, string evidence) =>
        Assert.Equal(evidence, Assert.Single(Letters.Ask(new VbaStomped(), "a.docm", Document(source))).Evidence);

    [Theory]
    [InlineData("Sub Hello()\r\nEnd Sub\r\n")]
    [InlineData(null)]
    public void WhatItRuns_IsLookedAtLikeSource(string? source) =>
        Assert.Equal("Module1: AutoOpen", Assert.Single(Letters.Ask(new MacroAutoExec(), "a.docm", Document(source))).Evidence);

    [Fact]
    public void MacroThatRunsWhatItSays_IsNot()
    {
        Assert.Empty(Letters.Codes(new VbaStomped(), "a.docm", Document(Samples.AutoOpenSource)));
        Assert.Empty(Letters.Codes(new VbaStomped(), "a.doc", Samples.OldDocument(Samples.AutoOpenSource)));
    }

    private static byte[] Document(string? source) => OoxmlWriter.Document(new VbaProjectWriter()
        .AddCompiled("Module1", source, w => w.Sub("AutoOpen").Line(w.Text("harmless"), w.Op(0x41, 0x10, w.Id("MsgBox"), 1)).EndSub()).ToArray());
}
