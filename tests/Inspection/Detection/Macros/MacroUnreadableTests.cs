using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class MacroUnreadableTests
{
    [Fact]
    public void RemovedSource_IsFound()
    {
        var file = new CompoundFileWriter();
        new VbaProjectWriter().Add("Listed", "Sub A()\r\nEnd Sub").AddTo(file.Add("WordDocument", new byte[5000]), "Macros");
        var octets = file.ToArray();
        octets.AsSpan(octets.AsSpan().IndexOf("\0Attribut"u8) - 3, 12).Clear();

        Assert.Equal(["MACRO_UNREADABLE"], Letters.Codes(new MacroUnreadable(), "a.doc", octets));
    }

    [Fact]
    public void MoreCodeThanIsTakenApart_IsFound() =>
        Assert.Equal(["MACRO_UNREADABLE"], Letters.Codes(new MacroUnreadable(), "a.doc", Samples.OldDocument(string.Concat(Enumerable.Repeat("a=1\r\n", 200_000)))));

    [Fact]
    public void WholeSource_IsNot() => Assert.Empty(Letters.Codes(new MacroUnreadable(), "a.doc", Samples.OldDocument(Samples.QuietSource)));
}
